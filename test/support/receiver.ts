import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from './wait-for.js';

export type Received = {
  at: number;
  method: string;
  /** Path and query as they came. */
  target: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
};

/** What to answer: `hang` never answers, `reset` cuts the connection, `stream` sends a body without
 * an end. */
export type Answer = {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  delayMs?: number;
  fault?: 'hang' | 'reset' | 'stream';
};

export type Receiver = {
  port: number;
  /** `http://127.0.0.1:<port>` without a slash at the end. */
  url: string;
  requests: Received[];
  /** From now on; a function decides call by call. */
  answer: (how: Answer | ((request: Received) => Answer)) => void;
  /** Resolves with the requests that fit once there are `count` of them. */
  awaitRequests: (fits: (request: Received) => boolean, timeoutMs?: number, count?: number) => Promise<Received[]>;
  close: () => Promise<void>;
};

const streamForEver = (response: ServerResponse): void => {
  const piece = Buffer.alloc(16_384, 'x');
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  response.on('error', () => undefined);
  more();
};

const give = (response: ServerResponse, answer: Answer): void => {
  if (answer.fault === 'hang') return;
  if (answer.fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'text/plain' });
  if (answer.fault === 'stream') streamForEver(response);
  else response.end(answer.body ?? 'OK');
};

const read = async (request: IncomingMessage): Promise<Received> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const target = request.url ?? '/';
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const { method = 'GET', headers } = request;
  const body = Buffer.concat(pieces);
  return { at: Date.now(), method, target, path, query: new URLSearchParams(query), headers, body };
};

/** A real HTTP server in the role of an ad network: it keeps every request and answers as set.
 *  @param port 0 takes a free one; a number lets a receiver come back where it was. */
export const startReceiver = async (port = 0): Promise<Receiver> => {
  const requests: Received[] = [];
  let decide: (request: Received) => Answer = () => ({});
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((incoming, response) => {
    read(incoming).then(
      (request) => {
        requests.push(request);
        const answer = decide(request);
        if (!answer.delayMs) return give(response, answer);
        const timer = setTimeout(() => {
          timers.delete(timer);
          give(response, answer);
        }, answer.delayMs);
        timers.add(timer);
      },
      () => response.destroy(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    requests,
    answer: (how) => void (decide = typeof how === 'function' ? how : () => how),
    awaitRequests: async (fits, timeoutMs = 15_000, count = 1) => {
      const found = () => requests.filter(fits);
      const what = `${count} request(s) that fit ${fits.toString()}, among ${requests.length} at the start`;
      await waitFor(() => found().length >= count, timeoutMs, what);
      return found();
    },
    close: async () => {
      timers.forEach(clearTimeout);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
