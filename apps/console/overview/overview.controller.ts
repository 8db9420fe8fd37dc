import { formatNanos } from '#domain';
import { countCalls, countDeliveries, listMissed, readSystemState, sumMoney } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { spoolReader } from './spool.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { bucketNames, bucketRange, bucketStarts, wholeBuckets } from './buckets.js';
import { consumed, lagReader, type LagReader } from './lag.js';

/** The current flow from clicks to accepted deliveries over time, and how far the services are
 *  behind. */

const maxBuckets = 1_500;
/** As long as the raw calls of a network can usually be asked for again. */
const missedDays = 7;

const overviewQuery = z.strictObject({
  ...bucketRange,
  bucket: bucketNames.default('minute'),
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
  bucket: bucketNames,
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
  /** Postbacks that wait on the disks of ingest; null: console was not given their addresses. */
  spool: z
    .object({
      processes: z.int(),
      answering: z.int(),
      records: z.int(),
      bytes: z.int(),
      oldestSeconds: z.number(),
    })
    .nullable(),
  orphans: z.object({ count: z.int(), oldestAt: z.iso.datetime().nullable() }),
  parked: z.object({ count: z.int() }),
  /** Records that a service never read, found within a week: Kafka deleted them first, or the topic
   *  was made again. */
  missed: z.array(
    z.object({
      group: z.string(),
      topic: z.string(),
      reason: z.enum(['deleted', 'beyond_end', 'no_position']),
      partitions: z.int(),
      /** Null: not known how many. */
      records: z.int().nullable(),
      foundAt: z.iso.datetime(),
    }),
  ),
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
  private readonly spool: ReturnType<typeof spoolReader>;

  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<
      ConsolePorts,
      'pool' | 'now' | 'kafka' | 'log' | 'relay' | 'producerState' | 'ingestHealthUrls'
    >,
  ) {
    this.lag = lagReader(ports);
    this.spool = spoolReader(ports);
  }

  @Get('overview')
  @Operation({
    summary:
      'Counts clicks, calls by what became of them, deliveries by their state, and money, in each minute, hour or day (UTC). ' +
      'Calls count when they were received, deliveries when they were made, money when its conversion was first recorded.',
    role: 'viewer',
    query: overviewQuery,
    answer: overviewAnswer,
    errors: ['too_many_buckets'],
  })
  async readOverview(@Input() { query }: Given<unknown, z.infer<typeof overviewQuery>>) {
    const range = wholeBuckets(query, this.ports.now(), maxBuckets);
    const { pool } = this.ports;
    const [calls, deliveries, money, behindSeconds] = await Promise.all([
      countCalls(pool, range),
      countDeliveries(pool, range),
      sumMoney(pool, range),
      this.lag.secondsBehind(),
    ]);
    const buckets = new Map(bucketStarts(range).map((at) => [at, emptyBucket(at)]));
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
  async readStatus() {
    const { pool } = this.ports;
    const [state, missed, lags, spool] = await Promise.all([
      readSystemState(pool),
      listMissed(pool, missedDays),
      this.lag.read(),
      this.spool(),
    ]);
    const { failingSinceMs } = this.ports.relay.state();
    return {
      consumers: lags ?? consumed.map((each) => ({ ...each, lag: null, secondsBehind: null })),
      kafka: lags !== null && this.ports.producerState() === 'connected' ? ('connected' as const) : ('away' as const),
      relay: { failingSince: failingSinceMs === null ? null : new Date(failingSinceMs) },
      spool,
      missed,
      ...state,
    };
  }
}
