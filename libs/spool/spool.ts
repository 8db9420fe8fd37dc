import { CodedError } from '#runtime';
import { Worker } from 'node:worker_threads';
import type { Answer, Command, Opening, Row, Stored } from './protocol.js';

/** Structurally what libs/kafka sends; adapters do not import each other. */
export type SpoolRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };

/** - `SPOOL_FULL`: the limit that was set is reached.
 *  - `SPOOL_DISK_FULL`: the disk takes no more.
 *  - `SPOOL_BROKEN`: the file cannot be written for another reason, or the spool is closed. */
export type SpoolErrorCode = 'SPOOL_FULL' | 'SPOOL_DISK_FULL' | 'SPOOL_BROKEN';
export class SpoolError extends CodedError {
  override readonly name = 'SpoolError';
  declare readonly code: SpoolErrorCode;
}

export type Spool = {
  /** Resolves when all of them are on the disk (fsync), in the order of the calls. Rejects with a SpoolError; then none of them is kept. */
  append(records: readonly SpoolRecord[]): Promise<void>;
  /** Sends what is kept, in order, in batches, and forgets each batch when `send` resolves. Resolves when nothing is left, also nothing
   *  that came in meanwhile. When `send` rejects so does this; what was not sent is kept. One at a time. */
  drainInOrder(send: (records: SpoolRecord[]) => Promise<void>): Promise<void>;
  /** Records that have been given to `append` and not yet been sent; counts from the call, not from the fsync. */
  readonly depth: number;
  readonly bytes: number;
  readonly oldestAtMs: number | null;
  /** Waits for what is being written. Leaves the file where something is in it: the next process to open the folder drains it. */
  close(): Promise<void>;
};

const drainRecords = 500;
const drainBytes = 2_000_000;
const rowOverheadBytes = 100;
const sqliteFull = 13;

/** Opens the spool of a folder (P1: durable before OK when Kafka is away). A file belongs to one process at a time; what dead processes
 *  left in the folder is taken over. @param maxBytes of the records kept; the file may be a little larger. */
export const openSpool = async (of: { folder: string; maxBytes: number }): Promise<Spool> => {
  const thread = await startThread(of.folder);
  const { opened } = thread;
  let { depth, bytes, oldestAtMs } = opened;
  let closed = false;
  let group: {
    rows: (Row & { atMs: number })[];
    waiting: { resolve: () => void; reject: (error: SpoolError) => void }[];
  };
  const emptyGroup = () => (group = { rows: [], waiting: [] });
  emptyGroup();
  let writing: Promise<void> | null = null;

  /** Whoever comes while a commit is on its way waits for the next, and all who wait share it. */
  const writeAll = async (): Promise<void> => {
    while (group.rows.length > 0) {
      const { rows, waiting } = group;
      emptyGroup();
      try {
        ({ oldestAtMs } = await thread.ask({ kind: 'append', records: rows }, 'done'));
        for (const { resolve } of waiting) resolve();
      } catch (thrown) {
        depth -= rows.length;
        bytes -= sumOf(rows);
        for (const { reject } of waiting) reject(asSpoolError(thrown));
      }
    }
    writing = null;
  };

  const append = (records: readonly SpoolRecord[]): Promise<void> => {
    if (closed) return Promise.reject(new SpoolError('SPOOL_BROKEN', 'the spool is closed'));
    const atMs = Date.now();
    const rows = records.map((record) => ({ ...rowOf(record), atMs }));
    const added = sumOf(rows);
    if (bytes + added > of.maxBytes)
      return Promise.reject(new SpoolError('SPOOL_FULL', `${bytes} of ${of.maxBytes} bytes are in use`));
    depth += rows.length;
    bytes += added;
    oldestAtMs ??= atMs;
    return new Promise((resolve, reject) => {
      group.rows.push(...rows);
      group.waiting.push({ resolve, reject });
      // Not at once: callers of the same turn of the event loop share one commit.
      writing ??= Promise.resolve().then(writeAll);
    });
  };

  const drainInOrder = async (send: (records: SpoolRecord[]) => Promise<void>): Promise<void> => {
    let afterSeq = 0;
    while (depth > 0 && !closed) {
      const { records } = await thread.ask({ kind: 'read', afterSeq, limit: drainRecords }, 'read');
      const batch = upTo(drainBytes, records);
      const last = batch.at(-1);
      if (!last) {
        // What is counted but not there yet is on its way to the disk, behind the commit that this read has waited for.
        if (writing === null) return;
        continue;
      }
      await send(batch.map(recordOf));
      ({ oldestAtMs } = await thread.ask({ kind: 'remove', throughSeq: last.seq }, 'done'));
      afterSeq = last.seq;
      depth -= batch.length;
      bytes -= sumOf(batch);
    }
  };

  return {
    append,
    drainInOrder,
    get depth() {
      return depth;
    },
    get bytes() {
      return bytes;
    },
    get oldestAtMs() {
      return oldestAtMs;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await writing;
      await thread.ask({ kind: 'close', empty: depth === 0 }, 'done');
      await thread.ended;
    },
  };
};

const rowOf = ({ topic, key, value, headers }: SpoolRecord): Row => {
  const text = JSON.stringify(headers ?? {});
  const size = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  return { topic, key, value, headers: text, bytes: size + key.length + text.length + rowOverheadBytes };
};
const recordOf = ({ topic, key, value, headers }: Stored): SpoolRecord => ({
  topic,
  key,
  value: typeof value === 'string' ? value : Buffer.from(value),
  headers: JSON.parse(headers) as Record<string, string>,
});
const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, { bytes }) => sum + bytes, 0);

/** At least one, so that a record larger than the bound does not stop the drain. */
const upTo = (mostBytes: number, records: readonly Stored[]): readonly Stored[] => {
  let bytes = 0;
  const end = records.findIndex((record) => (bytes += record.bytes) > mostBytes);
  return end < 0 ? records : records.slice(0, Math.max(1, end));
};

const asSpoolError = (thrown: unknown): SpoolError =>
  thrown instanceof SpoolError ? thrown : new SpoolError('SPOOL_BROKEN', String(thrown), { cause: thrown });

type Thread = {
  opened: Extract<Answer, { kind: 'opened' }>;
  ended: Promise<void>;
  ask<Kind extends Answer['kind']>(command: Command, kind: Kind): Promise<Extract<Answer, { kind: Kind }>>;
};

/** Starts the worker that owns the file. Rejects when the file cannot be opened. A worker that dies fails all that wait for it. */
const startThread = async (folder: string): Promise<Thread> => {
  // Node 24 runs TypeScript itself, which is what it finds here under jest; in dist it finds JavaScript.
  const file = new URL(import.meta.url.endsWith('.ts') ? './spool-file.ts' : './spool-file.js', import.meta.url);
  const newName = `${Date.now()}-${process.pid}-${Math.random().toString(36).slice(2, 8)}.spool`;
  const worker = new Worker(file, { workerData: { folder, newName } satisfies Opening });
  const asked: { resolve: (answer: Answer) => void; reject: (error: SpoolError) => void }[] = [];
  const next = () => new Promise<Answer>((resolve, reject) => asked.push({ resolve, reject }));
  let dead: SpoolError | null = null;
  const die = (error: SpoolError): void => {
    dead ??= error;
    for (const { reject } of asked.splice(0)) reject(dead);
  };
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  void ended.then(() => die(new SpoolError('SPOOL_BROKEN', 'the spool is closed')));
  worker.on('error', (error) => die(new SpoolError('SPOOL_BROKEN', error.message, { cause: error })));
  worker.on('message', (answer: Answer) => {
    const waiting = asked.shift();
    if (answer.kind !== 'failed') return waiting?.resolve(answer);
    const code = answer.errcode === sqliteFull ? 'SPOOL_DISK_FULL' : 'SPOOL_BROKEN';
    waiting?.reject(new SpoolError(code, answer.message));
  });
  const opened = (await next()) as Thread['opened'];
  const ask = async (command: Command): Promise<Answer> => {
    if (dead) throw dead;
    const answer = next();
    worker.postMessage(command);
    return answer;
  };
  return { opened, ended, ask: ask as Thread['ask'] };
};
