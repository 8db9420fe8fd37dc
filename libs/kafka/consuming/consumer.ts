import { topics, type Topic } from '#contracts';
import type { Verdict } from '#domain';
import { messageOf } from '#runtime';
import type { EachBatchPayload } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import type { BatchHandler } from './batch.js';
import { createBatchMerge } from './batch-merge.js';
import { startReport, type Report } from './batch-report.js';
import { createBrake, PartitionStopped, type BrakeLimits } from './brake.js';
import { protocolType } from '../connection/client.js';
import { isExpelled } from '../connection/errors.js';
import { judge, type PartitionBatch } from './judge.js';
import { JumpWatch } from './jump-watch.js';
import { atMost, GroupMember, leaveMs, type GroupOptions, type MemberState } from './membership.js';
import { createOffsetCommit, type OffsetCommit } from './offset-commit.js';
import type { OffsetJump } from './offset-jump.js';
import { parkedRecord } from './parking.js';
import { createPartitionRests } from './partition-rests.js';
import type { KafkaMetrics, OutRecord } from '../connection/ports.js';
import type { Producer } from '../producing/producer.js';

export type ConsumerOptions = Omit<GroupOptions, 'topic' | 'eachBatch' | 'assigner' | 'onJoin' | 'onRebalance'> & {
  topic: Topic;
  handle: BatchHandler<unknown>;
  /** Where parked records go. Only a batch that has something to park waits for it. */
  producer: Pick<Producer, 'produce'>;
  metrics: KafkaMetrics;
  /** Calls of `handle` under way at the same time, when more waits than one call takes. */
  concurrency?: number;
  /** For a handler whose work is not on disk yet when it answers: asked before offsets are
   * committed, see `offset-commit.ts`. */
  durable?: () => Promise<boolean>;
  /** How many records a partition may lose to errors of our own code. */
  brake?: BrakeLimits;
  /** Stores that the group went on without having read everything. Repeated until it resolves. */
  onJump?: (jumps: readonly OffsetJump[]) => Promise<void>;
};
export type Consumer = { readonly state: MemberState; close(): Promise<void> };

/** A call takes no further partition's records once it has so many. */
const maxMergedRecords = 500;
/** A busy consumer commits at most this often. */
const commitSpacingMs = 50;
/** A busy consumer fetches at most this often: records that come meanwhile are one batch instead of
 * five, and a call, a transaction and a fetch cost the same for one record as for ten ("The tail"
 * in docs/operating/speed.md). */
const fetchSpacingMs = 6;

/** The loop between a topic and a pipeline: decode, handle, park, commit, in this order. A crash at
 * any point makes the batch come again (P2, P3). Nothing that a handler throws reaches kafkajs,
 * which would tear down the consumer with all its partitions: the one partition rests instead. */
export const startConsumer = (options: ConsumerOptions): Consumer => new TopicConsumer(options);

class TopicConsumer implements Consumer {
  private readonly inHand = new Set<AbortController>();
  private readonly rests = createPartitionRests();
  private readonly brake;
  private readonly commit: OffsetCommit;
  private readonly merge;
  private readonly jumps: JumpWatch;
  private readonly member: GroupMember;
  private isClosing = false;
  /** Of whichever batch was handed over last: any of them can commit for the member. */
  private payload: EachBatchPayload | null = null;

  constructor(private readonly options: ConsumerOptions) {
    this.brake = createBrake(options.brake);
    this.commit = createOffsetCommit({
      durable: options.durable,
      send: (offsets) => this.sendOffsets(offsets),
      lost: () => this.workLost(),
      spacingMs: commitSpacingMs,
    });
    this.merge = createBatchMerge<PartitionBatch>((parts) => this.work(parts), {
      maxRecords: maxMergedRecords,
      maxInFlight: options.concurrency ?? 4,
    });
    this.jumps = new JumpWatch({ ...options, topic: options.topic.name });
    this.member = new GroupMember({
      ...options,
      topic: options.topic.name,
      assigner: this.jumps.assigner,
      onJoin: () => this.joined(),
      onRebalance: () => void this.commit.flush(),
      eachBatch: (payload) => this.takeBatch(payload),
    });
  }

  get state(): MemberState {
    return this.member.state;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await atMost(leaveMs, this.commit.flush());
    const tooLate = new Error('the time to drain is over');
    await this.member.close(() => {
      for (const controller of this.inHand) controller.abort(tooLate);
    });
    this.rests.end();
    this.jumps.close();
  }

  private joined(): void {
    this.commit.forget();
    this.jumps.joined();
    this.brake.forget();
    this.options.metrics.rejoined(this.options.topic.name);
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { partition, messages } = payload.batch;
    const nextAt = performance.now() + fetchSpacingMs;
    const [first] = messages;
    if (first) {
      this.options.metrics.fetched(this.options.topic.name, partition, Number(first.timestamp));
      this.jumps.arrived(partition, Number(first.offset));
    }
    const alone = this.rests.isRecovering(partition);
    await this.merge.add({ partition, payload, records: messages.length, alone });
    // kafkajs asks for more when all that it has handed over is done.
    const restMs = nextAt - performance.now();
    if (restMs > 0 && !this.isClosing) await wait(restMs);
  }

  /** One call of the handler, for all that these partitions handed over. */
  private async work(parts: readonly PartitionBatch[]): Promise<void> {
    const refusedCommit = this.commit.failure();
    if (refusedCommit) throw refusedCommit;
    this.payload = parts[0]?.payload ?? this.payload;
    const controller = new AbortController();
    this.inHand.add(controller);
    const beat = keepMembership(parts, controller, this.member.heartbeatMs);
    const { topic, group, metrics, log } = this.options;
    const report = startReport({ topic: topic.name, group, metrics, log }, parts);
    try {
      const verdicts = await judge({ ...this.options, brake: this.brake }, parts, controller.signal);
      await this.park(parts, verdicts);
      if (controller.signal.aborted) return report('abandoned', { cause: messageOf(controller.signal.reason) });
      const ends = endsOf(parts);
      this.commit.done(ends);
      this.jumps.done(ends);
      if (this.isClosing) await this.commit.flush();
      parts.forEach((part) => this.rests.recovered(part));
      report('committed', {}, verdicts.flat());
    } catch (thrown) {
      if (controller.signal.aborted) return report('abandoned', { cause: messageOf(controller.signal.reason) });
      this.rest(parts, thrown, report);
    } finally {
      clearInterval(beat);
      this.inHand.delete(controller);
      metrics.stopped(topic.name, this.brake.stopped());
    }
  }

  private rest(parts: readonly PartitionBatch[], thrown: unknown, report: Report): void {
    const restMs = Math.round(Math.max(...parts.map((part) => this.rests.backOff(part))));
    const outcome = thrown instanceof PartitionStopped ? 'stopped' : 'outage';
    const { stack } = (thrown instanceof PartitionStopped ? thrown.cause : thrown) as { stack?: string };
    report(outcome, { restMs, error: messageOf(thrown), stack });
  }

  private async park(parts: readonly PartitionBatch[], verdicts: readonly (readonly Verdict[])[]): Promise<void> {
    const { topic, group, producer, log } = this.options;
    const nowMs = Date.now();
    const records = parts.flatMap(({ partition, payload }, part) => {
      const origin = { topic: topic.name, partition, consumer: group, nowMs };
      return payload.batch.messages.flatMap((raw, index): OutRecord[] => {
        const verdict = verdicts[part]?.[index];
        if (verdict?.kind !== 'park') return [];
        if (topic.name !== topics.parked.name) return [parkedRecord(raw, origin, verdict)];
        // Parked once more it would come back to this consumer, without end.
        log.error({ event: 'kafka.parked_record_refused', partition, offset: raw.offset, ...verdict });
        return [];
      });
    });
    if (records.length > 0) await producer.produce(records);
  }

  private async sendOffsets(offsets: ReadonlyMap<number, string>): Promise<void> {
    const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset }));
    const topic = this.options.topicPrefix + this.options.topic.name;
    await this.payload?.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  }

  private workLost(): void {
    this.options.log.warn({ event: 'kafka.work_lost', group: this.options.group });
    this.member.rejoin();
  }
}

/** Moves each partition on in memory, and answers by partition the offset to commit. */
const endsOf = (parts: readonly PartitionBatch[]): Map<number, string> => {
  const offsets = new Map<number, string>();
  for (const { partition, payload } of parts) {
    const last = payload.batch.messages.at(-1)?.offset;
    if (last === undefined) continue;
    payload.resolveOffset(last);
    offsets.set(partition, `${BigInt(last) + 1n}`);
  }
  return offsets;
};

/** Sends heartbeats during a batch, which kafkajs does not: a slow handler would be expelled and
 * its batch would start again elsewhere, for ever. A rebalance does not abort the batch, because
 * the group accepts its commit until it has joined again. */
const keepMembership = (
  [part]: readonly PartitionBatch[],
  controller: AbortController,
  heartbeatMs: number,
): NodeJS.Timeout =>
  setInterval(() => {
    part?.payload.heartbeat().catch((error: unknown) => {
      if (isExpelled(protocolType(error)))
        controller.abort(new Error('the group gave the partition to another member'));
    });
  }, heartbeatMs).unref();
