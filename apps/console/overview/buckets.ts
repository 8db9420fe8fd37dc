import type { Bucket } from '#postgres';
import { z } from 'zod';
import { moment } from '../http/page.js';
import { Problem } from '../http/problem.js';

/** The buckets of time in which things are counted: whole minutes, hours or days of UTC. */

const bucketMs: Record<Bucket, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** Without `from`: so many buckets back. */
const usualBuckets: Record<Bucket, number> = { minute: 60, hour: 24, day: 14 };

export const bucketNames = z.enum(['minute', 'hour', 'day']);
export const bucketRange = { from: moment.optional(), to: moment.optional() };

type Asked = { from?: Date | undefined; to?: Date | undefined; bucket: Bucket };
type BucketRange = { from: Date; to: Date; bucket: Bucket };

/** Whole buckets. @throws Problem when there would be more than `maxBuckets` */
export const wholeBuckets = ({ from, to, bucket }: Asked, now: Date, maxBuckets: number): BucketRange => {
  const step = bucketMs[bucket];
  const endMs = Math.ceil((to ?? now).getTime() / step) * step;
  const startMs = from ? Math.floor(from.getTime() / step) * step : endMs - usualBuckets[bucket] * step;
  if ((endMs - startMs) / step > maxBuckets)
    throw new Problem(422, 'too_many_buckets', `at most ${maxBuckets} buckets: take a larger bucket`, [
      { path: 'bucket', code: 'too_many_buckets', message: 'is too small for this time' },
    ]);
  return { from: new Date(startMs), to: new Date(Math.max(startMs, endMs)), bucket };
};

/** The start of each bucket, in unix ms. */
export const bucketStarts = ({ from, to, bucket }: BucketRange): number[] => {
  const step = bucketMs[bucket];
  const count = Math.round((to.getTime() - from.getTime()) / step);
  return Array.from({ length: count }, (_, index) => from.getTime() + index * step);
};
