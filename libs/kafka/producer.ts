import { CompressionTypes, Partitioners, type Kafka, type Producer as KafkaProducer } from 'kafkajs';
import { createClient, protocolType, rootCause } from './client.js';
import { isRefusal, KafkaProduceError, type ProduceErrorCode } from './errors.js';
import { createLanes, type Call, type Lanes, type Waiting } from './lanes.js';
import type { KafkaConnection, KafkaMetrics } from './ports.js';

export type OutRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };
export type ProducerState = 'connected' | 'away' | 'closed';

export type Producer = {
  /** Resolves when every record is acknowledged by all in-sync replicas (P1). Rejects with a
   * KafkaProduceError naming those that are not. */
  produce(records: readonly OutRecord[]): Promise<void>;
  /** Resolves when nothing waits any more, whatever became of it; at most about `timeoutMs`. */
  flush(): Promise<void>;
  close(): Promise<void>;
  readonly state: ProducerState;
  readonly waitingRecords: number;
};

export type ProducerOptions = KafkaConnection & {
  metrics: KafkaMetrics;
  /** Between the starts of two requests, at least (of one lane). */
  spacingMs?: number;
  maxBatchRecords?: number;
  /** Requests in flight, each for its own share of the keys. One unless told: while it is out, the
   * next collects. Measured on one broker, with 256 callers: 1 → 14,300/s, 2 → 14,700/s, 4 →
   * 16,500/s; with 32 callers 1 → 11,500/s, 4 → 8,300/s at 1.6 times the CPU per record, because
   * more lanes make smaller requests. At 500/s two made nearly every record a request of its
   * own. */
  maxInFlight?: number;
  maxWaitingRecords?: number;
  /** From `produce` to its answer, in ms. */
  timeoutMs?: number;
};

/** A record set larger than the broker's `message.max.bytes` (1 MiB unless set otherwise) is
 * refused as a whole. */
const maxBatchBytes = 900_000;
const probeEveryMs = 250;

/** The client side of P1: micro-batches, acknowledged by all in-sync replicas.
 *
 *  Not kafkajs's idempotent producer: it holds one lock per broker, retries without limit (so that
 *  nobody is ever told about an outage), and reuses sequence numbers wrongly after a failed
 *  request. What it would spare us, a record written twice after a lost answer, every reader of
 *  ours bears anyway, because each record has an id of its own. Order per key is kept by lanes
 *  instead, see `lanes.ts`.
 *
 *  Resolves after the first attempt to connect, connected or not: a process has to start while
 *  Kafka is away. */
export const connectProducer = async (options: ProducerOptions): Promise<Producer> => {
  const { metrics, log, topicPrefix, timeoutMs = 2_000, maxWaitingRecords = 20_000 } = options;
  const kafka = createClient(options, { requestTimeoutMs: timeoutMs, retries: 3, initialRetryMs: 100 });
  const connection = createConnection(kafka, { ...options, timeoutMs });
  const calls = new Set<Call>();
  let waitingRecords = 0;

  const settle = (call: Call, code: ProduceErrorCode, message: string, cause?: unknown): void => {
    if (!calls.delete(call)) return;
    waitingRecords -= call.records.length;
    const failed = call.records.filter((_, index) => !call.acknowledged[index]);
    if (failed.length === 0) call.resolve();
    else call.reject(new KafkaProduceError(code, message, failed, cause));
  };

  const acknowledge = ({ call, index }: Waiting): void => {
    call.acknowledged[index] = true;
    call.open -= 1;
    if (call.open === 0) settle(call, call.refusal?.code ?? 'KAFKA_AWAY', call.refusal?.message ?? '');
  };
  const refuse = ({ call }: Waiting, error: Error): void => {
    call.refusal ??= { code: 'KAFKA_REFUSED', message: error.message };
    call.open -= 1;
    if (call.open === 0) settle(call, 'KAFKA_REFUSED', call.refusal.message, error);
  };

  /** Everybody who waits is told at once, not each after two seconds of his own: behind an outage
   * their records can only queue. */
  const giveUp = (cause: Error): void => {
    connection.lost(cause);
    for (const call of calls) settle(call, 'KAFKA_AWAY', cause.message, cause);
  };

  /** Sends one lane's batch; a refusal is narrowed down to the records that caused it, so that they
   * take nobody with them. */
  const send = async (batch: readonly Waiting[]): Promise<void> => {
    const startedAt = performance.now();
    const numbers = { records: batch.length, bytes: batch.reduce((sum, { bytes }) => sum + bytes, 0) };
    try {
      await connection.sendBatch(
        batch.map(({ call, index }) => call.records[index]!),
        topicPrefix,
      );
      metrics.sent({ ...numbers, ms: performance.now() - startedAt, outcome: 'acknowledged' });
      for (const waiting of batch) acknowledge(waiting);
    } catch (error) {
      metrics.sent({ ...numbers, ms: performance.now() - startedAt, outcome: 'failed' });
      const cause = rootCause(error);
      if (!isRefusal(protocolType(error))) {
        giveUp(cause);
      } else if (batch.length === 1) {
        const { topic } = batch[0]!.call.records[batch[0]!.index]!;
        log.error({ event: 'kafka.record_refused', topic, error: cause.message });
        refuse(batch[0]!, cause);
      } else {
        for (const part of split(batch)) await send(part.filter(({ call }) => calls.has(call)));
      }
    }
  };

  const lanes: Lanes = createLanes({
    send,
    isOpen: (call) => calls.has(call),
    lanes: options.maxInFlight ?? 1,
    spacingMs: options.spacingMs ?? 5,
    maxBatchRecords: options.maxBatchRecords ?? 500,
    maxBatchBytes,
  });

  /** Calls are in the order of their deadlines, since they all have the same time to live. */
  const sweep = setInterval(() => {
    metrics.waiting(waitingRecords);
    const [oldest] = calls;
    if (oldest && oldest.deadline <= performance.now()) giveUp(new Error(`no acknowledgement within ${timeoutMs} ms`));
  }, 50).unref();

  const produce = (records: readonly OutRecord[]): Promise<void> => {
    if (records.length === 0) return Promise.resolve();
    const fail = (code: ProduceErrorCode, message: string) =>
      Promise.reject(new KafkaProduceError(code, message, records));
    if (connection.state() !== 'connected') return fail('KAFKA_AWAY', `the producer is ${connection.state()}`);
    if (waitingRecords + records.length > maxWaitingRecords)
      return fail('KAFKA_BACKPRESSURE', `${waitingRecords} records wait already`);
    waitingRecords += records.length;
    return new Promise((resolve, reject) => {
      const acknowledged = new Array<boolean>(records.length).fill(false);
      const deadline = performance.now() + timeoutMs;
      const call: Call = { records, acknowledged, open: records.length, deadline, refusal: null, resolve, reject };
      calls.add(call);
      records.forEach((record, index) => lanes.add({ call, index, bytes: sizeOf(record) }, record.key));
    });
  };

  await connection.connectOnce();
  return {
    produce,
    flush: () => lanes.idle(),
    close: async () => {
      await lanes.idle();
      clearInterval(sweep);
      await connection.close();
      for (const call of calls) settle(call, 'KAFKA_AWAY', 'the producer was closed');
    },
    get state() {
      return connection.state();
    },
    get waitingRecords() {
      return waitingRecords;
    },
  };
};

/** Bytes as the broker counts them, near enough: the record, its headers and some 70 bytes of
 * frame. */
const sizeOf = ({ key, value, headers }: OutRecord): number => {
  let bytes = 70 + key.length + (typeof value === 'string' ? Buffer.byteLength(value) : value.length);
  for (const name in headers) bytes += name.length + headers[name]!.length;
  return bytes;
};

/** By topic where there are several (a missing topic must not cost log₂ rounds of retries), else in
 * halves. */
const split = (batch: readonly Waiting[]): Waiting[][] => {
  const byTopic = Map.groupBy(batch, ({ call, index }) => call.records[index]!.topic);
  if (byTopic.size > 1) return [...byTopic.values()];
  const middle = batch.length >> 1;
  return [batch.slice(0, middle), batch.slice(middle)];
};

/** One round trip on a connection of its own. Throws when there is no answer within `timeoutMs`. */
const askCluster = async (connection: KafkaConnection, timeoutMs: number): Promise<void> => {
  const admin = createClient(connection, { requestTimeoutMs: timeoutMs, retries: 0, initialRetryMs: 100 }).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

type Connection = {
  state(): ProducerState;
  connectOnce(): Promise<void>;
  sendBatch(records: readonly OutRecord[], topicPrefix: string): Promise<void>;
  lost(error: Error): void;
  close(): Promise<void>;
};

/** One live kafkajs producer, replaced as a whole after an outage: on a network that swallows
 * packets kafkajs keeps writing into the dead socket until TCP gives up, many minutes later. While
 * it is away calls fail at once, so that a spool can take over without each caller waiting its two
 * seconds; a probe says when it is back. The probe asks the cluster something: kafkajs calls a
 * producer connected as soon as a socket is open, which a frozen broker's still is. */
const createConnection = (kafka: Kafka, options: KafkaConnection & { timeoutMs: number }): Connection => {
  const { log, brokers, timeoutMs } = options;
  const create = (): KafkaProducer =>
    kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  let current = create();
  let state: ProducerState = 'away';
  let saidAway = false;
  let probe: NodeJS.Timeout | undefined;

  const connectOnce = async (): Promise<void> => {
    const fresh = create();
    try {
      await askCluster(options, timeoutMs);
      await fresh.connect();
      if (state === 'closed') return await fresh.disconnect();
      void current.disconnect().catch(() => undefined);
      current = fresh;
      state = 'connected';
      saidAway = false;
      log.info({ event: 'kafka.producer_connected', brokers });
    } catch (error) {
      void fresh.disconnect().catch(() => undefined);
      const level = saidAway ? 'debug' : 'warn';
      saidAway = true;
      log[level]({ event: 'kafka.producer_away', brokers, error: rootCause(error).message });
      scheduleProbe();
    }
  };
  const scheduleProbe = (): void => {
    if (state !== 'closed') probe = setTimeout(() => void connectOnce(), probeEveryMs).unref();
  };

  return {
    state: () => state,
    connectOnce,
    sendBatch: async (records, topicPrefix) => {
      const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, messages]) => ({
        topic: topicPrefix + topic,
        messages: messages.map(({ key, value, headers }) => ({ key, value, headers })),
      }));
      await current.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages });
    },
    lost: (error) => {
      if (state !== 'connected') return;
      state = 'away';
      saidAway = true;
      log.warn({ event: 'kafka.producer_lost', brokers, error: error.message });
      scheduleProbe();
    },
    close: async () => {
      state = 'closed';
      clearTimeout(probe);
      await current.disconnect().catch(() => undefined);
    },
  };
};
