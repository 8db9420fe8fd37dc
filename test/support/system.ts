import { ensureTopics } from '#kafka';
import { createLog } from '#runtime';
import { freePorts } from '../../stack/servers/process.js';
import { endOrder, type ServiceName } from '../../stack/system/services.js';
import type { TestGround } from './ground.js';
import { startService, testSecrets, type Service } from './service.js';

/** The body is taken for what the test says it is. */
type ApiAnswer<Body> = { status: number; body: Body };
export type Api = <Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<ApiAnswer<Body>>;

export type System = Record<ServiceName, Service> & {
  /** Calls the console as the first admin, with a path below `/api/v1`. */
  api: Api;
  stop: () => Promise<void>;
};

/** Calls `<consoleUrl>/api/v1<path>` with JSON. Never throws for a status: tests look at refusals
 * too. */
export const callApi =
  (consoleUrl: string, token: string): Api =>
  async <Body>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Body>> => {
    const answer = await fetch(`${consoleUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Body };
  };

export const makeTopics = (ground: TestGround): Promise<void> =>
  ensureTopics({
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'test',
    topicPrefix: ground.topicPrefix,
    log: createLog('test', 'silent'),
  });

/** The whole system as four processes on one test's ground. Its receivers may live on this machine.
 *  @param env for all services; a name in front (`dispatch: {...}`) is not needed, a service
 *    ignores what it does not know. */
export const startSystem = async (ground: TestGround, env: Record<string, string> = {}): Promise<System> => {
  await makeTopics(ground);
  const [ingestPort, healthPort] = (await freePorts(2)) as [number, number];
  const shared = {
    ...ground.env,
    CAROM_PUBLIC_URL: `http://127.0.0.1:${ingestPort}`,
    CAROM_ALLOW_ADDRESSES: '127.0.0.0/8',
    INGEST_HEALTH_URLS: `http://127.0.0.1:${healthPort}`,
    ...env,
  };
  const settled = await Promise.allSettled([
    startService('ingest', { ...shared, INGEST_PORT: String(ingestPort), INGEST_HEALTH_PORT: String(healthPort) }),
    startService('attribution', shared),
    startService('dispatch', shared),
    startService('console', shared),
  ]);
  const running = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed) {
    await Promise.all(running.map((service) => service.stop()));
    throw failed.reason;
  }
  const services = Object.fromEntries(running.map((service) => [service.name, service])) as Record<
    ServiceName,
    Service
  >;
  return {
    ...services,
    api: callApi(services.console.url, testSecrets.CAROM_ADMIN_TOKEN),
    stop: async () => {
      for (const name of endOrder) await services[name].stop();
    },
  };
};
