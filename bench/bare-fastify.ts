import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';

/** The physical limit of the ingest rows: the same Fastify, which reads the query and answers, and
 * does nothing else. Says its port to the parent process. */
const server = Fastify({ logger: false, keepAliveTimeout: 75_000 });
server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
);
server.post('/postback/:token', (_request, reply) => reply.code(200).type('text/plain').send('OK'));
server.get('/postback/:token', (_request, reply) => reply.code(200).type('text/plain').send('OK'));
server.get<{ Querystring: { click_id: string } }>('/c/:campaign', (request, reply) =>
  reply.redirect(`https://shop.example/shoes?subid=${encodeURIComponent(request.query.click_id)}`, 302),
);
await server.listen({ host: '127.0.0.1', port: 0 });
const { port } = server.server.address() as AddressInfo;
process.send?.({ port });
process.once('disconnect', () => process.exit(0));
