import { messageOf } from './errors.js';
import type { Liveness } from './liveness.js';
import type { Logger } from './log.js';
import type { Time } from './time.js';

export type Repeated = {
  /** Starts a run at once, or as soon as the run under way has ended. Resolves when that run has
   *  ended; a failure is logged, never thrown. */
  now(): Promise<void>;
  /** Starts no further run. Waits for the run under way, at most until it passes its deadline. */
  stop(): Promise<void>;
};

/** Without a reason an abort makes a `DOMException` with its stack, also one that changes nothing:
 *  `now` may be called at the end of each call to an ad network. */
const unexplained = 'its reason is not read';

type RepeatOptions = {
  name: string;
  /** From the end of one run to the start of the next. */
  everyMs: number;
  /** A run that takes longer is aborted by its signal and counted as late. */
  deadlineMs: number;
  time: Time;
  log: Logger;
  health: Liveness;
};

/** Repeats work with a rest between runs, never two at a time; the first run starts after
 *  `everyMs`. A failed run is logged and the work is tried again at the next turn. A run that does
 *  not end although it was aborted blocks the next one: liveness then fails (see `Liveness`). */
export const repeat = (options: RepeatOptions, work: (signal: AbortSignal) => Promise<unknown>): Repeated => {
  const { name, everyMs, deadlineMs, time, log, health } = options;
  const stopping = new AbortController();
  let asked = new AbortController();
  let requests: (() => void)[] = [];

  const run = async (): Promise<void> => {
    const ended = health.begin(name, deadlineMs);
    const deadline = new AbortController();
    const over = new AbortController();
    void time.wait(deadlineMs, over.signal).then(() => {
      if (over.signal.aborted) return;
      log.error({ event: 'chore.late', name, deadlineMs });
      deadline.abort(new Error(`"${name}" took longer than ${deadlineMs} ms`));
    });
    try {
      await work(deadline.signal);
      ended(deadline.signal.aborted ? 'late' : 'done');
    } catch (thrown) {
      if (!deadline.signal.aborted) log.error({ event: 'chore.failed', name, error: messageOf(thrown) });
      ended(deadline.signal.aborted ? 'late' : 'failed');
    } finally {
      over.abort(unexplained);
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await time.wait(everyMs, asked.signal);
      if (stopping.signal.aborted) break;
      const served = requests;
      requests = [];
      asked = new AbortController();
      await run();
      for (const resolve of served) resolve();
    }
    for (const resolve of requests) resolve();
  };

  const looping = loop();
  return {
    now: () =>
      new Promise((resolve) => {
        if (stopping.signal.aborted) return resolve();
        requests.push(resolve);
        asked.abort(unexplained);
      }),
    stop: async () => {
      stopping.abort();
      asked.abort();
      const ended = new AbortController();
      await Promise.race([looping, time.wait(deadlineMs, ended.signal)]);
      ended.abort();
    },
  };
};
