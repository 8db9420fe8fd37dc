import 'reflect-metadata';
import { connectProducer, KafkaBatchStrategy, kafkaMetrics } from '#kafka';
import { CatalogEntry, openDatabase } from '#postgres';
import {
  createLog,
  createMetrics,
  createSeal,
  installShutdown,
  maskConfig,
  readConfigOrExit,
  serveHealth,
} from '#runtime';
import { loadNetworkPresets, loadSourcePresets } from '#presets';
import { ensureAdmin } from './access/access.js';
import { createCatalog } from './catalog/catalog.js';
import { consoleConfig } from './config.js';
import { serveApi } from './http/server.js';
import { gaugeConsole } from './http/metrics.js';
import { startRelay } from './catalog/relay.js';

/** Console: the API over catalog, log, conversions and deliveries. Reads and writes Postgres, relays the catalog to its topic, and puts
 *  uploads and replays on the postbacks topic. Holds nothing that a second console beside it could not hold too. */

const config = readConfigOrExit(consoleConfig, process.env);
const log = createLog('console', config.CAROM_LOG_LEVEL);
const shutdown = installShutdown(log);
log.info({ event: 'process.started', config: maskConfig(config) });

const metrics = createMetrics('console');
const presets = { networks: loadNetworkPresets(), sources: loadSourcePresets() };
const database = await openDatabase({
  databaseUrl: config.DATABASE_URL,
  poolSize: config.DATABASE_POOL_SIZE,
  applicationName: 'carom-console',
  // Somebody waits for each answer; a report over everything may take its time, a frozen Postgres would take for ever.
  queryTimeoutMs: 30_000,
  entities: [CatalogEntry],
});
const { pool, dataSource } = database;
await ensureAdmin(pool, config.CAROM_ADMIN_TOKEN, (token) =>
  process.stdout.write(`The admin token of this installation, shown only now: ${token}\n`),
);

const kafka = { brokers: config.KAFKA_BROKERS, clientId: 'carom-console', topicPrefix: config.CAROM_TOPIC_PREFIX, log };
const numbers = kafkaMetrics(metrics);
const producer = await connectProducer({ ...kafka, metrics: numbers });
const parked = new KafkaBatchStrategy({
  ...kafka,
  service: 'console',
  producer,
  metrics: numbers,
  onFatal: shutdown.fail,
});
const now = (): Date => new Date();
const seal = createSeal(config.CAROM_SECRET);
const produce = producer.produce.bind(producer);
const relay = startRelay({ dataSource, produce, now: () => now().getTime(), log });
gaugeConsole(metrics, { relay, db: pool, now: () => now().getTime() });
const catalog = createCatalog({ dataSource, seal, changed: relay.wake, now });

const api = await serveApi(
  {
    pool,
    dataSource,
    catalog,
    relay,
    presets,
    seal,
    produce,
    producerState: () => producer.state,
    publicUrl: config.CAROM_PUBLIC_URL,
    secrets: config.CAROM_SECRET,
    allowed: { allowAddresses: config.CAROM_ALLOW_ADDRESSES, allowPorts: config.CAROM_ALLOW_PORTS },
    now,
    log,
  },
  parked,
  metrics,
  { host: config.CONSOLE_HOST, port: config.CONSOLE_PORT },
);

const health = await serveHealth({
  host: config.CAROM_HEALTH_HOST,
  port: config.CONSOLE_HEALTH_PORT,
  metrics,
  checks: {
    postgres: async () => ({ ok: (await pool.query('select 1')).rowCount === 1 }),
    // Reading and setting up go on without Kafka; what is saved is relayed when it is back.
    kafka: () =>
      producer.state === 'connected' ? { ok: true } : { ok: true, note: 'away: changes wait to be relayed' },
  },
});
log.info({ event: 'process.ready', port: api.port, healthPort: health.port });

shutdown.step('stop taking requests', api.close);
shutdown.step('finish the relay', relay.close);
shutdown.step('close the producer', () => producer.close());
shutdown.step('close the database', database.close);
shutdown.step('close health', health.close);
