import type { Queryable } from './database.js';

/** Commits that do not wait for the disk (`synchronous_commit=off` within one transaction) are seen
 * by everyone at once and survive the death of any client; only a crash of Postgres itself takes
 * the last of them. Their maker keeps the source (an uncommitted offset) until `flushed`
 * says that they are durable. */

/** In a statement of a transaction: its commit does not wait. It has to be joined, or Postgres
 * leaves it out. */
export const unflushed = `select set_config('synchronous_commit', 'off', true)`;

/** Puts the row by which `flushed` knows that Postgres has not crashed since: the table is emptied
 * by a crash (migration 0053). */
export const putWitness = async (db: Queryable, owner: string): Promise<void> => {
  await db.query('insert into dispatch_witnesses (owner) values ($1) on conflict do nothing', [owner]);
};

/** The same for the renewal of the lease, which learns of a crash by itself. */
export const putLeaseWitness = async (db: Queryable, owner: string): Promise<void> => {
  const sql = 'insert into dispatch_witnesses (owner, for_lease) values ($1, true) on conflict do nothing';
  await db.query(sql, [owner]);
};

/** Waits until everything that was committed before is on disk: the log is written in order, so one
 * commit that waits is enough. False if Postgres has crashed since the witness was put: what was
 * committed meanwhile is there in part, or not at all. Asked over any connection, because a crash
 * is known by the table and not by a lost connection: a host that went dark
 * closes none. */
export const flushed = async (db: Queryable, owner: string): Promise<boolean> => {
  // An unused message in the log: a commit that wrote nothing waits for nothing.
  const { rowCount } = await db.query({
    name: 'flushed',
    text: `select pg_logical_emit_message(true, 'carom', '') from dispatch_witnesses where owner = $1 and not for_lease`,
    values: [owner],
  });
  return rowCount === 1;
};
