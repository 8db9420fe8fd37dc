import type { Patience } from '#domain';
import type { Queryable } from '../connection/database.js';

/** Writes down how long attribution waits, for the dry run of the console. The process that started
 *  last counts: all are set alike. */
export const statePatience = async (db: Queryable, patience: Patience): Promise<void> => {
  await db.query(
    `insert into patience (credit_after_ms, clicks_kept_ms, expire_after_ms) values ($1, $2, $3) on conflict (only_one) do update
     set credit_after_ms = excluded.credit_after_ms, clicks_kept_ms = excluded.clicks_kept_ms,
       expire_after_ms = excluded.expire_after_ms, stated_at = now()`,
    [patience.creditAfterMs, patience.clicksKeptMs, patience.expireAfterMs],
  );
};

/** Null: attribution has never been started on this database. */
export const readPatience = async (db: Queryable): Promise<Patience | null> => {
  const { rows } = await db.query<{ credit: bigint; kept: bigint; expire: bigint }>(
    'select credit_after_ms as credit, clicks_kept_ms as kept, expire_after_ms as expire from patience',
  );
  const [row] = rows;
  return row
    ? {
        creditAfterMs: Number(row.credit),
        clicksKeptMs: Number(row.kept),
        expireAfterMs: Number(row.expire),
      }
    : null;
};
