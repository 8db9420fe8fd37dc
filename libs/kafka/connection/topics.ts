import { topics, type Topic } from '#contracts';
import kafkajs, { type Admin } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '#runtime';
import { createClient, protocolType, rootCause } from './client.js';
import type { KafkaConnection } from './ports.js';

// A named import of this is not found in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const timing = { requestTimeoutMs: 10_000, retries: 8, initialRetryMs: 200 };

/** Errors of a cluster whose brokers do not all know the topic yet. */
const notYet = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);
const topicKnownWithinMs = 30_000;

/** Uses a connection of its own. Repeats the work (it must be repeatable) while the cluster does
 * not know the topic yet. */
export const withAdmin = async <T>(connection: KafkaConnection, use: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = createClient(connection, timing).admin();
  const deadline = performance.now() + topicKnownWithinMs;
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

/** How many replicas must have a record before it counts as acknowledged (P1). Two of three, so
 * that an acknowledged record survives the loss of a disk and writing survives the loss of a
 * broker; with two replicas or one Kafka cannot give both. */
const minInSyncReplicas = (replicationFactor: number): number => (replicationFactor >= 3 ? 2 : 1);

/** The settings with which a topic is created. */
export const topicSettings = (topic: Topic, replicationFactor: number): { name: string; value: string }[] => [
  { name: 'cleanup.policy', value: topic.cleanup },
  { name: 'retention.ms', value: String(topic.retentionMs ?? -1) },
  { name: 'min.insync.replicas', value: String(minInSyncReplicas(replicationFactor)) },
];

/** The cluster's `default.replication.factor`; the number of brokers, at most 3, where the cluster
 * does not show its settings (managed services). */
const defaultReplication = async (admin: Admin): Promise<number> => {
  const { brokers, controller } = await admin.describeCluster();
  const name = String(controller ?? brokers[0]?.nodeId ?? 1);
  const configNames = ['default.replication.factor'];
  const described = await admin
    .describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.BROKER, name, configNames }] })
    .catch(() => null);
  const value = Number(described?.resources[0]?.configEntries[0]?.configValue);
  return value > 0 ? value : Math.min(3, brokers.length);
};

/** Existing topics belong to the operator and are not changed; one that would lose acknowledged
 * records with a single disk is named in the log. */
const warnOfUnsafe = async (admin: Admin, names: string[], log: KafkaConnection['log']): Promise<void> => {
  const { topics: described } = await admin.fetchTopicMetadata({ topics: names });
  const replicas = new Map(described.map(({ name, partitions }) => [name, partitions[0]?.replicas.length ?? 1]));
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ['min.insync.replicas'],
    })),
  });
  for (const { resourceName: topic, configEntries } of resources) {
    const [minInSync, factor] = [Number(configEntries[0]?.configValue), replicas.get(topic) ?? 1];
    if (minInSync < minInSyncReplicas(factor)) log.warn({ event: 'kafka.topic_unsafe', topic, minInSync, factor });
  }
};

/** Creates the topics of the contracts table that are missing, and leaves those that exist alone:
 * their partitions and retention belong to the operator from then on. Harmless to repeat and to run
 * in several processes at once.
 *
 * @param replicationFactor by default the cluster's. */
export const ensureTopics = (connection: KafkaConnection, replicationFactor?: number): Promise<void> =>
  withAdmin(connection, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const wanted = Object.values<Topic>(topics).map((topic) => ({ topic, name: connection.topicPrefix + topic.name }));
    const missing = wanted.filter(({ name }) => !existing.has(name));
    if (missing.length > 0) {
      const factor = replicationFactor ?? (await defaultReplication(admin));
      const created = missing.map(({ topic, name }) => ({
        topic: name,
        numPartitions: topic.partitions,
        replicationFactor: factor,
        configEntries: topicSettings(topic, factor),
      }));
      await admin.createTopics({ topics: created, waitForLeaders: false });
    }
    // Metadata names a leader before that broker knows that it leads, and the first produce would
    // be refused. kafkajs's own `waitForLeaders` gives up at once when a busy broker does not know
    // its new topic yet.
    for (const { name } of wanted) await admin.fetchTopicOffsets(name);
    const names = wanted.map(({ name }) => name);
    await warnOfUnsafe(admin, names, connection.log).catch((thrown: unknown) =>
      connection.log.warn({ event: 'kafka.topics_unchecked', error: rootCause(thrown).message }),
    );
  });

type PartitionLag = { partition: number; lag: number };

/** The offsets that a group has committed on a topic, by partition; none for a partition on which
 * it has never committed.
 *
 * @param group without prefix, as in `joinGroup`. */
export const committedOffsets = (
  connection: KafkaConnection,
  group: string,
  topic: string,
): Promise<Map<number, bigint>> =>
  withAdmin(connection, async (admin) => {
    const groupId = connection.topicPrefix + group;
    const [found] = await admin.fetchOffsets({ groupId, topics: [connection.topicPrefix + topic] });
    const known = found?.partitions.filter(({ offset }) => BigInt(offset) >= 0n) ?? [];
    return new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]));
  });

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

/** Sets a group back on a topic to the first record at or after `atMs`; partitions without one stay
 * at their end. The group must have no member. Answers how many records it will read again.
 *
 * @throws CodedError GROUP_ACTIVE while a process of the group runs: it would commit over this. */
export const rewindGroup = (connection: KafkaConnection, group: string, topic: string, atMs: number): Promise<number> =>
  withAdmin(connection, async (admin) => {
    const [groupId, name] = [connection.topicPrefix + group, connection.topicPrefix + topic];
    const { groups } = await admin.describeGroups([groupId]);
    if (groups.some(({ members }) => members.length > 0))
      throw new CodedError('GROUP_ACTIVE', `${groupId} is being read: stop every process of that service first`);
    const before = await committedOffsets(connection, group, topic);
    const found = await admin.fetchTopicOffsetsByTimestamp(name, atMs);
    // Only back: a group that is behind already must not skip what it has not read.
    const partitions = found.flatMap(({ partition, offset }) => {
      const committed = before.get(partition);
      return committed === undefined || BigInt(offset) >= committed ? [] : [{ partition, offset, committed }];
    });
    if (partitions.length > 0) await admin.setOffsets({ groupId, topic: name, partitions });
    return partitions.reduce((sum, { offset, committed }) => sum + Number(committed - BigInt(offset)), 0);
  });
