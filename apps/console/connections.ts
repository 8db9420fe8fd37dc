import { createTokenHash } from '#domain';
import { createNames } from '#http';
import { connectionOf, connectProducer, KafkaBatchStrategy, kafkaMetrics } from '#kafka';
import { checkDurability, consoleEntities, openDatabase, recordMissed } from '#postgres';
import { loadNetworkPresets, loadSourcePresets } from '#presets';
import { createSeal, type Check, type Logger, type Metrics } from '#runtime';
import { Global, Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { createCatalog } from './catalog/catalog.js';
import { startRelay } from './catalog/relay.js';
import { sealOldTokens } from './catalog/reseal.js';
import type { ConsoleConfig } from './config.js';
import { gaugeConsole } from './http/metrics.js';
import { consolePorts, type ConsolePorts } from './ports.js';

/** Opens Postgres and Kafka, and closes them in order when the application ends. */

export type Connections = {
  ports: ConsolePorts;
  /** The consumer of parked records; Nest starts it as a microservice. */
  parked: KafkaBatchStrategy;
  checks: Record<string, Check>;
  close: () => Promise<void>;
};

/** A user waits for each answer; a report over everything may take half a minute. */
const deadlines = { statementMs: 30_000, lockMs: 10_000, idleInTransactionMs: 30_000 };
/** A report by a token of a hundred thousand values is summed in memory. */
const sumMemoryMb = 64;
export const readingOptions = { deadlines, sumMemoryMb };

/** @param fail ends the process; called when the Kafka client cannot go on.
 *  @throws CodedError DATABASE_AWAY */
export const openConnections = async (
  config: ConsoleConfig,
  { log, metrics, fail }: { log: Logger; metrics: Metrics; fail: (error: unknown) => void },
): Promise<Connections> => {
  const database = await openDatabase({
    databaseUrl: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
    applicationName: 'carom-console',
    ...readingOptions,
    entities: consoleEntities,
  });
  const { pool, dataSource } = database;
  await checkDurability(pool, { demanded: config.DATABASE_SYNCHRONOUS_STANDBY, log });
  const kafka = connectionOf(config, 'carom-console', log);
  const sendMetrics = kafkaMetrics(metrics);
  const producer = await connectProducer({ ...kafka, metrics: sendMetrics });
  const parked = new KafkaBatchStrategy({
    ...kafka,
    service: 'console',
    producer,
    metrics: sendMetrics,
    onFatal: fail,
    onJump: (jumps) => recordMissed(pool, jumps),
  });
  const now = (): Date => new Date();
  const nowMs = (): number => now().getTime();
  const seal = createSeal(config.CAROM_SECRET);
  const tokenHash = createTokenHash(config.CAROM_SECRET);
  await sealOldTokens({ dataSource, seal, tokenHash }, log);
  const produce = producer.produce.bind(producer);
  const relay = startRelay({ dataSource, produce, now: nowMs, log });
  gaugeConsole(metrics, { relay, dataSource, db: pool, seal, now: nowMs });
  const ports: ConsolePorts = {
    pool,
    dataSource,
    catalog: createCatalog({ dataSource, seal, tokenHash, changed: relay.wake, now }),
    relay,
    presets: { networks: loadNetworkPresets(), sources: loadSourcePresets() },
    seal,
    produce,
    kafka,
    producerState: () => producer.state,
    publicUrl: config.CAROM_PUBLIC_URL,
    consoleUrl: config.CONSOLE_URL ?? `http://127.0.0.1:${config.CONSOLE_PORT}`,
    ingestHealthUrls: config.INGEST_HEALTH_URLS,
    secrets: config.CAROM_SECRET,
    allowed: {
      allowAddresses: config.CAROM_ALLOW_ADDRESSES,
      allowPorts: config.CAROM_ALLOW_PORTS,
      names: createNames({ metrics }),
    },
    jobLeaseMs: config.CONSOLE_JOB_LEASE_MS,
    now,
    log,
  };
  const checks: Record<string, Check> = {
    postgres: database.check,
    // Reads and settings work without Kafka; saved changes are relayed when it is back.
    kafka: () =>
      producer.state === 'connected' ? { ok: true } : { ok: true, note: 'away: changes wait to be relayed' },
  };
  const close = async (): Promise<void> => {
    await relay.close();
    await producer.close();
    await database.close();
  };
  return { ports, parked, checks, close };
};

const closeConnections = Symbol('closeConnections');

/** Global: every feature module injects `consolePorts`. Nest calls the hook after HTTP has ended.
 */
@Global()
@Module({})
export class ConnectionsModule implements OnApplicationShutdown {
  constructor(@Inject(closeConnections) private readonly close: () => Promise<void>) {}

  static of({ ports, close }: Pick<Connections, 'ports' | 'close'>): DynamicModule {
    return {
      module: ConnectionsModule,
      providers: [
        { provide: consolePorts, useValue: ports },
        { provide: closeConnections, useValue: close },
      ],
      exports: [consolePorts],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
