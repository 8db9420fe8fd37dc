import { createHash } from 'node:crypto';
import { Pool } from 'undici';
import type { AddressGuard } from './address-guard.js';

/** Client certificates for mutual TLS, as PEM. */
export type ClientCertificate = { cert: string; key: string };

export type Pools = {
  /** The pool for an origin, kept open while it is used. Throws `ConnectRefused` for an origin that may not be called. */
  of: (origin: string, certificate: ClientCertificate | null) => Pool;
  /** Closes those that nobody used for a while. */
  sweep: (nowMs: number) => void;
  size: () => number;
  destroy: () => Promise<void>;
};

type Held = { pool: Pool; usedAtMs: number };

const idleMs = 60_000;
/** A call waits for its connection by its own deadline; this ends the attempts of those that gave up. */
const connectTimeoutMs = 10_000;

/** One pool per origin and certificate, so that a receiver that hangs holds sockets of its own and nobody else's. A pool opens as many
 *  connections as it has calls in flight; the caps of the destinations bound them. At most `mostPools` are open: past that the one
 *  unused for longest is closed, after its calls have ended. */
export const createPools = (guard: AddressGuard, mostPools: number, now: () => number): Pools => {
  const pools = new Map<string, Held>();
  const drop = (key: string, { pool }: Held) => {
    pools.delete(key);
    // close() waits for calls in flight; it rejects only when the pool is closed already.
    pool.close().catch(() => undefined);
  };

  const open = (key: string, origin: string, certificate: ClientCertificate | null): Held => {
    const lookup = guard.lookupFor(new URL(origin));
    const oldest = pools.size >= mostPools ? pools.entries().next().value : undefined;
    if (oldest) drop(...oldest);
    const pool = new Pool(origin, {
      pipelining: 1,
      // The sender has a deadline for each phase and for the whole; undici's own two would only be a second clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
      allowH2: false,
      connect: { timeout: connectTimeoutMs, lookup, rejectUnauthorized: true, ...certificate },
    });
    const held = { pool, usedAtMs: now() };
    pools.set(key, held);
    return held;
  };

  return {
    of(origin, certificate) {
      const key = certificate ? `${origin} ${fingerprint(certificate)}` : origin;
      const held = pools.get(key);
      if (!held) return open(key, origin, certificate).pool;
      // Kept in the order of use, at most once a second, because re-inserting at each call would cost more than the order is worth.
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
