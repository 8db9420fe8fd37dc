import 'reflect-metadata';
import {
  createLiveness,
  createLog,
  createMetrics,
  installShutdown,
  maskConfig,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { ingestConfig } from './config.js';
import { serveIngest } from './http/server.js';
import { IngestParts } from './ingest.module.js';

/** Ingest: the public edge. It keeps nothing but its spool, so any number of these may run. */

const config = readConfigOrExit(ingestConfig, process.env);
const log = createLog('ingest', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('ingest');
const liveness = createLiveness(metrics);
const http = await serveIngest({ config, log, metrics, health: liveness, onFatal: shutdown.fail });
const { catalog, recording } = http.app.get(IngestParts);

const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.INGEST_HEALTH_PORT,
  metrics,
  liveness,
  checks: { catalog: catalog.check, recording: recording.check },
});
log.info({ event: 'process.ready', port: http.port, healthPort: health.port });

shutdown.step('answer the last requests and send what waits', () => http.app.close());
shutdown.step('close health', health.close);
