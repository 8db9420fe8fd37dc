import { topics, type Topic } from '#contracts';
import type { Admin } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '#runtime';
import { createClient, protocolType, rootCause } from './client.js';
import type { KafkaConnection } from './ports.js';

const timing = { requestTimeoutMs: 10_000, retries: 8, initialRetryMs: 200 };

/** What a cluster says of a topic while the news of it is on its way to every broker. */
const notYet = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);
const newsTakesMs = 30_000;

/** Uses a connection of its own, and does the work again (it has to be repeatable) while the
 * cluster does not know the topic yet. */
const withAdmin = async <T>(connection: KafkaConnection, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = createClient(connection, timing).admin();
  const deadline = performance.now() + newsTakesMs;
  try {
    await admin.connect();
  } catch (cause) {
    const where = connection.brokers.join(', ');
    throw new CodedError('KAFKA_AWAY', `Kafka at ${where} cannot be reached: ${rootCause(cause).message}`, { cause });
  }
  try {
    for (;;) {
      try {
        return await use(admin);
      } catch (thrown) {
        if (!notYet.has(protocolType(thrown) ?? '') || performance.now() > deadline) throw thrown;
        await wait(200);
      }
    }
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

const configOf = (topic: Topic): { name: string; value: string }[] => [
  { name: 'cleanup.policy', value: topic.cleanup },
  { name: 'retention.ms', value: String(topic.retentionMs ?? -1) },
];

/** Creates the topics of the contracts table that are missing, and leaves those that exist alone:
 * their partitions and retention belong to the operator from then on. Harmless to repeat and to
 * run in several processes at once.
 *  @param replicationFactor -1 takes the cluster's default (brokers since 2.4). */
export const ensureTopics = (connection: KafkaConnection, replicationFactor = -1): Promise<void> =>
  withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = Object.values<Topic>(topics)
      .map((topic) => ({
        topic: connection.topicPrefix + topic.name,
        numPartitions: topic.partitions,
        replicationFactor,
        configEntries: configOf(topic),
      }))
      .filter(({ topic }) => !existing.has(topic));
    if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: false });
    // Metadata is not enough: it names a leader before that broker has heard that it is one, and
    // the first produce would be told "not the leader". kafkajs's own `waitForLeaders` gives up at
    // once when a busy broker has not heard of its new topic.
    for (const { name } of Object.values<Topic>(topics)) await admin.fetchTopicOffsets(connection.topicPrefix + name);
  });

export type PartitionLag = { partition: number; lag: number };

/** Records of a topic that a group has not committed yet, by partition; what was never committed
 * counts from the start of the partition.
 *  @param group without prefix, as in `joinGroup`. */
export const topicLag = (connection: KafkaConnection, group: string, topic: string): Promise<PartitionLag[]> =>
  withAdmin(connection, async (admin) => {
    const name = connection.topicPrefix + topic;
    const ends = await admin.fetchTopicOffsets(name);
    const [committed] = await admin.fetchOffsets({ groupId: connection.topicPrefix + group, topics: [name] });
    const positions = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.map(({ partition, high, low }) => {
      const position = positions.get(partition) ?? -1;
      return { partition, lag: Math.max(0, Number(high) - (position < 0 ? Number(low) : position)) };
    });
  });
