import { startReceiver, type Receiver } from './receiver.js';
import type { System } from './system.js';
import { waitFor } from './wait-for.js';

/** A day in the life of a small media buyer, for the pages of the console: two sources of which one
 * fails, clicks, sales, a reversal, calls that are refused for the usual reasons. */

export type Story = { receiver: Receiver; clicks: string[]; close: () => Promise<void> };

const networks = [
  {
    key: 'acme',
    name: 'Acme Partners',
    params: { clickId: ['subid'] },
    defaultCurrency: 'USD',
    security: { requireToken: false },
  },
  { key: 'lemon', name: 'Lemon Ads', params: { clickId: ['s1'] }, security: { requireToken: false } },
];

const entriesOf = (receiverUrl: string): [path: string, body: object][] => [
  ...networks.map((body): [string, object] => ['/networks', body]),
  [
    '/sources',
    {
      key: 'propel',
      name: 'Propel',
      externalIdParam: 'visitor',
      tokens: { zone: 'zone' },
      cost: { model: 'cpc', param: 'cost', currency: 'USD' },
      destination: {
        url: `${receiverUrl}/propel?click_id={click_id}&payout={value}`,
        when: { statuses: ['approved', 'reversed'] },
      },
    },
  ],
  [
    '/sources',
    {
      key: 'sunny',
      name: 'Sunny Traffic',
      externalIdParam: 'cid',
      destination: { url: `${receiverUrl}/sunny?cid={click_id}&v={value}` },
    },
  ],
  [
    '/offers',
    { key: 'shoes', name: 'Running shoes', networkKey: 'acme', url: 'https://shop.example/shoes?subid={click_id}' },
  ],
  ['/offers', { key: 'vpn', name: 'Quiet VPN', networkKey: 'lemon', url: 'https://vpn.example/?s1={click_id}' }],
  [
    '/campaigns',
    {
      key: 'shoes-spring',
      name: 'Shoes, spring',
      sourceKey: 'propel',
      offers: [{ offerKey: 'shoes' }],
      reportTokens: ['zone'],
    },
  ],
  ['/campaigns', { key: 'vpn-summer', name: 'VPN, summer', sourceKey: 'sunny', offers: [{ offerKey: 'vpn' }] }],
];

const clickOf = async (system: System, link: string, param: string): Promise<string | null> => {
  const answer = await fetch(`${system.ingest.url}${link}`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  return location === null ? null : new URL(location).searchParams.get(param);
};

const call = (system: System, query: Record<string, string>): Promise<Response> =>
  fetch(`${system.ingest.url}/postback?${new URLSearchParams(query).toString()}`);

/** Clicks of both campaigns; answers our click ids. */
const makeClicks = async (system: System, count: number): Promise<{ shoes: string[]; vpn: string[] }> => {
  const shoes: string[] = [];
  const vpn: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const zone = `z${1 + (at % 4)}`;
    const first = await clickOf(
      system,
      `/c/shoes-spring?visitor=P-${1000 + at}&zone=${zone}&cost=0.0${1 + (at % 5)}`,
      'subid',
    );
    const second = await clickOf(system, `/c/vpn-summer?cid=S-${1000 + at}`, 's1');
    if (first !== null) shoes.push(first);
    if (second !== null) vpn.push(second);
  }
  return { shoes, vpn };
};

const sell = async (system: System, shoes: readonly string[], vpn: readonly string[]): Promise<void> => {
  const [one = '', two = '', three = '', four = '', five = '', six = ''] = shoes;
  await call(system, { subid: one, transaction_id: 'ACME-1001', amount: '12.50', status: 'approved' });
  await call(system, { subid: one, transaction_id: 'ACME-1001', amount: '12.50', status: 'approved' });
  await call(system, { subid: two, transaction_id: 'ACME-1002', amount: '48.90', status: 'pending' });
  await call(system, { subid: three, transaction_id: 'ACME-1003', amount: '7.25', status: 'approved' });
  await call(system, { subid: four, transaction_id: 'ACME-1004', amount: '19.00', status: 'chargeback_new' });
  await call(system, { subid: five, transaction_id: 'ACME-1005', amount: '22.40', status: 'chargeback_new' });
  await call(system, { subid: '{subid}', transaction_id: '{transaction_id}', amount: '5', status: 'approved' });
  await call(system, { subid: six, transaction_id: 'ACME-1007', amount: '1.234', currency: 'EUR', status: 'approved' });
  for (const [at, clickId] of vpn.slice(0, 5).entries())
    await call(system, {
      s1: clickId,
      transaction_id: `LEM-${200 + at}`,
      amount: '31.00',
      currency: 'USD',
      status: 'approved',
    });
};

const countCalls = async (system: System): Promise<number> =>
  (await system.api<{ items: unknown[] }>('GET', '/postbacks?limit=100')).body.items.length;

/** Fills a system, and waits until everything has been decided and what can be delivered is
 * delivered. */
export const tellStory = async (system: System, clickCount = 24): Promise<Story> => {
  const receiver = await startReceiver();
  // Sunny's server is down; Propel's answers.
  receiver.answer((request) =>
    request.path === '/sunny' ? { status: 503, body: 'maintenance' } : { status: 200, body: 'OK' },
  );
  for (const [path, body] of entriesOf(receiver.url)) {
    const { status, body: answer } = await system.api('POST', path, body);
    if (status !== 201) throw new Error(`${path} was answered ${status}: ${JSON.stringify(answer)}`);
  }
  await waitFor(() => clickOf(system, '/c/shoes-spring?visitor=P-1&zone=z1', 'subid'));
  await waitFor(() => clickOf(system, '/c/vpn-summer?cid=S-1', 's1'));
  const before = await countCalls(system);
  const { shoes, vpn } = await makeClicks(system, clickCount);
  await sell(system, shoes, vpn);
  const isDecided = async (): Promise<boolean> => (await countCalls(system)) >= before + 13;
  await waitFor(isDecided, 30_000, 'every call of the story is decided');
  await receiver.awaitRequests(({ path }) => path === '/propel', 30_000, 2);
  return { receiver, clicks: shoes, close: () => receiver.close() };
};
