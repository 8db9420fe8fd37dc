import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { topics, type ClickRecordedV1 } from '#contracts';
import { mintClickId } from '#domain';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import { sequences } from '../sequences/all.js';
import { addressed, fillIn, type Sequence } from '../sequences/sequence.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** The same sequences as in the pure specification, as HTTP calls on the real system: what the rules say and what the system does
 *  must be one. Clicks are put on their topic with the age the sequence wants; calls go to the network's own Postback URL. */

type Conversion = {
  transactionId: string | null;
  event: string | null;
  state: string;
  money: Record<string, string> | null;
  currency: string | null;
  marks: string[];
};
type Logged = { items: { state: string; refusal: string | null }[] };
type Played = { log: string[]; conversions: Conversion[] };

let ground: TestGround;
let services: Service[] = [];
let api: Api;
let ingest: Service;
let producer: Producer;
const played = new Map<string, Promise<Played>>();

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  const names = ['console', 'ingest', 'attribution'] as const;
  services = await Promise.all(names.map((name) => startService(name, ground.env)));
  const [console_, first] = services as [Service, Service];
  ingest = first;
  api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  producer = await connectProducer({
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'spec',
    topicPrefix: ground.topicPrefix,
    log: createLog('spec', 'silent'),
    metrics: kafkaMetrics(createMetrics('spec')),
  });
  await api('POST', '/sources', { key: 'adnet', name: 'Ad network' });
  // Six at a time: fast, and still each sequence for itself in its own order.
  const queue = sequences.map((sequence, index) => ({ sequence, index }));
  for (const { sequence } of queue) {
    let settle: (value: Promise<Played>) => void = () => undefined;
    played.set(sequence.name, new Promise<Played>((resolve) => (settle = resolve)));
    starts.set(sequence.name, settle);
  }
  void Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const playing = play(next.sequence, next.index);
        starts.get(next.sequence.name)?.(playing);
        await playing.catch(() => undefined);
      }
    }),
  );
}, 60_000);
const starts = new Map<string, (value: Promise<Played>) => void>();

afterAll(async () => {
  await Promise.allSettled(played.values());
  await Promise.all(services.map((service) => service.stop()));
  await producer?.close();
  await ground?.close();
});

/** A network with an offer and a campaign, all of one key. */
const setUp = async (key: string, sequence: Sequence) => {
  const network = await api<{ token: string }>('POST', '/networks', {
    key,
    name: sequence.name,
    defaultCurrency: 'USD',
    ...sequence.network,
  });
  const offer = await api<{ number: number }>('POST', '/offers', offerOf(key, sequence.offer));
  const campaign = await api<{ number: number }>('POST', '/campaigns', {
    key,
    sourceKey: 'adnet',
    offers: [{ offerKey: key }],
  });
  expect([network.status, offer.status, campaign.status]).toEqual([201, 201, 201]);
  return { key, token: network.body.token, offerNumber: offer.body.number, campaignNumber: campaign.body.number };
};
type SetUp = Awaited<ReturnType<typeof setUp>>;
const offerOf = (key: string, more: Sequence['offer']) => ({
  key,
  networkKey: key,
  url: 'https://shop.example.com/?c={click_id}',
  ...more,
});

const clickOf = (clickedAtMs: number, { key, offerNumber, campaignNumber }: SetUp): ClickRecordedV1 => ({
  clickId: mintClickId(
    { atMs: clickedAtMs, offerNumber, campaignNumber, random: randomBytes(5) },
    testSecrets.CAROM_SECRET,
  ),
  clickedAtMs,
  campaignKey: key,
  sourceKey: 'adnet',
  offerKey: key,
  networkKey: key,
  externalId: 'ext',
  externalIdRaw: 'ext',
  tokens: {},
  cost: null,
  visitor: { ip: null, userAgent: null, referer: null, language: null },
  channel: 'redirect',
  unique: true,
  flags: [],
});

const putClicks = (clicks: readonly ClickRecordedV1[]) =>
  producer.produce(
    clicks.map((click) => ({
      topic: topics.clicks.name,
      key: click.clickId,
      value: JSON.stringify(click),
      headers: { type: topics.clicks.type },
    })),
  );

/** Calls one after another, each when the one before it has been decided. */
const play = async (sequence: Sequence, index: number): Promise<Played> => {
  const own = await setUp(`seq-${index}`, sequence);
  const second = sequence.calls.some((call) => addressed(call).to === 'second')
    ? await setUp(`seq-${index}-second`, sequence)
    : own;
  const nowMs = Date.now();
  const clickedAtMs = nowMs - (sequence.clickAgeSeconds ?? 3 * 3600) * 1000;
  const [a, b, c] = [clickOf(clickedAtMs, own), clickOf(clickedAtMs, own), clickOf(clickedAtMs, second)];
  await putClicks([a, b, c]);
  const given = { a: a.clickId, b: b.clickId, c: c.clickId, t: `S${index}.`, nowMs };
  const ids: string[] = [];
  for (const call of sequence.calls) {
    const { to, early, query } = addressed(fillIn(call, given));
    const token = to === 'plain' ? '' : `/${(to === 'second' ? second : own).token}`;
    // A network that was made a moment ago may not have reached ingest yet: then its token is unknown there.
    const answer = await waitFor(
      () => fetch(`${ingest.url}/postback${token}?${query}`).then((each) => (each.status === 403 ? null : each)),
      10_000,
      'the token to be known',
    );
    const id = answer.headers.get('carom-postback-id') ?? '';
    ids.push(id);
    await waitFor(() => (early ? logged(id) : decided(id)), 20_000, `${call} to be decided`);
  }
  for (const id of ids) await waitFor(() => decided(id), 20_000, 'what waited to be decided');
  if (sequence.thenOffer) await passTime(own.key, sequence);
  const log = await Promise.all(ids.map(async (id) => (await decided(id)) ?? 'nothing'));
  const conversions = [...(await conversionsOf(own.key)), ...(second === own ? [] : await conversionsOf(second.key))];
  return {
    log,
    conversions: conversions.map((each) => ({
      ...each,
      transactionId: each.transactionId?.replace(given.t, '') ?? null,
    })),
  };
};

const conversionsOf = async (networkKey: string) =>
  (await api<{ items: Conversion[] }>('GET', `/conversions?networkKey=${networkKey}`)).body.items;

/** Changes the offer, and waits until what the system does by itself has been done: no mark of the cap, no hold is left. */
const passTime = async (key: string, sequence: Sequence): Promise<void> => {
  const { status } = await api('PUT', `/offers/${key}`, offerOf(key, { ...sequence.offer, ...sequence.thenOffer }));
  expect(status).toBe(200);
  const isDue = ({ marks }: Conversion) => marks.includes('over_cap') || marks.includes('held');
  await waitFor(async () => !(await conversionsOf(key)).some(isDue), 30_000, `${sequence.name}: time to pass`);
};

const logged = async (id: string): Promise<string | null> => {
  const { body } = await api<Logged>('GET', `/postbacks?id=${id}`);
  const [item] = body.items;
  if (!item) throw new Error(`${id} is not logged`);
  return item.refusal ?? item.state;
};
const decided = async (id: string): Promise<string | null> => {
  const state = await logged(id);
  if (state === 'orphan') throw new Error(`${id} is not decided`);
  return state;
};

const standing = (money: Record<string, string> | null | undefined) =>
  money &&
  Object.entries(money)
    .filter(([, amount]) => amount !== '0')
    .sort();
const line = (each: {
  transaction: string;
  event: string | null;
  state: string;
  money: Record<string, string> | null;
  marks: string[];
}) => JSON.stringify([each.transaction, each.event, each.state, standing(each.money), each.marks]);

describe('what networks do to us, on the real system', () => {
  it.each(sequences.map((sequence) => [sequence.name, sequence] as const))('%s', async (name, sequence) => {
    const { log, conversions } = (await played.get(name)) as Played;
    expect(log).toEqual(sequence.log);
    expect(conversions.map((each) => line({ ...each, transaction: each.transactionId ?? '-' })).sort()).toEqual(
      sequence.conversions
        .map(({ transaction, event = null, state, money, marks = [] }) =>
          line({ transaction, event, state, money, marks }),
        )
        .sort(),
    );
    for (const { currency } of sequence.conversions)
      if (currency !== undefined) expect(conversions.map((each) => each.currency)).toContain(currency);
  });
});
