import 'reflect-metadata';
import { openCatalogEntry, topics, type CatalogEntryV1 } from '#contracts';
import { connectionOf, connectProducer, followTable, KafkaBatchStrategy, kafkaMetrics } from '#kafka';
import { openDatabase } from '#postgres';
import {
  createLog,
  createMetrics,
  createSeal,
  installShutdown,
  maskConfig,
  messageOf,
  nestLog,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { NestFactory } from '@nestjs/core';
import { dispatchConfig } from './config.js';
import { createDestinations } from './sending/destinations.js';
import { DispatchModule } from './dispatch.module.js';
import { startEngine } from './sending/engine.js';

/** Dispatch: makes deliveries of conversion changes and sends them. What it holds in memory is leased in Postgres, so any number of these
 *  may run, and any may die. */

const config = readConfigOrExit(dispatchConfig, process.env);
const log = createLog('dispatch', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('dispatch');
const database = await openDatabase({
  databaseUrl: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  applicationName: 'carom-dispatch',
  planned: 'once',
});
const kafka = connectionOf(config, 'carom-dispatch', log);
const numbers = kafkaMetrics(metrics);
const seal = createSeal(config.CAROM_SECRET);
const destinations = createDestinations();
const catalog = followTable<CatalogEntryV1>({
  ...kafka,
  topic: topics.catalog,
  metrics: numbers,
  onFailure: 'wait',
  onEntry: ({ value }) => {
    try {
      destinations.apply(openCatalogEntry(value, seal.open));
    } catch (thrown) {
      // Nothing is passed over: its conversions would look as if they had no destination. It is read again until CAROM_SECRET opens it.
      const { kind, key } = value;
      log.error({ event: 'catalog.entry_unreadable', kind, key, error: messageOf(thrown) });
      throw thrown;
    }
  },
  onFatal: shutdown.fail,
});
const producer = await connectProducer({ ...kafka, metrics: numbers });
// Without the catalog every conversion would look as if it had no destination.
await catalog.caughtUp;
const engine = await startEngine({ config, pool: database.pool, destinations, metrics, log, open: seal.open });

const strategy = new KafkaBatchStrategy({
  ...kafka,
  service: 'carom.dispatch',
  producer,
  metrics: numbers,
  onFatal: shutdown.fail,
  concurrency: 6,
  durable: engine.durable,
});
const app = await NestFactory.createMicroservice(DispatchModule.of(engine.dispatch), {
  strategy,
  logger: nestLog(log),
});
await app.listen();

const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.DISPATCH_HEALTH_PORT,
  metrics,
  checks: {
    kafka: () => ({ ok: Object.values(strategy.states()).every((state) => state === 'consuming') }),
    postgres: () => ({ ok: engine.leaseHeld() }),
  },
});
log.info({ event: 'process.ready', healthPort: health.port });

shutdown.step('finish the batch in hand', () => app.close());
shutdown.step('finish what is in flight', engine.stop);
shutdown.step('close the catalog', () => catalog.close());
shutdown.step('close the producer', () => producer.close());
shutdown.step('close the database', database.close);
shutdown.step('close health', health.close);
