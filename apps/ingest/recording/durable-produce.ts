import { CodedError, failPoint, messageOf, systemTime, type Time } from '#runtime';

/** Where a record goes now: straight to Kafka; to the disk first; or nowhere, because the disk
 *  takes no more either. */
type DurableState = 'kafka' | 'spooling' | 'full';

type OutRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };
type Log = { info(fields: object): void; warn(fields: object): void; error(fields: object): void };

/** libs/kafka and libs/spool, as narrow as they are used here. A rejection of `produce` may name
 *  the records that were not written (`failed`); without that none counts as written. */
type DurablePorts = {
  kafka: { produce(records: readonly OutRecord[]): Promise<void>; readonly state: string };
  spool: {
    append(records: readonly OutRecord[], share?: number): Promise<void>;
    drainInOrder(send: (records: OutRecord[]) => Promise<void>): Promise<void>;
    readonly depth: number;
  };
  log: Log;
  /** Called with the code for each call that the spool did not take. */
  onRefused?: (code: string) => void;
  /** Between two tries to drain. */
  retryEveryMs?: number;
  time?: Time;
};

/** Larger than a broker takes unless set otherwise (`message.max.bytes`, 1 MiB with its frame). */
const maxRecordBytes = 1_000_000;
/** When fewer are left on the disk, new records wait in memory for the rest to be sent. */
const holdBelow = 1_000;
const maxHeld = 2_000;

type Route = (records: readonly OutRecord[], share: number) => Promise<void>;
type Held = { records: readonly OutRecord[]; share: number; resolve: () => void; reject: (error: unknown) => void };

/** - `none`: nothing is drained. `waiting`: the disk holds records that Kafka does not take.
 *  - `flowing`: batches of the disk reach Kafka. */
type Drain = 'none' | 'waiting' | 'flowing';

/** Durable before OK (P1), also without Kafka.
 *
 *  - While one record waits on the disk, every later one goes there too, behind it: order per key
 *  holds. - A record whose send failed goes to the disk in the same turn of the event loop, before
 *  any later
 *  one; what Kafka wrote without being able to say so is written again by the drain. - The last
 *  stretch of a drain runs with new records held in memory, because the way over the disk
 *  costs more and a drain might never catch up. */
export class DurableProducer {
  private isFull = false;
  private readonly closing = new AbortController();
  private drain: Drain = 'none';
  private draining: Promise<void> | null = null;
  private held: Held[] = [];

  constructor(private readonly ports: DurablePorts) {
    this.drainSoon();
  }

  get state(): DurableState {
    if (this.isFull) return 'full';
    return this.mustSpool ? 'spooling' : 'kafka';
  }

  /** Resolves when the records are durable: acknowledged by Kafka, or on this disk. `share`: how
   *  much of the spool they may use. Rejects with `NOT_DURABLE` when neither takes them, and with
   *  `KAFKA_REFUSED` when Kafka refuses the record itself, so that no retry helps. */
  produce(records: readonly OutRecord[], share = 1): Promise<void> {
    if (records.some(({ value }) => value.length > maxRecordBytes))
      return Promise.reject(new CodedError('KAFKA_REFUSED', `a record is larger than ${maxRecordBytes} bytes`));
    const { depth } = this.ports.spool;
    const mayHold = this.drain === 'flowing' && this.held.length < maxHeld;
    if (mayHold && (this.held.length > 0 || depth <= holdBelow))
      return new Promise((resolve, reject) => this.held.push({ records, share, resolve, reject }));
    this.sendHeld(this.toDisk);
    return this.mustSpool ? this.toDisk(records, share) : this.toKafka(records, share);
  }

  /** Stops draining. What is in the spool stays there for the next start. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.draining;
  }

  private get mustSpool(): boolean {
    return this.ports.spool.depth > 0 || this.ports.kafka.state !== 'connected';
  }

  private readonly toDisk: Route = async (records, share) => {
    const { spool, log, onRefused } = this.ports;
    try {
      const written = spool.append(records, share);
      this.drainSoon();
      await written;
      if (share === 1) this.isFull = false;
    } catch (thrown) {
      onRefused?.(String((thrown as { code?: unknown }).code));
      // Only records that may use all of the spool say that it is full.
      if (share === 1 && !this.isFull) log.error({ event: 'spool.full', depth: spool.depth, error: messageOf(thrown) });
      this.isFull ||= share === 1;
      throw new CodedError('NOT_DURABLE', `neither Kafka nor the disk takes it: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
    await failPoint('ingest.after-spool-write');
  };

  private readonly toKafka: Route = async (records, share) => {
    try {
      await this.ports.kafka.produce(records);
      this.isFull = false;
    } catch (thrown) {
      const { code, failed } = thrown as { code?: unknown; failed?: readonly OutRecord[] };
      if (code === 'KAFKA_REFUSED') throw thrown;
      return this.toDisk(failed ?? records, share);
    }
    await failPoint('ingest.after-produce');
  };

  /** All held records by one route, in the order of their calls, before any other gets a turn. */
  private sendHeld(route: Route): void {
    const { held } = this;
    this.held = [];
    for (const { records, share, resolve, reject } of held) route(records, share).then(resolve, reject);
  }

  private drainSoon(): void {
    if (this.closing.signal.aborted || this.draining || this.ports.spool.depth === 0) return;
    this.draining = this.drainAll().finally(() => {
      this.draining = null;
      this.drainSoon();
    });
  }

  private async drainAll(): Promise<void> {
    const { spool, log, retryEveryMs = 250, time = systemTime } = this.ports;
    const { signal } = this.closing;
    const startedAtMs = time.monotonicMs();
    log.warn({ event: 'spool.in_use', depth: spool.depth });
    let lastError = '';
    while (spool.depth > 0 && !signal.aborted) {
      try {
        await spool.drainInOrder((records) => this.sendDrained(records));
      } catch (thrown) {
        // Also for a refusal: a record that was answered with OK waits until the cause is
        // corrected.
        this.drain = 'waiting';
        this.sendHeld(this.toDisk);
        const error = messageOf(thrown);
        if (error !== lastError) log.warn({ event: 'spool.waiting', depth: spool.depth, error });
        lastError = error;
        await time.wait(retryEveryMs, signal);
      }
    }
    this.drain = 'none';
    this.sendHeld(signal.aborted ? this.toDisk : this.toKafka);
    const seconds = Math.round((time.monotonicMs() - startedAtMs) / 100) / 10;
    if (!signal.aborted) log.info({ event: 'spool.drained', seconds });
  }

  private async sendDrained(records: OutRecord[]): Promise<void> {
    if (this.closing.signal.aborted) throw new Error('the producer is closed');
    await this.ports.kafka.produce(records);
    await failPoint('ingest.after-drain-send');
    this.drain = 'flowing';
    this.isFull = false;
  }
}
