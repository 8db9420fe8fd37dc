import Fastify from 'fastify';
import type { Metrics } from './metrics.js';

/** One thing that readiness depends on. `ok: false` takes the process out of rotation; a note may stand beside `ok: true`
 *  ("spooling": works, but somebody should look). */
export type Check = () => { ok: boolean; note?: string } | Promise<{ ok: boolean; note?: string }>;

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
          return [name, await check()] as const;
        } catch (thrown) {
          return [name, { ok: false, note: thrown instanceof Error ? thrown.message : String(thrown) }] as const;
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
