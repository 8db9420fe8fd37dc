import { CodedError, messageOf } from '#runtime';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** `dataSource` for the catalog's entities, transactions and migrations; `pool` (the same
 * connections) for explicit SQL on the hot paths, because TypeORM's `query` cannot name a prepared
 * statement, and naming them is what makes `unnest` inserts cheap. */
export type Database = { dataSource: DataSource; pool: pg.Pool; close: () => Promise<void> };

/** A connection or a pool: what a store's function needs to run its one query. */
export type Queryable = Pick<pg.Pool, 'query'>;

// int8 as bigint: money is nanos and must not pass through a float. timestamptz stays a Date.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

/** How a connection plans its statements.
 *
 *  `each time`: for the values that it has and the size that the tables have now; parsing is still
 *  saved where it has a name. Left to itself Postgres may keep a plan that was made while a table
 *  was small, and reads all of it for ever after (500 outcomes took 30 ms at 500 rows and 300 ms at
 *  25,000).
 *
 *  `once`: a named statement is planned at its first use, for pipelines that say the same few
 *  statements again and again with a handful of rows, where planning is half of what Postgres does
 *  (a batch of three deliveries, made, looked up and recorded: 4.4 ms of its processor each time,
 *  2.5 ms once). Its plans are right at every size because there is one way only: rows are found by
 *  an index, never by reading or hashing a table, and each statement offers one index for each
 *  table (`test/conformance/by-key.int.spec.ts` holds that, on empty tables).
 *
 *  JIT costs more than it saves in statements of milliseconds.
 *
 *  Each is what a connection has to be opened with for it (`options` of `pg`). */
export const planningOptions = {
  'each time': '-c plan_cache_mode=force_custom_plan -c jit=off',
  once: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off',
};
type Planning = keyof typeof planningOptions;

/** Makes the first connection. @throws CodedError DATABASE_AWAY, which says where and why: the
 * driver says only why. */
export const connect = async (dataSource: DataSource, databaseUrl: string): Promise<void> => {
  try {
    await dataSource.initialize();
  } catch (cause) {
    const { hostname, port, pathname } = new URL(databaseUrl);
    const where = `${hostname}:${port || 5432}${pathname}`;
    throw new CodedError('DATABASE_AWAY', `Postgres at ${where} cannot be used: ${messageOf(cause)}`, { cause });
  }
};

/** Opens a pool and checks that Postgres answers. */
export const openDatabase = async (options: {
  databaseUrl: string;
  poolSize: number;
  applicationName: string;
  /** A query that is not answered for so long fails (`Query read timeout`): for processes in which
   * somebody waits. */
  queryTimeoutMs?: number;
  entities?: MixedList<string | EntitySchema | (new () => object)>;
  /** Each time, unless told. */
  planned?: Planning;
}): Promise<Database> => {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.databaseUrl,
    poolSize: options.poolSize,
    applicationName: options.applicationName,
    entities: options.entities ?? [],
    extra: {
      // What is asked of one connection without waiting goes out at once: a transaction of ten
      // statements waits four times, not ten.
      pipeline: true,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 60_000,
      options: planningOptions[options.planned ?? 'each time'],
      ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    },
    synchronize: false,
    migrationsRun: false,
  });
  await connect(dataSource, options.databaseUrl);
  const pool = (dataSource.driver as PostgresDriver).master as pg.Pool;
  return { dataSource, pool, close: () => dataSource.destroy() };
};

/** A connection that is lost in a client's hands is an event of that client as well as an error of
 * its queries, and one that nobody listens to ends the process. */
const toldByItsQueries = (): void => undefined;

/** Whether a transaction ended because it would not wait any longer for a row that another has
 * locked (`lockWaitMs`). */
export const isLockedByAnother = (thrown: unknown): boolean =>
  thrown instanceof pg.DatabaseError && thrown.code === '55P03';

/** Runs `work` in one transaction on one connection. Whatever it throws rolls back and is thrown
 * on.
 *  @param lockWaitMs how long it waits for a row that another has locked; for ever unless told. */
export const inTransaction = async <Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  { lockWaitMs = 0 }: { lockWaitMs?: number } = {},
): Promise<Result> => {
  const client = await pool.connect();
  client.on('error', toldByItsQueries);
  const release = (failed?: Error): void => {
    // One that has failed is closed, and may say so once more.
    if (!failed) client.off('error', toldByItsQueries);
    client.release(failed);
  };
  try {
    const begin = lockWaitMs === 0 ? 'begin' : `begin; set local lock_timeout = ${lockWaitMs}`;
    const [, result] = await Promise.all([client.query(begin), work(client)]);
    await client.query('commit');
    release();
    return result;
  } catch (thrown) {
    // A connection whose rollback fails is not given back: it may still hold the transaction.
    await client.query('rollback').then(
      () => release(),
      (failed: Error) => release(failed),
    );
    throw thrown;
  }
};
