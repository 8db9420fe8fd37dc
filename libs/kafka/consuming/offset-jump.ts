import kafkajs, { type Cluster, type PartitionAssigner } from 'kafkajs';
import { atMost } from './membership.js';

/** A place from which a group goes on although it had not read all that came before. kafkajs goes
 * on at the oldest record kept and says nothing. */
export type OffsetJump = {
  /** Without prefix, like `topic`. */
  group: string;
  topic: string;
  partition: number;
  /** - `deleted`: retention deleted records that the group had not read.
   *  - `beyond_end`: the topic ends before the position of the group: it was made again, or has
   *    lost
   *    its end. It is read from its start.
   *  - `no_position`: Kafka has no position of the group, as after a week without a member, and no
   *    longer has the first records of the topic. */
  reason: 'deleted' | 'beyond_end' | 'no_position';
  /** The offset that was to be read next; null: not known. */
  from: number | null;
  to: number;
  /** Records that were never read: exact for `deleted`, at most so many for `no_position`, not
   * known (null) for `beyond_end`. */
  missed: number | null;
};
export type FoundJump = { partition: number } & Found;
type Found = Pick<OffsetJump, 'reason' | 'from' | 'to' | 'missed'>;

/** kafkajs commits this (`EARLIEST`) when it has found its position out of range. */
const wasReset = -2;

/** Whether a group that goes on at `committed` misses something.
 *
 * @param committed -1: never committed. @param low @param high the offsets of the oldest record and
 *   of the next one to come */
export const findJump = (committed: number, low: number, high: number): Found | null => {
  if (committed === wasReset) return null;
  if (committed < 0) return low > 0 ? { reason: 'no_position', from: null, to: low, missed: low } : null;
  if (committed < low) return { reason: 'deleted', from: committed, to: low, missed: low - committed };
  if (committed > high) return { reason: 'beyond_end', from: committed, to: low, missed: null };
  return null;
};

type Watch = {
  /** With prefix. */
  topic: string;
  /** Where this member was before the group was joined again, as far as it knows. */
  position: (partition: number) => number | undefined;
  found: (jumps: readonly FoundJump[]) => void;
  failed: (error: unknown) => void;
};

/** Members wait for the assignment meanwhile. */
const lookMs = 3_000;

/** Assigns as kafkajs does by default. The leader of the group compares first where the group was
 * with what the topic still has: it is the only moment at which no member has fetched, and with
 * that reset a position, yet. */
export const watchingAssigner =
  ({ topic, position, found, failed }: Watch): PartitionAssigner =>
  (config) => {
    const inner = kafkajs.PartitionAssigners.roundRobin(config);
    const look = async (): Promise<void> => {
      try {
        const jumps = await findJumps(config.cluster, config.groupId, { topic, position });
        if (jumps.length > 0) found(jumps);
      } catch (thrown) {
        failed(thrown);
      }
    };
    return {
      ...inner,
      assign: async (group) => {
        await atMost(lookMs, look());
        return inner.assign(group);
      },
    };
  };

/** Kafka deletes the positions of a group together with their topic: where the topic was made
 * again, what this member knows itself is what is left. */
const findJumps = async (
  cluster: Cluster,
  groupId: string,
  { topic, position }: Pick<Watch, 'topic' | 'position'>,
): Promise<FoundJump[]> => {
  const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId: partition }) => ({ partition }));
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  const [fetched, lows, highs] = await Promise.all([
    // The type asks for offsets as well, which this request does not have.
    coordinator.offsetFetch({
      groupId,
      topics: [{ topic, partitions: partitions as { partition: number; offset: string }[] }],
    }),
    cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: true }]),
    cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]),
  ]);
  const [positions, low, high] = [fetched.responses, lows, highs].map(
    (topics) => new Map(topics[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)])),
  );
  return partitions.flatMap(({ partition }) => {
    const [first, next] = [low?.get(partition), high?.get(partition)];
    if (first === undefined || next === undefined) return [];
    const committed = positions?.get(partition) ?? -1;
    const jump = findJump(committed === -1 ? (position(partition) ?? -1) : committed, first, next);
    return jump ? [{ partition, ...jump }] : [];
  });
};
