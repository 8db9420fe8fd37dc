import type { CapUse } from '#domain';
import type { Queryable } from '../connection/database.js';

export type CapPlace = { offerKey: string; period: string };
export const capName = ({ offerKey, period }: CapPlace): string => `${offerKey} ${period}`;

type UseRow = { offer_key: string; period: string; conversions: bigint; payout_nanos: string; currency: string | null };

/** Locks the counts of capped offers until the transaction ends, in one order for all, making those that are not there. */
export const lockCapUse = async (db: Queryable, places: readonly CapPlace[]): Promise<Map<string, CapUse>> => {
  if (places.length === 0) return new Map();
  const sorted = [...places].sort((a, b) => (capName(a) < capName(b) ? -1 : 1));
  const values = [sorted.map(({ offerKey }) => offerKey), sorted.map(({ period }) => period)];
  await db.query({
    name: 'make-cap-use',
    text: `insert into cap_use (offer_key, period) select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    values,
  });
  const { rows } = await db.query<UseRow>({
    name: 'lock-cap-use',
    text: `select c.* from cap_use c join unnest($1::text[], $2::text[]) as w (offer_key, period) using (offer_key, period)
      order by c.offer_key, c.period for update of c`,
    values,
  });
  return new Map(
    rows.map((row) => [
      capName({ offerKey: row.offer_key, period: row.period }),
      { conversions: Number(row.conversions), payoutNanos: BigInt(row.payout_nanos), currency: row.currency },
    ]),
  );
};

export const writeCapUse = async (db: Queryable, use: readonly (CapPlace & CapUse)[]): Promise<void> => {
  if (use.length === 0) return;
  await db.query({
    name: 'write-cap-use',
    text: `update cap_use c set conversions = u.conversions, payout_nanos = u.payout, currency = u.currency
      from unnest($1::text[], $2::text[], $3::bigint[], $4::numeric[], $5::text[]) as u (offer_key, period, conversions, payout, currency)
      where c.offer_key = u.offer_key and c.period = u.period`,
    values: [
      use.map(({ offerKey }) => offerKey),
      use.map(({ period }) => period),
      use.map(({ conversions }) => conversions),
      use.map(({ payoutNanos }) => payoutNanos.toString()),
      use.map(({ currency }) => currency),
    ],
  });
};

/** Conversions that wait over the cap of an offer, the oldest first. */
export const findOverCap = async (
  db: Queryable,
  limit: number,
): Promise<{ baseId: string; member: string; offerKey: string; recordedAtMs: number }[]> => {
  const { rows } = await db.query<{ base_id: string; member: string; offer_key: string; recorded_at: Date }>({
    name: 'find-over-cap',
    text: `select base_id, member, offer_key, recorded_at from conversions where 'over_cap' = any (marks)
      order by recorded_at, id limit $1`,
    values: [limit],
  });
  return rows.map((row) => ({
    baseId: row.base_id,
    member: row.member,
    offerKey: row.offer_key,
    recordedAtMs: row.recorded_at.getTime(),
  }));
};
