import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaServer } from '../../stack/servers/kafka.js';
import { startPostgres } from '../../stack/servers/postgres.js';
import { startRedis, type RedisServer } from '../../stack/servers/redis.js';
import { environmentOf } from '../../stack/servers/servers.js';
import { crashPostgres } from '../support/crash-postgres.js';
import { templateOf } from '../support/template.js';

/** Real servers of our own that may be killed, frozen and brought back at the same address. */
export type FaultServers = {
  kafka: { kill: () => Promise<void>; start: () => Promise<void> };
  redis: { stop: () => Promise<void>; start: () => Promise<void>; freeze: () => void; thaw: () => void };
  postgres: {
    /** Kills one of its own processes, whereupon it drops its memory and all connections and comes
     * up from what is on disk. Resolves when it answers again. */
    crash: () => Promise<void>;
  };
  stop: () => Promise<void>;
};

/** Starts Kafka, Postgres and Redis under a temporary folder and names them in this process's
 * environment, where test grounds look. Postgres waits for the disk, as in production: what is
 * promised about a kill must not lean on a setting of tests. */
export const startFaultServers = async (): Promise<FaultServers> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carom-faults-'));
  // Postgres runs as another user when we are root, and has to reach its folder inside this one.
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  const under = (name: string) => ({ dataDir: join(dataDir, name) });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const postgres = await startPostgres({ ...under('postgres'), durable: true });
    stops.push(() => postgres.stop(5_000));
    let kafka: KafkaServer = await startKafka(under('kafka'));
    stops.push(() => kafka.stop(5_000));
    let redis: RedisServer = await startRedis(under('redis'));
    stops.push(() => redis.stop(5_000));
    const { brokers, port: kafkaPort } = kafka;
    const { url: redisUrl, port: redisPort } = redis;
    Object.assign(process.env, environmentOf({ kafkaBrokers: brokers, databaseUrl: postgres.url, redisUrl }));
    process.env.CAROM_TEMPLATE_DATABASE = await templateOf(postgres.url);
    return {
      kafka: {
        kill: async () => {
          kafka.signal('SIGKILL');
          await kafka.exited;
        },
        start: async () => void (kafka = await startKafka({ ...under('kafka'), port: kafkaPort })),
      },
      redis: {
        stop: () => redis.stop(5_000),
        start: async () => void (redis = await startRedis({ ...under('redis'), port: redisPort })),
        freeze: () => redis.signal('SIGSTOP'),
        thaw: () => redis.signal('SIGCONT'),
      },
      postgres: { crash: () => crashPostgres(postgres.url) },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
