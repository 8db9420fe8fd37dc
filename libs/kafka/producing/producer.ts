import { createCalls, type Calls } from '../connection/calls.js';
import { createClient, protocolType, rootCause } from '../connection/client.js';
import { isRefusal, KafkaProduceError, type ProduceErrorCode } from '../connection/errors.js';
import type { KafkaConnection, KafkaMetrics, OutRecord } from '../connection/ports.js';
import { createProducerConnection, type ProducerConnection, type ProducerState } from './producer-connection.js';
import { createSendQueue, type SendQueue, type Waiting } from './send-queue.js';

export type Producer = {
  /** Resolves when every record is acknowledged by all in-sync replicas (P1). Rejects with a
   * KafkaProduceError naming those that are not. */
  produce(records: readonly OutRecord[]): Promise<void>;
  /** Resolves when nothing waits any more, with any outcome; takes about `timeoutMs` at most. */
  flush(): Promise<void>;
  close(): Promise<void>;
  readonly state: ProducerState;
  readonly waitingRecords: number;
};

export type ProducerOptions = KafkaConnection & {
  metrics: KafkaMetrics;
  /** Between the starts of two requests, at least. One request is in flight at a time: more make
   * smaller requests, see "Requests in flight" in docs/operating/speed.md. */
  spacingMs?: number;
  maxBatchRecords?: number;
  maxWaitingRecords?: number;
  /** From `produce` to its answer, in ms. */
  timeoutMs?: number;
};

/** A record set larger than the broker's `message.max.bytes` (1 MiB by default) is refused as a
 * whole. */
const maxBatchBytes = 900_000;

/** The client side of P1: micro-batches, acknowledged by all in-sync replicas. A record can be
 * written twice after a lost answer; every reader of ours recognises it by its id.
 *
 * kafkajs's idempotent producer is not used: it retries without limit, which hides an outage, and
 * reuses sequence numbers wrongly after a failed request. Resolves after the first attempt to
 * connect, connected or not: a process has to start while Kafka is away. */
export const connectProducer = async (options: ProducerOptions): Promise<Producer> => {
  const { metrics, timeoutMs = 2_000, maxWaitingRecords = 20_000 } = options;
  const kafka = createClient(options, { requestTimeoutMs: timeoutMs, retries: 3, initialRetryMs: 100 });
  const connection = createProducerConnection(kafka, { ...options, timeoutMs });
  const calls = createCalls();
  /** All waiting calls fail together: during an outage their records could only queue. */
  const giveUp = (cause: Error): void => {
    connection.lost(cause);
    calls.failAll(cause.message, cause);
  };
  const queue: SendQueue = createSendQueue({
    send: sendingWith(options, connection, calls, giveUp),
    isOpen: calls.isOpen,
    spacingMs: options.spacingMs ?? 5,
    maxBatchRecords: options.maxBatchRecords ?? 500,
    maxBatchBytes,
  });
  const sweep = setInterval(() => {
    metrics.waiting(calls.waitingRecords);
    if ((calls.firstDeadline() ?? Infinity) <= performance.now())
      giveUp(new Error(`no acknowledgement within ${timeoutMs} ms`));
  }, 50).unref();

  const produce = (records: readonly OutRecord[]): Promise<void> => {
    if (records.length === 0) return Promise.resolve();
    const fail = (code: ProduceErrorCode, message: string) =>
      Promise.reject(new KafkaProduceError(code, message, records));
    if (connection.state() !== 'connected') return fail('KAFKA_AWAY', `the producer is ${connection.state()}`);
    if (calls.waitingRecords + records.length > maxWaitingRecords)
      return fail('KAFKA_BACKPRESSURE', `${calls.waitingRecords} records wait already`);
    return calls.open(records, performance.now() + timeoutMs, queue.add);
  };

  await connection.connectOnce();
  return {
    produce,
    flush: () => queue.idle(),
    close: async () => {
      await queue.idle();
      clearInterval(sweep);
      await connection.close();
      calls.failAll('the producer was closed');
    },
    get state() {
      return connection.state();
    },
    get waitingRecords() {
      return calls.waitingRecords;
    },
  };
};

/** Sends one batch. A refusal is narrowed down to the records that caused it, so that the others
 * are written; any other error counts as an outage. */
const sendingWith = (
  { metrics, log, topicPrefix }: ProducerOptions,
  connection: ProducerConnection,
  calls: Calls,
  giveUp: (cause: Error) => void,
) => {
  const send = async (batch: readonly Waiting[]): Promise<void> => {
    const startedAt = performance.now();
    const numbers = { records: batch.length, bytes: batch.reduce((sum, { bytes }) => sum + bytes, 0) };
    try {
      await connection.sendBatch(
        batch.map(({ call, index }) => call.records[index]!),
        topicPrefix,
      );
      metrics.sent({ ...numbers, ms: performance.now() - startedAt, outcome: 'acknowledged' });
      for (const waiting of batch) calls.acknowledge(waiting);
    } catch (error) {
      metrics.sent({ ...numbers, ms: performance.now() - startedAt, outcome: 'failed' });
      const cause = rootCause(error);
      if (!isRefusal(protocolType(error))) return giveUp(cause);
      const [first, ...others] = batch;
      if (first && others.length === 0) {
        log.error({
          event: 'kafka.record_refused',
          topic: first.call.records[first.index]?.topic,
          error: cause.message,
        });
        return calls.refuse(first, cause);
      }
      for (const part of split(batch)) await send(part.filter(({ call }) => calls.isOpen(call)));
    }
  };
  return send;
};

/** By topic where there are several (a missing topic must not cost log₂ rounds of retries), else in
 * halves. */
const split = (batch: readonly Waiting[]): Waiting[][] => {
  const byTopic = Map.groupBy(batch, ({ call, index }) => call.records[index]!.topic);
  if (byTopic.size > 1) return [...byTopic.values()];
  const middle = batch.length >> 1;
  return [batch.slice(0, middle), batch.slice(middle)];
};
