import Fastify from 'fastify';
import { messageOf } from './errors.js';
import type { Liveness } from './liveness.js';
import type { Metrics } from './metrics.js';

/** One thing that readiness depends on. `ok: false` takes the process out of rotation. `ok: true`
 *  with a note means "works, but needs attention" (for example "spooling"). */
export type Check = () => { ok: boolean; note?: string } | Promise<{ ok: boolean; note?: string }>;

/** A probe waits a few seconds only, and a frozen server never answers. */
const checkTimeoutMs = 2_000;
const inTime = async (check: Check): Promise<{ ok: boolean; note?: string }> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ok: boolean; note: string }>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, note: `no answer within ${checkTimeoutMs} ms` }), checkTimeoutMs);
  });
  try {
    return await Promise.race([Promise.resolve(check()), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Serves `/health/live`, `/health/ready` and `/metrics` on a port of their own, so that the open
 *  internet never sees them. Live means that the event loop turns and no chore hangs; it asks
 *  nothing of other servers, because a restart does not end their outage. */
export const serveHealth = async (options: {
  host: string;
  port: number;
  checks: Record<string, Check>;
  metrics: Metrics;
  /** Where the process repeats work: it is not live while one of its chores hangs. */
  liveness?: Liveness;
}): Promise<{ port: number; close: () => Promise<void> }> => {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  server.get('/health/live', async (_request, reply) => {
    const hung = options.liveness?.hung() ?? [];
    return hung.length === 0 ? reply.send({ status: 'live' }) : reply.code(503).send({ status: 'a chore hangs', hung });
  });
  server.get('/health/ready', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(options.checks).map(async ([name, check]) => {
        try {
          return [name, await inTime(check)] as const;
        } catch (thrown) {
          return [name, { ok: false, note: messageOf(thrown) }] as const;
        }
      }),
    );
    const ready = results.every(([, result]) => result.ok);
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(results) });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics()),
  );
  await server.listen({ host: options.host, port: options.port });
  const address = server.addresses()[0];
  return { port: typeof address === 'object' ? address.port : options.port, close: () => server.close() };
};
