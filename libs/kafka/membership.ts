import type { Consumer as KafkaConsumer, EachBatchPayload } from 'kafkajs';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, retryOf, rootCause } from './client.js';
import type { KafkaConnection } from './ports.js';

export type MemberState = 'connecting' | 'consuming' | 'closed';

export type GroupOptions = KafkaConnection & {
  /** Without prefix, like `topic`. */
  group: string;
  topic: string;
  eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** What cannot be mended in place: the process should end with a non-zero code and be started again. Called at most once. */
  onFatal: (error: Error) => void;
  /** How long the group waits for a member that says nothing: so long its partitions lie still after a `kill -9`. 10 s unless told. */
  sessionTimeoutMs?: number;
  /** How long a batch in hand may take to finish when the consumer is closed. */
  drainMs?: number;
  /** Called each time the group has given this member its partitions, the first time and after every rebalance. */
  onJoin?: () => void;
  /** Called when the group is about to be joined again: what is to be said as the member that this still is has to be said now. */
  onRebalance?: () => void;
};

export type Member = {
  readonly state: MemberState;
  readonly heartbeatMs: number;
  /** Finishes the batches in hand and joins again, from what was committed. */
  rejoin(): void;
  /** Finishes the batch in hand, leaves the group. `onLate` is called when that takes longer than `drainMs`. */
  close(onLate?: () => void): Promise<void>;
};

/** Kafka holds an empty fetch back for so long at most. Low, because kafkajs asks each broker for all its partitions in one request and a
 *  resumed partition has to wait for the request that is out. */
const maxWaitMs = 250;
/** A member that has not asked for records for so long, with none in hand and no crash told, is stuck (kafkajs issue 659). */
const stuckAfterMs = 120_000;
const retryEveryMs = 1_000;
/** A broker that has just come up first loads its coordinators. A process that starts with it waits, which is no outage. */
const comingUpMs = 10_000;
/** Leaving a group is one request; where the broker does not answer it, the group finds out by the session timeout. */
export const leaveMs = 1_500;
const timing = { requestTimeoutMs: 10_000, retries: 4, initialRetryMs: 200 };

/** Membership of one consumer group on one topic: joins when Kafka is there, joins again after every outage, leaves in an orderly way. */
export const joinGroup = (options: GroupOptions): Member => {
  const { topicPrefix, log, sessionTimeoutMs = 10_000, drainMs = 6_000 } = options;
  const heartbeatMs = Math.floor(sessionTimeoutMs / 10);
  const groupId = topicPrefix + options.group;
  let state: MemberState = 'connecting';
  let batchesInHand = 0;
  let lastFetchAt = performance.now();
  const startedAt = performance.now();
  let hasJoined = false;

  const fail = (error: Error): void => {
    if (state === 'closed') return;
    log.error({ event: 'kafka.consumer_died', group: groupId, error: error.message, stack: error.stack });
    clearInterval(watchdog);
    options.onFatal(error);
  };
  const watchdog = setInterval(() => {
    if (state !== 'consuming' || batchesInHand > 0 || performance.now() - lastFetchAt < stuckAfterMs) return;
    fail(new Error(`the consumer of ${options.topic} has not asked for records for ${stuckAfterMs} ms`));
  }, 10_000).unref();

  const sayAway = (error: Error): void => {
    const early = !hasJoined && performance.now() - startedAt < comingUpMs;
    log[early ? 'info' : 'warn']({
      event: early ? 'kafka.consumer_waits' : 'kafka.consumer_away',
      group: groupId,
      error: error.message,
    });
  };

  const events: Watching = {
    joined: () => {
      hasJoined = true;
      if (state === 'connecting') state = 'consuming';
      lastFetchAt = performance.now();
      log.info({ event: 'kafka.group_joined', group: groupId });
      options.onJoin?.();
    },
    rebalancing: () => options.onRebalance?.(),
    fetching: () => (lastFetchAt = performance.now()),
    crashed: (error, restarts) => {
      if (state === 'consuming') state = 'connecting';
      if (state === 'closed') return;
      if (!restarts && !isOutage(error)) return fail(rootCause(error));
      sayAway(error);
      if (!restarts) running = wait(retryEveryMs).then(run);
    },
  };

  const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    batchesInHand += 1;
    try {
      await options.eachBatch(payload);
    } finally {
      batchesInHand -= 1;
      lastFetchAt = performance.now();
    }
  };

  const create = (): KafkaConsumer =>
    createClient(options, timing).consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(60_000, sessionTimeoutMs),
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      allowAutoTopicCreation: false,
      retry: {
        ...retryOf(timing),
        restartOnFailure: () => Promise.resolve(state !== 'closed'),
      },
    });
  let consumer: KafkaConsumer | null = null;

  /** Each try has a client of its own: one that has crashed keeps things of its former life. */
  const run = async (): Promise<void> => {
    while (state !== 'closed') {
      const own = (consumer = create());
      // What one that was left still says of itself concerns nobody.
      watch(own, { ...events, crashed: (...told) => consumer === own && events.crashed(...told) });
      try {
        await own.connect();
        await own.subscribe({ topics: [topicPrefix + options.topic], fromBeginning: true });
        return await own.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          // All that a fetch brought, at once: `joining.ts` makes calls of it, and says how many are under way.
          partitionsConsumedConcurrently: 64,
          eachBatch,
        });
      } catch (thrown) {
        sayAway(rootCause(thrown));
        void own.disconnect().catch(() => undefined);
        await wait(retryEveryMs);
      }
    }
  };
  let running = run();

  return {
    get state() {
      return state;
    },
    heartbeatMs,
    rejoin: () => {
      const before = consumer;
      consumer = null;
      running = running.then(async () => {
        // After a crash meanwhile it has joined anew already.
        if (consumer) return;
        await before?.disconnect().catch((error: unknown) => sayAway(rootCause(error as Error)));
        await run();
      });
    },
    close: async (onLate) => {
      state = 'closed';
      clearInterval(watchdog);
      const late = setTimeout(() => onLate?.(), drainMs);
      const left = running
        .then(() => consumer?.disconnect())
        .catch((error: unknown) => {
          log.warn({ event: 'kafka.consumer_left_badly', group: groupId, error: rootCause(error).message });
        });
      await atMost(batchesInHand > 0 ? drainMs + leaveMs : leaveMs, left);
      clearTimeout(late);
    },
  };
};

/** kafkajs cannot be told to stop waiting for a broker that does not answer; what it still does then ends with the process. */
export const atMost = async (ms: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
};

/** What kafkajs gives up for good although time mends it: a broker that has just come up has no coordinator for a while. */
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

type Watching = {
  joined: () => void;
  rebalancing: () => void;
  fetching: () => void;
  crashed: (error: Error, restarts: boolean) => void;
};
const watch = (consumer: KafkaConsumer, { joined, rebalancing, fetching, crashed }: Watching): void => {
  consumer.on(consumer.events.GROUP_JOIN, joined);
  consumer.on(consumer.events.REBALANCING, rebalancing);
  consumer.on(consumer.events.FETCH_START, fetching);
  consumer.on(consumer.events.CRASH, ({ payload }) => crashed(payload.error, payload.restart));
};
