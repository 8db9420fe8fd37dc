import type { Outcome } from '#postgres';

export type Recorder = {
  /** Keeps an outcome and writes it with others; `recorded` is called when it is in Postgres. */
  add: (outcome: Outcome, recorded: () => void) => void;
  /** Too much waits to be written: whoever makes outcomes should pause. */
  behind: () => boolean;
  flush: () => Promise<void>;
};

export type RecorderPorts = {
  record: (outcomes: readonly Outcome[]) => Promise<unknown>;
  failed: (thrown: unknown, waiting: number) => void;
};

/** Nobody waits for a record but a later state of the same conversion; small writes cost three times as much per row as full ones. */
const lingerMs = 15;
const mostPerWrite = 500;
const mostWritesInFlight = 2;
const mostWaiting = 5_000;
const retryMs = 250;

/** Writes outcomes many at a time: one statement of five hundred costs a twentieth of five hundred statements. A write that fails is tried
 *  again for as long as it takes; what it holds stays leased to this process, and when the process dies it is sent again (P6). */
export const createRecorder = ({ record, failed }: RecorderPorts): Recorder => {
  const waiting: { outcome: Outcome; recorded: () => void }[] = [];
  let writes = 0;
  let timer: NodeJS.Timeout | null = null;
  let idle: (() => void)[] = [];

  const write = async (): Promise<void> => {
    const batch = waiting.splice(0, mostPerWrite);
    writes += 1;
    for (;;) {
      try {
        await record(batch.map(({ outcome }) => outcome));
        break;
      } catch (thrown) {
        failed(thrown, waiting.length + batch.length);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    writes -= 1;
    for (const { recorded } of batch) recorded();
    arm();
  };

  const arm = (): void => {
    while (waiting.length >= mostPerWrite && writes < mostWritesInFlight) void write();
    // While one is under way the next fills up; a second goes beside it only when it is full.
    if (waiting.length > 0 && timer === null && writes === 0) {
      timer = setTimeout(() => {
        timer = null;
        if (waiting.length > 0 && writes === 0) void write();
      }, lingerMs);
    }
    if (waiting.length > 0 || writes > 0) return;
    for (const resolve of idle) resolve();
    idle = [];
  };

  return {
    add(outcome, recorded) {
      waiting.push({ outcome, recorded });
      if (timer === null || waiting.length >= mostPerWrite) arm();
    },
    behind: () => waiting.length > mostWaiting,
    flush: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        arm();
      }),
  };
};
