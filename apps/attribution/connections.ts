import { createCatalogView, topics, type CatalogEntryV1 } from '#contracts';
import {
  connectionOf,
  connectProducer,
  followTable,
  kafkaMetrics,
  type KafkaConnection,
  type KafkaMetrics,
  type Producer,
  type Table,
} from '#kafka';
import { checkDurability, openDatabase, type Database, type Deadlines } from '#postgres';
import { openClickCache, type ClickCache } from '#redis';
import { systemRandom, systemTime, type Logger, type Metrics } from '#runtime';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { AttributionConfig } from './config.js';
import { attributionMetrics } from './metrics.js';
import type { Surroundings } from './surroundings.js';

export type AttributionProcess = {
  config: AttributionConfig;
  log: Logger;
  metrics: Metrics;
  onFatal: (error: Error) => void;
};

/** After these times Postgres ends the statement, or the session with its row locks: a frozen
 * process would otherwise block its successor. */
const deadlinesOf = ({ ATTRIBUTION_LOCK_MS: lockMs }: AttributionConfig): Deadlines => ({
  statementMs: 30_000,
  lockMs,
  idleInTransactionMs: lockMs,
});

/** What the process is connected to. Opened before anything is consumed, closed after the consumers
 * and the chores have ended. */
export class Connections implements OnApplicationShutdown {
  private constructor(
    private readonly process: AttributionProcess,
    readonly kafka: KafkaConnection,
    readonly kafkaMetrics: KafkaMetrics,
    readonly database: Database,
    readonly producer: Producer,
    readonly cache: ClickCache | null,
    private readonly table: Table,
    readonly surroundings: Surroundings,
  ) {}

  /** Resolves when the catalog is complete: without it every call would look like a stranger's. */
  static async open(process: AttributionProcess): Promise<Connections> {
    const { config, log, metrics, onFatal } = process;
    const kafka = connectionOf(config, 'carom-attribution', log);
    const ofKafka = kafkaMetrics(metrics);
    const database = await openDatabase({
      databaseUrl: config.DATABASE_URL,
      poolSize: config.DATABASE_POOL_SIZE,
      applicationName: 'carom-attribution',
      planned: 'once',
      deadlines: deadlinesOf(config),
    });
    await checkDurability(database.pool, { demanded: config.DATABASE_SYNCHRONOUS_STANDBY, log });
    const producer = await connectProducer({ ...kafka, metrics: ofKafka, spacingMs: 0 });
    const cache = openCache(process);
    const catalog = createCatalogView();
    const table = followTable<CatalogEntryV1>({
      ...kafka,
      topic: topics.catalog,
      metrics: ofKafka,
      onEntry: ({ value }) => catalog.apply(value),
      onFatal,
    });
    await table.caughtUp;
    const surroundings = {
      ...{ config, log, cache, catalog, time: systemTime, random: systemRandom },
      pool: database.pool,
      produce: producer.produce.bind(producer),
      metrics: attributionMetrics(metrics),
    };
    return new Connections(process, kafka, ofKafka, database, producer, cache, table, surroundings);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.table.close();
    await this.producer.close();
    await this.cache?.close();
    await this.database.close();
    this.process.log.info({ event: 'connections.closed' });
  }
}

const openCache = ({ config, log }: AttributionProcess): ClickCache | null =>
  config.REDIS_URL
    ? openClickCache({
        redisUrl: config.REDIS_URL,
        caFile: config.REDIS_TLS_CA,
        keyPrefix: config.CAROM_REDIS_PREFIX,
        keptSeconds: config.ATTRIBUTION_CACHE_SECONDS,
        onState: (state, error) => log.warn({ event: 'cache.state', state, error }),
      })
    : null;
