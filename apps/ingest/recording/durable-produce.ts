import { CodedError, messageOf } from '#runtime';

/** Where a record goes now: straight to Kafka; to the disk first; or nowhere, because the disk takes no more either. */
export type DurableState = 'kafka' | 'spooling' | 'full';

type OutRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };

/** What it stands on: libs/kafka and libs/spool, as narrow as they are used here. A rejection of `produce` may name the records that were
 *  not written (`failed`); without that none counts as written. */
export type DurablePorts = {
  kafka: { produce(records: readonly OutRecord[]): Promise<void>; readonly state: string };
  spool: {
    append(records: readonly OutRecord[]): Promise<void>;
    drainInOrder(send: (records: OutRecord[]) => Promise<void>): Promise<void>;
    readonly depth: number;
  };
  log: { info(fields: object): void; warn(fields: object): void; error(fields: object): void };
  /** Between two tries to drain. */
  retryEveryMs?: number;
};

export type DurableProducer = {
  /** Resolves when the records are durable (P1): acknowledged by Kafka, or on this disk. Rejects when neither would have them
   *  (`NOT_DURABLE`), or when Kafka refuses the record itself (`KAFKA_REFUSED`), which no waiting would mend. */
  produce(records: readonly OutRecord[]): Promise<void>;
  readonly state: DurableState;
  /** Stops draining. What is in the spool stays there for the next start. */
  close(): Promise<void>;
};

/** Larger than any broker takes unless told otherwise (`message.max.bytes`, 1 MiB with its frame). */
const maxRecordBytes = 1_000_000;
/** When so few are left on the disk, newcomers wait in memory for the rest to be sent instead of going behind it. */
const holdBelow = 1_000;
const maxHeld = 2_000;

type Held = { records: readonly OutRecord[]; resolve: () => void; reject: (error: unknown) => void };

/** Durable before OK, also without Kafka.
 *
 *  Order: as long as one record waits on the disk, every later one goes there too, behind it, so that nothing overtakes (the spool counts a
 *  record from the call on, before it is written). A record that Kafka has failed goes to the disk in the turn of the event loop in which
 *  all that waited were failed, so it is there before any that comes later. What Kafka had written although it could not say so is
 *  written again by the drain: twice is harmless, because every record has an id of its own; lost is not.
 *
 *  The way over the disk costs more than the direct one, so on a busy machine a drain might never catch up with what comes in behind it.
 *  Hence the last stretch is run with newcomers held in memory, unanswered; if it fails they go to the disk after all, in order. */
export const createDurableProducer = ({ kafka, spool, log, retryEveryMs = 250 }: DurablePorts): DurableProducer => {
  let full = false;
  let closed = false;
  let draining: Promise<void> | null = null;
  let flowing = false;
  let held: Held[] = [];
  let wake: () => void = () => undefined;

  const keep = async (records: readonly OutRecord[]): Promise<void> => {
    try {
      const kept = spool.append(records);
      drainSoon();
      await kept;
      full = false;
    } catch (thrown) {
      if (!full) log.error({ event: 'spool.full', depth: spool.depth, error: messageOf(thrown) });
      full = true;
      throw new CodedError('NOT_DURABLE', `neither Kafka nor the disk takes it: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  };

  const direct = async (records: readonly OutRecord[]): Promise<void> => {
    try {
      await kafka.produce(records);
      full = false;
    } catch (thrown) {
      const { code, failed } = thrown as { code?: unknown; failed?: readonly OutRecord[] };
      if (code === 'KAFKA_REFUSED') throw thrown;
      await keep(failed ?? records);
    }
  };

  /** All who were held, in the order of their calls, before anybody else gets a turn. */
  const letGo = (way: (records: readonly OutRecord[]) => Promise<void>): void => {
    const waiting = held;
    held = [];
    for (const { records, resolve, reject } of waiting) way(records).then(resolve, reject);
  };

  const send = async (records: OutRecord[]): Promise<void> => {
    if (closed) throw new Error('the producer is closed');
    await kafka.produce(records);
    flowing = true;
    full = false;
  };

  const drain = async (): Promise<void> => {
    const startedAt = performance.now();
    log.warn({ event: 'spool.in_use', depth: spool.depth });
    let said = '';
    while (spool.depth > 0 && !closed) {
      try {
        await spool.drainInOrder(send);
      } catch (thrown) {
        // Also a refusal: what has been answered with OK is never dropped, so it waits until somebody has mended the cause.
        flowing = false;
        letGo(keep);
        const why = messageOf(thrown);
        if (why !== said) log.warn({ event: 'spool.waiting', depth: spool.depth, error: why });
        said = why;
        await pause();
      }
    }
    flowing = false;
    letGo(closed ? keep : direct);
    if (!closed) log.info({ event: 'spool.drained', seconds: Math.round((performance.now() - startedAt) / 100) / 10 });
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, retryEveryMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const drainSoon = (): void => {
    if (closed || draining || spool.depth === 0) return;
    draining = drain().finally(() => {
      draining = null;
      drainSoon();
    });
  };

  const produce = (records: readonly OutRecord[]): Promise<void> => {
    if (records.some(({ value }) => value.length > maxRecordBytes))
      return Promise.reject(new CodedError('KAFKA_REFUSED', `a record is larger than ${maxRecordBytes} bytes`));
    const mayHold = flowing && held.length < maxHeld && (held.length > 0 || spool.depth <= holdBelow);
    if (mayHold) return new Promise((resolve, reject) => held.push({ records, resolve, reject }));
    letGo(keep);
    return spool.depth > 0 || kafka.state !== 'connected' ? keep(records) : direct(records);
  };

  drainSoon();
  return {
    produce,
    get state() {
      if (full) return 'full';
      return spool.depth > 0 || kafka.state !== 'connected' ? 'spooling' : 'kafka';
    },
    close: async () => {
      closed = true;
      wake();
      await draining;
    },
  };
};
