import { destinationSettings } from '#contracts';
import { redacted } from '#domain';
import {
  countDeliveries,
  destinationHistory,
  findCatalogEntry,
  lastDeliveredAt,
  listDestinationStates,
  type DestinationState,
} from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { notFound } from '../http/problem.js';
import { bucketNames, bucketRange, bucketStarts, wholeBuckets } from '../overview/buckets.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { byKey, destinationAnswer, parseKey } from './destination-answer.js';
import { savedDestination } from './destination-trial.js';

/** One destination: its settings in force, what it is owed, and how its calls went over time. */

const maxBuckets = 400;
const historyQuery = z.strictObject({ ...bucketRange, bucket: bucketNames.default('hour') });
const deliveryCounts = z.object({ delivered: z.int(), waiting: z.int(), parked: z.int(), superseded: z.int() });
const bucketAnswer = z.object({
  at: z.iso.datetime(),
  deliveries: deliveryCounts,
  /** Of the attempts that were looked at; a sample where there are many. */
  attempts: z.object({
    seen: z.int(),
    accepted: z.int(),
    successShare: z.number().nullable(),
    p50Ms: z.int().nullable(),
    p95Ms: z.int().nullable(),
    statuses: z.record(z.string(), z.int()),
  }),
});
const historyAnswer = destinationAnswer
  .extend({
    settings: destinationSettings.nullable(),
    lastDeliveredAt: z.iso.datetime().nullable(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    bucket: bucketNames,
    buckets: z.array(bucketAnswer),
  })
  .meta({ id: 'DestinationHistory' });
type Counts = z.infer<typeof deliveryCounts>;
type Attempts = z.infer<typeof bucketAnswer>['attempts'];

const noCounts: Counts = { delivered: 0, waiting: 0, parked: 0, superseded: 0 };
const noAttempts: Attempts = { seen: 0, accepted: 0, successShare: null, p50Ms: null, p95Ms: null, statuses: {} };
const quiet = (destinationKey: string): DestinationState => ({
  destinationKey,
  paused: false,
  pausedBy: null,
  waiting: 0,
  parked: 0,
  parkedFor: {},
  oldestAt: null,
  processes: [],
});

@Controller('api/v1/destinations')
export class DestinationController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'now'>) {}

  @Get(':key')
  @Operation({
    summary:
      'Reads one destination: its settings in force (null: it was deleted), what it is owed, how each dispatch process sees ' +
      'it, and for each minute, hour or day its deliveries by state, the share of calls that were accepted and how long they took.',
    role: 'viewer',
    params: byKey,
    query: historyQuery,
    answer: historyAnswer,
    errors: ['too_many_buckets'],
  })
  async read(@Input() { params: { key }, query }: Given<{ key: string }, z.infer<typeof historyQuery>>) {
    const { pool, dataSource, now } = this.ports;
    const range = wholeBuckets(query, now(), maxBuckets);
    const owner = parseKey(key);
    const entry = await findCatalogEntry(dataSource, owner.kind, owner.key);
    const settings = entry && savedDestination(owner.kind, entry.body, () => redacted);
    const [state] = await listDestinationStates(pool, key);
    const last = await lastDeliveredAt(pool, key);
    if (!settings && !state && last === null) throw notFound('destination', key);
    const [counts, attempts] = await Promise.all([
      countDeliveries(pool, range, key),
      destinationHistory(pool, key, range),
    ]);
    const buckets = new Map(
      bucketStarts(range).map((atMs) => [
        atMs,
        { at: new Date(atMs), deliveries: { ...noCounts }, attempts: noAttempts },
      ]),
    );
    for (const { at, state: name, deliveries } of counts) {
      const bucket = buckets.get(at.getTime());
      if (bucket && name in noCounts) bucket.deliveries[name as keyof Counts] = deliveries;
    }
    for (const { at, ...found } of attempts) {
      const bucket = buckets.get(at.getTime());
      if (bucket) bucket.attempts = { ...found, successShare: found.accepted / found.seen };
    }
    return {
      ...(state ?? quiet(key)),
      settings,
      lastDeliveredAt: last,
      ...range,
      buckets: [...buckets.values()],
    };
  }
}
