import type { Queryable } from './database.js';
import { dayMs } from '#domain';

/** The tables that are partitioned by day. */
const dailyTables = ['clicks', 'postbacks', 'ledger_entries', 'visitors'] as const;
type DailyTable = (typeof dailyTables)[number] | 'delivery_attempts';
/** Those whose old days can be dropped. Of the ledger's only what they came to is kept:
 * `foldLedger`. */
type DroppedTable = Exclude<DailyTable, 'ledger_entries'>;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Everything that reads or writes the table waits behind the lock that a new day waits for: behind
 * a long report that would be all pipelines. The days are made ahead, so a later try is soon
 * enough. */
const lockWaitMs = 500;

/** Creates the partitions of a table from one day to another, both included. Several processes may
 * call it at once. Answers how many it made.
 *
 * @throws what `isLockedByAnother` recognises, when the table is in use for longer than a moment */
export const ensureDays = async (
  db: Queryable,
  table: DailyTable,
  firstMs: number,
  lastMs: number,
): Promise<number> => {
  const { rows } = await db.query<{ made: number }>(
    `select ensure_partitions($1, $2::date, $3::date) as made from set_config('lock_timeout', $4, true)`,
    [table, dayOf(firstMs), dayOf(lastMs), String(lockWaitMs)],
  );
  return rows[0]?.made ?? 0;
};

/** Creates the daily partitions from yesterday (an hour that crosses midnight, a spool that drains
 * late) to `daysAhead` from now. */
export const ensurePartitions = async (db: Queryable, nowMs: number, daysAhead = 3): Promise<number> => {
  let made = 0;
  for (const table of dailyTables) made += await ensureDays(db, table, nowMs - dayMs, nowMs + daysAhead * dayMs);
  return made;
};

/** Drops the partitions of a table whose whole day lies before `keepDays` ago, and names them. One
 * at a time: each keeps writers waiting for a moment. */
export const dropPartitionsBefore = async (
  db: Queryable,
  table: DroppedTable,
  nowMs: number,
  keepDays: number,
): Promise<string[]> => {
  const limit = dayOf(nowMs - keepDays * dayMs);
  const { rows } = await db.query<{ name: string; day: string }>(
    `select c.relname as name, right(c.relname, 8)::date::text as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass and c.relname ~ '_\\d{8}$' and right(c.relname, 8)::date < $2::date order by 1`,
    [table, limit],
  );
  for (const { day } of rows) await db.query('select drop_day($1, $2::date)', [table, day]);
  // A postback that still waited was deleted with its day and can no longer be decided.
  if (table === 'postbacks' && rows.length > 0) await db.query('delete from orphans where received_at < $1', [limit]);
  // Clicks imported after their day was dropped are in the default partition, which is never
  // dropped.
  if (table === 'visitors') await db.query('delete from visitors where day < $1', [limit]);
  return rows.map(({ name }) => name);
};
