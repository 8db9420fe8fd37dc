import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** The one source of randomness, so that a test can own it. */
export type Random = {
  /** Bytes for keys, tokens and ids. The view is overwritten later: use or copy it at once. */
  bytes(size: number): Uint8Array;
  /** A UUID v7 that carries `nowMs` as its time. */
  uuidV7(nowMs: number): string;
  /** A number from 0 to 1 (excluded), for jitter and weighted choice; not for secrets. */
  unit(): number;
};

/** Cryptographic bytes, drawn 4 KiB at a time: a system call per id costs as much as reading a
 *  whole postback. */
const createPool = (poolSize: number): ((size: number) => Uint8Array) => {
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  return (size) => {
    if (size > poolSize) return randomFillSync(Buffer.alloc(size));
    if (used + size > poolSize) {
      randomFillSync(pool);
      used = 0;
    }
    used += size;
    return pool.subarray(used - size, used);
  };
};

const systemBytes = createPool(4_096);

export const systemRandom: Random = {
  bytes: systemBytes,
  uuidV7: (nowMs) => v7({ msecs: nowMs, random: systemBytes(16) }),
  unit: () => Math.random(),
};
