import type { Outcome } from '#postgres';
import type { Liveness, Time } from '#runtime';

export type Recorder = {
  /** Keeps an outcome and writes it with others; `recorded` is called when it is in Postgres. */
  add: (outcome: Outcome, recorded: () => void) => void;
  /** Too much waits to be written: no new calls should start. */
  behind: () => boolean;
  /** Resolves when everything is written. */
  flush: () => Promise<void>;
};

export type RecorderPorts = {
  record: (outcomes: readonly Outcome[]) => Promise<unknown>;
  failed: (thrown: unknown, waiting: number) => void;
  time: Time;
  liveness: Liveness;
};

type Waiting = { outcome: Outcome; recorded: () => void };

/** Only a later state of the same conversion waits for a record, and small writes cost three times as
 *  much per row as full ones. */
const lingerMs = 15;
const maxPerWrite = 500;
const maxWritesInFlight = 2;
const maxWaiting = 5_000;
const retryMs = 250;
const writeDeadlineMs = 15_000;

/** Writes outcomes many at a time. A write that fails is retried for as long as it takes; what it holds
 *  stays leased to this process, and when the process dies it is sent again (P6). */
export const createRecorder = ({ record, failed, time, liveness }: RecorderPorts): Recorder => {
  const waiting: Waiting[] = [];
  let writes = 0;
  let lingering = false;
  let idle: (() => void)[] = [];

  const attempt = async (batch: readonly Waiting[]): Promise<boolean> => {
    const ended = liveness.begin('record outcomes', writeDeadlineMs);
    try {
      await record(batch.map(({ outcome }) => outcome));
      ended('done');
      return true;
    } catch (thrown) {
      ended('failed');
      failed(thrown, waiting.length + batch.length);
      return false;
    }
  };

  const write = async (): Promise<void> => {
    const batch = waiting.splice(0, maxPerWrite);
    writes += 1;
    while (!(await attempt(batch))) await time.wait(retryMs);
    writes -= 1;
    for (const { recorded } of batch) recorded();
    arm();
  };

  const linger = async (): Promise<void> => {
    lingering = true;
    await time.wait(lingerMs);
    lingering = false;
    if (waiting.length > 0 && writes === 0) void write();
  };

  const arm = (): void => {
    while (waiting.length >= maxPerWrite && writes < maxWritesInFlight) void write();
    // While one write is under way the next fills up; a second starts beside it only when it is full.
    if (waiting.length > 0 && !lingering && writes === 0) void linger();
    if (waiting.length > 0 || writes > 0) return;
    for (const resolve of idle) resolve();
    idle = [];
  };

  return {
    add(outcome, recorded) {
      waiting.push({ outcome, recorded });
      if (!lingering || waiting.length >= maxPerWrite) arm();
    },
    behind: () => waiting.length > maxWaiting,
    flush: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        arm();
      }),
  };
};
