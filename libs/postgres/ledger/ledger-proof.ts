import { bucketNames, emptyBuckets, type Buckets, type EntryBalance, type ConversionSnapshot } from '#domain';
import type { Queryable } from '../connection/database.js';

type SumRow = { conversion_id: string; currency: string | null; [bucket: string]: string | null };
type LastRow = { conversion_id: string; state: ConversionSnapshot['state']; revision: number };

const side = (bucket: string) =>
  `coalesce(sum(amount_nanos) filter (where to_bucket = '${bucket}'), 0)
   - coalesce(sum(amount_nanos) filter (where from_bucket = '${bucket}'), 0) as ${bucket}`;

/** What the entries of these conversions add up to, all of them or those recorded until a moment
 * (the books *as of* then). */
export const balanceEntries = async (
  db: Queryable,
  conversionIds: readonly string[],
  asOf: Date | null = null,
): Promise<Map<string, EntryBalance>> => {
  const values = [conversionIds, asOf];
  const where = `conversion_id = any($1::uuid[]) and ($2::timestamptz is null or recorded_at <= $2)`;
  const sums = await db.query<SumRow>(
    `select conversion_id, currency, ${['pending', 'approved', 'rejected', 'reversed'].map(side).join(', ')}
     from ledger_entries where ${where} group by conversion_id, currency`,
    values,
  );
  const last = await db.query<LastRow>(
    `select distinct on (conversion_id) conversion_id, state, revision from ledger_entries where ${where}
     order by conversion_id, revision desc`,
    values,
  );
  const balances = new Map<string, EntryBalance>(
    last.rows.map((row) => [row.conversion_id, { sums: new Map(), state: row.state, revision: row.revision }]),
  );
  for (const row of sums.rows) {
    const buckets = emptyBuckets();
    for (const name of Object.keys(buckets) as (keyof Buckets)[]) buckets[name] = BigInt(row[name] ?? '0');
    if (row.currency !== null) balances.get(row.conversion_id)?.sums.set(row.currency, buckets);
  }
  return balances;
};

const signed = (bucket: string) =>
  `sum(case when e.to_bucket = '${bucket}' then e.amount_nanos else 0 end
     - case when e.from_bucket = '${bucket}' then e.amount_nanos else 0 end) as ${bucket}`;

/** What cannot be where the log, the orphans and the ledger agree (P2, P10): each with how many
 * rows are so, and one of them. */
export const findLooseEnds = async (db: Queryable): Promise<{ what: string; rows: number; example: string }[]> => {
  const { rows } = await db.query<{ what: string; rows: bigint; example: string | null }>(`
    select 'a postback is an orphan, but does not wait' as what, count(*) as rows, min(p.id::text) as example
      from postbacks p where p.state = 'orphan' and not exists (select from orphans o where o.postback_id = p.id)
    union all
    select 'a postback waits, but is no orphan', count(*), min(o.postback_id::text)
      from orphans o where not exists (
        select from postbacks p where p.id = o.postback_id and p.received_at = o.received_at and p.state = 'orphan')
    union all
    select 'an entry belongs to no conversion', count(*), min(e.id::text)
      from ledger_entries e where not exists (select from conversions c where c.id = e.conversion_id)
    union all
    select 'what was carried over is not what was written when the ledger was folded', abs(there - written), null from (
      select (select count(*) from ledger_entries where rule = 'carried_over') as there,
        (select coalesce(sum(entries_after), 0) from ledger_horizons) as written) carried
    union all
    select 'an applied postback has no conversion', count(*), min(p.id::text)
      from postbacks p where p.state = 'applied'
        and not exists (select from conversions c where c.id = p.conversion_id)
    union all
    select 'the figures of a currency are not the sum of its entries', count(*), min(currency) from (
      select currency from (
        select e.currency, ${bucketNames.map(signed).join(', ')} from ledger_entries e
          join conversions c on c.id = e.conversion_id and c.state is not null and not 'test' = any (c.marks)
          where e.currency is not null group by 1
        union all
        select currency, ${bucketNames.map((name) => `-sum(${name}_nanos)`).join(', ')} from rollups where currency <> '' group by 1) both_sides
      group by 1 having ${bucketNames.map((name) => `sum(${name}) <> 0`).join(' or ')}) differing`);
  return rows
    .filter((row) => row.rows > 0n)
    .map((row) => ({ what: row.what, rows: Number(row.rows), example: row.example ?? '' }));
};
