import type { Topic } from '#contracts';
import { settle, type Verdict } from '#domain';
import { messageOf } from '#runtime';
import type { EachBatchPayload } from 'kafkajs';
import { decode, type BatchHandler, type Message, type RawRecord } from './batch.js';
import { protocolType } from './client.js';
import { isExpelled } from './errors.js';
import { joinGroup, type GroupOptions, type Member, type MemberState } from './group.js';
import { parkedRecord } from './parking.js';
import type { BatchNumbers, KafkaMetrics } from './ports.js';
import type { Producer } from './producer.js';

export type ConsumerOptions = Omit<GroupOptions, 'topic' | 'eachBatch'> & {
  topic: Topic;
  handle: BatchHandler<unknown>;
  /** Where parked records go. Its state does not stop the consumer; only a batch that has something to park waits for it. */
  producer: Pick<Producer, 'produce'>;
  metrics: KafkaMetrics;
};
export type Consumer = { readonly state: MemberState; close(): Promise<void> };

const outageBackoffMs = { first: 250, most: 30_000 };

/** The loop between a topic and a pipeline: decode, handle, park, commit, in this order, so that a crash at any point means that the
 *  batch comes again and never that a record is lost (P2, P3).
 *
 *  Nothing a handler does is thrown at kafkajs: it would retry five times, then tear the whole consumer down, and with it the partitions
 *  that are well. A partition whose batch cannot be finished rests for a while by itself instead, and is read again from its first undone
 *  record. Only what concerns the group itself (a refused commit) goes up, because kafkajs has to join again. */
export const startConsumer = (options: ConsumerOptions): Consumer => {
  const { topic, log, metrics, topicPrefix, group } = options;
  const inHand = new Set<AbortController>();
  const resting = new Map<number, NodeJS.Timeout>();
  const outages = new Map<number, number>();

  const rest = (payload: EachBatchPayload, restMs: number): void => {
    const { partition } = payload.batch;
    const resume = payload.pause();
    clearTimeout(resting.get(partition));
    const wake = setTimeout(() => {
      resting.delete(partition);
      resume();
    }, restMs).unref();
    resting.set(partition, wake);
  };

  /** Doubles from a quarter of a second to half a minute, with jitter so that replicas do not return to a database together. */
  const backoff = (partition: number): number => {
    const attempt = outages.get(partition) ?? 0;
    outages.set(partition, attempt + 1);
    return (
      Math.min(outageBackoffMs.most, outageBackoffMs.first * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2)
    );
  };

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { partition, messages } = payload.batch;
    const startedAt = performance.now();
    const controller = new AbortController();
    inHand.add(controller);
    const beat = keepMembership(payload, controller, member.heartbeatMs);
    const report = (outcome: BatchNumbers['outcome'], fields: object, verdicts: readonly Verdict[] = []): void => {
      const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
      const numbers = { done: count('done'), skipped: count('skip'), parked: count('park') };
      const lag = Number(payload.batch.offsetLagLow());
      const ms = Math.round((performance.now() - startedAt) * 10) / 10;
      const line = { topic: topic.name, partition, records: messages.length, ms, lag, outcome, ...numbers };
      metrics.handled(line);
      const level = outcome === 'committed' ? 'info' : 'warn';
      log[level]({ event: 'kafka.batch', group, firstOffset: messages[0]?.offset, ...line, ...fields });
    };
    try {
      const verdicts = await judge(options, partition, messages, controller.signal);
      const { firstUndone, retryAfterMs, cause } = settle(verdicts);
      await parkAll(options, partition, messages, verdicts.slice(0, firstUndone));
      if (controller.signal.aborted) return report('abandoned', { cause: messageOf(controller.signal.reason) });
      outages.delete(partition);
      if (firstUndone > 0) await commit(payload, topicPrefix + topic.name, messages[firstUndone - 1]!.offset);
      if (retryAfterMs !== null) rest(payload, retryAfterMs);
      report(retryAfterMs === null ? 'committed' : 'retry', { cause }, verdicts.slice(0, firstUndone));
    } catch (thrown) {
      if (thrown instanceof CommitFailed) {
        report('abandoned', { cause: messageOf(thrown.cause) });
        throw thrown.cause;
      }
      const restMs = backoff(partition);
      rest(payload, restMs);
      report('outage', { restMs: Math.round(restMs), error: messageOf(thrown), stack: (thrown as Error)?.stack });
    } finally {
      clearInterval(beat);
      inHand.delete(controller);
    }
  };

  const member: Member = joinGroup({ ...options, topic: topic.name, eachBatch });
  return {
    get state() {
      return member.state;
    },
    close: async () => {
      const tooLate = new Error('the time to drain is over');
      await member.close(() => {
        for (const controller of inHand) controller.abort(tooLate);
      });
      for (const timer of resting.values()) clearTimeout(timer);
    },
  };
};

/** A refused or failed commit, told apart from an outage of the handler's. */
class CommitFailed extends Error {}

/** The offset is committed first and resolved (moved on in memory) after it: if the commit fails, the batch is read again. */
const commit = async (payload: EachBatchPayload, topic: string, lastDone: string): Promise<void> => {
  const offset = (BigInt(lastDone) + 1n).toString();
  try {
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition: payload.batch.partition, offset }] }],
    });
  } catch (thrown) {
    throw new CommitFailed('the commit failed', { cause: thrown });
  }
  payload.resolveOffset(lastDone);
};

/** kafkajs sends heartbeats only between batches; a handler slower than the session timeout would be expelled and its batch would start
 *  again elsewhere, for ever. So a timer sends them. A rebalance in progress is no reason to stop: the group waits for its members, and
 *  accepts their commits until they have joined again. Being expelled is one. */
const keepMembership = (payload: EachBatchPayload, controller: AbortController, heartbeatMs: number): NodeJS.Timeout =>
  setInterval(() => {
    payload.heartbeat().catch((error: unknown) => {
      if (isExpelled(protocolType(error)))
        controller.abort(new Error('the group gave the partition to another member'));
    });
  }, heartbeatMs).unref();

/** One verdict per record: the handler's, or `park` for what cannot be decoded, which the handler never sees. */
const judge = async (
  { topic, handle }: ConsumerOptions,
  partition: number,
  raws: readonly RawRecord[],
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const messages: Message<unknown>[] = [];
  const positions: number[] = [];
  const verdicts = new Array<Verdict>(raws.length);
  raws.forEach((raw, position) => {
    const decoded = decode(topic, raw);
    if ('undecodable' in decoded) {
      verdicts[position] = { kind: 'park', ...decoded.undecodable };
    } else {
      messages.push(decoded.message);
      positions.push(position);
    }
  });
  if (messages.length === 0) return verdicts;
  const handled = await handle({ topic: topic.name, partition, messages, signal });
  if (!Array.isArray(handled) || handled.length !== messages.length)
    throw new Error(
      `the handler of ${topic.name} must return ${messages.length} verdicts, it returned ${String(handled?.length)}`,
    );
  positions.forEach((position, index) => (verdicts[position] = handled[index]!));
  return verdicts;
};

const parkAll = async (
  { topic, group, producer }: ConsumerOptions,
  partition: number,
  raws: readonly RawRecord[],
  verdicts: readonly Verdict[],
): Promise<void> => {
  const origin = { topic: topic.name, partition, consumer: group, nowMs: Date.now() };
  const records = verdicts.flatMap((verdict, index) =>
    verdict.kind === 'park' ? [parkedRecord(raws[index]!, origin, verdict)] : [],
  );
  if (records.length > 0) await producer.produce(records);
};
