import type { Queryable } from '../connection/database.js';
import type { Bucket } from './overview.js';

/** How the calls to one destination went, by the time in which their deliveries were made. */
type DestinationBucket = {
  at: Date;
  /** Attempts that were looked at. */
  seen: number;
  accepted: number;
  p50Ms: number | null;
  p95Ms: number | null;
  /** Attempts by HTTP status; `none`: no answer. */
  statuses: Record<string, number>;
};

/** Deliveries that are looked at in each bucket: a busy destination costs no more than a quiet
 *  one. */
const perBucket = 200;

/** @param range whole buckets. Attempts of the two days after a delivery are counted. */
export const destinationHistory = async (
  db: Queryable,
  destinationKey: string,
  { from, to, bucket }: { from: Date; to: Date; bucket: Bucket },
): Promise<DestinationBucket[]> => {
  const { rows } = await db.query<DestinationBucket>(
    `with attempts as (
       select b.at, a.status, a.ms, a.outcome
       from generate_series($2::timestamptz, $3::timestamptz - interval '1 ${bucket}', interval '1 ${bucket}', 'UTC') as b (at)
       cross join lateral (
         select id, created_at from deliveries
         where destination_key = $1 and created_at >= b.at and created_at < b.at + interval '1 ${bucket}'
         order by created_at desc limit $4
       ) d
       cross join lateral (
         select status, ms, outcome from delivery_attempts
         where delivery_id = d.id and at >= d.created_at - interval '1 minute' and at < d.created_at + interval '2 days'
       ) a
     ), statuses as (
       select at, jsonb_object_agg(status, n) as statuses
       from (select at, coalesce(status::text, 'none') as status, count(*) as n from attempts group by 1, 2) s group by at
     )
     select at, count(*)::int as seen, count(*) filter (where outcome = 'delivered')::int as accepted,
       round(percentile_cont(0.5) within group (order by ms))::int as "p50Ms",
       round(percentile_cont(0.95) within group (order by ms))::int as "p95Ms", statuses
     from attempts join statuses using (at) group by at, statuses order by at`,
    [destinationKey, from, to, perBucket],
  );
  return rows;
};

/** When the ad network last accepted a call, among its last thousand deliveries. */
export const lastDeliveredAt = async (db: Queryable, destinationKey: string): Promise<Date | null> => {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(finished_at) as at from (
       select state, finished_at from deliveries where destination_key = $1 order by created_at desc, id desc limit 1000
     ) d where state = 'delivered'`,
    [destinationKey],
  );
  return rows[0]?.at ?? null;
};
