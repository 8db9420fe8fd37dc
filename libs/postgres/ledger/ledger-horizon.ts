import type { Queryable } from '../connection/database.js';

/** Since when the ledger is whole: of what was recorded before, only what it came to was kept
 * (`fold_ledger_before`). Null: since ever. */
export const ledgerHorizon = async (db: Queryable): Promise<Date | null> => {
  const { rows } = await db.query<{ horizon: Date | null }>('select max(horizon) as horizon from ledger_horizons');
  return rows[0]?.horizon ?? null;
};

type FoldedLedger = { days: number; entriesBefore: number; entriesAfter: number };

/** What folding would do: the days that would go, their entries, and how many would be carried over
 * at most. */
export const previewFold = async (db: Queryable, before: string): Promise<FoldedLedger> => {
  const { rows } = await db.query<{ days: bigint; entries: bigint; conversions: bigint }>(
    `select count(distinct (recorded_at at time zone 'UTC')::date) as days, count(*) as entries, count(distinct conversion_id) as conversions
     from ledger_entries where recorded_at < $1::date::timestamp at time zone 'UTC'
       and recorded_at >= (select coalesce(max(horizon), '-infinity') from ledger_horizons)`,
    [before],
  );
  const [row] = rows;
  return {
    days: Number(row?.days ?? 0),
    entriesBefore: Number(row?.entries ?? 0),
    entriesAfter: Number(row?.conversions ?? 0),
  };
};

/** Folds what was recorded before a day (UTC), in one transaction. Needs the owner of the tables.
 */
export const foldLedger = async (db: Queryable, before: string): Promise<FoldedLedger> => {
  const { rows } = await db.query<{ days: number; entries_before: bigint; entries_after: bigint }>(
    'select * from fold_ledger_before($1::date)',
    [before],
  );
  const [row] = rows;
  return {
    days: row?.days ?? 0,
    entriesBefore: Number(row?.entries_before ?? 0),
    entriesAfter: Number(row?.entries_after ?? 0),
  };
};
