import type { Admin } from 'kafkajs';
import type { KafkaConnection } from '../connection/ports.js';
import { withAdmin } from '../connection/topics.js';

/** How far a consumer group is behind its topic. */
export type GroupLag = {
  group: string;
  topic: string;
  /** Records that the group has not committed yet. */
  lag: number;
  /** The age of the oldest of them, up to the next step of `stepsSeconds`; null: older than all
   *  steps. */
  secondsBehind: number | null;
};

/** Kafka answers from which offset on records are younger than a moment. A few such questions
 *  give the age of the records that wait. */
const stepsSeconds = [2, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

type Waiting = { partition: number; position: number };

/** Whether everything that waits is younger than a moment. */
const isYoungerThan = async (
  admin: Admin,
  topic: string,
  waiting: readonly Waiting[],
  atMs: number,
): Promise<boolean> => {
  const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, atMs);
  const firstOf = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  return waiting.every(({ partition, position }) => position >= (firstOf.get(partition) ?? Infinity));
};

const lagOf = async (
  admin: Admin,
  prefix: string,
  { group, topic }: Pick<GroupLag, 'group' | 'topic'>,
  nowMs: number,
): Promise<GroupLag> => {
  const name = prefix + topic;
  const [[committed], ends] = await Promise.all([
    admin.fetchOffsets({ groupId: prefix + group, topics: [name] }),
    admin.fetchTopicOffsets(name),
  ]);
  const positions = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  const waiting: Waiting[] = [];
  let lag = 0;
  for (const { partition, high, low } of ends) {
    const stored = positions.get(partition) ?? -1;
    const position = stored < 0 ? Number(low) : stored;
    if (position >= Number(high)) continue;
    lag += Number(high) - position;
    waiting.push({ partition, position });
  }
  if (lag === 0) return { group, topic, lag, secondsBehind: 0 };
  for (const seconds of stepsSeconds)
    if (await isYoungerThan(admin, name, waiting, nowMs - seconds * 1000))
      return { group, topic, lag, secondsBehind: seconds };
  return { group, topic, lag, secondsBehind: null };
};

/** @param groups without prefix, as in `joinGroup`. @throws CodedError KAFKA_AWAY */
export const groupLag = (
  connection: KafkaConnection,
  groups: readonly Pick<GroupLag, 'group' | 'topic'>[],
  nowMs: number,
): Promise<GroupLag[]> =>
  withAdmin(connection, (admin) =>
    Promise.all(groups.map((each) => lagOf(admin, connection.topicPrefix, each, nowMs))),
  );
