import type { Logger } from '#runtime';

/** What libs/kafka needs from its caller. All durations are milliseconds. */

export type KafkaConnection = {
  brokers: readonly string[];
  clientId: string;
  /** Put before every topic name and group id (`CAROM_TOPIC_PREFIX`), so that several systems can
   * share a cluster. */
  topicPrefix: string;
  /** Encryption and credentials; none in the local stack. See `security.ts`. */
  security?: KafkaSecurity;
  log: Logger;
};

export type KafkaSecurity = {
  /** PEM texts. Without `ca` the certificate authorities of Node are trusted; `cert` and `key`
   * together are mutual TLS. Null: no encryption. */
  tls: { ca?: string; cert?: string; key?: string } | null;
  sasl:
    | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
    | { mechanism: 'oauthbearer'; tokenUrl: string; clientId: string; clientSecret: string; scope?: string }
    | null;
};

export type OutRecord = { topic: string; key: string; value: string | Buffer; headers?: Record<string, string> };

/** One produce request: what it held, how long it took, how it ended. */
type SendNumbers = { records: number; bytes: number; ms: number; outcome: 'acknowledged' | 'failed' };

/** One batch that a handler was given, of one or more partitions. */
export type BatchNumbers = {
  topic: string;
  records: number;
  ms: number;
  /** By partition, the records that were unread when the batch was fetched. */
  lags: ReadonlyMap<number, number>;
  /** `stopped`: by the brake, see `judge.ts`. */
  outcome: 'committed' | 'outage' | 'stopped' | 'abandoned';
  done: number;
  skipped: number;
  parked: number;
};

export type KafkaMetrics = {
  sent(numbers: SendNumbers): void;
  /** Records of this process that the broker has not acknowledged yet. */
  waiting(records: number): void;
  /** A batch was fetched whose oldest record has this time. */
  fetched(topic: string, partition: number, oldestAtMs: number): void;
  handled(numbers: BatchNumbers): void;
  /** Partitions that stand still because of an error of our own code. */
  stopped(topic: string, partitions: number): void;
  /** Entries of a compacted topic that could not be read or applied. */
  entrySkipped(topic: string): void;
  /** The group assigned its partitions again: those counted so far may be another process's now. */
  rejoined(topic: string): void;
  /** A group went on without having read everything; null: it is not known how much it missed. */
  jumped(jump: { topic: string; reason: string; missed: number | null }): void;
};
