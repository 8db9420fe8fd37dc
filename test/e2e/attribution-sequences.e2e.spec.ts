import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { topics, type ClickRecordedV1 } from '#contracts';
import { mintClickId } from '#domain';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import { sequences } from '../sequences/all.js';
import { fillIn, type Sequence } from '../sequences/sequence.js';
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

const setUp = async (sequence: Sequence, key: string) => {
  const network = await api<{ token: string }>('POST', '/networks', {
    key,
    name: sequence.name,
    defaultCurrency: 'USD',
    ...sequence.network,
  });
  const offer = await api<{ number: number }>('POST', '/offers', {
    key,
    networkKey: key,
    url: 'https://shop.example.com/?c={click_id}',
    ...sequence.offer,
  });
  const campaign = await api<{ number: number }>('POST', '/campaigns', {
    key,
    sourceKey: 'adnet',
    offers: [{ offerKey: key }],
  });
  expect([network.status, offer.status, campaign.status]).toEqual([201, 201, 201]);
  return { token: network.body.token, offerNumber: offer.body.number, campaignNumber: campaign.body.number };
};

const clickOf = (
  clickedAtMs: number,
  key: string,
  numbers: { offerNumber: number; campaignNumber: number },
): ClickRecordedV1 => ({
  clickId: mintClickId({ atMs: clickedAtMs, ...numbers, random: randomBytes(5) }, testSecrets.CAROM_SECRET),
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

/** Calls one after another, each when the one before it has been decided. */
const play = async (sequence: Sequence, index: number): Promise<Played> => {
  const key = `seq-${index}`;
  const { token, ...numbers } = await setUp(sequence, key);
  const nowMs = Date.now();
  const clickedAtMs = nowMs - (sequence.clickAgeSeconds ?? 3 * 3600) * 1000;
  const clicks = [clickOf(clickedAtMs, key, numbers), clickOf(clickedAtMs, key, numbers)] as const;
  await producer.produce(
    clicks.map((click) => ({
      topic: topics.clicks.name,
      key: click.clickId,
      value: JSON.stringify(click),
      headers: { type: topics.clicks.type },
    })),
  );
  const given = { a: clicks[0].clickId, b: clicks[1].clickId, t: `S${index}.`, nowMs };
  const ids: string[] = [];
  for (const call of sequence.calls) {
    const url = `${ingest.url}/postback/${token}?${fillIn(call, given)}`;
    // A network that was made a moment ago may not have reached ingest yet: then its token is unknown there.
    const answer = await waitFor(
      () => fetch(url).then((each) => (each.status === 403 ? null : each)),
      10_000,
      'the token to be known',
    );
    const id = answer.headers.get('carom-postback-id') ?? '';
    ids.push(id);
    await waitFor(() => decided(id), 20_000, `${call} to be decided`);
  }
  const log = await Promise.all(ids.map(async (id) => (await decided(id)) ?? 'nothing'));
  const { body } = await api<{ items: Conversion[] }>('GET', `/conversions?networkKey=${key}`);
  return {
    log,
    conversions: body.items.map((each) => ({
      ...each,
      transactionId: each.transactionId?.replace(given.t, '') ?? null,
    })),
  };
};

const decided = async (id: string): Promise<string | null> => {
  const { body } = await api<Logged>('GET', `/postbacks?id=${id}`);
  const [item] = body.items;
  if (!item || item.state === 'orphan') throw new Error(`${id} is not decided: ${JSON.stringify(body)}`);
  return item.refusal ?? item.state;
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
