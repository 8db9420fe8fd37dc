import type { ConversionState, DeliveryState } from '#domain';
import type { Queryable } from '../connection/database.js';
import { narrowToFew } from './few-conversions.js';
import { createFilter, inAnyCase, lets, type Choice, type ListFilter } from './list-filter.js';
import { placeText, runList, type List, type ListRows, type Page } from './run-list.js';

/** Deliveries with their attempts, as the API reads them. Written by dispatch; attempts carry
 *  their URLs redacted already. */

type AttemptRow = {
  at: Date;
  method: string;
  url: string;
  status: number | null;
  ms: number;
  outcome: string;
  reason: string | null;
  answer: string | null;
  /** Of `ms`: until the request went out on a connection, and until the head of the answer came. */
  connectMs: number | null;
  headersMs: number | null;
  /** As sent and as answered, without secrets. Null in attempts of older versions. */
  requestHeaders: Record<string, string> | null;
  requestBody: string | null;
  answerHeaders: Record<string, string> | null;
};
export type DeliverySummary = {
  id: string;
  conversionId: string;
  destinationKey: string;
  cause: ConversionState;
  revision: number;
  state: DeliveryState;
  reason: string | null;
  dueAt: Date;
  createdAt: Date;
  finishedAt: Date | null;
  changedAt: Date;
  replays: number;
  attemptCount: number;
  lastAttempt: (Pick<AttemptRow, 'status' | 'ms' | 'outcome' | 'reason'> & { at: string }) | null;
  networkKey: string | null;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  clickId: string | null;
  externalId: string | null;
  transactionId: string | null;
};
export type DeliveryRow = DeliverySummary & { attempts: AttemptRow[] };

/** Those that leave few rows by an index, and the others. */
const few = {
  id: 'd.id',
  conversionId: 'd.conversion_id',
  transactionId: 'c.transaction_id',
  externalId: 'c.external_id',
} as const;
const others = {
  cause: 'd.cause',
  reason: 'd.reason',
  networkKey: 'c.network_key',
  campaignKey: 'c.campaign_key',
  sourceKey: 'c.source_key',
  offerKey: 'c.offer_key',
} as const;
const choices = { ...few, ...others, destinationKey: 'd.destination_key' };
type ChoiceName = keyof typeof choices;
const choiceNames = Object.keys(choices) as ChoiceName[];

export type DeliveryFilter = { [Name in ChoiceName]?: Choice | undefined } & {
  state?: Choice<DeliveryState> | undefined;
  clickId?: Choice | undefined;
  /** The HTTP status of any attempt; empty: an attempt without an answer. */
  status?: Choice | undefined;
  minAttempts?: number | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** When a delivery last became what it is. */
const changedAt = 'coalesce(d.finished_at, d.created_at)';
const columns = `d.id, d.conversion_id as "conversionId", d.destination_key as "destinationKey", d.cause, d.revision, d.state,
  d.reason, d.due_at as "dueAt", d.created_at as "createdAt", d.finished_at as "finishedAt", ${changedAt} as "changedAt",
  d.replays, d.attempts as "attemptCount", l.last as "lastAttempt", c.network_key as "networkKey",
  c.campaign_key as "campaignKey", c.source_key as "sourceKey", c.offer_key as "offerKey", c.click_id as "clickId",
  c.external_id as "externalId", c.transaction_id as "transactionId"`;
/** What `deliveryWhere` speaks of. */
export const deliveriesWithConversion = 'deliveries d left join conversions c on c.id = d.conversion_id';
/** The conversion of one row at a time, by its key: a join may read all conversions instead. */
export const deliveriesWithEach =
  'deliveries d left join lateral (select * from conversions k where k.id = d.conversion_id offset 0) c on true';
const withLast = (from: string): string => `${from} left join lateral (
    select jsonb_build_object('at', to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'status', a.status,
      'ms', a.ms, 'outcome', a.outcome, 'reason', a.reason) as last
    from delivery_attempts a where a.delivery_id = d.id and a.at >= d.created_at order by a.at desc, a.number desc limit 1
  ) l on d.attempts > 0`;

/** Of what waits or is parked there is an index, over the column `queue`. */
const queued: readonly string[] = ['waiting', 'parked'];
const isInQueue = "d.queue in ('waiting', 'parked')";

export const deliveryWhere = (filter: DeliveryFilter): ListFilter => {
  const { state } = filter;
  const isQueued = state && !state.not && state.values.every((value) => queued.includes(value));
  const where = createFilter('d.created_at');
  for (const name of Object.keys(few) as (keyof typeof few)[]) where.byFew(few[name], filter[name]);
  where
    .byFew('c.click_id', inAnyCase(filter.clickId))
    .byIndex('d.queue', isQueued ? state : undefined, { also: isInQueue })
    .byIndex('d.destination_key', filter.destinationKey)
    .bound('>=', filter.from)
    .bound('<', filter.to)
    .choose('d.state', isQueued ? undefined : state)
    .chooseIn(
      // One delivery at a time, in the days of its attempts only: `offset` keeps Postgres from
      // reading all attempts instead.
      `exists (select from delivery_attempts a where a.delivery_id = d.id and a.at >= d.created_at
         and a.at <= coalesce(d.finished_at, now()) + interval '1 hour' and $? offset 0)`,
      'a.status::text',
      filter.status,
    )
    .and('d.attempts >= $?', filter.minAttempts);
  for (const name of Object.keys(others) as (keyof typeof others)[]) where.choose(others[name], filter[name]);
  return where;
};

/** The same filters on a row in memory; of the HTTP statuses only that of the last attempt is
 *  known there. */
export const letsDelivery = (filter: DeliveryFilter, row: DeliverySummary): boolean =>
  choiceNames.every((name) => lets(filter[name], row[name])) &&
  lets(filter.state, row.state) &&
  lets(inAnyCase(filter.clickId), row.clickId) &&
  lets(filter.status, row.lastAttempt?.status?.toString() ?? null) &&
  row.attemptCount >= (filter.minAttempts ?? 0) &&
  (filter.from === undefined || row.createdAt >= filter.from) &&
  (filter.to === undefined || row.createdAt < filter.to);

const deliveryList = (filter: DeliveryFilter): List => ({
  columns,
  from: withLast(deliveriesWithConversion),
  fromEach: withLast(deliveriesWithEach),
  rowsFrom: 'deliveries d',
  time: 'd.created_at',
  id: 'd.id',
  filter: deliveryWhere(filter),
});
/** What an estimate is made of: without the look at the last attempt, which changes no number of
 *  rows. */
export const deliveryEstimate = (filter: DeliveryFilter) => ({
  from: deliveriesWithConversion,
  filter: deliveryWhere(filter),
});

/** Newest first, each with its last attempt. */
export const listDeliveries = async (db: Queryable, filter: DeliveryFilter, page: Page) => {
  const list = await narrowToFew(db, { list: deliveryList(filter), filter, table: 'deliveries d' });
  return runList<DeliverySummary>(db, list, page);
};

const attemptsOf = async (db: Queryable, deliveryIds: readonly string[]): Promise<Map<string, AttemptRow[]>> => {
  if (deliveryIds.length === 0) return new Map();
  const { rows } = await db.query<AttemptRow & { deliveryId: string }>(
    `select delivery_id as "deliveryId", at, method, url, status, ms, outcome, reason, answer, connect_ms as "connectMs",
       headers_ms as "headersMs", request_headers as "requestHeaders", request_body as "requestBody",
       answer_headers as "answerHeaders"
     from delivery_attempts where delivery_id = any($1) order by at, number`,
    [deliveryIds],
  );
  const byDelivery = Map.groupBy(rows, ({ deliveryId }) => deliveryId);
  return new Map([...byDelivery].map(([id, own]) => [id, own.map(({ deliveryId: _id, ...attempt }) => attempt)]));
};

/** Newest first, each with all its attempts. */
export const listWholeDeliveries = async (
  db: Queryable,
  filter: DeliveryFilter,
  page: Page,
): Promise<ListRows<DeliveryRow>> => {
  const { rows, stoppedAt } = await listDeliveries(db, filter, page);
  const attempts = await attemptsOf(
    db,
    rows.map(({ id }) => id),
  );
  return { rows: rows.map((row) => ({ ...row, attempts: attempts.get(row.id) ?? [] })), stoppedAt };
};

/** Deliveries in the order in which they were made and finished, from a place on: what a stream
 *  follows. */
export const deliveriesChangedSince = async (
  db: Queryable,
  filter: DeliveryFilter,
  after: { at: string; id: string },
  limit: number,
): Promise<(DeliverySummary & { at: string })[]> => {
  const where = deliveryWhere(filter);
  const [at, id, most] = [where.values.push(after.at), where.values.push(after.id), where.values.push(limit)];
  // Both times have an index; the time that orders the rows is made of both.
  const { rows } = await db.query<DeliverySummary & { at: string }>(
    `select ${columns}, ${placeText(changedAt)} as at from ${withLast(deliveriesWithConversion)}
     where ${where.where()} and (d.finished_at >= $${at}::timestamptz or d.created_at >= $${at}::timestamptz)
       and (${changedAt}, d.id) > ($${at}::timestamptz, $${id}::uuid)
     order by ${changedAt}, d.id limit $${most}`,
    where.values,
  );
  return rows;
};
