import 'reflect-metadata';
import { KafkaBatchStrategy } from '#kafka';
import { statePatience, type Database } from '#postgres';
import {
  createLiveness,
  createLog,
  createMetrics,
  installShutdown,
  maskConfig,
  nestLog,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { AttributionModule } from './attribution.module.js';
import { attributionConfig, patienceOf } from './config.js';
import { Connections } from './connections.js';
import { Upkeep } from './upkeep/upkeep.js';

/** Attribution: clicks and postbacks from their topics into the ledger. */

const config = readConfigOrExit(attributionConfig, process.env);
const log = createLog('attribution', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('attribution');
const liveness = createLiveness(metrics);
let ready: (() => { ok: boolean; note?: string }) | null = null;
let database: Database | null = null;
let cacheState: () => string = () => 'starting';
const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.ATTRIBUTION_HEALTH_PORT,
  metrics,
  liveness,
  checks: {
    postgres: () => database?.check() ?? { ok: false, note: 'starting' },
    kafka: () => ready?.() ?? { ok: false, note: 'starting' },
    // Without Redis everything works, only slower.
    redis: () => ({ ok: true, note: cacheState() }),
  },
});

const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(
  AttributionModule.register({ config, log, metrics, onFatal: shutdown.fail }, liveness),
  {
    inject: [KafkaBatchStrategy],
    useFactory: (strategy: KafkaBatchStrategy) => ({ strategy }),
    logger: nestLog(log),
    abortOnError: false,
  },
);
const { database: opened, cache } = app.get(Connections);
database = opened;
cacheState = () => cache?.state() ?? 'not set';
await app.get(Upkeep).keepPartitions();
await statePatience(opened.pool, patienceOf(config));
await app.listen();
const strategy = app.get(KafkaBatchStrategy);
ready = () => {
  const states = strategy.states();
  return { ok: Object.values(states).every((state) => state === 'consuming'), note: JSON.stringify(states) };
};
log.info({ event: 'process.ready', healthPort: health.port, consume: config.ATTRIBUTION_CONSUME });

shutdown.step('finish the batches in hand, stop the chores, close the connections', () => app.close());
shutdown.step('close health', health.close);
