import { join } from 'node:path';
import { projectRoot } from '#runtime';
import { startServer, type Server, type ServerCommand } from '../servers/process.js';

/** The four services in the order in which they start; they end in the order of `endOrder`: first
 * nothing new comes in, then what came is worked off. */
export const serviceNames = ['console', 'attribution', 'dispatch', 'ingest'] as const;
export type ServiceName = (typeof serviceNames)[number];
export const endOrder: readonly ServiceName[] = ['ingest', 'attribution', 'dispatch', 'console'];

/** Health and metrics of a service: `INGEST_HEALTH_PORT` and so on, with these defaults. */
const healthPorts: Record<ServiceName, number> = {
  ingest: 9080,
  attribution: 9081,
  dispatch: 9082,
  console: 9083,
};

export const healthPortOf = (name: ServiceName, env: NodeJS.ProcessEnv): number =>
  Number(env[`${name.toUpperCase()}_HEALTH_PORT`] || healthPorts[name]);

/** True when the service says of itself that it can do its work. */
export const isReady = async (port: number): Promise<boolean> => {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
};

/** V8 has four helper threads in each process unless it counts the cores. On two cores they
 * compete: each collection waits for threads that do not run, see
 * docs/decisions/0005-what-a-call-costs.md. The Dockerfile says the same. */
const nodeArguments = ['--enable-source-maps', '--v8-pool-size=0'];
/** Names are looked up by half of these threads: with Node's default of four, two
 * destinations whose name servers are silent leave no lookup to any other (P7). Read before any
 * code of ours runs. The Dockerfile says the same. */
const threads = { UV_THREADPOOL_SIZE: '32' };
/** Node keeps the compiled code of each module here: a quarter of the processor time of a start. */
const compiled = { NODE_COMPILE_CACHE: join(projectRoot, 'node_modules', '.cache', 'carom-compiled') };

/** Starts one service as a process of its own; it may not be ready yet when this resolves. */
export const spawnService = (
  name: ServiceName,
  env: NodeJS.ProcessEnv,
  output: ServerCommand['output'],
): Promise<Server> =>
  startServer({
    name,
    command: process.execPath,
    args: [...nodeArguments, join(projectRoot, 'dist', 'apps', name, 'main.js')],
    cwd: projectRoot,
    env: { ...threads, ...compiled, ...env },
    output,
    stopSignal: 'SIGTERM',
  });
