/** Counts wrong passwords per e-mail address, known or not, and makes the next try wait. */
type LockOut = {
  /** Seconds until the next try is taken; 0: now. */
  waitSeconds: (key: string, nowMs: number) => number;
  failed: (key: string, nowMs: number) => void;
  succeeded: (key: string) => void;
};

const freeTries = 5;
const firstWaitMs = 30_000;
const maxWaitMs = 15 * 60_000;
/** A stranger can send any number of addresses; the oldest are dropped beyond this. */
const maxKeys = 10_000;

/** Each console keeps its own counts in memory: a restart clears them, and strangers cause no
 *  writes to Postgres. */
export const createLockOut = (): LockOut => {
  const tries = new Map<string, { count: number; lastMs: number }>();
  const waitMsOf = (count: number): number =>
    count < freeTries ? 0 : Math.min(maxWaitMs, firstWaitMs * 2 ** (count - freeTries));
  return {
    waitSeconds(key, nowMs) {
      const found = tries.get(key);
      return found ? Math.max(0, Math.ceil((found.lastMs + waitMsOf(found.count) - nowMs) / 1000)) : 0;
    },
    failed(key, nowMs) {
      const before = tries.get(key);
      const isRecent = before !== undefined && nowMs - before.lastMs < 2 * maxWaitMs;
      tries.delete(key);
      tries.set(key, { count: isRecent ? before.count + 1 : 1, lastMs: nowMs });
      const oldest = tries.keys().next().value;
      if (tries.size > maxKeys && oldest !== undefined) tries.delete(oldest);
    },
    succeeded: (key) => void tries.delete(key),
  };
};
