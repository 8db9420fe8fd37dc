import type { CapUse } from '#domain';
import type { Queryable } from '../connection/database.js';

type CapPlace = { offerKey: string; period: string };
const capName = ({ offerKey, period }: CapPlace): string => `${offerKey} ${period}`;

type UseRow = { offer_key: string; period: string; conversions: bigint; payout_nanos: string; currency: string | null };

/** Locks the counts of capped offers until the transaction ends, in one order for all processes,
 * and makes those that do not exist. */
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
  return useOf(rows);
};

const useOf = (rows: readonly UseRow[]): Map<string, CapUse> =>
  new Map(
    rows.map((row) => [
      capName({ offerKey: row.offer_key, period: row.period }),
      { conversions: Number(row.conversions), payoutNanos: BigInt(row.payout_nanos), currency: row.currency },
    ]),
  );

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

/** The counts of capped offers as they are now, without a lock. */
export const readCapUse = async (db: Queryable, places: readonly CapPlace[]): Promise<Map<string, CapUse>> => {
  if (places.length === 0) return new Map();
  const { rows } = await db.query<UseRow>({
    name: 'read-cap-use',
    text: `select c.* from cap_use c join unnest($1::text[], $2::text[]) as w (offer_key, period) using (offer_key, period)`,
    values: [places.map(({ offerKey }) => offerKey), places.map(({ period }) => period)],
  });
  return useOf(rows);
};

/** The offers of which conversions wait over a cap. Steps from one offer to the next along the
 * index, so that it costs by the offer and not by the conversion. */
export const offersOverCap = async (db: Queryable): Promise<string[]> => {
  const { rows } = await db.query<{ offer_key: string }>({
    name: 'offers-over-cap',
    text: `with recursive found as (
        (select offer_key from conversions where 'over_cap' = any (marks) order by offer_key limit 1)
        union all
        select (select c.offer_key from conversions c where 'over_cap' = any (c.marks) and c.offer_key > f.offer_key
          order by c.offer_key limit 1) from found f where f.offer_key is not null)
      select offer_key from found where offer_key is not null`,
  });
  return rows.map(({ offer_key: offerKey }) => offerKey);
};

type OverCapPlace = { recordedAtMs: number; conversionId: string };
type OverCapRow = OverCapPlace & { baseId: string; member: string };

/** Conversions of an offer that wait over its cap, the oldest first. @param after the last of the
 * page before. */
export const findOverCap = async (
  db: Queryable,
  offerKey: string,
  { after, limit }: { after: OverCapPlace | null; limit: number },
): Promise<OverCapRow[]> => {
  const { rows } = await db.query<{ id: string; base_id: string; member: string; recorded_at: Date }>({
    name: 'find-over-cap',
    text: `select id, base_id, member, recorded_at from conversions
      where offer_key = $1 and 'over_cap' = any (marks) and recorded_at >= $2::timestamptz
        and (recorded_at, id) > ($2::timestamptz, $3::uuid)
      order by recorded_at, id limit $4`,
    values: [
      offerKey,
      new Date(after?.recordedAtMs ?? 0).toISOString(),
      after?.conversionId ?? '00000000-0000-0000-0000-000000000000',
      limit,
    ],
  });
  return rows.map((row) => ({
    conversionId: row.id,
    baseId: row.base_id,
    member: row.member,
    recordedAtMs: row.recorded_at.getTime(),
  }));
};
