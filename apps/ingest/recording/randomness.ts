import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Cryptographic randomness in small pieces. One call into the system's generator costs as much as reading a whole postback, so it is
 *  asked for four thousand bytes at a time. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** A view of bytes that nobody else was given; good until the pool is filled again, so it is used up at once. */
export const randomBytes = (count: number): Uint8Array => {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
};

/** A UUID v7: its time is when it was made. */
export const newId = (): string => v7({ random: randomBytes(16) });
