import { CodedError, messageOf } from '#runtime';
import pg from 'pg';
import { guardConnection, sessionOptions, silentMsOf, type Deadlines } from './guard.js';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

/** `dataSource` for the catalog's entities, transactions and migrations; `pool` (the same
 * connections) for explicit SQL on the hot paths, because TypeORM's `query` cannot name a prepared
 * statement, and naming them is what makes `unnest` inserts cheap. */
export type Database = {
  dataSource: DataSource;
  pool: pg.Pool;
  /** For readiness: false while Postgres is away or read-only. */
  check: () => Promise<{ ok: boolean; note?: string }>;
  close: () => Promise<void>;
};

/** A connection or a pool: what a store's function needs to run its one query. */
export type Queryable = Pick<pg.Pool, 'query'>;

// int8 as bigint: money is nanos and must not pass through a float. timestamptz stays a Date.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

/** How a connection plans its statements; the value goes into `options` of the connection.
 *
 * - `each time`: for the values at hand and the present size of the tables. A plan made while a
 *   table was small would otherwise be kept, and read all of it.
 * - `once`: at the first use of a named statement, for pipelines that repeat few statements with a
 *   handful of rows, where planning is half of the work. Such plans are right at every size because
 *   each statement has one index for each table (`test/conformance/by-key.int.spec.ts`).
 *
 * The cost of both is in "Planning" of docs/operating/speed.md. */
export const planningOptions = {
  'each time': '-c plan_cache_mode=force_custom_plan -c jit=off',
  once: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off',
};
type Planning = keyof typeof planningOptions;

/** Makes the first connection.
 *
 * @throws CodedError DATABASE_AWAY, with the address, which the driver's error lacks. */
export const connect = async (dataSource: DataSource, databaseUrl: string): Promise<void> => {
  try {
    await dataSource.initialize();
  } catch (cause) {
    const { hostname, port, pathname } = new URL(databaseUrl);
    const where = `${hostname}:${port || 5432}${pathname}`;
    throw new CodedError('DATABASE_AWAY', `Postgres at ${where} cannot be used: ${messageOf(cause)}`, { cause });
  }
};

const isReadOnly = async (pool: pg.Pool): Promise<boolean> => {
  const { rows } = await pool.query<{ read_only: string }>(
    `select current_setting('transaction_read_only') as read_only`,
  );
  return rows[0]?.read_only !== 'off';
};

/** Opens a pool and checks that Postgres answers. */
export const openDatabase = async (options: {
  databaseUrl: string;
  poolSize: number;
  applicationName: string;
  /** Of a service. Without them a statement may take any time, which a command of an operator
   * needs. */
  deadlines?: Deadlines;
  entities?: MixedList<string | EntitySchema | (new () => object)>;
  /** `each time` by default. */
  planned?: Planning;
  /** For sums over many groups; more than that goes to disk. The server's setting by default. */
  sumMemoryMb?: number;
}): Promise<Database> => {
  const { deadlines, sumMemoryMb } = options;
  const silentMs = deadlines && silentMsOf(deadlines);
  const session = [
    planningOptions[options.planned ?? 'each time'],
    ...(deadlines ? [sessionOptions(deadlines)] : []),
    ...(sumMemoryMb === undefined ? [] : [`-c work_mem=${sumMemoryMb}MB`]),
  ];
  const dataSource = new DataSource({
    type: 'postgres',
    // TypeORM would load a driver of its own, without the parser above, where the service is one
    // file.
    driver: pg,
    url: options.databaseUrl,
    poolSize: options.poolSize,
    applicationName: options.applicationName,
    entities: options.entities ?? [],
    extra: {
      // Statements sent without waiting go out at once: a transaction of ten statements waits four
      // times, not ten.
      pipeline: true,
      connectionTimeoutMillis: 5_000,
      // Before silence closes an idle connection as a broken one.
      idleTimeoutMillis: Math.min(60_000, (silentMs ?? Infinity) - 1_000),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      options: session.join(' '),
      ...(silentMs !== undefined && { onConnect: (client: pg.PoolClient) => guardConnection(client, silentMs) }),
    },
    synchronize: false,
    migrationsRun: false,
  });
  await connect(dataSource, options.databaseUrl);
  const pool = (dataSource.driver as PostgresDriver).master as pg.Pool;
  return {
    dataSource,
    pool,
    check: async () => ((await isReadOnly(pool)) ? { ok: false, note: 'Postgres is read-only' } : { ok: true }),
    close: () => dataSource.destroy(),
  };
};

/** A lost connection is an event of its client as well as an error of its queries; without a
 * listener the event would end the process. */
const reportedByItsQueries = (): void => undefined;

/** Whether a transaction ended because it waited too long for a row that another has locked. */
export const isLockedByAnother = (thrown: unknown): boolean =>
  thrown instanceof pg.DatabaseError && thrown.code === '55P03';

/** Runs `work` in one transaction on one connection. An error rolls back and is thrown on.
 *
 * @param lockWaitMs how long it waits for a row that another has locked; by default as long as the
 *   session does. */
export const inTransaction = async <Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
  { lockWaitMs = 0 }: { lockWaitMs?: number } = {},
): Promise<Result> => {
  const client = await pool.connect();
  client.on('error', reportedByItsQueries);
  const release = (failed?: Error): void => {
    // One that has failed is closed, and may say so once more.
    if (!failed) client.off('error', reportedByItsQueries);
    client.release(failed);
  };
  try {
    const begin = lockWaitMs === 0 ? 'begin' : `begin; set local lock_timeout = ${lockWaitMs}`;
    const [, result] = await Promise.all([client.query(begin), work(client)]);
    await client.query('commit');
    release();
    return result;
  } catch (thrown) {
    // A connection whose rollback fails does not return to the pool: it may hold the transaction.
    await client.query('rollback').then(
      () => release(),
      (failed: Error) => release(failed),
    );
    throw thrown;
  }
};
