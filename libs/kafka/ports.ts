import type { Logger } from '#runtime';

/** What libs/kafka asks of its surroundings, as narrow as it can be. All durations are
 * milliseconds. */

export type KafkaConnection = {
  brokers: readonly string[];
  clientId: string;
  /** Put before every topic name and group id (`CAROM_TOPIC_PREFIX`), so that several systems can
   * share a cluster. */
  topicPrefix: string;
  log: Logger;
};

/** One produce request: what it held, how long it took, how it ended. */
export type SendNumbers = { records: number; bytes: number; ms: number; outcome: 'acknowledged' | 'failed' };

/** One batch that a handler was given, of one or more partitions. `lags` counts by partition the
 * records which nobody had read when it was fetched. */
export type BatchNumbers = {
  topic: string;
  records: number;
  ms: number;
  lags: ReadonlyMap<number, number>;
  outcome: 'committed' | 'retry' | 'outage' | 'abandoned';
  done: number;
  skipped: number;
  parked: number;
};

export type KafkaMetrics = {
  sent(numbers: SendNumbers): void;
  /** Records that wait for the broker's acknowledgement in this process, now. */
  waiting(records: number): void;
  handled(numbers: BatchNumbers): void;
  /** The group shares its partitions out anew: what was counted of this topic may be another
   * process's now. */
  rejoined(topic: string): void;
};
