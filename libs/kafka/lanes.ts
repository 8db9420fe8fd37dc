import type { KafkaProduceError, ProduceErrorCode } from './errors.js';
import type { OutRecord } from './producer.js';

/** One call of `produce`: it is open until each of its records is acknowledged or refused, or until
 * its time is up. */
export type Call = {
  records: readonly OutRecord[];
  acknowledged: boolean[];
  open: number;
  deadline: number;
  refusal: { code: ProduceErrorCode; message: string } | null;
  resolve: () => void;
  reject: (error: KafkaProduceError) => void;
};
export type Waiting = { call: Call; index: number; bytes: number };

export type Lanes = { add(waiting: Waiting, key: string): void; idle(): Promise<void> };

type LaneOptions = {
  /** Must not reject. */
  send: (batch: readonly Waiting[]) => Promise<void>;
  /** False for a call that has been answered already: what still waits of it is not sent. */
  isOpen: (call: Call) => boolean;
  lanes: number;
  /** Between the starts of two requests of one lane, at least. */
  spacingMs: number;
  maxBatchRecords: number;
  maxBatchBytes: number;
};

/** Several requests in flight without losing the order of a key: a key always takes the same lane,
 * and a lane has one request in flight. While that request is on its way, and until `spacingMs`
 * after its start, the lane collects: an idle lane sends at once, a busy one makes fewer and
 * larger requests. Lanes are chosen by key and not by partition, so this file needs to know
 * nothing of the cluster. */
export const createLanes = (options: LaneOptions): Lanes => {
  const lanes = Array.from({ length: options.lanes }, () => createLane(options));
  return {
    add: (waiting, key) => lanes[hash(key) % lanes.length]!.add(waiting),
    idle: async () => void (await Promise.all(lanes.map((lane) => lane.idle()))),
  };
};

const createLane = ({ send, isOpen, spacingMs, maxBatchRecords, maxBatchBytes }: LaneOptions) => {
  let queue: Waiting[] = [];
  let sending: Promise<void> | null = null;
  let startedAt = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let turn: NodeJS.Immediate | null = null;

  const take = (): Waiting[] => {
    let bytes = 0;
    let end = 0;
    while (end < queue.length && end < maxBatchRecords) {
      bytes += queue[end]!.bytes;
      if (end > 0 && bytes > maxBatchBytes) break;
      end += 1;
    }
    const batch = queue.slice(0, end);
    queue = queue.slice(end);
    return batch.filter(({ call }) => isOpen(call));
  };

  const start = (): void => {
    if (timer) clearTimeout(timer);
    if (turn) clearImmediate(turn);
    timer = turn = null;
    if (sending || queue.length === 0) return;
    startedAt = performance.now();
    const batch = take();
    sending = (batch.length > 0 ? send(batch) : Promise.resolve()).then(() => {
      sending = null;
      schedule();
    });
  };
  const schedule = (): void => {
    if (sending || turn || queue.length === 0) return;
    const restMs = startedAt + spacingMs - performance.now();
    // Not at once even then: all that comes in this turn of the event loop goes together.
    if (restMs <= 0 || queue.length >= maxBatchRecords) turn = setImmediate(start);
    else timer ??= setTimeout(start, restMs);
  };

  return {
    add: (waiting: Waiting): void => {
      queue.push(waiting);
      schedule();
    },
    /** Sends what waits without delay; resolves when the lane is empty. */
    idle: async (): Promise<void> => {
      while (queue.length > 0 || sending) {
        start();
        await sending;
      }
    },
  };
};

/** FNV-1a, 32 bits: spreads short keys evenly and costs nothing. */
const hash = (key: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) value = Math.imul(value ^ key.charCodeAt(index), 0x01000193);
  return value >>> 0;
};
