import { KafkaProduceError, type ProduceErrorCode } from './errors.js';
import type { OutRecord } from './ports.js';
import type { Call, Waiting } from '../producing/send-queue.js';

/** The calls of `produce` that have not been answered yet. */
export type Calls = {
  /** Records of open calls. */
  readonly waitingRecords: number;
  /** Opens a call. `enqueue` gets each of its records. */
  open(records: readonly OutRecord[], deadline: number, enqueue: (waiting: Waiting) => void): Promise<void>;
  isOpen(call: Call): boolean;
  /** The deadline that passes first; null without open calls. */
  firstDeadline(): number | null;
  acknowledge(waiting: Waiting): void;
  refuse(waiting: Waiting, error: Error): void;
  /** Rejects every open call. Its unacknowledged records may or may not have been written. */
  failAll(message: string, cause?: Error): void;
};

export const createCalls = (): Calls => {
  // In the order of their deadlines, because all calls have the same time to live.
  const calls = new Set<Call>();
  let waitingRecords = 0;

  const settle = (call: Call, code: ProduceErrorCode, message: string, cause?: unknown): void => {
    if (!calls.delete(call)) return;
    waitingRecords -= call.records.length;
    const failed = call.records.filter((_, index) => !call.acknowledged[index]);
    if (failed.length === 0) call.resolve();
    else call.reject(new KafkaProduceError(code, message, failed, cause));
  };

  return {
    get waitingRecords() {
      return waitingRecords;
    },
    open: (records, deadline, enqueue) => {
      waitingRecords += records.length;
      return new Promise((resolve, reject) => {
        const acknowledged = new Array<boolean>(records.length).fill(false);
        const call: Call = { records, acknowledged, open: records.length, deadline, refusal: null, resolve, reject };
        calls.add(call);
        records.forEach((record, index) => enqueue({ call, index, bytes: sizeOf(record) }));
      });
    },
    isOpen: (call) => calls.has(call),
    firstDeadline: () => {
      const [oldest] = calls;
      return oldest?.deadline ?? null;
    },
    acknowledge: ({ call, index }) => {
      call.acknowledged[index] = true;
      call.open -= 1;
      if (call.open === 0) settle(call, call.refusal?.code ?? 'KAFKA_AWAY', call.refusal?.message ?? '');
    },
    refuse: ({ call }, error) => {
      call.refusal ??= { code: 'KAFKA_REFUSED', message: error.message };
      call.open -= 1;
      if (call.open === 0) settle(call, 'KAFKA_REFUSED', call.refusal.message, error);
    },
    failAll: (message, cause) => {
      for (const call of calls) settle(call, 'KAFKA_AWAY', message, cause);
    },
  };
};

/** Bytes as the broker counts them, approximately: the record, its headers and 70 bytes of frame.
 */
const sizeOf = ({ key, value, headers }: OutRecord): number => {
  let bytes = 70 + key.length + (typeof value === 'string' ? Buffer.byteLength(value) : value.length);
  for (const name in headers) bytes += name.length + headers[name]!.length;
  return bytes;
};
