import { dayMs, createRateBook, rateGapDays, type Rate, type RateLookup } from '#domain';
import type { Queryable } from '../connection/database.js';

type RateRow = { day: string; currency: string; per_euro_nanos: string };
const rateOf = (row: RateRow): Rate => ({
  day: row.day,
  currency: row.currency,
  perEuroNanos: BigInt(row.per_euro_nanos),
});

/** Rates between two days (`2026-01-31`), newest first. */
export const listRates = async (
  db: Queryable,
  filter: { from: string; to: string; limit: number },
): Promise<Rate[]> => {
  const { rows } = await db.query<RateRow>(
    `select day::text, currency, per_euro_nanos from rates
     where day between $1::date and $2::date order by day desc, currency limit $3`,
    [filter.from, filter.to, filter.limit],
  );
  return rows.map(rateOf);
};

/** The rate of each currency that counts on each day. Keyed `day currency`; what has none is not in
 * the answer. */
export const findRates = async (
  db: Queryable,
  wanted: readonly { day: string; currency: string }[],
): Promise<Map<string, bigint>> => {
  if (wanted.length === 0) return new Map();
  const { rows } = await db.query<{ day: string; currency: string; per_euro_nanos: string }>({
    name: 'find-rates',
    text: `select w.day::text, w.currency, r.per_euro_nanos from unnest($1::date[], $2::text[]) as w (day, currency)
      cross join lateral (
        select per_euro_nanos from rates where rates.currency = w.currency and rates.day between w.day - $3::int and w.day
        order by rates.day desc limit 1) r`,
    values: [wanted.map(({ day }) => day), wanted.map(({ currency }) => currency), rateGapDays],
  });
  return new Map(rows.map((row) => [`${row.day} ${row.currency}`, BigInt(row.per_euro_nanos)]));
};

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The rates that count on the days of these moments, to be asked in the middle of pure rules. */
export const ratesAt = async (db: Queryable, atMs: readonly number[]): Promise<RateLookup> => {
  const book = createRateBook();
  const { rows } = await db.query<RateRow>({
    name: 'rates-at',
    text: `select day::text, currency, per_euro_nanos from rates where day between $1::date and $2::date`,
    values: [dayOf(Math.min(...atMs) - rateGapDays * dayMs), dayOf(Math.max(...atMs))],
  });
  book.replace(rows.map(rateOf));
  return book.lookup;
};

/** When a rate was last put, in unix ms; 0: there is none. */
export const ratesChangedAt = async (db: Queryable): Promise<number> => {
  const { rows } = await db.query<{ recorded_at: Date }>({
    name: 'rates-changed-at',
    text: 'select recorded_at from rates order by recorded_at desc limit 1',
  });
  return rows[0]?.recorded_at.getTime() ?? 0;
};
