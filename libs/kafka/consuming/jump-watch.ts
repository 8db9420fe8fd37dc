import { messageOf } from '#runtime';
import type { PartitionAssigner } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import type { KafkaConnection, KafkaMetrics } from '../connection/ports.js';
import { withAdmin } from '../connection/topics.js';
import { findJump, watchingAssigner, type FoundJump, type OffsetJump } from './offset-jump.js';

type WatchOptions = KafkaConnection & {
  group: string;
  topic: string;
  metrics: Pick<KafkaMetrics, 'jumped'>;
  /** Stores what was found, for people. Repeated until it resolves. */
  onJump?: ((jumps: readonly OffsetJump[]) => Promise<void>) | undefined;
};

const storeAgainMs = 5_000;

/** Notices each jump of a group over records that it has not read, and reports it: an error in the
 * log, a metric, and `onJump`. Kafka has deleted these records; nothing can bring them back from
 * there, so a person has to know. */
export class JumpWatch {
  readonly assigner: PartitionAssigner;
  /** By partition, where it goes on. */
  private readonly positions = new Map<number, number>();
  /** Where it was before the group was joined again. */
  private readonly former = new Map<number, number>();
  private readonly closing = new AbortController();

  constructor(private readonly options: WatchOptions) {
    const { topicPrefix, topic, group, log } = options;
    this.assigner = watchingAssigner({
      topic: topicPrefix + topic,
      position: (partition) => this.positions.get(partition) ?? this.former.get(partition),
      found: (jumps) => this.report(jumps),
      failed: (thrown) => log.warn({ event: 'kafka.positions_unchecked', group, error: messageOf(thrown) }),
    });
  }

  /** Other members may have read on meanwhile; the assigner has compared the positions. */
  joined(): void {
    for (const [partition, offset] of this.positions) this.former.set(partition, offset);
    this.positions.clear();
  }

  /** A batch begins at this offset. Notices a jump of a member that runs: of a partition that
   * rested for longer than its records are kept, or whose topic was made again. */
  arrived(partition: number, offset: number): void {
    const former = this.former.get(partition) ?? -1;
    // After a join others may have read on, and what was not committed is read again; but the end
    // of a topic never goes back.
    const expected = this.positions.get(partition) ?? (former > offset ? former : undefined);
    this.positions.set(partition, offset);
    if (expected !== undefined && expected !== offset) void this.confirm(partition, expected, offset);
  }

  done(nextOffsets: ReadonlyMap<number, string>): void {
    for (const [partition, offset] of nextOffsets) this.positions.set(partition, Number(offset));
  }

  close(): void {
    this.closing.abort();
  }

  /** Asks what the topic still has: a batch that was in hand while the group was joined, and the
   * marks of a transaction, move a position without a loss. */
  private async confirm(partition: number, from: number, to: number): Promise<void> {
    const { topicPrefix, topic, group, log } = this.options;
    try {
      const offsets = await withAdmin(this.options, (admin) => admin.fetchTopicOffsets(topicPrefix + topic));
      const own = offsets.find((each) => each.partition === partition);
      const jump = own && findJump(from, Number(own.low), Number(own.high));
      if (jump) this.report([{ ...jump, partition, to, missed: jump.missed === null ? null : to - from }]);
    } catch (thrown) {
      log.warn({ event: 'kafka.positions_unchecked', group, partition, from, to, error: messageOf(thrown) });
    }
  }

  private report(found: readonly FoundJump[]): void {
    const { group, topic, metrics, log } = this.options;
    const jumps = found.map((each) => ({ group, topic, ...each }));
    for (const jump of jumps) {
      this.positions.delete(jump.partition);
      this.former.delete(jump.partition);
      log.error({ event: 'kafka.offset_jumped', ...jump });
      metrics.jumped(jump);
    }
    void this.store(jumps);
  }

  private async store(jumps: readonly OffsetJump[]): Promise<void> {
    const { onJump, group, log } = this.options;
    const { signal } = this.closing;
    while (onJump && !signal.aborted) {
      try {
        return await onJump(jumps);
      } catch (thrown) {
        log.warn({ event: 'kafka.jump_not_stored', group, error: messageOf(thrown) });
        await wait(storeAgainMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
