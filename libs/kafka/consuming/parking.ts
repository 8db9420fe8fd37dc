import { topics, type ParkedV1 } from '#contracts';
import { textHeaders, type RawRecord } from './batch.js';
import type { OutRecord } from '../connection/ports.js';

/** A larger value is left out of its parked record: in base64 it would not fit the broker's limit
 * of 1 MiB. The original stays readable at its topic and offset as long as the topic keeps it. */
const maxValueBytes = 600_000;

/** @param origin where the record lies: the topic's name without prefix, so that a replay finds it
 * in any installation. */
export const parkedRecord = (
  raw: RawRecord,
  origin: { topic: string; partition: number; consumer: string; nowMs: number },
  why: { reason: string; cause: string | null },
): OutRecord => {
  const key = raw.key === null ? null : raw.key.toString();
  const size = raw.value?.length ?? 0;
  const tooLarge = size > maxValueBytes;
  const value: ParkedV1 = {
    topic: origin.topic,
    partition: origin.partition,
    offset: raw.offset,
    key,
    valueBase64: raw.value === null || tooLarge ? null : raw.value.toString('base64'),
    headers: textHeaders(raw),
    reason: why.reason,
    error: tooLarge ? `${why.cause ?? ''} (its value of ${size} bytes is left out here)`.trim() : why.cause,
    consumer: origin.consumer,
    parkedAtMs: origin.nowMs,
  };
  const id = `${origin.topic}/${origin.partition}/${raw.offset}`;
  return {
    topic: topics.parked.name,
    key: key ?? id,
    value: JSON.stringify(value),
    headers: { id, type: topics.parked.type },
  };
};
