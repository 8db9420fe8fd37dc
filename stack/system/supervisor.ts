import { setTimeout as wait } from 'node:timers/promises';
import type { Server } from '../servers/process.js';

/** Five deaths within a minute are not bad luck: going on would only hide it. */
const maxDeaths = 5;
const windowMs = 60_000;

export type Supervised = {
  name: string;
  /** Rejects when the process cannot be kept up. Never resolves before `stop`. */
  ended: Promise<void>;
  /** For faults: to the process that runs now. */
  signal: (signal: NodeJS.Signals) => void;
  /** Stops the process, or what was about to be started. */
  stop: (graceMs: number) => Promise<void>;
};

/** Keeps a process running: logs its exit and starts it again after 0.25 s, 0.5 s, up to 4 s. */
export const supervise = async (of: {
  name: string;
  start: () => Promise<Server>;
  say: (line: string) => void;
}): Promise<Supervised> => {
  const stopping = new AbortController();
  let graceMs = 0;
  let server = await of.start();

  const keepUp = async (): Promise<void> => {
    let deaths: number[] = [];
    for (;;) {
      const how = await server.exited;
      if (stopping.signal.aborted) return;
      const now = performance.now();
      deaths = [...deaths.filter((at) => now - at < windowMs), now];
      if (deaths.length >= maxDeaths)
        throw new Error(`${of.name} ended ${maxDeaths} times within a minute, the last time with ${how}: giving up`);
      const pauseMs = Math.min(4_000, 250 * 2 ** (deaths.length - 1));
      of.say(`ended with ${how}; starting it again in ${pauseMs / 1000} s`);
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const next = await of.start();
      server = next;
      // Stopped while it was being started: only this loop knows the new process.
      if (stopping.signal.aborted) return next.stop(graceMs);
    }
  };
  const ended = keepUp();
  // The caller awaits it too; without this a failure during shutdown is an unhandled rejection.
  ended.catch(() => undefined);
  return {
    name: of.name,
    ended,
    signal: (signal) => server.signal(signal),
    stop: async (atMostMs) => {
      graceMs = atMostMs;
      stopping.abort();
      await server.stop(graceMs);
      await ended.catch(() => undefined);
    },
  };
};
