import type { Topic } from '#contracts';
import { createClient, rootCause } from './client.js';
import { decode, type Message } from './batch.js';
import { joinGroup, type GroupOptions, type MemberState } from './membership.js';
import { randomUUID } from 'node:crypto';

export type TableOptions<T> = Omit<GroupOptions, 'topic' | 'group' | 'eachBatch' | 'onJoin'> & {
  topic: Topic;
  /** Called for every record in the order of its partition, from the beginning of the topic, and never twice for one offset. */
  onEntry: (entry: Message<T>) => void;
};

export type Table = {
  /** Resolves when everything that lay on the topic at the time of joining has been given to `onEntry`. Never rejects: it waits for Kafka. */
  readonly caughtUp: Promise<void>;
  readonly state: MemberState;
  close(): Promise<void>;
};

/** Follows a compacted topic as a table: every process reads all of it, keeps reading, and needs no other source.
 *
 *  Each process is a group of its own, which commits nothing, so that Kafka forgets it as soon as it is gone; it is removed at close
 *  nevertheless. After an outage kafkajs begins at the start again; entries seen before are passed over, so that a reader never goes
 *  back in time. A topic that was made anew (its end lies before what was seen) is read afresh. */
export const followTable = <T>(options: TableOptions<T>): Table => {
  const { topic, log, onEntry } = options;
  const group = `table.${options.clientId}.${randomUUID()}`;
  const name = options.topicPrefix + topic.name;
  const seen = new Map<number, bigint>();
  let ends: Map<number, bigint> | null = null;
  let resolveCaughtUp: () => void = () => undefined;
  const caughtUp = new Promise<void>((resolve) => (resolveCaughtUp = resolve));

  const check = (): void => {
    if (ends && [...ends].every(([partition, end]) => (seen.get(partition) ?? -1n) + 1n >= end)) resolveCaughtUp();
  };

  const admin = createClient(options, { requestTimeoutMs: 5_000, retries: 2, initialRetryMs: 200 }).admin();
  let closed = false;
  let retryTimer: NodeJS.Timeout | undefined;
  /** Asked at every join: the first answer says when the table is caught up, later ones whether the topic was made anew. */
  const askForEnds = async (): Promise<void> => {
    if (closed) return;
    try {
      await admin.connect();
      const offsets = await admin.fetchTopicOffsets(name);
      ends = new Map(offsets.map(({ partition, high, low }) => [partition, high === low ? 0n : BigInt(high)]));
      for (const [partition, end] of ends) if ((seen.get(partition) ?? -1n) >= end) seen.delete(partition);
      check();
    } catch (thrown) {
      log.warn({ event: 'kafka.table_end_unknown', topic: topic.name, error: rootCause(thrown).message });
      if (!closed) retryTimer = setTimeout(() => void askForEnds(), 1_000).unref();
    }
  };

  const member = joinGroup({
    ...options,
    group,
    topic: topic.name,
    onJoin: () => void askForEnds(),
    eachBatch: ({ batch, resolveOffset }) => {
      for (const raw of batch.messages) {
        const offset = BigInt(raw.offset);
        if (offset <= (seen.get(batch.partition) ?? -1n)) continue;
        const decoded = decode<T>(topic, batch.partition, raw);
        if ('message' in decoded) onEntry(decoded.message);
        else
          log.error({
            event: 'kafka.table_entry_unreadable',
            topic: topic.name,
            offset: raw.offset,
            ...decoded.undecodable,
          });
        seen.set(batch.partition, offset);
      }
      resolveOffset(batch.lastOffset());
      // Compaction can remove the last records, so the end may lie behind the last one there is: the batch knows the offset it reaches.
      const reached = BigInt(batch.lastOffset());
      if (reached > (seen.get(batch.partition) ?? -1n)) seen.set(batch.partition, reached);
      check();
      return Promise.resolve();
    },
  });

  return {
    caughtUp,
    get state() {
      return member.state;
    },
    close: async () => {
      closed = true;
      clearTimeout(retryTimer);
      const connected = member.state === 'consuming';
      await member.close();
      if (connected) await admin.deleteGroups([options.topicPrefix + group]).catch(() => undefined);
      await admin.disconnect().catch(() => undefined);
    },
  };
};
