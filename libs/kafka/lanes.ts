import type { KafkaProduceError, ProduceErrorCode } from './errors.js';
import type { OutRecord } from './producer.js';

/** One call of `produce`: it is open until each of its records is acknowledged or refused, or until its time is up. */
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
  lingerMs: number;
  maxBatchRecords: number;
  maxBatchBytes: number;
};

/** Several requests in flight without losing the order of a key: a key always takes the same lane, and a lane has one request in flight.
 *  While that request is on its way the lane collects, so batches grow with the load by themselves; `lingerMs` only makes them
 *  larger when a lane is idle. Lanes are chosen by key and not by partition, so this file needs to know nothing of the cluster. */
export const createLanes = (options: LaneOptions): Lanes => {
  const lanes = Array.from({ length: options.lanes }, () => createLane(options));
  return {
    add: (waiting, key) => lanes[hash(key) % lanes.length]!.add(waiting),
    idle: async () => void (await Promise.all(lanes.map((lane) => lane.idle()))),
  };
};

const createLane = ({ send, isOpen, lingerMs, maxBatchRecords, maxBatchBytes }: LaneOptions) => {
  let queue: Waiting[] = [];
  let sending: Promise<void> | null = null;
  let linger: NodeJS.Timeout | null = null;

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

  const sendAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = take();
      if (batch.length > 0) await send(batch);
    }
  };
  const start = (): void => {
    if (sending || queue.length === 0) return;
    if (linger) clearTimeout(linger);
    linger = null;
    sending = sendAll().then(() => {
      sending = null;
      // A record may have come between the loop's last look and this line.
      start();
    });
  };

  return {
    add: (waiting: Waiting): void => {
      queue.push(waiting);
      if (sending) return;
      if (queue.length >= maxBatchRecords) start();
      else linger ??= setTimeout(start, lingerMs);
    },
    /** Sends what waits without lingering; resolves when the lane is empty. */
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
