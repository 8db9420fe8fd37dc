import { createServer } from 'node:http';

/** Plays the ad network of the sample catalog: answers `/conversion?…` with OK and prints
 * what it received. `GET /received?starts=<text>` lists the calls whose click id starts so, for
 * the demo. `RECEIVER_PORT` says where it listens. */
const maxKept = 100_000;
const received: { at: string; target: string; clickId: string }[] = [];

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://receiver');
  request.resume();
  if (url.pathname === '/received') {
    const starts = url.searchParams.get('starts') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(received.filter(({ clickId }) => clickId.startsWith(starts))));
    return;
  }
  if (url.pathname !== '/conversion') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    return;
  }
  received.push({
    at: new Date().toISOString(),
    target: request.url ?? '',
    clickId: url.searchParams.get('click_id') ?? '',
  });
  if (received.length > maxKept) received.splice(0, maxKept / 10);
  console.log(`the ad network received: ${request.method} ${request.url}`);
  response.writeHead(200, { 'content-type': 'text/plain' }).end('OK\n');
});

server.listen(Number(process.env.RECEIVER_PORT), '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
