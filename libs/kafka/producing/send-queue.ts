import type { KafkaProduceError, ProduceErrorCode } from '../connection/errors.js';
import type { OutRecord } from '../connection/ports.js';

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

export type SendQueue = { add(waiting: Waiting): void; idle(): Promise<void> };

type QueueOptions = {
  /** Must not reject. */
  send: (batch: readonly Waiting[]) => Promise<void>;
  /** False for a call that has been answered already: the rest of it is not sent. */
  isOpen: (call: Call) => boolean;
  /** Between the starts of two requests, at least. */
  spacingMs: number;
  maxBatchRecords: number;
  maxBatchBytes: number;
};

/** Collects records into produce requests, one in flight, so that the order of every key holds.
 * While a request is out, and until `spacingMs` after its start, the queue collects: an idle queue
 * sends at once, a busy one makes fewer and larger requests. */
export const createSendQueue = (options: QueueOptions): SendQueue => {
  const { send, isOpen, spacingMs, maxBatchRecords, maxBatchBytes } = options;
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
    /** Sends what waits without delay; resolves when the queue is empty. */
    idle: async (): Promise<void> => {
      while (queue.length > 0 || sending) {
        start();
        await sending;
      }
    },
  };
};
