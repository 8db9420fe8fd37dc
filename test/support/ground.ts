import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import type { Client } from 'pg';
import { servicesOf, templateOf, withClient, withDatabase } from './template.js';

/** What one test file has to itself on the shared servers. */
export type TestGround = {
  /** As the owner of the tables. */
  databaseUrl: string;
  kafkaBrokers: string;
  redisUrl: string;
  topicPrefix: string;
  /** The four as the services read them from their environment: Postgres as their own role. */
  env: Record<string, string>;
  close: () => Promise<void>;
};

const needed = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run through jest, whose setup starts the servers`);
  return value;
};

/** A database of Redis to itself, counted up in database 0 and round again: the number of databases
 * is far above that of test files. */
const takeRedisDatabase = async (redisUrl: string): Promise<string> => {
  const redis = new Redis(withDatabase(redisUrl, '0'), { lazyConnect: true });
  try {
    await redis.connect();
    const [, count] = (await redis.config('GET', 'databases')) as [string, string];
    const taken = await redis.incr('carom:test:databases');
    const url = withDatabase(redisUrl, String(1 + (taken % (Number(count) - 1))));
    await emptyRedis(url);
    return url;
  } finally {
    redis.disconnect();
  }
};

const emptyRedis = async (url: string): Promise<void> => {
  const redis = new Redis(url, { lazyConnect: true });
  await redis.connect();
  await redis.flushdb();
  redis.disconnect();
};

const deleteTopics = async (brokers: string, prefix: string): Promise<void> => {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
};

const maxLooks = 40;

/** Drops a database once its connections are closed: a pool has ended before its sockets have, and
 * a connection that Postgres ends is an error in whatever test runs by then. Connections that stay
 * are ended after two seconds. */
const dropDatabase = async (client: Client, database: string): Promise<void> => {
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const { rowCount } = await client.query('select 1 from pg_stat_activity where datname = $1', [database]);
    if (rowCount === 0) break;
    await client.query('select pg_sleep(0.05)');
  }
  await client.query(`drop database if exists ${database} with (force)`);
};

/** Opens a ground for a test file: a clone of the migrated database, a topic prefix, an empty Redis
 * database. `close` gives all of it back, even while a forgotten client is still connected.
 * @param kafkaBrokers of a broker that the test stops; else the shared one. */
export const openTestGround = async (kafkaBrokers = needed('KAFKA_BROKERS')): Promise<TestGround> => {
  const [shared, sharedRedis] = [needed('DATABASE_URL'), needed('REDIS_URL')];
  const template = process.env.CAROM_TEMPLATE_DATABASE ?? (await templateOf(shared));
  const id = randomBytes(5).toString('hex');
  const database = `carom_test_${id}`;
  await withClient(shared, (client) => client.query(`create database ${database} template ${template}`));
  const redisUrl = await takeRedisDatabase(sharedRedis);
  const databaseUrl = withDatabase(shared, database);
  const topicPrefix = `t${id}.`;
  return {
    databaseUrl,
    kafkaBrokers,
    redisUrl,
    topicPrefix,
    env: {
      DATABASE_URL: servicesOf(databaseUrl),
      KAFKA_BROKERS: kafkaBrokers,
      REDIS_URL: redisUrl,
      CAROM_TOPIC_PREFIX: topicPrefix,
    },
    close: async () => {
      await withClient(shared, (client) => dropDatabase(client, database));
      await emptyRedis(redisUrl);
      await deleteTopics(kafkaBrokers, topicPrefix);
    },
  };
};
