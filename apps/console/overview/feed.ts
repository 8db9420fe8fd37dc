import type { ServerResponse } from 'node:http';
import { messageOf, systemTime, type Logger, type Time } from '#runtime';

/** Follows a list of rows in the order of their decision, once for all readers of a process, and
 *  sends each reader the rows that match its filter, as server-sent events. A row gets its time
 *  before its transaction commits, so looks reach back and skip what was already sent: each by
 *  `nearMs`, every tenth by `overlapMs`. No row is missed; after a reconnect a row of the last
 *  seconds can come twice, with the same event id. */

export type Row = { id: string; at: string };
type Place = { at: string; id: string };
/** Rows after a place, oldest first. */
type Read<Filter, Item extends Row> = (filter: Filter, after: Place, limit: number) => Promise<Item[]>;
type FeedOptions<Filter, Item extends Row> = {
  event: string;
  read: Read<Filter, Item>;
  lets: (filter: Filter, item: Item) => boolean;
  show: (item: Item) => object;
  /** Lets every row through. */
  everything: Filter;
  log: Logger;
  time?: Time;
};

const everyMs = 500;
const heartbeatMs = 15_000;
const overlapMs = 10_000;
/** Nearly every transaction commits within this time. Reaching back by `overlapMs` each time would
 *  read each row twenty times. */
const nearMs = 1_000;
const looksPerDeep = 10;
const pageRows = 1_000;
/** Bytes that wait for a slow reader before it is dropped. */
const maxWaitingBytes = 1_000_000;
/** Rows that one look, or one resume, catches up with. A reader that missed more receives an event
 *  that says so. */
const maxCaughtUp = 20_000;
const maxReaders = 200;

const firstId = '00000000-0000-0000-0000-000000000000';
const isoOf = (ms: number): string => new Date(ms).toISOString();
const eventIdOf = ({ at, id }: Place): string => `${at}_${id}`;
const eventId = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z)_([0-9a-f-]{36})$/;
/** Null: not an id that an event of ours had. */
export const placeOfEvent = (text: string | undefined): Place | null => {
  const [, at, id] = eventId.exec(text ?? '') ?? [];
  return at !== undefined && id !== undefined ? { at, id } : null;
};

/** One connection. `queued`: live rows that arrive while it catches up; null: it is up to date.
 *  `caughtUp`: rows of the last seconds that it got by catching up, so that it does not get them
 *  twice. */
type Reader<Filter, Item> = { filter: Filter; out: ServerResponse; queued: Item[] | null; caughtUp: Set<string> };

export class Feed<Filter, Item extends Row> {
  private readonly readers = new Set<Reader<Filter, Item>>();
  private readonly time: Time;
  private readonly closing = new AbortController();
  private isFollowing = false;
  /** Where a deep look begins, and where the others do. */
  private place: Place = { at: isoOf(0), id: firstId };
  private near: Place = this.place;
  private looks = 0;
  /** The rows that were sent within the overlap, with their time. */
  private recent = new Map<string, number>();

  constructor(private readonly options: FeedOptions<Filter, Item>) {
    this.time = options.time ?? systemTime;
  }

  get isFull(): boolean {
    return this.readers.size >= maxReaders;
  }

  /** Takes over an answer whose head has been written. Resolves when the reader is up to date.
   *  @param since the last event that the reader has; null: only what comes from now on. */
  async add(out: ServerResponse, filter: Filter, since: Place | null): Promise<void> {
    const reader: Reader<Filter, Item> = { filter, out, queued: [], caughtUp: new Set() };
    this.readers.add(reader);
    out.once('close', () => this.readers.delete(reader));
    out.on('error', () => this.readers.delete(reader));
    out.write(': connected\n\n');
    void this.follow();
    if (since !== null)
      await this.catchUp(reader, since).catch((thrown: unknown) => this.drop(reader, messageOf(thrown)));
    const { queued, caughtUp } = reader;
    reader.queued = null;
    for (const item of queued ?? []) if (!caughtUp.has(nameOf(item))) this.send(reader, this.textOf(item));
    // After that no look reaches back so far.
    void this.time.wait(3 * overlapMs, this.closing.signal).then(() => caughtUp.clear());
  }

  close(): void {
    this.closing.abort();
    for (const { out } of this.readers) out.end('event: closing\ndata: {}\n\n');
  }

  /** Everything that the reader missed, a page at a time, as fast as it reads. */
  private async catchUp(reader: Reader<Filter, Item>, since: Place): Promise<void> {
    let after: Place = { at: isoOf(Date.parse(since.at) - overlapMs), id: firstId };
    for (let caught = 0; caught < maxCaughtUp && !reader.out.destroyed; caught += pageRows) {
      const rows = await this.options.read(reader.filter, after, pageRows);
      for (const item of rows) {
        if (Date.parse(item.at) > this.time.nowMs() - 3 * overlapMs) reader.caughtUp.add(nameOf(item));
        if (!this.send(reader, this.textOf(item))) await drained(reader.out);
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageRows) return;
      after = last;
    }
    this.send(reader, `event: truncated\ndata: ${JSON.stringify({ after: after.at, limit: maxCaughtUp })}\n\n`);
  }

  /** Looks for new rows as long as there are readers. What was there before the first reader
   *  came is not new. */
  private async follow(): Promise<void> {
    if (this.isFollowing) return;
    this.isFollowing = true;
    this.place = { at: isoOf(this.time.nowMs() - overlapMs), id: firstId };
    this.near = this.place;
    this.recent = new Map();
    this.looks = 0;
    let beatAtMs = this.time.monotonicMs() + heartbeatMs;
    for (let isFirst = true; this.readers.size > 0 && !this.closing.signal.aborted; isFirst = false) {
      await this.look(isFirst).catch((thrown: unknown) =>
        this.options.log.warn({ event: 'stream.look_failed', error: messageOf(thrown) }),
      );
      if (this.time.monotonicMs() >= beatAtMs) {
        for (const reader of this.readers) this.send(reader, ': still here\n\n');
        beatAtMs = this.time.monotonicMs() + heartbeatMs;
      }
      await this.time.wait(everyMs, this.closing.signal);
    }
    this.isFollowing = false;
  }

  private async look(isFirst: boolean): Promise<void> {
    const { read, everything } = this.options;
    const isDeep = this.looks % looksPerDeep === 0;
    let after = isDeep ? this.place : this.near;
    this.looks += 1;
    for (let caught = 0; caught < maxCaughtUp; caught += pageRows) {
      const rows = await read(everything, after, pageRows);
      const fresh = rows.filter((row) => !this.recent.has(nameOf(row)));
      for (const row of fresh) this.recent.set(nameOf(row), Date.parse(row.at));
      if (!isFirst) this.hand(fresh);
      const last = rows.at(-1);
      if (last) after = last;
      if (rows.length < pageRows) break;
    }
    const newestMs = Math.min(Date.parse(after.at), this.time.nowMs());
    if (newestMs - nearMs > Date.parse(this.near.at)) this.near = { at: isoOf(newestMs - nearMs), id: firstId };
    if (!isDeep) return;
    // Moved by deep looks only: a row that commits between two of them is in reach of the second.
    const horizonMs = newestMs - overlapMs;
    if (horizonMs > Date.parse(this.place.at)) this.place = { at: isoOf(horizonMs), id: firstId };
    for (const [name, atMs] of this.recent) if (atMs < horizonMs) this.recent.delete(name);
  }

  /** Each row is written as text once, whatever the number of readers; each reader gets one
   *  write. */
  private hand(rows: readonly Item[]): void {
    const texts = rows.map((item) => ({ item, text: this.textOf(item) }));
    for (const reader of this.readers) {
      const own = texts.filter(
        ({ item }) => this.options.lets(reader.filter, item) && !reader.caughtUp.has(nameOf(item)),
      );
      if (reader.queued) reader.queued.push(...own.map(({ item }) => item));
      else if (own.length > 0) this.send(reader, own.map(({ text }) => text).join(''));
      if ((reader.queued?.length ?? 0) > maxCaughtUp) this.drop(reader, 'too slow');
    }
  }

  private textOf(item: Item): string {
    const data = JSON.stringify(this.options.show(item));
    return `id: ${eventIdOf(item)}\nevent: ${this.options.event}\ndata: ${data}\n\n`;
  }

  /** Whether the reader can take more at once. */
  private send(reader: Reader<Filter, Item>, text: string): boolean {
    const { out } = reader;
    if (out.destroyed || out.writableEnded) return true;
    if (out.writableLength > maxWaitingBytes) {
      this.drop(reader, 'too slow');
      return true;
    }
    return out.write(text);
  }

  /** The last event is written after what waits; a reader that never takes it is disconnected. */
  private drop(reader: Reader<Filter, Item>, reason: string): void {
    this.readers.delete(reader);
    this.options.log.info({ event: 'stream.reader_dropped', stream: this.options.event, reason });
    reader.out.end(`event: dropped\ndata: ${JSON.stringify({ reason })}\n\n`);
    void this.time.wait(heartbeatMs, this.closing.signal).then(() => reader.out.destroy());
  }
}

/** A row comes again when it is decided again: then it is another event. */
const nameOf = ({ at, id }: Row): string => eventIdOf({ at, id });

const drained = (out: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (out.destroyed || !out.writableNeedDrain) return resolve();
    out.once('drain', resolve).once('close', resolve);
  });
