import 'reflect-metadata';
import { createCatalogView, topics, type CatalogEntryV1 } from '#contracts';
import { connectionOf, connectProducer, followTable, KafkaBatchStrategy, kafkaMetrics } from '#kafka';
import { dropPartitionsBefore, ensurePartitions, openDatabase, statePatience } from '#postgres';
import { openClickCache } from '#redis';
import {
  createLog,
  createMetrics,
  installShutdown,
  maskConfig,
  nestLog,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { NestFactory } from '@nestjs/core';
import { compose } from './composition.js';
import { attributionConfig, patienceOf } from './config.js';
import { attributionModule } from './attribution.module.js';
import { repeat } from './upkeep/upkeep.js';

/** Attribution: clicks and postbacks from their topics into the ledger. The order below is the order in which things must be there:
 *  database, catalog, and only then records. */

const config = readConfigOrExit(attributionConfig, process.env);
const log = createLog('attribution', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('attribution');
const now = () => Date.now();
const database = await openDatabase({
  databaseUrl: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  applicationName: 'carom-attribution',
  planned: 'once',
  // A successor takes over the partitions of a frozen process, and then its row locks.
  deadlines: { statementMs: 30_000, lockMs: 10_000, idleInTransactionMs: 10_000 },
});
const { pool } = database;
/** Who was there is asked of today's clicks, and of yesterday's that an outage held up. */
const visitorDays = 3;
const upkeep = async () => {
  await ensurePartitions(pool, now());
  await dropPartitionsBefore(pool, 'visitors', now(), visitorDays);
  if (config.ATTRIBUTION_CLICK_DAYS > 0)
    await dropPartitionsBefore(pool, 'clicks', now(), config.ATTRIBUTION_CLICK_DAYS);
  if (config.ATTRIBUTION_POSTBACK_DAYS > 0)
    await dropPartitionsBefore(pool, 'postbacks', now(), config.ATTRIBUTION_POSTBACK_DAYS);
};
await upkeep();
await statePatience(pool, patienceOf(config));

const kafka = connectionOf(config, 'carom-attribution', log);
const numbers = kafkaMetrics(metrics);
const producer = await connectProducer({ ...kafka, metrics: numbers, spacingMs: 0 });
const catalog = createCatalogView();
const table = followTable<CatalogEntryV1>({
  ...kafka,
  topic: topics.catalog,
  metrics: numbers,
  onEntry: ({ value }) => catalog.apply(value),
  onFatal: shutdown.fail,
});
const cache = config.REDIS_URL
  ? openClickCache({
      redisUrl: config.REDIS_URL,
      keyPrefix: config.CAROM_REDIS_PREFIX,
      keptSeconds: config.ATTRIBUTION_CACHE_SECONDS,
      onState: (state, error) => log.warn({ event: 'cache.state', state, error }),
    })
  : null;
const attribution = compose({
  config,
  pool,
  cache,
  catalog,
  produce: producer.produce.bind(producer),
  metrics,
  log,
  now,
});

const strategy = new KafkaBatchStrategy({
  ...kafka,
  service: 'carom.attribution',
  producer,
  metrics: numbers,
  onFatal: shutdown.fail,
});
let consuming = false;
const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.ATTRIBUTION_HEALTH_PORT,
  metrics,
  checks: {
    postgres: database.check,
    kafka: () => {
      const states = strategy.states();
      return {
        ok: consuming && Object.values(states).every((state) => state === 'consuming'),
        note: JSON.stringify(states),
      };
    },
    // Without Redis everything works, only slower.
    redis: () => ({ ok: true, note: cache?.state() ?? 'not set' }),
  },
});

await table.caughtUp;
const app = await NestFactory.createMicroservice(attributionModule(attribution, config.ATTRIBUTION_CONSUME), {
  strategy,
  logger: nestLog(log),
});
await app.listen();
consuming = true;
const sweeper = repeat({
  name: 'sweep orphans',
  everyMs: config.ATTRIBUTION_SWEEP_MS,
  work: attribution.sweepOrphans,
  log,
});
const holds = repeat({ name: 'end holds', everyMs: 10_000, work: attribution.endHolds, log });
const caps = repeat({ name: 'lift caps', everyMs: 10_000, work: attribution.liftCaps, log });
const merger = repeat({ name: 'merge roll-ups', everyMs: 15_000, work: attribution.mergeRollups, log });
const keeper = repeat({ name: 'partitions', everyMs: 3_600_000, work: upkeep, log });
log.info({ event: 'process.ready', healthPort: health.port, consume: config.ATTRIBUTION_CONSUME });

shutdown.step('finish the batches in hand', () => app.close());
shutdown.step('stop the sweepers', async () => {
  await Promise.all([sweeper.stop(), holds.stop(), caps.stop(), merger.stop(), keeper.stop()]);
});
shutdown.step('leave the catalog', () => table.close());
shutdown.step('close the producer', () => producer.close());
shutdown.step('close the cache', () => cache?.close());
shutdown.step('close the database', database.close);
shutdown.step('close health', health.close);
