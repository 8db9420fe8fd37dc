import { CodedError, systemTime, type Time } from '#runtime';
import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Answer, Command, Opening, Row, Stored } from './protocol.js';

/** Structurally what libs/kafka sends; adapters do not import each other. */
export type SpoolRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };

/** - `SPOOL_FULL`: the limit that was set is reached.
 *  - `SPOOL_BUSY`: too much waits for the disk in memory.
 *  - `SPOOL_DISK_FULL`: the disk takes no more.
 *  - `SPOOL_BROKEN`: the file cannot be written for another reason, or the spool is closed. */
type SpoolErrorCode = 'SPOOL_FULL' | 'SPOOL_BUSY' | 'SPOOL_DISK_FULL' | 'SPOOL_BROKEN';
class SpoolError extends CodedError {
  override readonly name = 'SpoolError';
  declare readonly code: SpoolErrorCode;
}

export type Spool = {
  /** Resolves when all of the records are on the disk (fsync), in the order of the calls. Rejects
   *  with a SpoolError; then none of them is kept. `share`: how much of each limit they may use, 0
   *  to 1. */
  append(records: readonly SpoolRecord[], share?: number): Promise<void>;
  /** Sends what is kept, in order and in batches, and removes each batch when `send` resolves.
   *  Resolves when nothing is left; rejects when `send` does, and what was not sent is kept. One at
   *  a time. */
  drainInOrder(send: (records: SpoolRecord[]) => Promise<void>): Promise<void>;
  /** Records that were given to `append` and are not sent yet; counts from the call, not the
   *  fsync. */
  readonly depth: number;
  readonly bytes: number;
  /** Bytes of records in memory whose commit is not done. */
  readonly pendingBytes: number;
  readonly oldestAtMs: number | null;
  nowMs(): number;
  /** Waits for the commit under way. Leaves the file if something is in it: the next process that
   *  opens the folder drains it. */
  close(): Promise<void>;
};

type SpoolOptions = {
  folder: string;
  /** Of the records kept; the file may be a little larger. */
  maxBytes: number;
  /** Of records that wait for the disk in memory, so that a disk that hangs does not fill the
   *  memory. */
  maxPendingBytes?: number;
  time?: Pick<Time, 'nowMs'>;
};

const drainRecords = 500;
const drainBytes = 2_000_000;
const rowOverheadBytes = 100;
const sqliteFull = 13;

type NewRow = Row & { atMs: number };
type Waiting = { resolve: () => void; reject: (error: SpoolError) => void };

/** Opens the spool of a folder (P1: durable before OK when Kafka is away). A file belongs to one
 *  process at a time; what dead processes left in the folder is taken over. */
export const openSpool = async ({
  maxPendingBytes = 64_000_000,
  time = systemTime,
  ...options
}: SpoolOptions): Promise<Spool> => {
  const thread = await startThread(options.folder, time);
  return new DiskSpool(thread, { ...options, maxPendingBytes, time });
};

class DiskSpool implements Spool {
  depth: number;
  bytes: number;
  pendingBytes = 0;
  oldestAtMs: number | null;
  private isClosed = false;
  private rows: NewRow[] = [];
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly thread: Thread,
    private readonly options: Required<SpoolOptions>,
  ) {
    ({ depth: this.depth, bytes: this.bytes, oldestAtMs: this.oldestAtMs } = thread.opened);
  }

  nowMs(): number {
    return this.options.time.nowMs();
  }

  append(records: readonly SpoolRecord[], share = 1): Promise<void> {
    const { maxBytes, maxPendingBytes } = this.options;
    const atMs = this.nowMs();
    const rows = records.map((record) => ({ ...rowOf(record), atMs }));
    const added = sumOf(rows);
    const refuse = (code: SpoolErrorCode, message: string) => Promise.reject(new SpoolError(code, message));
    if (this.isClosed) return refuse('SPOOL_BROKEN', 'the spool is closed');
    if (this.bytes + added > maxBytes * share)
      return refuse('SPOOL_FULL', `${this.bytes} of ${maxBytes} bytes are in use`);
    if (this.pendingBytes + added > maxPendingBytes * share)
      return refuse('SPOOL_BUSY', `${this.pendingBytes} bytes wait for the disk`);
    this.depth += rows.length;
    this.bytes += added;
    this.pendingBytes += added;
    this.oldestAtMs ??= atMs;
    return new Promise((resolve, reject) => {
      this.rows.push(...rows);
      this.waiting.push({ resolve, reject });
      // Not at once: callers of the same turn of the event loop share one commit.
      this.writing ??= Promise.resolve().then(() => this.writeAll());
    });
  }

  /** Calls that come while a commit is under way share the next one. */
  private async writeAll(): Promise<void> {
    while (this.rows.length > 0) {
      const { rows, waiting } = this;
      this.rows = [];
      this.waiting = [];
      try {
        ({ oldestAtMs: this.oldestAtMs } = await this.thread.ask({ kind: 'append', records: rows }, 'done'));
        for (const { resolve } of waiting) resolve();
      } catch (thrown) {
        this.depth -= rows.length;
        this.bytes -= sumOf(rows);
        for (const { reject } of waiting) reject(asSpoolError(thrown));
      }
      this.pendingBytes -= sumOf(rows);
    }
    this.writing = null;
  }

  async drainInOrder(send: (records: SpoolRecord[]) => Promise<void>): Promise<void> {
    let afterSeq = 0;
    while (this.depth > 0 && !this.isClosed) {
      const { records } = await this.thread.ask({ kind: 'read', afterSeq, limit: drainRecords }, 'read');
      const batch = upTo(drainBytes, records);
      const last = batch.at(-1);
      if (!last) {
        // What is counted but not there yet is behind the commit that this read has waited for.
        if (this.writing === null) return;
        continue;
      }
      await send(batch.map(recordOf));
      ({ oldestAtMs: this.oldestAtMs } = await this.thread.ask({ kind: 'remove', throughSeq: last.seq }, 'done'));
      afterSeq = last.seq;
      this.depth -= batch.length;
      this.bytes -= sumOf(batch);
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.writing;
    await this.thread.ask({ kind: 'close', empty: this.depth === 0 }, 'done');
    await this.thread.ended;
  }
}

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
const upTo = (maxBytes: number, records: readonly Stored[]): readonly Stored[] => {
  let bytes = 0;
  const end = records.findIndex((record) => (bytes += record.bytes) > maxBytes);
  return end < 0 ? records : records.slice(0, Math.max(1, end));
};

const asSpoolError = (thrown: unknown): SpoolError =>
  thrown instanceof SpoolError ? thrown : new SpoolError('SPOOL_BROKEN', String(thrown), { cause: thrown });

type Thread = {
  opened: Extract<Answer, { kind: 'opened' }>;
  ended: Promise<void>;
  ask<Kind extends Answer['kind']>(command: Command, kind: Kind): Promise<Extract<Answer, { kind: Kind }>>;
};

/** Starts the worker that owns the file. Rejects when the file cannot be opened. A worker that dies
 *  fails all that wait for it. */
const startThread = async (folder: string, time: Pick<Time, 'nowMs'>): Promise<Thread> => {
  // Node 24 runs TypeScript itself, which is what it finds here under jest; in dist it finds
  // JavaScript.
  const file = new URL(import.meta.url.endsWith('.ts') ? './spool-file.ts' : './spool-file.js', import.meta.url);
  const newName = `${time.nowMs()}-${process.pid}-${randomUUID().slice(0, 8)}.spool`;
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
