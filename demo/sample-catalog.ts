import { waitFor } from '../stack/servers/wait-for.js';

/** The smallest catalog with which a click becomes money and an ad network hears of it. */
const entries = (receiverUrl: string) => [
  {
    path: '/networks',
    body: {
      key: 'sample-network',
      name: 'Sample network',
      params: { clickId: ['clickid'] },
      defaultCurrency: 'USD',
      // So that the first call of the trade works as it is written, without a token.
      security: { requireToken: false },
    },
  },
  {
    path: '/sources',
    body: {
      key: 'sample-source',
      name: 'Sample ad network',
      externalIdParam: 'click_id',
      tokens: { zone: 'zone' },
      destination: { url: `${receiverUrl}/conversion?click_id={click_id}&conversion_value={value}` },
    },
  },
  {
    path: '/offers',
    body: { key: 'sample-offer', networkKey: 'sample-network', url: 'https://shop.example/shoes?subid={click_id}' },
  },
  {
    path: '/campaigns',
    body: { key: 'sample-campaign', sourceKey: 'sample-source', offers: [{ offerKey: 'sample-offer', weight: 1 }] },
  },
];

/** Calls the console's API. Throws with the problem's own words when the answer is not 2xx, unless
 * its status is expected. */
export const callConsole = async <Answer>(
  of: { consoleUrl: string; adminToken: string },
  method: string,
  path: string,
  body?: unknown,
  expected: readonly number[] = [],
): Promise<{ status: number; body: Answer }> => {
  const answer = await fetch(`${of.consoleUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${of.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await answer.text();
  if (!answer.ok && !expected.includes(answer.status))
    throw new Error(`${method} /api/v1${path} was answered ${answer.status}: ${text.slice(0, 2_000)}`);
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Answer };
};

/** Loads the sample catalog, and waits until ingest knows it. What is there already is kept, but
 * the source's destination follows the receiver to its new port. */
export const loadSampleCatalog = async (of: {
  consoleUrl: string;
  adminToken: string;
  receiverUrl: string;
  publicUrl: string;
}): Promise<void> => {
  for (const { path, body } of entries(of.receiverUrl)) {
    const { status } = await callConsole(of, 'POST', path, body, [409]);
    if (status === 409 && path === '/sources') await callConsole(of, 'PUT', `${path}/${body.key}`, body);
  }
  const redirects = async (): Promise<boolean> => {
    const link = `${of.publicUrl}/c/sample-campaign`;
    return (await fetch(link, { method: 'HEAD', redirect: 'manual' })).status === 302;
  };
  await waitFor(redirects, 30_000, 'ingest knows the sample campaign');
};
