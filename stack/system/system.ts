import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectionOf } from '#kafka';
import { serviceUrlOf } from '#postgres';
import { createLog, kafkaSettings, projectRoot, readConfig } from '#runtime';
import { z } from 'zod';
import { attributionConfig } from '../../apps/attribution/config.js';
import { consoleConfig } from '../../apps/console/config.js';
import { dispatchConfig } from '../../apps/dispatch/config.js';
import { ingestConfig } from '../../apps/ingest/config.js';
import { Prerequisite } from '../servers/jars.js';
import type { Running } from './local.js';
import { prepare, unguarded } from '../../ops/migrate.js';
import { printerOf } from './printing.js';
import { freePorts, isFree, startServer, unlessEnding } from '../servers/process.js';
import { loadSampleCatalog } from '../../demo/sample-catalog.js';
import { environmentOf, startServers, type Addresses, type Servers } from '../servers/servers.js';
import { endOrder, healthPortOf, isReady, serviceNames, spawnService, type ServiceName } from './services.js';
import { supervise, type Supervised } from './supervisor.js';

export type System = {
  running: Running;
  /** Rejects when something that is needed has ended for good: a server, or a service that cannot
   * stay up. */
  failed: Promise<never>;
  /** For faults: SIGKILL to a service is followed by its supervised restart. */
  signal: (name: ServiceName, signal: NodeJS.Signals) => void;
  /** In order and within 15 s: no more calls come in, what came is worked off, then the cache, the
   * log and the database. */
  stop: () => Promise<void>;
};

type SystemOptions = {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  secret: string;
  adminToken: string;
  receiverPort: number;
  /** What the launcher itself has to say. */
  say: (line: string) => void;
  /** Whether the services' own logs are shown. */
  quiet: boolean;
};

const ports = (env: NodeJS.ProcessEnv): [variable: string, port: number][] => [
  ['INGEST_PORT', Number(env.INGEST_PORT || 8080)],
  ['CONSOLE_PORT', Number(env.CONSOLE_PORT || 8090)],
  ...serviceNames.map((name): [string, number] => [`${name.toUpperCase()}_HEALTH_PORT`, healthPortOf(name, env)]),
];

/** Checks the settings of every service before anything starts: a service that cannot read its
 * settings would only die five times. Placeholders replace addresses that are not known yet. */
const checkEnvironment = (of: SystemOptions): void => {
  const later = { kafkaBrokers: 'localhost:9092', databaseUrl: 'postgres://localhost', redisUrl: 'redis://localhost' };
  const { KAFKA_BROKERS, DATABASE_URL, REDIS_URL } = of.env;
  const env = environmentFor(of, {
    kafkaBrokers: KAFKA_BROKERS || later.kafkaBrokers,
    databaseUrl: DATABASE_URL || later.databaseUrl,
    redisUrl: REDIS_URL || later.redisUrl,
  });
  for (const schema of [ingestConfig, attributionConfig, dispatchConfig, consoleConfig]) readConfig(schema, env);
};

/** Said before anything is started: a service that cannot listen would only die five times. */
const refuseTakenPorts = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const named = new Map<number, string>();
  for (const [variable, port] of ports(env)) {
    const other = named.get(port);
    if (other !== undefined)
      throw new Prerequisite(`${other} and ${variable} are both ${port}: give each a port of its own.`);
    named.set(port, variable);
    if (!(await isFree(port)))
      throw new Prerequisite(`Port ${port} is taken: stop what listens there, or set ${variable} to another.`);
  }
};

const environmentFor = (of: SystemOptions, servers: Addresses): NodeJS.ProcessEnv => {
  const ingestPort = of.env.INGEST_PORT || '8080';
  return {
    CAROM_PUBLIC_URL: `http://127.0.0.1:${ingestPort}`,
    CAROM_SECRET: of.secret,
    CAROM_ADMIN_TOKEN: of.adminToken,
    CAROM_DATA_DIR: join(of.dataDir, 'ingest'),
    // The sample's receiver lives on this machine, where destinations are otherwise not allowed to
    // be.
    CAROM_ALLOW_ADDRESSES: '127.0.0.1/32',
    INGEST_HOST: '127.0.0.1',
    INGEST_HEALTH_URLS: `http://127.0.0.1:${healthPortOf('ingest', of.env)}`,
    ...of.env,
    ...environmentOf(servers),
    // Not for services.
    DATABASE_OWNER_URL: undefined,
  };
};

/** Who owns the tables, and as whom the services connect. Of the Postgres that is started here the
 * owner is its superuser. */
const rolesOf = (env: NodeJS.ProcessEnv, { databaseUrl }: Addresses): { ownerUrl: string; databaseUrl: string } =>
  env.DATABASE_URL
    ? { ownerUrl: env.DATABASE_OWNER_URL || databaseUrl, databaseUrl }
    : { ownerUrl: databaseUrl, databaseUrl: serviceUrlOf(databaseUrl, 'carom_services') };

const untilAllReady = async (env: NodeJS.ProcessEnv, failed: Promise<never>): Promise<void> => {
  const waiting = new Set<ServiceName>(serviceNames);
  const deadline = performance.now() + 60_000;
  while (waiting.size > 0) {
    for (const name of waiting) if (await isReady(healthPortOf(name, env))) waiting.delete(name);
    if (waiting.size > 0) await unlessEnding(Promise.race([wait(100), failed]));
    if (performance.now() > deadline) throw new Error(`not ready after 60 s: ${[...waiting].join(', ')}`);
  }
};

const startReceiver = (of: SystemOptions): Promise<Supervised> =>
  supervise({
    name: 'receiver',
    say: of.say,
    start: () =>
      startServer({
        name: 'receiver',
        command: process.execPath,
        args: [join(projectRoot, 'dist', 'demo', 'receiver.js')],
        cwd: projectRoot,
        env: { RECEIVER_PORT: String(of.receiverPort) },
        output: of.quiet ? () => undefined : printerOf('receiver'),
        stopSignal: 'SIGTERM',
      }),
  });

const startService = (of: SystemOptions, name: ServiceName, env: NodeJS.ProcessEnv): Promise<Supervised> =>
  supervise({
    name,
    say: (line) => of.say(`${name} ${line}`),
    start: () => spawnService(name, env, of.quiet ? () => undefined : printerOf(name)),
  });

const stopAll = async (processes: Map<string, Supervised>, servers: Servers): Promise<void> => {
  // Nine seconds for the five processes together, however one of them hangs; the servers have the
  // rest.
  const deadline = performance.now() + 9_000;
  for (const name of [...endOrder, 'receiver'])
    await processes.get(name)?.stop(Math.max(300, deadline - performance.now()));
  await servers.stop();
};

/** Starts the whole system on this machine: the servers that the environment does not name, the
 * four services as four processes, the sample catalog and its receiver. Resolves when all of it is
 * ready. If something fails, everything is stopped again. */
export const startSystem = async (of: SystemOptions): Promise<System> => {
  checkEnvironment(of);
  await refuseTakenPorts(of.env);
  const servers = await startServers({ dataDir: of.dataDir, env: of.env, durable: true });
  const processes = new Map<string, Supervised>();
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll(processes, servers));
  try {
    const { ownerUrl, databaseUrl } = rolesOf(of.env, servers);
    const env = environmentFor(of, { ...servers, databaseUrl });
    const topicPrefix = env.CAROM_TOPIC_PREFIX ?? '';
    const { kafkaBrokers } = servers;
    const kafka = connectionOf(readConfig(z.object(kafkaSettings), env), 'carom-prepare', createLog('prepare', 'warn'));
    const { migrated, guard } = await unlessEnding(prepare({ kafka, databaseUrl, ownerUrl }));
    if (migrated.length > 0) of.say(`ran ${migrated.length} migrations`);
    if (guard === 'owner') of.say(unguarded);
    processes.set('receiver', await startReceiver(of));
    for (const name of serviceNames) processes.set(name, await startService(of, name, env));
    const failed = Promise.race<never>([
      ...[...processes.values()].map(({ ended, name }) => ended.then(() => never(`${name} ended`))),
      ...servers.started.map(({ name, server }) => server.exited.then((how) => never(`${name} ended with ${how}`))),
    ]);
    failed.catch(() => undefined);
    await untilAllReady(env, failed);
    const running: Running = {
      pid: process.pid,
      publicUrl: env.CAROM_PUBLIC_URL as string,
      consoleUrl: `http://127.0.0.1:${env.CONSOLE_PORT || 8090}`,
      receiverUrl: `http://127.0.0.1:${of.receiverPort}`,
      adminToken: env.CAROM_ADMIN_TOKEN as string,
      kafkaBrokers,
      databaseUrl,
      ownerUrl,
      topicPrefix,
    };
    await unlessEnding(loadSampleCatalog(running));
    const signal: System['signal'] = (name, which) => processes.get(name)?.signal(which);
    return { running, failed, signal, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};

const never = (why: string): never => {
  throw new Error(why);
};

/** Ports for a system beside others on the same machine. */
export const freeSystemPorts = async (): Promise<{ env: Record<string, string>; receiverPort: number }> => {
  const [receiverPort, ...free] = (await freePorts(7)) as [number, ...number[]];
  const env = Object.fromEntries(ports({}).map(([variable], at) => [variable, String(free[at])]));
  return { env, receiverPort };
};
