import type { Topic } from '#contracts';
import { messageOf } from '#runtime';
import { randomUUID } from 'node:crypto';
import type { Admin, EachBatchPayload, KafkaMessage } from 'kafkajs';
import { decode, type Message } from './batch.js';
import { createClient, rootCause } from '../connection/client.js';
import { GroupMember, type GroupOptions, type MemberState } from './membership.js';
import type { KafkaMetrics } from '../connection/ports.js';

type TableOptions<T> = Omit<GroupOptions, 'topic' | 'group' | 'eachBatch' | 'onJoin'> & {
  topic: Topic;
  /** Called for every record in the order of its partition, from the beginning of the topic, and
   * never twice for one offset. An entry on which it throws is logged and counted, and the one
   * before it stays in force. */
  onEntry: (entry: Message<T>) => void;
  metrics?: Pick<KafkaMetrics, 'entrySkipped'>;
};

export type Table = {
  /** Resolves when everything that lay on the topic at the time of joining has been given to
   * `onEntry`. Never rejects: it waits for Kafka. */
  readonly caughtUp: Promise<void>;
  readonly state: MemberState;
  close(): Promise<void>;
};

/** Follows a compacted topic as a table: every process reads all of it, as a group of its own that
 * commits nothing. After an outage kafkajs begins at the start again, and entries seen before are
 * skipped. A topic that was made again (its end lies before what was seen) is read from its start.
 */
export const followTable = <T>(options: TableOptions<T>): Table => new FollowedTable(options);

class FollowedTable<T> implements Table {
  readonly caughtUp: Promise<void>;
  private readonly group: string;
  private readonly name: string;
  private readonly admin: Admin;
  private readonly member: GroupMember;
  /** By partition, the last offset given to `onEntry`. */
  private readonly seen = new Map<number, bigint>();
  private ends: Map<number, bigint> | null = null;
  private resolveCaughtUp: () => void = () => undefined;
  private isClosed = false;
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: TableOptions<T>) {
    this.group = `table.${options.clientId}.${randomUUID()}`;
    this.name = options.topicPrefix + options.topic.name;
    this.caughtUp = new Promise<void>((resolve) => (this.resolveCaughtUp = resolve));
    this.admin = createClient(options, { requestTimeoutMs: 5_000, retries: 2, initialRetryMs: 200 }).admin();
    this.member = new GroupMember({
      ...options,
      group: this.group,
      topic: options.topic.name,
      onJoin: () => void this.readEnds(),
      eachBatch: async (payload) => this.take(payload),
    });
  }

  get state(): MemberState {
    return this.member.state;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retryTimer);
    const wasConnected = this.member.state === 'consuming';
    await this.member.close();
    if (wasConnected) await this.admin.deleteGroups([this.options.topicPrefix + this.group]).catch(() => undefined);
    await this.admin.disconnect().catch(() => undefined);
  }

  private take({ batch, resolveOffset }: EachBatchPayload): void {
    const { partition } = batch;
    for (const raw of batch.messages) {
      const offset = BigInt(raw.offset);
      if (offset <= this.seenOf(partition)) continue;
      this.apply(partition, raw);
      this.seen.set(partition, offset);
    }
    resolveOffset(batch.lastOffset());
    // Compaction can remove the last records, so the end may lie behind the last one there is: the
    // batch knows the offset it reaches.
    const reached = BigInt(batch.lastOffset());
    if (reached > this.seenOf(partition)) this.seen.set(partition, reached);
    this.check();
  }

  /** The entry that cannot be applied leaves the one before it in force, and the table goes on: a
   *  service that stops for one entry of the catalog would stop for all of them. */
  private apply(partition: number, raw: KafkaMessage): void {
    const { topic, log, onEntry, metrics } = this.options;
    const skip = (fields: object): void => {
      metrics?.entrySkipped(topic.name);
      const key = raw.key?.toString() ?? null;
      log.error({ event: 'kafka.table_entry_unreadable', topic: topic.name, offset: raw.offset, key, ...fields });
    };
    const decoded = decode<T>(topic, partition, raw);
    if ('undecodable' in decoded) return skip(decoded.undecodable);
    try {
      onEntry(decoded.message);
    } catch (thrown) {
      skip({ reason: 'not_applicable', cause: messageOf(thrown), stack: (thrown as Error)?.stack });
    }
  }

  /** Asked at every join: the first answer says when the table is caught up, later ones whether the
   *  topic was made again. */
  private async readEnds(): Promise<void> {
    if (this.isClosed) return;
    const { topic, log } = this.options;
    try {
      await this.admin.connect();
      const offsets = await this.admin.fetchTopicOffsets(this.name);
      this.ends = new Map(offsets.map(({ partition, high, low }) => [partition, high === low ? 0n : BigInt(high)]));
      for (const [partition, end] of this.ends) if (this.seenOf(partition) >= end) this.seen.delete(partition);
      this.check();
    } catch (thrown) {
      log.warn({ event: 'kafka.table_end_unknown', topic: topic.name, error: rootCause(thrown).message });
      if (!this.isClosed) this.retryTimer = setTimeout(() => void this.readEnds(), 1_000).unref();
    }
  }

  private seenOf(partition: number): bigint {
    return this.seen.get(partition) ?? -1n;
  }

  private check(): void {
    if (this.ends && [...this.ends].every(([partition, end]) => this.seenOf(partition) + 1n >= end))
      this.resolveCaughtUp();
  }
}
