import 'reflect-metadata';
import { createLog, createMetrics, installShutdown, maskConfig, readConfigOrExit, serveHealth } from '#runtime';
import { ensureAdmin } from './access/first-admin.js';
import { consoleConfig } from './config.js';
import { openConnections } from './connections.js';
import { serveApi } from './http/server.js';

/** Console: the API over catalog, log, conversions and deliveries, and the web page. Reads and
 *  writes Postgres, relays the catalog to its topic, puts uploads and replays on the postbacks
 *  topic. Holds no state of its own, so any number of consoles can run side by side. */

const config = readConfigOrExit(consoleConfig, process.env);
const log = createLog('console', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('console');
const connections = await openConnections(config, { log, metrics, fail: shutdown.fail });
await ensureAdmin(connections.ports, config.CAROM_ADMIN_TOKEN);
const api = await serveApi(connections, metrics, config);
const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.CONSOLE_HEALTH_PORT,
  metrics,
  checks: connections.checks,
});
log.info({ event: 'process.ready', port: api.port, healthPort: health.port });

shutdown.step('end requests, then the relay, Kafka and Postgres', api.close);
shutdown.step('close health', health.close);
