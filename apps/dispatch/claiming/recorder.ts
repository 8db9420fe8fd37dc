import type { Outcome } from '#postgres';
import { bisect, failPoint, faultOf, type Liveness, type Time } from '#runtime';

export type Recorder = {
  /** Keeps an outcome and writes it with others; `recorded` is called when it is in Postgres. */
  add: (outcome: Outcome, recorded: () => void) => void;
  /** Too many outcomes wait to be written: no new call may start. */
  isOverloaded: () => boolean;
  /** Resolves when everything is written. */
  flush: () => Promise<void>;
};

type RecorderPorts = {
  record: (outcomes: readonly Outcome[]) => Promise<unknown>;
  /** The write is tried again. */
  failed: (thrown: unknown, waiting: number) => void;
  /** Postgres refuses this outcome as it is, so less of it is recorded. */
  reduced: (outcome: Outcome, recordedAs: Reduction, error: unknown) => void;
  time: Time;
  liveness: Liveness;
};

/** `without_texts`: the attempt without what the ad network answered and what was sent. `parked`:
 *  not even that; the delivery is parked, because its outcome is not on record. */
type Reduction = 'without_texts' | 'parked';

type Waiting = { outcome: Outcome; recorded: () => void };

/** Only a later state of the same conversion waits for a record, and small writes cost three times
 *  as much per row as full ones. */
const lingerMs = 15;
const maxPerWrite = 500;
const maxWritesInFlight = 2;
const maxWaiting = 5_000;
const retryMs = 250;
const writeDeadlineMs = 15_000;

/** Writes outcomes many at a time. A write that fails is retried for as long as it takes; what it
 *  holds stays leased to this process, and when the process dies it is sent again (P6). */
export const createRecorder = (ports: RecorderPorts): Recorder => {
  const { failed, time, liveness } = ports;
  const waiting: Waiting[] = [];
  let writes = 0;
  let lingering = false;
  let idle: (() => void)[] = [];

  const attempt = async (left: Set<Outcome>): Promise<void> => {
    const ended = liveness.begin('record outcomes', writeDeadlineMs);
    try {
      await recordLeft(left, ports);
      ended('done');
    } catch (thrown) {
      ended('failed');
      failed(thrown, waiting.length + left.size);
      await time.wait(retryMs);
    }
  };

  const write = async (): Promise<void> => {
    const batch = waiting.splice(0, maxPerWrite);
    writes += 1;
    const left = new Set(batch.map(({ outcome }) => outcome));
    while (left.size > 0) await attempt(left);
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
    // While one write is under way the next fills up; a second starts beside it only when it is
    // full.
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
    isOverloaded: () => waiting.length > maxWaiting,
    flush: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        arm();
      }),
  };
};

/** Writes what is left, and takes out of it what is written. One outcome that Postgres refuses
 *  must not hold up the others: it is found by halving. Throws an outage and an error of our own
 *  code. */
const recordLeft = async (left: Set<Outcome>, ports: RecorderPorts): Promise<void> => {
  const { failed: refused } = await bisect([...left], async (some) => {
    await failPoint('dispatch.record');
    await ports.record(some);
    for (const outcome of some) left.delete(outcome);
    await failPoint('dispatch.recorded');
  });
  for (const { item, fault, error } of refused) {
    if (fault === 'code') throw error;
    await recordLess(item, error, ports);
    left.delete(item);
  }
};

const recordLess = async (outcome: Outcome, error: unknown, { record, reduced }: RecorderPorts): Promise<void> => {
  for (const [recordedAs, reduce] of reductions) {
    try {
      await record([reduce(outcome, error)]);
      return reduced(outcome, recordedAs, error);
    } catch (thrown) {
      if (recordedAs === 'parked' || faultOf(thrown) !== 'record') throw thrown;
    }
  }
};

/** Only its code: the message may repeat the very text that was refused. */
const sqlStateOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

const withoutTexts = (outcome: Outcome, error: unknown): Outcome => {
  const note = `not stored: refused by Postgres (${sqlStateOf(error)})`;
  const nothing = { url: '', requestHeaders: null, requestBody: null, answerHeaders: null };
  return { ...outcome, attempt: outcome.attempt && { ...outcome.attempt, ...nothing, answer: note } };
};

const parked = (outcome: Outcome): Outcome => ({
  ...outcome,
  state: 'parked',
  reason: 'outcome_not_recorded',
  dueInMs: null,
  attempt: null,
});

const reductions: readonly [Reduction, (outcome: Outcome, error: unknown) => Outcome][] = [
  ['without_texts', withoutTexts],
  ['parked', parked],
];
