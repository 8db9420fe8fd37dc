import { topics, type CatalogEntryV1, type ClickRecordedV1, type PostbackReceivedV1 } from '#contracts';
import { changeReport, conversionIdOf, identityOf, RollupSum, type ConversionSet, type Report } from '#domain';
import { connectProducer, kafkaMetrics } from '#kafka';
import { appendEntries, appendRollups, insertPostbacks, inTransaction, recordClicks, writeSets } from '#postgres';
import { createLog, createMetrics } from '#runtime';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { changedMessage } from '../../apps/attribution/ledger/changed-message.js';
import { openAttributionGround, type AttributionGround } from '../../test/support/attribution-ground.js';
import { startService, type Service } from '../../test/support/service.js';
import { waitFor } from '../../test/support/wait-for.js';
import { fromRounds, type BenchContext, type BenchRow, type Measured } from '../row.js';

/** Rows of attribution: how fast postbacks go from their topic into the ledger, and what a large
 * store of clicks costs. */

const batch = 500;
const chunks = <Item>(items: readonly Item[], size = batch): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

export const makePostbacks = (ground: AttributionGround, count: number, run: string) => {
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
  const pattern = /^carom_attribution_postbacks_total\{.*\} (\d+)/gm;
  const decided = async () => {
    const text = await (await fetch(`${healthUrl}/metrics`)).text();
    return [...text.matchAll(pattern)].reduce((sum, [, each]) => sum + Number(each), 0);
  };
  for (const end = performance.now() + 240_000; performance.now() < end && (await decided()) < count;) await wait(100);
};

/** The first so many of a process just started are not counted: that of the raw inserts is warm. */
const warmUpPostbacks = 15_000;
const slices = 3;

/** Decided per second in each slice after the warm-up, by Postgres' own clock. Throws unless each
 * transaction id was applied, and has one entry in the ledger. */
const decidedPerSecond = async (ground: AttributionGround, service: Service, count: number): Promise<number[]> => {
  await untilDecided(service, count);
  const accounts = async () => {
    const [row] = await ground.rows<{ ids: bigint; entries: bigint }>(
      `select count(distinct p.transaction_id) as ids, count(distinct e.conversion_id) as entries
         from postbacks p left join ledger_entries e on e.conversion_id = p.conversion_id
         where p.state = 'applied' and p.transaction_id like 'B-%'`,
    );
    return Number(row?.ids) === count && Number(row?.entries) === count;
  };
  await waitFor(accounts, 10_000, `${count} transaction ids applied, each with an entry`);
  const size = Math.floor((count - warmUpPostbacks) / slices);
  const bounds = Array.from({ length: slices + 1 }, (_, slice) => warmUpPostbacks + slice * size);
  const times = await ground.rows<{ at: number }>(
    `with ranked as (select decided_at, row_number() over (order by decided_at, id) as n from postbacks
       where transaction_id like 'B-%')
     select extract(epoch from decided_at)::float8 as at from ranked where n = any($1) order by n`,
    [bounds],
  );
  return Array.from({ length: slices }, (_, slice) => size / ((times[slice + 1]?.at ?? 0) - (times[slice]?.at ?? 0)));
};

type Rows = { set: ConversionSet; message: PostbackReceivedV1; click: ClickRecordedV1 };
export const familyOf = (message: PostbackReceivedV1, click: ClickRecordedV1): Rows => {
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

/** Transactions of 500 postbacks each, made before a clock starts. */
export const transactionsOf = (made: readonly Rows[], nowMs: number) =>
  chunks(made).map((part) => {
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
type Transaction = ReturnType<typeof transactionsOf>[number];

export const writeTransaction = (
  pool: pg.Pool,
  { sets, records, entries, rollups }: Transaction,
  nowMs: number,
): Promise<void> =>
  inTransaction(pool, async (client) => {
    await writeSets(client, sets, new Set());
    await insertPostbacks(client, records);
    await appendEntries(client, entries, nowMs);
    await appendRollups(client, rollups, nowMs);
  });

/** The limit: the same rows of the same tables with the same indexes, made before the clock starts,
 * by nothing but `unnest` inserts of 500, one transaction each, from as many connections as
 * attribution has partitions in hand. */
const rawInserts = async (ground: AttributionGround, made: readonly Rows[], connections: number): Promise<number> => {
  const nowMs = ground.now();
  const work = transactionsOf(made, nowMs);
  const begin = performance.now();
  const connection = async (): Promise<void> => {
    for (let part = work.shift(); part; part = work.shift()) await writeTransaction(ground.pool, part, nowMs);
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return (made.length / (performance.now() - begin)) * 1000;
};

const rawRows = (
  ground: AttributionGround,
  count: number,
  run: string,
): { clicks: ClickRecordedV1[]; rows: Rows[] } => {
  const { clicks, postbacks } = makePostbacks(ground, count, run);
  return { clicks, rows: postbacks.map((message, index) => familyOf(message, clicks[index] as ClickRecordedV1)) };
};

const measureAttribution = async (count: number, { say, meter }: BenchContext): Promise<Measured> => {
  const ground = await openAttributionGround();
  try {
    const { clicks, postbacks } = makePostbacks(ground, count, 'B');
    await storeClicks(ground.pool, clicks);
    await publish(ground, postbacks);
    const [warm, before, after] = [2_000, 15_000, 15_000].map((size, at) => rawRows(ground, size, `R${at}`).rows);
    await rawInserts(ground, warm ?? [], 4);
    const limitBefore = await rawInserts(ground, before ?? [], 4);
    const env = { ...ground.ground.env, CAROM_SECRET: ground.secret, CAROM_LOG_LEVEL: 'warn' };
    const service = await startService('attribution', env);
    meter.watch('attribution', service.server.pid);
    const { result: rates, spent } = await meter.spend(
      () => decidedPerSecond(ground, service, count),
      () => count,
    );
    meter.forget('attribution');
    await service.stop();
    say(`ours ${rates.map((rate) => Math.round(rate)).join(', ')}/s`);
    const limitAfter = await rawInserts(ground, after ?? [], 4);
    say(`raw unnest inserts ${Math.round(limitBefore)}/s before, ${Math.round(limitAfter)}/s after`);
    const limit = (limitBefore + limitAfter) / 2;
    const verified = `${count} transaction ids applied, each with an entry in the ledger`;
    const rounds = rates.map((ours) => ({ ours, limit }));
    return { ...fromRounds(rounds), spent, verified, details: { count, batch, connections: 4 } };
  } finally {
    await ground.close();
  }
};

export const attributionThroughput: BenchRow = {
  name: 'attribution',
  what: 'postbacks from the topic to a committed ledger',
  unit: '/s',
  limitIs: 'the same rows by raw unnest inserts',
  atLeast: 0.45,
  aim: 0.6,
  better: 'higher',
  measure: (context) => measureAttribution(context.long ? 150_000 : 45_000, context),
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
  atLeast: 1.2,
  aim: 1.0,
  better: 'lower',
  async measure({ long, say }) {
    const many = long ? 10_000_000 : 250_000;
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
