import { formatNanos } from '#domain';
import { countCalls, countDeliveries, readSystemState, sumMoney, type Bucket } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { moment } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { consumed, lagReader, type LagReader } from './lag.js';

/** The current flow from clicks to accepted deliveries over time, and how far the services are
 *  behind. */

const bucketMs: Record<Bucket, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** Without `from`: so many buckets back. */
const usualBuckets: Record<Bucket, number> = { minute: 60, hour: 24, day: 14 };
const maxBuckets = 1_500;

const overviewQuery = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  bucket: z.enum(['minute', 'hour', 'day']).default('minute'),
});
const postbackCounts = z.object({
  applied: z.int(),
  duplicate: z.int(),
  refused: z.int(),
  orphan: z.int(),
  parked: z.int(),
});
const deliveryCounts = z.object({ delivered: z.int(), waiting: z.int(), parked: z.int(), superseded: z.int() });
const bucketAnswer = z.object({
  at: z.iso.datetime(),
  clicks: z.int(),
  conversions: z.int(),
  postbacks: postbackCounts,
  /** Refused calls by their reason. */
  refusals: z.record(z.string(), z.int()),
  deliveries: deliveryCounts,
  money: z.array(z.object({ currency: z.string(), approved: z.string(), pending: z.string(), cost: z.string() })),
});
type BucketAnswer = z.infer<typeof bucketAnswer>;
const overviewAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  bucket: z.enum(['minute', 'hour', 'day']),
  buckets: z.array(bucketAnswer),
  behindSeconds: z.int().nullable(),
});

const statusAnswer = z.object({
  consumers: z.array(
    z.object({
      group: z.string(),
      topic: z.string(),
      lag: z.int().nullable(),
      /** The age of the oldest record that waits, up to the next of a few steps; null: unknown,
       *  or more than a day. */
      secondsBehind: z.int().nullable(),
    }),
  ),
  /** Whether Kafka answers; without it nothing is known of the consumers. */
  kafka: z.enum(['connected', 'away']),
  /** Changes of the catalog that services may not know yet. */
  relay: z.object({ failingSince: z.iso.datetime().nullable() }),
  orphans: z.object({ count: z.int(), oldestAt: z.iso.datetime().nullable() }),
  parked: z.object({ count: z.int() }),
  destinations: z.object({
    failing: z.int(),
    paused: z.int(),
    backlog: z.int(),
    oldestAt: z.iso.datetime().nullable(),
  }),
});

const emptyBucket = (atMs: number): BucketAnswer => ({
  at: new Date(atMs).toISOString(),
  clicks: 0,
  conversions: 0,
  postbacks: { applied: 0, duplicate: 0, refused: 0, orphan: 0, parked: 0 },
  refusals: {},
  deliveries: { delivered: 0, waiting: 0, parked: 0, superseded: 0 },
  money: [],
});
const decimal = (nanos: string): string => formatNanos(BigInt(nanos));

@Controller('api/v1')
export class OverviewController {
  private readonly lag: LagReader;

  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<ConsolePorts, 'pool' | 'now' | 'kafka' | 'log' | 'relay' | 'producerState'>,
  ) {
    this.lag = lagReader(ports);
  }

  @Get('overview')
  @Operation({
    summary:
      'Counts clicks, calls by what became of them, deliveries by their state, and money, in each minute, hour or day (UTC). ' +
      'Calls count when they were received, deliveries when they were made, money when its conversion was first recorded.',
    role: 'viewer',
    query: overviewQuery,
    answer: overviewAnswer,
  })
  async overview(@Input() { query }: Given<unknown, z.infer<typeof overviewQuery>>) {
    const range = this.range(query);
    const { pool } = this.ports;
    const [calls, deliveries, money, behindSeconds] = await Promise.all([
      countCalls(pool, range),
      countDeliveries(pool, range),
      sumMoney(pool, range),
      this.lag.secondsBehind(),
    ]);
    const step = bucketMs[range.bucket];
    const buckets = new Map<number, BucketAnswer>();
    for (let at = range.from.getTime(); at < range.to.getTime(); at += step) buckets.set(at, emptyBucket(at));
    const bucketAt = (at: Date) => buckets.get(at.getTime()) ?? emptyBucket(0);
    for (const { at, state, refusal, calls: count } of calls) {
      const bucket = bucketAt(at);
      if (state in bucket.postbacks) bucket.postbacks[state as keyof BucketAnswer['postbacks']] += count;
      if (refusal !== '') bucket.refusals[refusal] = (bucket.refusals[refusal] ?? 0) + count;
    }
    for (const { at, state, deliveries: count } of deliveries)
      bucketAt(at).deliveries[state as keyof BucketAnswer['deliveries']] += count;
    for (const { at, currency, clicks, conversions, approved, pending, cost } of money) {
      const bucket = bucketAt(at);
      bucket.clicks += clicks;
      bucket.conversions += conversions;
      if (currency !== '')
        bucket.money.push({ currency, approved: decimal(approved), pending: decimal(pending), cost: decimal(cost) });
    }
    return { ...range, buckets: [...buckets.values()], behindSeconds };
  }

  @Get('status')
  @Operation({
    summary: 'Says how far each service is behind, what waits, and which destinations fail.',
    role: 'viewer',
    answer: statusAnswer,
  })
  async status() {
    const [state, lags] = await Promise.all([readSystemState(this.ports.pool), this.lag.read()]);
    const { failingSinceMs } = this.ports.relay.state();
    return {
      consumers: lags ?? consumed.map((each) => ({ ...each, lag: null, secondsBehind: null })),
      kafka: lags !== null && this.ports.producerState() === 'connected' ? ('connected' as const) : ('away' as const),
      relay: { failingSince: failingSinceMs === null ? null : new Date(failingSinceMs) },
      ...state,
    };
  }

  /** Whole buckets. @throws Problem when there would be too many to draw. */
  private range({ from, to, bucket }: z.infer<typeof overviewQuery>) {
    const step = bucketMs[bucket];
    const endMs = Math.ceil((to ?? this.ports.now()).getTime() / step) * step;
    const startMs = from ? Math.floor(from.getTime() / step) * step : endMs - usualBuckets[bucket] * step;
    if ((endMs - startMs) / step > maxBuckets)
      throw new Problem(
        422,
        'too_many_buckets',
        `an overview has at most ${maxBuckets} buckets: take a larger bucket`,
        [{ path: 'bucket', code: 'too_many_buckets', message: 'is too small for this time' }],
      );
    return { from: new Date(startMs), to: new Date(Math.max(startMs, endMs)), bucket };
  }
}
