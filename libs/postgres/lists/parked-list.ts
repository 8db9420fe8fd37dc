import type { Queryable } from '../connection/database.js';
import { createFilter, only, type Choice } from './list-filter.js';
import { runList, type ListRows, type Page } from './run-list.js';

/** Records that were set aside, as the API lists them: without what they hold. */

type ParkedFilter = {
  topic?: Choice | undefined;
  reason?: Choice | undefined;
  consumer?: Choice | undefined;
  resolved?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};
export type ParkedSummary = {
  topic: string;
  partition: number;
  offset: string;
  consumer: string;
  key: string | null;
  valueBytes: number | null;
  reason: string;
  error: string | null;
  parkedAt: Date;
  resolvedAt: Date | null;
  resolution: 'released' | 'dismissed' | null;
  /** Names the record among those of its time. */
  place: string;
};

const columns = `p.topic, p.partition, p.record_offset::text as "offset", p.consumer, p.key, octet_length(p.value) as "valueBytes",
  p.reason, p.error, p.parked_at as "parkedAt", p.resolved_at as "resolvedAt", p.resolution, p.place`;

/** Newest first. */
export const listParked = (db: Queryable, filter: ParkedFilter, page: Page): Promise<ListRows<ParkedSummary>> => {
  const { topic, reason, consumer, resolved } = filter;
  const where = createFilter('p.parked_at')
    .byIndex('p.reason', reason)
    .byIndex('p.topic', topic)
    .byIndex('p.consumer', consumer)
    .byIndex('(p.resolved_at is not null)', resolved === undefined ? undefined : only(String(resolved)), {
      type: 'boolean',
    })
    .bound('>=', filter.from)
    .bound('<', filter.to);
  return runList<ParkedSummary>(
    db,
    {
      columns,
      from: 'parked_records p',
      time: 'p.parked_at',
      id: 'p.place',
      idType: 'text',
      idName: 'place',
      filter: where,
    },
    page,
  );
};
