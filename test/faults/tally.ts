import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wallMs } from '../support/wall-clock.js';

/** One call that reached an ad network: only what the accounts need, because there may be hundreds
 * of thousands. */
export type Arrival = { atMs: number; query: string; answered: boolean };
/** `fault`: never answers, cuts the connection, or sends a body without an end. */
export type Behaviour = {
  status?: number;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Keeps every answer back until a behaviour without it. */
  hold?: boolean;
  fault?: 'hang' | 'reset' | 'endless';
};

export type Tally = {
  url: string;
  arrivals: Arrival[];
  /** Calls whose answer has not been sent yet. */
  inFlight: () => number;
  /** From now on. What hangs already is cut off when the behaviour has no fault. */
  behave: (how: Behaviour) => void;
  close: () => Promise<void>;
};

const piece = Buffer.alloc(16_384, 'x');
/** As fast as a network would, not as fast as memory: it shares its process with other ad
 * networks. */
const sendForEver = (response: ServerResponse): void => {
  const more = setInterval(() => response.write(piece), 5);
  response.on('close', () => clearInterval(more)).on('error', () => clearInterval(more));
  response.write(piece);
};

/** An ad network that counts. Real HTTP on a port of its own. */
export const startTally = async (first: Behaviour = {}): Promise<Tally> => {
  const arrivals: Arrival[] = [];
  const open = new Set<ServerResponse>();
  const hanging = new Set<ServerResponse>();
  const held: (() => void)[] = [];
  let how = first;
  const finish = (response: ServerResponse, arrival: Arrival): void => {
    if (how.hold) return void held.push(() => finish(response, arrival));
    if (how.fault === 'hang') return void hanging.add(response);
    if (how.fault === 'reset') return void response.socket?.resetAndDestroy();
    response.writeHead(how.status ?? 200, how.headers);
    arrival.answered = (how.status ?? 200) < 300;
    if (how.fault === 'endless') sendForEver(response);
    else response.end('OK');
  };
  const server = createServer((request, response) => {
    const target = request.url ?? '';
    const arrival = { atMs: wallMs(), query: target.slice(target.indexOf('?') + 1), answered: false };
    arrivals.push(arrival);
    request.resume();
    open.add(response);
    response.on('close', () => [open, hanging].forEach((each) => each.delete(response)));
    if (how.delayMs) setTimeout(() => finish(response, arrival), how.delayMs);
    else finish(response, arrival);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    inFlight: () => open.size,
    behave: (next) => {
      how = next;
      if (!next.hold) for (const answer of held.splice(0)) answer();
      if (next.fault !== 'hang') for (const response of hanging) response.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** How often each value of that parameter arrived. */
export const countBy = (arrivals: readonly Arrival[], parameter: string): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { query } of arrivals) {
    const value = new URLSearchParams(query).get(parameter) ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
};
