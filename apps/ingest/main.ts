import 'reflect-metadata';
import { join } from 'node:path';
import { connectionOf } from '#kafka';
import {
  createLog,
  createMetrics,
  createSeal,
  installShutdown,
  maskConfig,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { followCatalog } from './catalog.js';
import { ingestConfig } from './config.js';
import { ingestPipeline } from './ingest.pipeline.js';
import { countIngest } from './metrics.js';
import { newId, randomBytes } from './recording/randomness.js';
import { openRecording } from './recording/recording.js';
import { sampleUnauthorised } from './sampling.js';
import { serveIngest } from './http/server.js';

const config = readConfigOrExit(ingestConfig, process.env);
const log = createLog('ingest', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('ingest');
const kafka = connectionOf(config, 'carom-ingest', log);
const seal = createSeal(config.CAROM_SECRET);
const snapshotPath = join(config.CAROM_DATA_DIR, 'catalog.json');
const catalog = await followCatalog({ kafka, seal, snapshotPath, onFatal: shutdown.fail, log });
const recording = await openRecording({ kafka, config, metrics, log });
const numbers = countIngest(metrics, log);

const pipeline = ingestPipeline({
  catalog: catalog.current,
  record: recording.record,
  clock: Date.now,
  newId,
  random: { fraction: Math.random, bytes: randomBytes },
  secrets: config.CAROM_SECRET,
  publicUrl: config.CAROM_PUBLIC_URL,
  sample: sampleUnauthorised({
    clock: Date.now,
    keptPerSecond: config.CAROM_UNAUTHORISED_KEPT_PER_SECOND,
    perAddressPerMinute: config.CAROM_UNAUTHORISED_PER_ADDRESS_PER_MINUTE,
  }),
  count: numbers.count,
});
const edge = { pipeline, trustedProxies: config.CAROM_TRUSTED_PROXIES, mostUrlBytes: config.CAROM_MAX_URL_BYTES };
const http = await serveIngest(edge, config, log);

const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.INGEST_HEALTH_PORT,
  metrics,
  checks: {
    catalog: () => ({ ok: catalog.current().complete }),
    recording: recording.check,
  },
});
log.info({ event: 'process.ready', port: http.port, healthPort: health.port });

shutdown.step('stop taking requests', http.close);
shutdown.step('send what waits', recording.close);
shutdown.step('leave the catalog', catalog.close);
shutdown.step('close the numbers', numbers.close);
shutdown.step('close health', health.close);
