import type { Queryable } from '../connection/database.js';

/** What happened in each bucket of time, for the overview. Calls count when they were received,
 *  deliveries when they were made, conversions when they were first recorded: the lists find the
 *  same by the same times. */
export type Bucket = 'minute' | 'hour' | 'day';
type Range = { from: Date; to: Date; bucket: Bucket };

const grainOf = (bucket: Bucket): 'minute' | 'hour' => (bucket === 'minute' ? 'minute' : 'hour');

type CallBucket = { at: Date; state: string; refusal: string; networkKey: string; calls: number };

/** Calls by bucket, network, state and refusal, an empty text for none. */
export const countCalls = async (db: Queryable, { from, to, bucket }: Range): Promise<CallBucket[]> => {
  const { rows } = await db.query<CallBucket>(
    `select date_trunc('${bucket}', at, 'UTC') as at, network_key as "networkKey", state, refusal, sum(calls)::float8 as calls
     from (
       select at, network_key, state, refusal, calls from call_counts where grain = $3 and at >= $1 and at < $2
       union all
       select minute, network_key, state, refusal, calls from call_deltas where minute >= $1 and minute < $2
     ) c group by 1, 2, 3, 4 having sum(calls) <> 0`,
    [from, to, grainOf(bucket)],
  );
  return rows;
};

type DeliveryBucket = { at: Date; state: string; deliveries: number };

/** @param destinationKey of one destination; of all unless given. */
export const countDeliveries = async (
  db: Queryable,
  { from, to, bucket }: Range,
  destinationKey: string | null = null,
): Promise<DeliveryBucket[]> => {
  const own = destinationKey === null ? '$4::text is null' : 'destination_key = $4';
  const { rows } = await db.query<DeliveryBucket>(
    `select date_trunc('${bucket}', at, 'UTC') as at, state, sum(deliveries)::float8 as deliveries
     from (
       select at, state, deliveries from delivery_counts where grain = $3 and at >= $1 and at < $2 and ${own}
       union all
       select minute, state, deliveries from delivery_deltas where minute >= $1 and minute < $2 and ${own}
     ) d group by 1, 2 having sum(deliveries) <> 0`,
    [from, to, grainOf(bucket), destinationKey],
  );
  return rows;
};

type MoneyBucket = {
  at: Date;
  currency: string;
  clicks: number;
  conversions: number;
  approved: string;
  pending: string;
  cost: string;
};

/** Clicks, conversions and money by bucket and currency; clicks have none. */
export const sumMoney = async (db: Queryable, { from, to, bucket }: Range): Promise<MoneyBucket[]> => {
  const { rows } = await db.query<MoneyBucket>(
    `select date_trunc('${bucket}', at, 'UTC') as at, currency, sum(clicks)::float8 as clicks,
       sum(pending_count + approved_count)::float8 as conversions, sum(approved_nanos)::text as approved,
       sum(pending_nanos)::text as pending, sum(cost_nanos)::text as cost
     from (
       select at, currency, clicks, pending_count, approved_count, approved_nanos, pending_nanos, cost_nanos
       from ${bucket === 'minute' ? 'rollup_minutes' : 'rollup_times'} where at >= $1 and at < $2
       union all
       select at, currency, clicks, pending_count, approved_count, approved_nanos, pending_nanos, cost_nanos
       from rollup_deltas where at >= $1 and at < $2
     ) f group by 1, 2`,
    [from, to],
  );
  return rows;
};

type SystemState = {
  orphans: { count: number; oldestAt: Date | null };
  parked: { count: number };
  destinations: { failing: number; paused: number; backlog: number; oldestAt: Date | null };
};

/** What waits, is set aside, or fails at this moment. */
export const readSystemState = async (db: Queryable): Promise<SystemState> => {
  const { rows } = await db.query<{
    orphans: number;
    oldestOrphan: Date | null;
    parked: number;
    failing: number;
    paused: number;
    backlog: number;
    oldestDelivery: Date | null;
  }>(
    `select (select count(*)::float8 from orphans) as orphans, (select min(received_at) from orphans) as "oldestOrphan",
       (select count(*)::float8 from parked_records where resolved_at is null) as parked,
       (select count(distinct destination_key)::float8 from destination_states
        where reported_at > now() - interval '1 minute' and (breaker <> 'closed' or failing_share >= 0.5)) as failing,
       (select count(*)::float8 from destination_controls where paused) as paused,
       (select count(*)::float8 from deliveries where queue = 'waiting') as backlog,
       (select min(created_at) from deliveries where queue = 'waiting') as "oldestDelivery"`,
  );
  const [row] = rows;
  return {
    orphans: { count: row?.orphans ?? 0, oldestAt: row?.oldestOrphan ?? null },
    parked: { count: row?.parked ?? 0 },
    destinations: {
      failing: row?.failing ?? 0,
      paused: row?.paused ?? 0,
      backlog: row?.backlog ?? 0,
      oldestAt: row?.oldestDelivery ?? null,
    },
  };
};
