import Fastify from 'fastify';
import { messageOf } from './errors.js';
import type { Metrics } from './metrics.js';

/** One thing that readiness depends on. `ok: false` takes the process out of rotation; a note may stand beside `ok: true`
 *  ("spooling": works, but somebody should look). */
export type Check = () => { ok: boolean; note?: string } | Promise<{ ok: boolean; note?: string }>;

/** Whoever asks has a patience of seconds; a server that is frozen answers nothing at all. */
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

/** Serves `/health/live`, `/health/ready` and `/metrics` on a port of their own, so that the open internet never sees them.
 *  Live means that the event loop turns; it asks nothing else, because a restart does not mend somebody else's outage. */
export const serveHealth = async (options: {
  host: string;
  port: number;
  checks: Record<string, Check>;
  metrics: Metrics;
}): Promise<{ port: number; close: () => Promise<void> }> => {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  server.get('/health/live', () => ({ status: 'live' }));
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
