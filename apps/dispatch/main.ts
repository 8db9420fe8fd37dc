import 'reflect-metadata';
import { topics, type CatalogEntryV1 } from '#contracts';
import { connectionOf, connectProducer, followTable, KafkaBatchStrategy, kafkaMetrics } from '#kafka';
import { openDatabase, recordMissed } from '#postgres';
import {
  createLiveness,
  createLog,
  createMetrics,
  createSeal,
  installShutdown,
  maskConfig,
  messageOf,
  nestLog,
  readConfigOrExit,
  serveHealth,
  systemRandom,
  systemTime,
} from '#runtime';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { dispatchConfig } from './config.js';
import { createDestinations } from './sending/destinations.js';
import { DispatchModule } from './dispatch.module.js';
import { Dispatcher } from './dispatcher.js';

/** Dispatch: makes deliveries of conversion changes and sends them. What it holds in memory is
 *  leased in Postgres, so any number of these may run, and any may die. */

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
  // Shorter than a lease, so that a host that died costs one renewal and not the lease.
  deadlines: { statementMs: 10_000, lockMs: 5_000, idleInTransactionMs: 10_000 },
});
const kafka = connectionOf(config, 'carom-dispatch', log);
const numbers = kafkaMetrics(metrics);
const seal = createSeal(config.CAROM_SECRET);
const destinations = createDestinations(({ kind, key }, thrown) =>
  log.error({ event: 'catalog.entry_unreadable', kind, key, error: messageOf(thrown) }),
);
metrics.lookup(
  'carom_catalog_unreadable_entries',
  'Catalog entries with a secret that this process cannot open',
  destinations.unreadable,
);
const catalog = followTable<CatalogEntryV1>({
  ...kafka,
  topic: topics.catalog,
  metrics: numbers,
  onEntry: ({ value }) => destinations.applySealed(value, seal.open),
  onFatal: shutdown.fail,
});
const producer = await connectProducer({ ...kafka, metrics: numbers });
// Without the catalog every conversion would look as if it had no destination.
await catalog.caughtUp;
const strategyFor = ({ durable }: Dispatcher) =>
  new KafkaBatchStrategy({
    ...{ ...kafka, producer, durable, metrics: numbers, onFatal: shutdown.fail },
    service: 'carom.dispatch',
    onJump: (jumps) => recordMissed(database.pool, jumps),
    sessionTimeoutMs: config.DISPATCH_SESSION_MS,
    concurrency: 6,
  });
const liveness = createLiveness(metrics);
const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
  DispatchModule.of({
    ...{ config, pool: database.pool, destinations, metrics, liveness, log, open: seal.open },
    time: systemTime,
    random: systemRandom,
  }),
  {
    logger: nestLog(log),
    inject: [Dispatcher],
    useFactory: (dispatcher: Dispatcher) => ({ strategy: strategyFor(dispatcher) }),
  },
);
const dispatcher = app.get(Dispatcher);
const strategy = app.getTransportServer() as KafkaBatchStrategy;
await app.listen();

const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.DISPATCH_HEALTH_PORT,
  metrics,
  checks: {
    kafka: () => ({ ok: Object.values(strategy.states()).every((state) => state === 'consuming') }),
    postgres: () => ({ ok: dispatcher.isReady() }),
  },
  liveness,
});
log.info({ event: 'process.ready', healthPort: health.port });

shutdown.step('finish the batch in hand and the calls in flight', () => app.close(), config.DISPATCH_STOP_MS + 10_000);
shutdown.step('close the catalog', () => catalog.close());
shutdown.step('close the producer', () => producer.close());
shutdown.step('close the database', database.close);
shutdown.step('close health', health.close);
