import { CompressionTypes, type Kafka, type Producer as KafkaProducer } from 'kafkajs';
import { createClient, rootCause } from '../connection/client.js';
import type { KafkaConnection, OutRecord } from '../connection/ports.js';
import { partitionByKey } from './own-encoding.js';

export type ProducerState = 'connected' | 'away' | 'closed';

export type ProducerConnection = {
  state(): ProducerState;
  connectOnce(): Promise<void>;
  sendBatch(records: readonly OutRecord[], topicPrefix: string): Promise<void>;
  lost(error: Error): void;
  close(): Promise<void>;
};

const probeEveryMs = 250;

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

const send = (producer: KafkaProducer, records: readonly OutRecord[], topicPrefix: string): Promise<unknown> => {
  const topicMessages = [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, messages]) => ({
    topic: topicPrefix + topic,
    messages: messages.map(({ key, value, headers }) => ({ key, value, headers })),
  }));
  return producer.sendBatch({ acks: -1, compression: CompressionTypes.None, topicMessages });
};

/** One live kafkajs producer, replaced as a whole after an outage: on a network that drops packets
 * kafkajs keeps writing into the dead socket until TCP gives up, many minutes later. While it is
 * away, calls fail at once, so that a spool can take over.
 *
 * A probe asks the cluster a question to see that it is back: kafkajs calls a producer connected
 * as soon as a socket is open, which a frozen broker's still is. */
export const createProducerConnection = (
  kafka: Kafka,
  options: KafkaConnection & { timeoutMs: number },
): ProducerConnection => {
  const { log, brokers, timeoutMs } = options;
  const create = (): KafkaProducer =>
    kafka.producer({ createPartitioner: partitionByKey, allowAutoTopicCreation: false });
  let current = create();
  let state: ProducerState = 'away';
  let outageLogged = false;
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
      outageLogged = false;
      log.info({ event: 'kafka.producer_connected', brokers });
    } catch (error) {
      void fresh.disconnect().catch(() => undefined);
      const level = outageLogged ? 'debug' : 'warn';
      outageLogged = true;
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
    sendBatch: async (records, topicPrefix) => void (await send(current, records, topicPrefix)),
    lost: (error) => {
      if (state !== 'connected') return;
      state = 'away';
      outageLogged = true;
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
