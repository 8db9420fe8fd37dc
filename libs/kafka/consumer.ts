import type { Topic } from '#contracts';
import { settle, type Verdict } from '#domain';
import { messageOf } from '#runtime';
import type { EachBatchPayload } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { decode, type BatchHandler, type Message } from './batch.js';
import { protocolType } from './client.js';
import { createCommitting } from './offset-commit.js';
import { isExpelled } from './errors.js';
import { atMost, joinGroup, leaveMs, type GroupOptions, type Member, type MemberState } from './membership.js';
import { createJoining, type Part } from './batch-merge.js';
import { parkedRecord } from './parking.js';
import type { BatchNumbers, KafkaMetrics } from './ports.js';
import type { Producer } from './producer.js';

export type ConsumerOptions = Omit<GroupOptions, 'topic' | 'eachBatch' | 'onJoin' | 'onRebalance'> & {
  topic: Topic;
  handle: BatchHandler<unknown>;
  /** Where parked records go. Its state does not stop the consumer; only a batch that has something to park waits for it. */
  producer: Pick<Producer, 'produce'>;
  metrics: KafkaMetrics;
  /** Calls of `handle` under way at the same time, when more waits than one call takes. */
  concurrency?: number;
  /** For a handler whose work is not on disk yet when it answers: asked before offsets are committed, see committing.ts. */
  durable?: () => Promise<boolean>;
};
export type Consumer = { readonly state: MemberState; close(): Promise<void> };

const outageBackoffMs = { first: 250, most: 30_000 };
/** A call takes no further partition's records once it has so many. */
const joinUpTo = 500;
/** A busy consumer commits so often at most. */
const commitSpacingMs = 50;
/** And so often it asks for more at most: what comes meanwhile is one batch in place of five. A call, a transaction and a fetch cost the same
 *  for one record as for ten; at 600 records a second two cores were idle for 41% of the time in place of 33%, and the p99 of a record's
 *  way was 24 ms in place of 29 to 96. A record that comes alone waits for nothing: a request for it is out. */
const fetchSpacingMs = 6;

/** What one partition handed over. */
type Handed = Part & { partition: number; payload: EachBatchPayload };

/** The loop between a topic and a pipeline: decode, handle, park, commit, in this order, so that a crash at any point means that the
 *  batch comes again and never that a record is lost (P2, P3). The commit goes out beside the next fetch (committing.ts).
 *
 *  Nothing a handler does is thrown at kafkajs: it would retry five times, then tear the whole consumer down, and with it the partitions
 *  that are well. A partition whose batch cannot be finished rests for a while by itself instead, and is read again from its first undone
 *  record. Only what concerns the group itself (a refused commit) goes up, because kafkajs has to join again. */
export const startConsumer = (options: ConsumerOptions): Consumer => {
  const inHand = new Set<AbortController>();
  const rests = createRests();
  let closing = false;
  /** By whichever batch was handed over last: they all speak for the member. */
  let payload: EachBatchPayload | null = null;
  const committing = createCommitting({
    durable: options.durable,
    send: async (offsets) => {
      const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset }));
      const topic = options.topicPrefix + options.topic.name;
      await payload?.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
    },
    lost: () => {
      options.log.warn({ event: 'kafka.work_lost', group: options.group });
      member.rejoin();
    },
    spacingMs: commitSpacingMs,
  });

  /** One call of the handler, for all that these partitions handed over. */
  const work = async (parts: readonly Handed[]): Promise<void> => {
    const failed = committing.failure();
    if (failed) throw failed;
    payload = parts[0]?.payload ?? payload;
    const controller = new AbortController();
    inHand.add(controller);
    const beat = keepMembership(parts, controller, member.heartbeatMs);
    const report = reporter(options, parts);
    try {
      const judged = await judge(options, parts, controller.signal);
      const settled = judged.map((verdicts) => ({ verdicts, ...settle(verdicts) }));
      await parkAll(options, parts, settled);
      if (controller.signal.aborted) return report('abandoned', { cause: messageOf(controller.signal.reason) });
      committing.done(reachedBy(parts, settled));
      if (closing) await committing.flush();
      parts.forEach((part, index) => {
        rests.recovered(part);
        const retryAfterMs = settled[index]?.retryAfterMs ?? null;
        if (retryAfterMs !== null) rests.rest(part, retryAfterMs);
      });
      const cause = settled.find(({ retryAfterMs }) => retryAfterMs !== null)?.cause;
      const reached = settled.flatMap(({ verdicts, firstUndone }) => verdicts.slice(0, firstUndone));
      report(cause === undefined ? 'committed' : 'retry', { cause }, reached);
    } catch (thrown) {
      const restMs = Math.max(...parts.map((part) => rests.backOff(part)));
      report('outage', { restMs: Math.round(restMs), error: messageOf(thrown), stack: (thrown as Error)?.stack });
    } finally {
      clearInterval(beat);
      inHand.delete(controller);
    }
  };

  const joining = createJoining(work, { mostRecords: joinUpTo, inFlight: options.concurrency ?? 4 });
  const member: Member = joinGroup({
    ...options,
    topic: options.topic.name,
    onJoin: () => {
      committing.forget();
      options.metrics.rejoined(options.topic.name);
    },
    onRebalance: () => void committing.flush(),
    eachBatch: async (payload) => {
      const { partition, messages } = payload.batch;
      const nextAt = performance.now() + fetchSpacingMs;
      await joining.add({ partition, payload, records: messages.length, alone: rests.isRecovering(partition) });
      // kafkajs asks for more when all that it has handed over is done.
      const restMs = nextAt - performance.now();
      if (restMs > 0 && !closing) await wait(restMs);
    },
  });
  return {
    get state() {
      return member.state;
    },
    close: async () => {
      closing = true;
      await atMost(leaveMs, committing.flush());
      const tooLate = new Error('the time to drain is over');
      await member.close(() => {
        for (const controller of inHand) controller.abort(tooLate);
      });
      rests.end();
    },
  };
};

/** Which partitions rest, and which have failed: those are handled alone until they succeed, so that the records that make a handler
 *  throw are found out and hold up only their own partition. */
const createRests = () => {
  const resting = new Map<number, NodeJS.Timeout>();
  const outages = new Map<number, number>();

  const rest = ({ partition, payload }: Handed, restMs: number): void => {
    const resume = payload.pause();
    clearTimeout(resting.get(partition));
    const wake = setTimeout(() => {
      resting.delete(partition);
      resume();
    }, restMs).unref();
    resting.set(partition, wake);
  };
  return {
    rest,
    /** Doubles from a quarter of a second to half a minute, with jitter so that replicas do not return to a database together. */
    backOff: (part: Handed): number => {
      const attempt = outages.get(part.partition) ?? 0;
      outages.set(part.partition, attempt + 1);
      const longest = Math.min(outageBackoffMs.most, outageBackoffMs.first * 2 ** Math.min(attempt, 20));
      const restMs = longest * (0.5 + Math.random() / 2);
      rest(part, restMs);
      return restMs;
    },
    recovered: ({ partition }: Handed): void => void outages.delete(partition),
    isRecovering: (partition: number): boolean => outages.has(partition),
    end: (): void => {
      for (const timer of resting.values()) clearTimeout(timer);
    },
  };
};

const reporter = ({ topic, group, metrics, log }: ConsumerOptions, parts: readonly Handed[]) => {
  const startedAt = performance.now();
  return (outcome: BatchNumbers['outcome'], fields: object, verdicts: readonly Verdict[] = []): void => {
    const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length;
    const numbers = {
      topic: topic.name,
      records: parts.reduce((sum, { records }) => sum + records, 0),
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      outcome,
      ...{ done: count('done'), skipped: count('skip'), parked: count('park') },
    };
    const lags = new Map(parts.map(({ partition, payload }) => [partition, Number(payload.batch.offsetLagLow())]));
    metrics.handled({ ...numbers, lags });
    // A busy consumer has a hundred a second of which there is nothing to say that the metrics do not say.
    const plain = outcome === 'committed' && numbers.skipped + numbers.parked === 0;
    const level = outcome !== 'committed' ? 'warn' : plain ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const from = parts.map(({ partition, payload }) => `${partition}@${payload.batch.messages[0]?.offset}`).join(' ');
    const lag = [...lags.values()].reduce((sum, each) => sum + each, 0);
    log[level]({ event: 'kafka.batch', group, from, lag, ...numbers, ...fields });
  };
};

type Settled = ReturnType<typeof settle> & { verdicts: readonly Verdict[] };

/** Moves each partition on in memory, and answers by partition the offset to commit. */
const reachedBy = (parts: readonly Handed[], settled: readonly Settled[]): Map<number, string> => {
  const offsets = new Map<number, string>();
  parts.forEach(({ partition, payload }, index) => {
    const lastDone = payload.batch.messages[(settled[index]?.firstUndone ?? 0) - 1]?.offset;
    if (lastDone === undefined) return;
    payload.resolveOffset(lastDone);
    offsets.set(partition, `${BigInt(lastDone) + 1n}`);
  });
  return offsets;
};

/** kafkajs sends heartbeats only between batches; a handler slower than the session timeout would be expelled and its batch would start
 *  again elsewhere, for ever. So a timer sends them. A rebalance in progress is no reason to stop: the group waits for its members, and
 *  accepts their commits until they have joined again. Being expelled is one. */
const keepMembership = ([part]: readonly Handed[], controller: AbortController, heartbeatMs: number): NodeJS.Timeout =>
  setInterval(() => {
    part?.payload.heartbeat().catch((error: unknown) => {
      if (isExpelled(protocolType(error)))
        controller.abort(new Error('the group gave the partition to another member'));
    });
  }, heartbeatMs).unref();

/** One verdict per record, by part: the handler's, or `park` for what cannot be decoded, which the handler never sees. */
const judge = async (
  { topic, handle }: ConsumerOptions,
  parts: readonly Handed[],
  signal: AbortSignal,
): Promise<Verdict[][]> => {
  const messages: Message<unknown>[] = [];
  /** Per part and record: what it was judged already, or the place of its message. */
  const drafts = parts.map(({ partition, payload }) =>
    payload.batch.messages.map((raw): Verdict | number => {
      const decoded = decode(topic, partition, raw);
      return 'undecodable' in decoded ? { kind: 'park', ...decoded.undecodable } : messages.push(decoded.message) - 1;
    }),
  );
  const handled = messages.length === 0 ? [] : await handle({ topic: topic.name, messages, signal });
  if (!Array.isArray(handled) || handled.length !== messages.length)
    throw new Error(
      `the handler of ${topic.name} must return ${messages.length} verdicts, it returned ${String(handled?.length)}`,
    );
  return drafts.map((draft) =>
    draft.map((judged) => (typeof judged === 'number' ? (handled[judged] as Verdict) : judged)),
  );
};

const parkAll = async (
  { topic, group, producer }: ConsumerOptions,
  parts: readonly Handed[],
  settled: readonly Settled[],
): Promise<void> => {
  const nowMs = Date.now();
  const records = parts.flatMap(({ partition, payload }, index) => {
    const { verdicts = [], firstUndone = 0 } = settled[index] ?? {};
    const origin = { topic: topic.name, partition, consumer: group, nowMs };
    return verdicts
      .slice(0, firstUndone)
      .flatMap((verdict, at) =>
        verdict.kind === 'park' ? [parkedRecord(payload.batch.messages[at]!, origin, verdict)] : [],
      );
  });
  if (records.length > 0) await producer.produce(records);
};
