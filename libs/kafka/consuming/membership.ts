import type { Consumer as KafkaConsumer, EachBatchPayload, PartitionAssigner } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, retryOf, rootCause } from '../connection/client.js';
import type { KafkaConnection } from '../connection/ports.js';

export type MemberState = 'connecting' | 'consuming' | 'closed';

export type GroupOptions = KafkaConnection & {
  /** Without prefix, like `topic`. */
  group: string;
  topic: string;
  eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Assigns the partitions where this member leads its group; by default kafkajs's own. */
  assigner?: PartitionAssigner;
  /** For what a new connection does not heal: the process should end with a non-zero code and be
   *  started again. Called at most once. */
  onFatal: (error: Error) => void;
  /** How long the group waits for a silent member: this long its partitions lie still after a
   *  `kill -9`. 10 s unless set. */
  sessionTimeoutMs?: number;
  /** How long a batch in hand may take to finish when the consumer is closed. */
  drainMs?: number;
  /** Called each time the group has given this member its partitions, also after every rebalance.
   */
  onJoin?: () => void;
  /** Called before the group is joined again: the last moment to commit as the present member. */
  onRebalance?: () => void;
};

/** Kafka holds an empty fetch back for at most this long. Low, because kafkajs asks each broker for
 * all its partitions in one request, and a resumed partition has to wait for the request that is
 * out. */
const maxWaitMs = 250;
/** A member that has not asked for records for so long, with none in hand, is stuck (kafkajs issue
 * 659). */
const stuckAfterMs = 120_000;
const watchEveryMs = 10_000;
const retryEveryMs = 1_000;
/** A broker that has just come up first loads its coordinators. Waiting for it then is no outage.
 */
const comingUpMs = 10_000;
/** Leaving a group is one request. If the broker does not answer it, the session timeout does the
 * rest. */
export const leaveMs = 1_500;
const timing = { requestTimeoutMs: 10_000, retries: 4, initialRetryMs: 200 };

/** Membership of one consumer group on one topic: joins when Kafka is there, joins again after
 * every outage, leaves in an orderly way. */
export class GroupMember {
  readonly heartbeatMs: number;
  private readonly sessionTimeoutMs: number;
  private readonly groupId: string;
  private readonly startedAt = performance.now();
  private readonly watchdog: NodeJS.Timeout;
  private current: MemberState = 'connecting';
  private hasJoined = false;
  private batchesInHand = 0;
  private lastFetchAt = performance.now();
  private consumer: KafkaConsumer | null = null;
  private running: Promise<void>;

  constructor(private readonly options: GroupOptions) {
    this.sessionTimeoutMs = options.sessionTimeoutMs ?? 10_000;
    this.heartbeatMs = Math.floor(this.sessionTimeoutMs / 10);
    this.groupId = options.topicPrefix + options.group;
    this.watchdog = setInterval(() => this.failIfStuck(), watchEveryMs).unref();
    this.running = this.run();
  }

  get state(): MemberState {
    return this.current;
  }

  /** Finishes the batches in hand and joins again, from what was committed. */
  rejoin(): void {
    const before = this.consumer;
    this.consumer = null;
    this.running = this.running.then(async () => {
      // A crash meanwhile has made it join again already.
      if (this.consumer) return;
      await before?.disconnect().catch((error: unknown) => this.logAway(rootCause(error)));
      await this.run();
    });
  }

  /** Finishes the batches in hand and leaves the group. `onLate` is called when that takes longer
   * than `drainMs`. */
  async close(onLate?: () => void): Promise<void> {
    const { drainMs = 6_000, log } = this.options;
    this.current = 'closed';
    clearInterval(this.watchdog);
    const late = setTimeout(() => onLate?.(), drainMs);
    const left = this.running
      .then(() => this.consumer?.disconnect())
      .catch((error: unknown) => {
        log.warn({ event: 'kafka.consumer_left_badly', group: this.groupId, error: rootCause(error).message });
      });
    await atMost(this.batchesInHand > 0 ? drainMs + leaveMs : leaveMs, left);
    clearTimeout(late);
  }

  /** Each try has a client of its own: kafkajs keeps state of a consumer that has crashed. */
  private async run(): Promise<void> {
    const { topicPrefix, topic } = this.options;
    while (this.current !== 'closed') {
      const own = (this.consumer = this.create());
      this.watch(own);
      try {
        await own.connect();
        await own.subscribe({ topics: [topicPrefix + topic], fromBeginning: true });
        return await own.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          // All that a fetch brought, at once: `batch-merge.ts` makes calls of it and limits them.
          partitionsConsumedConcurrently: 64,
          eachBatch: (payload) => this.takeBatch(payload),
        });
      } catch (thrown) {
        this.logAway(rootCause(thrown));
        void own.disconnect().catch(() => undefined);
        await wait(retryEveryMs);
      }
    }
  }

  private create(): KafkaConsumer {
    return createClient(this.options, timing).consumer({
      groupId: this.groupId,
      ...(this.options.assigner && { partitionAssigners: [this.options.assigner] }),
      sessionTimeout: this.sessionTimeoutMs,
      rebalanceTimeout: Math.max(60_000, this.sessionTimeoutMs),
      heartbeatInterval: this.heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      allowAutoTopicCreation: false,
      retry: { ...retryOf(timing), restartOnFailure: () => Promise.resolve(this.current !== 'closed') },
    });
  }

  private watch(own: KafkaConsumer): void {
    const { events } = own;
    own.on(events.GROUP_JOIN, () => this.joined());
    own.on(events.REBALANCING, () => this.options.onRebalance?.());
    own.on(events.FETCH_START, () => (this.lastFetchAt = performance.now()));
    own.on(events.CRASH, ({ payload }) => {
      // Ignore events of a consumer that has been replaced.
      if (this.consumer === own) this.crashed(payload.error, payload.restart);
    });
  }

  private joined(): void {
    this.hasJoined = true;
    if (this.current === 'connecting') this.current = 'consuming';
    this.lastFetchAt = performance.now();
    this.options.log.info({ event: 'kafka.group_joined', group: this.groupId });
    this.options.onJoin?.();
  }

  private crashed(error: Error, restarts: boolean): void {
    if (this.current === 'consuming') this.current = 'connecting';
    if (this.current === 'closed') return;
    if (!restarts && !isOutage(error)) return this.fail(rootCause(error));
    this.logAway(error);
    if (!restarts) this.running = wait(retryEveryMs).then(() => this.run());
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    this.batchesInHand += 1;
    try {
      await this.options.eachBatch(payload);
    } finally {
      this.batchesInHand -= 1;
      this.lastFetchAt = performance.now();
    }
  }

  private failIfStuck(): void {
    if (this.current !== 'consuming' || this.batchesInHand > 0) return;
    if (performance.now() - this.lastFetchAt < stuckAfterMs) return;
    this.fail(new Error(`the consumer of ${this.options.topic} has not asked for records for ${stuckAfterMs} ms`));
  }

  private fail(error: Error): void {
    if (this.current === 'closed') return;
    const { log, onFatal } = this.options;
    log.error({ event: 'kafka.consumer_died', group: this.groupId, error: error.message, stack: error.stack });
    clearInterval(this.watchdog);
    onFatal(error);
  }

  private logAway(error: Error): void {
    const isEarly = !this.hasJoined && performance.now() - this.startedAt < comingUpMs;
    this.options.log[isEarly ? 'info' : 'warn']({
      event: isEarly ? 'kafka.consumer_waits' : 'kafka.consumer_away',
      group: this.groupId,
      error: error.message,
    });
  }
}

/** kafkajs cannot stop waiting for a broker that does not answer; what it still does then ends with
 * the process. */
export const atMost = async (ms: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
};

/** Errors after which kafkajs gives up although they pass: a broker that has just come up has no
 *  coordinator for a while. */
const outages = new Set([
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSBrokerNotFound',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSLockTimeout',
]);
const isOutage = (error: Error): boolean => outages.has(error.name) || outages.has(rootCause(error).name);
