import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { AddressGuard } from './address-guard.js';

/** Client certificates for mutual TLS, as PEM. */
export type ClientCertificate = { cert: string; key: string };

type Pools = {
  /** The pool for an origin, kept open while it is used. Throws `ConnectRefused` for an origin
   *  that may not be called. */
  of: (origin: string, certificate: ClientCertificate | null) => Pool;
  /** Closes those that were not used for a while. */
  sweep: (nowMs: number) => void;
  size: () => number;
  destroy: () => Promise<void>;
};

type Held = { pool: Pool; usedAtMs: number; calls: number };

const idleMs = 60_000;
/** A call waits for its connection by its own deadline; this ends the attempts of those that gave
 *  up. */
const connectTimeoutMs = 10_000;

/** As much as is read from a connection between two calls of its pool: sixteen times what is kept
 *  of an answer, whose body is cut off long before. This bounds what never becomes a body: early
 *  answers without end, empty lines, a status line, an extension of a chunk. Eight such
 *  connections took the process, which all destinations share (P7), for as long as a call may
 *  last: the p99 of the others went from 1 to 700 ms. */
const maxReadBytes = 256 * 1024;
const endless = new Error('more came than any answer needs');

/** `calls`: of the pool, because a socket does not know whose call it is for; one that is for the
 *  next reads from there. */
const boundReading = (socket: Socket, held: Held): void => {
  let { calls } = held;
  let from = socket.bytesRead;
  socket.on('readable', () => {
    if (calls === held.calls) {
      if (socket.bytesRead - from > maxReadBytes) socket.destroy(endless);
      return;
    }
    calls = held.calls;
    from = socket.bytesRead;
  });
};

/** One pool per origin and certificate, so that a receiver that hangs holds sockets of its own and
 *  none of another. A pool opens as many connections as it has calls in flight; the caps of the
 *  destinations bound them. At most `maxPools` are open: past that the one unused for longest is
 *  closed, after its calls have ended. */
export const createPools = (guard: AddressGuard, maxPools: number, now: () => number): Pools => {
  const pools = new Map<string, Held>();
  const drop = (key: string, { pool }: Held) => {
    pools.delete(key);
    // close() waits for calls in flight; it rejects only when the pool is closed already.
    pool.close().catch(() => undefined);
  };

  const open = (key: string, origin: string, certificate: ClientCertificate | null): Held => {
    const lookup = guard.lookupFor(new URL(origin));
    const oldest = pools.size >= maxPools ? pools.entries().next().value : undefined;
    if (oldest) drop(...oldest);
    const connect = buildConnector({
      timeout: connectTimeoutMs,
      lookup,
      rejectUnauthorized: true,
      allowH2: false,
      ...certificate,
    });
    const pool = new Pool(origin, {
      pipelining: 1,
      // The sender has a deadline for each phase and for the whole; undici's own two would only be
      // a second clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
      allowH2: false,
      connect: (options, callback) =>
        connect(options, (...[error, socket]) => {
          if (error) return callback(error, null);
          boundReading(socket, held);
          callback(null, socket);
        }),
    });
    const held = { pool, usedAtMs: now(), calls: 0 };
    pools.set(key, held);
    return held;
  };

  return {
    of(origin, certificate) {
      const key = certificate ? `${origin} ${fingerprint(certificate)}` : origin;
      const held = pools.get(key) ?? open(key, origin, certificate);
      held.calls += 1;
      // Kept in the order of use, at most once a second, because re-inserting at each call would
      // cost more than the order saves.
      const at = now();
      if (at - held.usedAtMs > 1_000) {
        held.usedAtMs = at;
        pools.delete(key);
        pools.set(key, held);
      }
      return held.pool;
    },
    sweep(nowMs) {
      for (const [key, held] of pools) {
        if (nowMs - held.usedAtMs < idleMs) break;
        drop(key, held);
      }
    },
    size: () => pools.size,
    async destroy() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
};

const fingerprint = ({ cert, key }: ClientCertificate): string =>
  createHash('sha256').update(cert).update(key).digest('base64');
