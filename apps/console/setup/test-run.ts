import type { Campaign, Network, Offer, Source } from '#contracts';
import { signTestVisit } from '#domain';
import { findCatalogEntry, insertSetupTest, type SetupTest } from '#postgres';
import { messageOf } from '#runtime';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { notFound, Problem } from '../http/problem.js';
import { readableToken } from '../catalog/catalog-answer.js';
import type { ConsolePorts } from '../ports.js';

/** A test of a set-up: one visit of the campaign's link and one postback of its network, sent to
 *  ingest over HTTP as a visitor and the network would. Both are marked as a test, and kept out of
 *  reports. */

export const testBody = z.strictObject({
  campaignKey: z.string().max(63),
  status: z.string().max(100).default('approved'),
  amount: z.string().max(40).default('1.00'),
  currency: z.string().max(10).optional(),
  event: z.string().max(100).optional(),
});
export type TestBody = z.infer<typeof testBody>;
type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'publicUrl' | 'secrets' | 'seal' | 'now'>;

const timeoutMs = 5_000;
const maxAnswerCharacters = 10_000;

type Called = {
  status: number | null;
  headers: Record<string, string | undefined>;
  body: string;
  error: string | null;
};

const call = async (url: string, headers: Record<string, string>): Promise<Called> => {
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const body = (await answer.text()).slice(0, maxAnswerCharacters);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body, error: null };
  } catch (thrown) {
    return { status: null, headers: {}, body: '', error: messageOf(thrown) };
  }
};

const find = async <Entry>(ports: Ports, kind: 'campaign' | 'source' | 'offer' | 'network', key: string) => {
  const entry = await findCatalogEntry(ports.dataSource, kind, key);
  if (!entry) throw notFound(kind, key);
  return entry.body as Entry;
};

const codeOf = (body: string): string | null => {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
};

/** The network's own address, with its token where it has one. The token is not kept with the
 *  test. */
const postbackUrl = ({ publicUrl, seal }: Ports, network: Network, query: URLSearchParams) => {
  const stored = network.tokens[0]?.token;
  const token = stored && encodeURIComponent(readableToken(network.key, stored, seal));
  const path = token === undefined ? '/postback' : `/postback/${token}`;
  return {
    url: `${publicUrl}${path}?${query.toString()}`,
    shown: `${publicUrl}${token === undefined ? path : '/postback/***'}?${query.toString()}`,
  };
};

export const runTest = async (ports: Ports, body: TestBody): Promise<SetupTest> => {
  const campaign = await find<Campaign>(ports, 'campaign', body.campaignKey);
  const source = await find<Source>(ports, 'source', campaign.sourceKey);
  const id = uuidv7();
  const [secret] = ports.secrets;
  if (secret === undefined) throw new Problem(409, 'secret_missing', 'CAROM_SECRET is not set');
  const visit = new URLSearchParams({ [source.externalIdParam]: `test-${id}` });
  const url = `${ports.publicUrl}/c/${campaign.key}?${visit.toString()}`;
  const clickedAt = ports.now();
  const visited = await call(url, {
    'carom-test': signTestVisit(campaign.key, clickedAt.getTime(), secret),
    'user-agent': 'Carom test',
  });
  const clickId = visited.headers['carom-click-id'] ?? null;
  const location = visited.headers['location'] ?? null;
  const click = { at: clickedAt.toISOString(), url, status: visited.status, location, clickId, error: visited.error };
  const offers = await Promise.all(campaign.offers.map(({ offerKey }) => find<Offer>(ports, 'offer', offerKey)));
  const networkKey = offers[0]?.networkKey ?? null;
  const test: SetupTest = { id, campaignKey: campaign.key, networkKey, click, postback: null };
  if (clickId !== null && networkKey !== null) {
    const network = await find<Network>(ports, 'network', networkKey);
    test.postback = await report(ports, network, { ...body, clickId, transactionId: `test-${id}` });
  }
  await insertSetupTest(ports.pool, test);
  return test;
};

const report = async (
  ports: Ports,
  network: Network,
  { clickId, transactionId, status, amount, currency, event }: TestBody & { clickId: string; transactionId: string },
): Promise<SetupTest['postback']> => {
  const query = new URLSearchParams({ click_id: clickId, transaction_id: transactionId, amount, status, test: '1' });
  if (currency !== undefined) query.set('currency', currency);
  if (event !== undefined) query.set('event', event);
  const { url, shown } = postbackUrl(ports, network, query);
  const at = ports.now().toISOString();
  const answer = await call(url, { 'user-agent': 'Carom test' });
  return {
    at,
    url: shown,
    status: answer.status,
    code: codeOf(answer.body),
    postbackId: answer.headers['carom-postback-id'] ?? null,
    error: answer.error,
  };
};
