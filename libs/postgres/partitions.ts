import type { Queryable } from './database.js';

/** The tables that are partitioned by day, and how long each class is kept by default: null is for ever. */
export const dailyTables = ['clicks', 'postbacks', 'ledger_entries', 'visitors'] as const;
export type DailyTable = (typeof dailyTables)[number];

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Creates the daily partitions from yesterday (an hour that crosses midnight, a spool that drains late) to `daysAhead` from now.
 *  Several processes may call it at once. Answers how many it made. */
export const ensurePartitions = async (db: Queryable, nowMs: number, daysAhead = 3): Promise<number> => {
  let made = 0;
  for (const table of dailyTables) {
    const { rows } = await db.query<{ made: number }>('select ensure_partitions($1, $2::date, $3::date) as made', [
      table,
      dayOf(nowMs - dayMs),
      dayOf(nowMs + daysAhead * dayMs),
    ]);
    made += rows[0]?.made ?? 0;
  }
  return made;
};

/** Drops the partitions of a table whose whole day lies before `keepDays` ago, and names them. The ledger is dropped by nobody but an
 *  operator who names it; its conversions' rows stay, so their money stays true, but no longer explained (P10). */
export const dropPartitionsBefore = async (
  db: Queryable,
  table: DailyTable,
  nowMs: number,
  keepDays: number,
): Promise<string[]> => {
  const limit = `${table}_${dayOf(nowMs - keepDays * dayMs).replaceAll('-', '')}`;
  const { rows } = await db.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and c.relname ~ '_\\d{8}$' and c.relname < $2 order by 1`,
    [table, limit],
  );
  for (const { name } of rows) await db.query(`drop table "${name}"`);
  // A postback that still waited is gone with its day; nothing is left that could be decided.
  if (table === 'postbacks' && rows.length > 0)
    await db.query('delete from orphans where received_at < $1', [dayOf(nowMs - keepDays * dayMs)]);
  // Clicks that were told of after their day had gone (an import) stand in the default partition.
  if (table === 'visitors')
    await db.query('delete from visitors_default where day < $1', [dayOf(nowMs - keepDays * dayMs)]);
  return rows.map(({ name }) => name);
};
