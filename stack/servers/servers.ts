import { join } from 'node:path';
import { Prerequisite } from './jars.js';
import { startKafka } from './kafka.js';
import { startPostgres } from './postgres.js';
import { accepts, type Server } from './process.js';
import { startRedis } from './redis.js';

export type Addresses = { kafkaBrokers: string; databaseUrl: string; redisUrl: string };
export type Servers = Addresses & {
  /** Those started here, to be watched: a stack without its database is no stack. */
  started: { name: string; server: Server }[];
  /** In the order that loses least: the cache, then the log that feeds the database, then the
   * database. */
  stop: () => Promise<void>;
};

/** Host and port of what a variable names: of a URL, or of the first broker of a list. */
const addressOf = (value: string): { host: string; port: number } => {
  const { hostname, port, protocol } = new URL(value.includes('://') ? value : `tcp://${value.split(',')[0]?.trim()}`);
  const usual = protocol.startsWith('redis') ? 6379 : protocol.startsWith('postgres') ? 5432 : 9092;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || usual) };
};

/** What the environment names must be there: said at once and by its name, instead of after many
 * tries and in a driver's words. */
const refuseSilentAddresses = async (env: NodeJS.ProcessEnv): Promise<void> => {
  for (const variable of ['KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL']) {
    const value = env[variable];
    if (!value) continue;
    const { host, port } = addressOf(value);
    if (!(await accepts(port, host)))
      throw new Prerequisite(
        `Nothing answers at ${host}:${port}, which ${variable} names: start it there, or unset ${variable} to have one started.`,
      );
  }
};

/** Starts real Kafka, Postgres and Redis under `dataDir`, but only those that the environment does
 * not name by `KAFKA_BROKERS`, `DATABASE_URL` or `REDIS_URL`. If one cannot start, the others are
 * stopped again.
 *  @param durable false lets Postgres answer before the disk has it: for tests only. */
export const startServers = async (of: {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  durable: boolean;
}): Promise<Servers> => {
  const { KAFKA_BROKERS, DATABASE_URL, REDIS_URL } = of.env;
  await refuseSilentAddresses(of.env);
  const under = (name: string) => ({ dataDir: join(of.dataDir, name) });
  // All at once, and all awaited: one that fails must not leave another starting behind our back.
  const [redis, kafka, postgres] = await Promise.allSettled([
    REDIS_URL ? null : startRedis(under('redis')),
    KAFKA_BROKERS ? null : startKafka(under('kafka')),
    DATABASE_URL ? null : startPostgres({ ...under('postgres'), durable: of.durable }),
  ]);
  const named = { redis, kafka, postgres };
  const started = Object.entries(named).flatMap(([name, result]) =>
    result.status === 'fulfilled' && result.value ? [{ name, server: result.value as Server }] : [],
  );
  const stop = async (): Promise<void> => {
    for (const { server } of started) await server.stop(4_000);
  };
  if (redis.status === 'rejected' || kafka.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    const failed = Object.values(named).find((result) => result.status === 'rejected') as PromiseRejectedResult;
    throw failed.reason;
  }
  return {
    kafkaBrokers: KAFKA_BROKERS || (kafka.value?.brokers as string),
    databaseUrl: DATABASE_URL || (postgres.value?.url as string),
    redisUrl: REDIS_URL || (redis.value?.url as string),
    started,
    stop,
  };
};

/** The addresses as the services and the tests read them from their environment. */
export const environmentOf = (of: Addresses): Record<string, string> => ({
  KAFKA_BROKERS: of.kafkaBrokers,
  DATABASE_URL: of.databaseUrl,
  REDIS_URL: of.redisUrl,
});
