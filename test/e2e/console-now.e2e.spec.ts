import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { Kafka, logLevel } from 'kafkajs';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

type Counts = Record<string, number>;
type Overview = {
  buckets: {
    at: string;
    clicks: number;
    conversions: number;
    postbacks: Counts;
    refusals: Counts;
    deliveries: Counts;
    money: { currency: string; approved: string; pending: string; cost: string }[];
  }[];
  behindSeconds: number | null;
};
type Event = { id: string; event: string; data: { id: string; transactionId: string | null; state: string } };

type Missed = { topic: string; reason: string; records: number | null };

let ground: TestGround;
let system: System;
let receiver: Receiver;
let token = '';

const click = async (): Promise<string> => {
  const answer = await fetch(`${system.ingest.url}/c/spring?click_id=x`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('sub') ?? '';
};
const postback = (query: string): Promise<Response> => fetch(`${system.ingest.url}/postback/${token}?${query}`);
const sale = async (id: string, more = 'amount=5&status=approved'): Promise<void> => {
  await postback(`clickid=${await click()}&transaction_id=${id}&${more}`);
};

/** Follows a stream until the test leaves it. */
const follow = async (path: string, lastEventId?: string) => {
  const leaving = new AbortController();
  const answer = await fetch(`${system.console.url}/api/v1${path}`, {
    signal: leaving.signal,
    headers: {
      authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  const events: Event[] = [];
  const read = async (): Promise<void> => {
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
        if (fields['event'] !== undefined)
          events.push({ id: fields['id'], event: fields['event'], data: JSON.parse(fields['data']) });
      }
    }
  };
  const ended = read().catch(() => undefined);
  const leave = async (): Promise<void> => {
    leaving.abort();
    await ended;
  };
  return { status: answer.status, type: answer.headers.get('content-type'), events, leave };
};

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground, { ATTRIBUTION_SESSION_MS: '2000' });
  token = (
    await system.api<{ token: string }>('POST', '/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD' })
  ).body.token;
  await system.api('POST', '/sources', {
    key: 'ads',
    name: 'Ads',
    destination: { url: `${receiver.url}/conversion?click_id={click_id}&v={value}` },
  });
  await system.api('POST', '/offers', {
    key: 'shoes',
    networkKey: 'acme',
    url: 'https://shop.example.com/?sub={click_id}',
  });
  await system.api('POST', '/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] });
  await waitFor(async () => (await fetch(`${system.ingest.url}/c/spring?x`, { redirect: 'manual' })).status === 302);
});

afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

const total = async (query: string) => {
  const { buckets } = (await system.api<Overview>('GET', `/overview?${query}`)).body;
  const sum = (read: (bucket: Overview['buckets'][number]) => number | undefined) =>
    buckets.reduce((so, bucket) => so + (read(bucket) ?? 0), 0);
  return {
    buckets: buckets.length,
    clicks: sum(({ clicks }) => clicks),
    applied: sum(({ postbacks }) => postbacks['applied']),
    duplicate: sum(({ postbacks }) => postbacks['duplicate']),
    orphan: sum(({ postbacks }) => postbacks['orphan']),
    unmapped: sum(({ refusals }) => refusals['status_unmapped']),
    delivered: sum(({ deliveries }) => deliveries['delivered']),
    waiting: sum(({ deliveries }) => deliveries['waiting']),
    approved: sum(({ money }) => Number(money.find(({ currency }) => currency === 'USD')?.approved ?? 0)),
  };
};

describe('the overview', () => {
  it('counts each call once by its current state, in minutes, hours and days', async () => {
    const early = await waitFor(async () => {
      const counted = await total('bucket=minute');
      return counted.clicks > 0 ? counted : null;
    });
    await sale('O-1');
    await postback('transaction_id=O-1&amount=5&status=approved');
    await sale('O-2', 'amount=1&status=gezahlt');
    await postback('clickid=wNOTYETIMPORTED1&transaction_id=O-3&amount=2&status=approved');
    const now = {
      clicks: early.clicks + 2,
      applied: 1,
      duplicate: 1,
      orphan: 1,
      unmapped: 1,
      delivered: 1,
      waiting: 0,
    };
    for (const [bucket, buckets] of [
      ['minute', 60],
      ['hour', 24],
      ['day', 14],
    ] as const)
      await waitFor(
        async () => expect(await total(`bucket=${bucket}`)).toMatchObject({ ...now, buckets, approved: 5 }) ?? true,
        30_000,
        `the counts by ${bucket}`,
      );
    const at = new Date(Date.now() - 3_600_000).toISOString();
    await fetch(`${system.console.url}/api/v1/clicks/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
      body: `click_id,clicked_at,campaign\nwNOTYETIMPORTED1,${at},spring\n`,
    });
    await waitFor(async () => (await total('bucket=hour')).applied === 2, 30_000, 'the orphan to be applied');
    expect(await total('bucket=hour')).toMatchObject({ orphan: 0, duplicate: 1, unmapped: 1 });
  });

  it('says when it would be too many buckets', async () => {
    const answer = await system.api('GET', '/overview?bucket=minute&from=2026-01-01&to=2026-02-01');
    expect([answer.status, answer.body['code']]).toEqual([422, 'too_many_buckets']);
  });

  it('says how far each service is behind, and what waits', async () => {
    const spool = { processes: 1, answering: 1, records: 0, bytes: 0, oldestSeconds: 0 };
    const nothingWaits = { kafka: 'connected', spool, parked: { count: 0 }, destinations: { failing: 0, backlog: 0 } };
    const groups = ['attribution', 'attribution', 'dispatch'];
    // What is applied is in the ledger a moment before its offset is committed.
    await waitFor(
      async () => {
        const { body } = await system.api<{ consumers: { group: string; lag: number }[] }>('GET', '/status');
        expect(body).toMatchObject(nothingWaits);
        const behind = body.consumers.map(({ group, lag }) => [group.split('.')[1], lag]);
        expect(behind).toEqual(groups.map((group) => [group, 0]));
        return true;
      },
      10_000,
      'no service to be behind',
    );
  });
});

describe('a stream', () => {
  const ids = (events: readonly Event[]) => events.map(({ data }) => data.transactionId);

  it('sends calls that match its filter as they are decided', async () => {
    const applied = await follow('/postbacks/stream?state=applied&networkKey=acme');
    const refused = await follow('/postbacks/stream?state=!applied,duplicate,orphan');
    expect([applied.status, applied.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await sale('L-0');
    await waitFor(() => ids(applied.events).includes('L-0'), 20_000, 'the first event');
    await sale('L-1');
    await sale('L-2', 'amount=1&status=gezahlt');
    await waitFor(() => ids(applied.events).includes('L-1') && ids(refused.events).includes('L-2'));
    expect(ids(applied.events)).toEqual(['L-0', 'L-1']);
    expect(ids(refused.events)).toEqual(['L-2']);
    expect(applied.events[0]).toMatchObject({ event: 'postback', data: { state: 'applied' } });
    await Promise.all([applied.leave(), refused.leave()]);
  });

  it('sends after a reconnect what was decided meanwhile', async () => {
    const first = await follow('/postbacks/stream');
    await sale('M-1');
    await waitFor(() => ids(first.events).includes('M-1'));
    const last = first.events.at(-1)?.id;
    await first.leave();
    await sale('M-2');
    await sale('M-3');
    await waitFor(
      async () => (await system.api<{ items: object[] }>('GET', '/postbacks?transactionId=M-3')).body.items[0],
    );
    const second = await follow('/postbacks/stream', last);
    await sale('M-4');
    await waitFor(() => ids(second.events).includes('M-4'));
    expect(ids(second.events)).toEqual(expect.arrayContaining(['M-2', 'M-3', 'M-4']));
    expect(new Set(second.events.map(({ id }) => id)).size).toBe(second.events.length);
    await second.leave();
    expect((await follow('/postbacks/stream?lastEventId=yesterday')).status).toBe(422);
  });

  it('sends deliveries when they are created and when they finish', async () => {
    const stream = await follow('/deliveries/stream?state=delivered&campaignKey=spring');
    await sale('N-1');
    const found = () => stream.events.find(({ data }) => data.transactionId === 'N-1');
    await waitFor(() => found() !== undefined, 20_000, 'the delivery');
    expect(found()).toMatchObject({ event: 'delivery', data: { state: 'delivered', lastAttempt: { status: 200 } } });
    await stream.leave();
  });
});

it('says in the status what Kafka deleted before it was processed, and as a metric', async () => {
  const topic = ground.topicPrefix + topics.postbacks.name;
  const admin = new Kafka({ brokers: ground.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const ends = async () =>
    new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
  const before = await ends();
  await system.attribution.kill9();
  // One transaction id, so one partition; its last record is kept.
  for (let calls = 0; calls < 5; calls += 1) await sale('MISSED');
  const after = await ends();
  const [partition = 0, end = 0] = [...after].find(([each, high]) => high > (before.get(each) ?? 0)) ?? [];
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(end - 1) }] });
  await admin.disconnect();
  await system.attribution.restart();
  const missed = async () => (await system.api<{ missed: Missed[] }>('GET', '/status')).body.missed;
  await waitFor(async () => (await missed()).length > 0, 20_000, 'the jump to be known');
  const [jump] = await missed();
  expect(jump).toMatchObject({ topic: topics.postbacks.name, records: 4, partitions: 1 });
  // A partition that had never had a record has no position yet.
  expect(['deleted', 'no_position']).toContain(jump?.reason);
  const decided = () => system.api<{ items: object[] }>('GET', '/postbacks?transactionId=MISSED');
  await waitFor(async () => (await decided()).body.items.length === 1, 20_000, 'the record that was kept');
  const metrics = await (await fetch(`${system.console.healthUrl}/metrics`)).text();
  expect(metrics).toMatch(/carom_console_missed_records\{[^}]*topic="carom.postbacks.v1"[^}]*\} 4/);
});
