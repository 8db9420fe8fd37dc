import type { Topic } from '#contracts';
import type { Verdict } from '#domain';
import { messageOf } from '#runtime';
import { isUtf8 } from 'node:buffer';

/** One record as a pipeline sees it. `offset` is decimal text: it can be larger than a safe
 * integer. */
export type Message<T> = {
  partition: number;
  key: string | null;
  value: T;
  headers: Record<string, string>;
  offset: string;
  timestampMs: number;
};

/** What a handler is given at once: decoded records of one or more partitions, each partition's in
 * their order. `signal` aborts when the outcome no longer counts: another member has the
 * partitions, or the time to drain is over. */
export type Batch<T> = { topic: string; messages: readonly Message<T>[]; signal: AbortSignal };

/** Returns one verdict per message, in the same order. What a thrown error leads to is in
 * `judge.ts`. It must bear to be given a record again: after a crash, and in halves of a batch that
 * failed. */
export type BatchHandler<T> = (batch: Batch<T>) => Promise<readonly Verdict[]>;

/** A record as it lies on the topic: the part of kafkajs's message that we use. */
export type RawRecord = {
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  offset: string;
  timestamp: string;
};

type Undecodable = {
  reason: 'value_missing' | 'not_utf8' | 'type_unknown' | 'not_json' | 'schema_mismatch';
  cause: string;
};
type Decoded<T> = { message: Message<T> } | { undecodable: Undecodable };

export const textHeaders = (raw: RawRecord): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name in raw.headers) {
    const value = raw.headers[name];
    headers[name] = String(Array.isArray(value) ? value[0] : (value ?? ''));
  }
  return headers;
};

/** Reads a record by its topic's schema. Never throws: what cannot be read is parked (P2). A record
 * of another type was written by a newer version, and guessing would lose fields. */
export const decode = <T>(topic: Topic, partition: number, raw: RawRecord): Decoded<T> => {
  const no = (reason: Undecodable['reason'], cause: string): Decoded<T> => ({ undecodable: { reason, cause } });
  if (raw.value === null) return no('value_missing', 'a record without a value');
  if (!isUtf8(raw.value)) return no('not_utf8', 'the value is not UTF-8');
  const headers = textHeaders(raw);
  if (headers.type !== undefined && headers.type !== topic.type)
    return no('type_unknown', `type ${headers.type} on a topic of ${topic.type}`);
  let json: unknown;
  try {
    json = JSON.parse(raw.value.toString());
  } catch (thrown) {
    return no('not_json', messageOf(thrown));
  }
  const read = topic.schema.safeParse(json);
  if (!read.success) {
    const problems = read.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'value'}: ${message}`);
    return no('schema_mismatch', problems.join('; '));
  }
  const { offset, timestamp } = raw;
  const key = raw.key === null ? null : raw.key.toString();
  return { message: { partition, key, value: read.data as T, headers, offset, timestampMs: Number(timestamp) } };
};
