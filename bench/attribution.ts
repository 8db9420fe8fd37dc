import { topics, type CatalogEntryV1, type ClickRecordedV1, type PostbackReceivedV1 } from '#contracts';
import { changeReport, conversionIdOf, identityOf, RollupSum, type ConversionSet, type Report } from '#domain';
import { connectProducer, kafkaMetrics } from '#kafka';
import { appendEntries, appendRollups, insertPostbacks, inTransaction, recordClicks, writeSets } from '#postgres';
import { createLog, createMetrics } from '#runtime';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { changedMessage } from '../apps/attribution/ledger/changed-message.js';
import { openAttributionGround, type AttributionGround } from '../test/support/attribution-ground.js';
import { startService, type Service } from '../test/support/service.js';
import { waitFor } from '../test/support/wait-for.js';
import type { BenchContext, BenchRow, Measured } from './row.js';

/** Rows of attribution: how fast postbacks go from their topic into the ledger, and what a large
 * store of clicks costs. */

const batch = 500;
const chunks = <Item>(items: readonly Item[], size = batch): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const makePostbacks = (ground: AttributionGround, count: number, run: string) => {
  const clicks = Array.from({ length: count }, () => ground.click());
  const postbacks = clicks.map((click, index) =>
    ground.postback(
      `clickid=${click.clickId}&transaction_id=${run}-${index}&amount=12.50&currency=USD&status=approved`,
    ),
  );
  return { clicks, postbacks };
};

/** Publishes with the catalog first, so that attribution finds all of it when it starts. */
const publish = async (ground: AttributionGround, postbacks: readonly PostbackReceivedV1[]): Promise<void> => {
  const producer = await connectProducer({
    brokers: ground.config.KAFKA_BROKERS,
    clientId: 'bench',
    topicPrefix: ground.ground.topicPrefix,
    log: createLog('bench', 'silent'),
    metrics: kafkaMetrics(createMetrics('bench')),
    maxWaitingRecords: 100_000,
    timeoutMs: 60_000,
  });
  const record = (topic: { name: string; type: string }, key: string, value: unknown) => ({
    topic: topic.name,
    key,
    value: JSON.stringify(value),
    headers: { type: topic.type },
  });
  await producer.produce(
    ground.catalog
      .entries()
      .map((entry: CatalogEntryV1) => record(topics.catalog, `${entry.kind}:${entry.key}`, entry)),
  );
  for (const part of chunks(postbacks, 5_000))
    await producer.produce(part.map((each) => record(topics.postbacks, each.read.transactionId?.value ?? '', each)));
  await producer.close();
};

const storeClicks = async (pool: pg.Pool, clicks: readonly ClickRecordedV1[]): Promise<void> => {
  for (const part of chunks(clicks, 2_000)) await recordClicks(pool, part);
};

/** By the service's own account: a count of the table, again and again, would take the cores from
 * what it counts. */
const untilDecided = async ({ healthUrl }: Service, count: number): Promise<void> => {
  const pattern = /^carom_attribution_postbacks_total\{.*state="applied".*\} (\d+)/m;
  const applied = async () => Number(pattern.exec(await (await fetch(`${healthUrl}/metrics`)).text())?.[1] ?? 0);
  for (const end = performance.now() + 240_000; performance.now() < end && (await applied()) < count;) await wait(250);
};

/** Decided per second when the first third is over (by then the process is warm, as the raw
 * inserts' process is), by Postgres' own clock. Throws when a postback is missing or was not
 * applied. */
const decidedPerSecond = async (ground: AttributionGround, service: Service, count: number): Promise<number> => {
  await untilDecided(service, count);
  const applied = async () =>
    Number((await ground.rows<{ n: bigint }>(`select count(*) as n from postbacks where state = 'applied'`))[0]?.n);
  await waitFor(async () => (await applied()) >= count, 10_000, `${count} postbacks applied`);
  const [entries] = await ground.rows<{ n: bigint }>('select count(*) as n from ledger_entries');
  if (Number(entries?.n) !== count) throw new Error(`${entries?.n} entries for ${count} postbacks`);
  const [warm] = await ground.rows<{ n: bigint; ms: number }>(
    `with ranked as (select decided_at, percent_rank() over (order by decided_at) as part from postbacks)
     select count(*) filter (where part > 1.0 / 3) as n,
       extract(epoch from max(decided_at) - max(decided_at) filter (where part <= 1.0 / 3))::float8 * 1000 as ms from ranked`,
  );
  return (Number(warm?.n) / (warm?.ms ?? Number.NaN)) * 1000;
};

type Rows = { set: ConversionSet; message: PostbackReceivedV1; click: ClickRecordedV1 };
const familyOf = (message: PostbackReceivedV1, click: ClickRecordedV1): Rows => {
  const transactionId = `raw-${message.read.transactionId?.value ?? ''}`;
  const identity = identityOf('transaction', {
    networkKey: 'acme',
    clickId: click.clickId,
    transactionId,
    event: null,
  });
  const attribution = {
    ...click,
    from: 'click' as const,
    reportTokens: {},
    windowMs: 1e9,
    minMs: 0,
    holdMs: null,
  };
  const set: ConversionSet = {
    baseId: conversionIdOf(identity),
    identity,
    networkKey: 'acme',
    event: null,
    transactionId,
    rules: { duplicates: 'update', reopens: false, locksOnApproval: false, defaultCurrency: 'USD' },
    reports: [],
    attributions: { [click.clickId]: attribution },
    snapshots: new Map(),
  };
  return { set, message, click };
};
const reportOf = ({ message, click }: Rows): Report => ({
  causeId: message.id,
  atMs: message.receivedAtMs,
  stated: false,
  receivedAtMs: message.receivedAtMs,
  occurredAtMs: message.receivedAtMs,
  proven: true,
  state: 'approved',
  amountNanos: 12_500_000_000n,
  amountUnreadable: false,
  currency: 'USD',
  refundId: null,
  lineId: null,
  clickId: click.clickId,
  event: null,
  transactionId: null,
  payoutFrom: 'postback',
  test: false,
  byRule: false,
});

/** The limit: the same rows of the same tables with the same indexes, made before the clock starts,
 * by nothing but `unnest` inserts of 500, one transaction each, from as many connections as
 * attribution has partitions in hand. */
const rawInserts = async (ground: AttributionGround, made: readonly Rows[], connections: number): Promise<number> => {
  const nowMs = ground.now();
  const work = chunks(made).map((part) => {
    const sum = new RollupSum();
    const done = part.map((row) => {
      const report = reportOf(row);
      const result = changeReport(row.set, { causeId: report.causeId, report, nowMs });
      for (const change of result.changes) sum.addChange(result.set, change);
      return { result, row };
    });
    const records = done.map(({ result, row }) => ({
      message: row.message,
      networkKey: 'acme',
      state: 'applied' as const,
      refusal: null,
      clickId: row.click.clickId,
      transactionId: result.set.transactionId,
      event: null,
      baseId: result.set.baseId,
      conversionId: result.set.baseId,
      outcome: result.changes.map((change) => changedMessage(result.set, change, row.message)),
    }));
    const entries = done.flatMap(({ result }) => result.changes.flatMap((change) => change.entries));
    return { sets: done.map(({ result }) => result.set), records, entries, rollups: sum.list() };
  });
  const begin = performance.now();
  const connection = async (): Promise<void> => {
    for (let part = work.shift(); part; part = work.shift()) {
      const { sets, records, entries, rollups } = part;
      await inTransaction(ground.pool, async (client) => {
        await writeSets(client, sets, new Set());
        await insertPostbacks(client, records);
        await appendEntries(client, entries, nowMs);
        await appendRollups(client, rollups, nowMs);
      });
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return (made.length / (performance.now() - begin)) * 1000;
};

const measureAttribution = async (count: number, say: BenchContext['say']): Promise<Measured> => {
  const ground = await openAttributionGround();
  try {
    const { clicks, postbacks } = makePostbacks(ground, count, 'B');
    await storeClicks(ground.pool, clicks);
    await publish(ground, postbacks);
    const env = { ...ground.ground.env, CAROM_SECRET: ground.secret, CAROM_LOG_LEVEL: 'warn' };
    const service = await startService('attribution', env);
    const ours = await decidedPerSecond(ground, service, count);
    await service.stop();
    say(`ours ${Math.round(ours)}/s`);
    const raw = makePostbacks(ground, count, 'R');
    const rows = raw.postbacks.map((message, index) => familyOf(message, raw.clicks[index] as ClickRecordedV1));
    const limit = await rawInserts(ground, rows, 4);
    say(`raw unnest inserts ${Math.round(limit)}/s`);
    return { ours, limit, details: { count, batch, connections: 4 } };
  } finally {
    await ground.close();
  }
};

export const attributionThroughput: BenchRow = {
  name: 'attribution',
  what: 'postbacks from the topic to a committed ledger',
  unit: '/s',
  limitIs: 'the same rows by raw unnest inserts',
  atLeast: 0.4,
  aim: 0.6,
  better: 'higher',
  measure: ({ long, say }) => measureAttribution(long ? 150_000 : 30_000, say),
};

/** Clicks of the last thirty days, made by the database itself. */
const fillClicks = async (ground: AttributionGround, count: number): Promise<void> => {
  await ground.rows('select ensure_partitions($1, (now() - $2::interval)::date, now()::date)', ['clicks', '31 days']);
  for (let from = 0; from < count; from += 500_000)
    await ground.rows(
      `insert into clicks (clicked_at, click_id, campaign_key, source_key, offer_key, network_key, external_id, tokens, channel)
       select now() - (n % 2592000) * interval '1 second', 'grown' || lpad(n::text, 27, '0'), 'spring', 'adnet', 'shoes', 'acme',
         'ext-' || n, '{"zone": "7"}', 'redirect' from generate_series($1::bigint, $2::bigint) as n`,
      [from, Math.min(count, from + 500_000) - 1],
    );
  await ground.rows('analyze clicks');
};

/** Milliseconds of CPU and waiting per postback, one batch after another in this process: what is
 * compared is one and the same work. */
const costPerPostback = async (ground: AttributionGround, count: number, run: string): Promise<number> => {
  const { clicks, postbacks } = makePostbacks(ground, count, run);
  await storeClicks(ground.pool, clicks);
  const begin = performance.now();
  for (const part of chunks(postbacks)) await ground.attributePostbacks(part);
  return (performance.now() - begin) / count;
};

export const clickGrowth: BenchRow = {
  name: 'growth',
  what: 'cost per postback with many clicks stored, against few',
  unit: 'ms',
  limitIs: 'the same with 10 thousand clicks',
  atLeast: 1.3,
  aim: 1.0,
  better: 'lower',
  async measure({ long, say }) {
    const many = long ? 10_000_000 : 500_000;
    // No cache: the look-up in Postgres is what could grow.
    const ground = await openAttributionGround({}, { cache: false });
    try {
      await fillClicks(ground, 10_000);
      await costPerPostback(ground, 3_000, 'W');
      const limit = await costPerPostback(ground, 10_000, 'F');
      say(`${limit.toFixed(3)} ms with 10,000 clicks`);
      await ground.rows('truncate clicks');
      await fillClicks(ground, many);
      await costPerPostback(ground, 3_000, 'X');
      const ours = await costPerPostback(ground, 10_000, 'M');
      say(`${ours.toFixed(3)} ms with ${many} clicks`);
      return { ours, limit, details: { clicks: many } };
    } finally {
      await ground.close();
    }
  },
};
