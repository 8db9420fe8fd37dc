import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, untilReady, type Server } from '../../stack/servers/process.js';
import { healthPortOf, isReady, spawnService, type ServiceName } from '../../stack/system/services.js';

export type Service = {
  name: ServiceName;
  server: Server;
  healthUrl: string;
  /** Where it serves HTTP: the public side of ingest, the API of console; of the two others their
   * health side. */
  url: string;
  /** Everything it has logged so far. */
  log: () => string;
  /** As a power cut would end it. */
  kill9: () => Promise<void>;
  /** As an orchestrator ends it: SIGTERM, then it has ten seconds. */
  stop: () => Promise<void>;
  /** Starts it again with the same ports, data folder and environment, or with other settings. */
  restart: (changed?: Record<string, string>) => Promise<void>;
};

const secret = randomBytes(24).toString('hex');
/** Admin token and secret that all services of one test run share. */
export const testSecrets = { CAROM_SECRET: secret, CAROM_ADMIN_TOKEN: `test-${secret}` };

/** Starts a built service (`dist/apps/<name>/main.js`) on free ports with a data folder of its own,
 * and waits until it is ready.
 *  @param env what the ground gives (`ground.env`), and whatever the test wants to set beside
 *    it. */
export const startService = async (name: ServiceName, env: Record<string, string>): Promise<Service> => {
  const [port, healthPort] = (await freePorts(2)) as [number, number];
  const folder = mkdtempSync(join(tmpdir(), `carom-${name}-`));
  const logFile = join(folder, 'log');
  const upper = name.toUpperCase();
  const whole: Record<string, string> = {
    ...testSecrets,
    CAROM_DATA_DIR: folder,
    CAROM_LOG_LEVEL: 'info',
    CAROM_HEALTH_HOST: '127.0.0.1',
    [`${upper}_PORT`]: String(port),
    [`${upper}_HOST`]: '127.0.0.1',
    [`${upper}_HEALTH_PORT`]: String(healthPort),
    ...env,
  };
  const health = healthPortOf(name, whole);
  const hasHttp = name === 'ingest' || name === 'console';
  let server: Server;
  const start = async (): Promise<void> => {
    server = await spawnService(name, whole, logFile);
    await untilReady({ name, logFile }, server, () => isReady(health), 40_000);
  };
  await start().catch((thrown: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  });
  return {
    name,
    get server() {
      return server;
    },
    healthUrl: `http://127.0.0.1:${health}`,
    url: `http://127.0.0.1:${hasHttp ? whole[`${upper}_PORT`] : health}`,
    log: () => readFileSync(logFile, 'utf8'),
    kill9: async () => {
      server.signal('SIGKILL');
      await server.exited;
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
    restart: (changed = {}) => {
      Object.assign(whole, changed);
      return start();
    },
  };
};
