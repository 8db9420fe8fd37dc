import type { ParkedV1 } from '#contracts';
import type { Queryable } from '../connection/database.js';
import { createFilter, placeText, type Choice } from '../lists/list-filter.js';

/** Records that no consumer could read or handle, copied from their topic so that they can be
 *  searched, released and dismissed after the topic has forgotten them. */
export type ParkedRow = {
  topic: string;
  partition: number;
  offset: string;
  consumer: string;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
  reason: string;
  error: string | null;
  parkedAt: Date;
  resolvedAt: Date | null;
  resolution: 'released' | 'dismissed' | null;
};
export type ParkedPlace = { topic: string; partition: number; offset: string; consumer: string };
type ParkedFilter = {
  topic?: Choice | undefined;
  reason?: Choice | undefined;
  consumer?: Choice | undefined;
  resolved?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** Takes a batch of records; one that is known already stays as it is (P3). */
export const insertParked = async (db: Queryable, records: readonly ParkedV1[]): Promise<void> => {
  await db.query({
    name: 'insert-parked',
    text: `insert into parked_records
             (topic, partition, record_offset, consumer, key, value, headers, reason, error, parked_at)
           select topic, partition, record_offset, consumer, key, decode(value, 'base64'), headers::jsonb, reason, error, parked_at
           from unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
             $9::text[], $10::timestamptz[])
             as r (topic, partition, record_offset, consumer, key, value, headers, reason, error, parked_at)
           on conflict do nothing`,
    values: [
      records.map(({ topic }) => topic),
      records.map(({ partition }) => partition),
      records.map(({ offset }) => offset),
      records.map(({ consumer }) => consumer),
      records.map(({ key }) => key && withoutNul(key)),
      records.map(({ valueBase64 }) => valueBase64),
      records.map(({ headers }) => withoutNul(JSON.stringify(headers))),
      records.map(({ reason }) => reason),
      records.map(({ error }) => error && withoutNul(error)),
      records.map(({ parkedAtMs }) => new Date(parkedAtMs)),
    ],
  });
};
/** Postgres' text cannot hold NUL; what is parked may well contain one. The value itself is kept
 *  as bytes. */
const withoutNul = (text: string): string => text.replaceAll('\0', '\u2400').replaceAll('\\u0000', '\\u2400');

const columns = `topic, partition, record_offset::text as "offset", consumer, key, value, headers, reason, error,
  parked_at as "parkedAt", resolved_at as "resolvedAt", resolution`;

const filterOf = (filter: ParkedFilter) =>
  createFilter()
    .choose('topic', filter.topic)
    .choose('reason', filter.reason)
    .choose('consumer', filter.consumer)
    .and('(resolved_at is not null) = $?', filter.resolved)
    .and('parked_at >= $?', filter.from)
    .and('parked_at < $?', filter.to);

/** Newest first; the place of a page is the time and the record's own place on its topic. */
export const listParked = async (
  db: Queryable,
  filter: ParkedFilter,
  page: { before: (ParkedPlace & { at: string }) | null; limit: number },
): Promise<(ParkedRow & { at: string })[]> => {
  const where = filterOf(filter);
  const { before } = page;
  const values = [
    ...where.values,
    before?.at ?? null,
    before?.topic ?? '',
    before?.partition ?? 0,
    before?.offset ?? '0',
    before?.consumer ?? '',
    page.limit,
  ];
  const first = where.values.length + 1;
  const [at, topic, partition, offset, consumer, limit] = [0, 1, 2, 3, 4, 5].map((n) => `$${first + n}`);
  const { rows } = await db.query<ParkedRow & { at: string }>(
    `select ${columns}, ${placeText('parked_at')} as at from parked_records
     where ${where.where()} and (${at}::timestamptz is null or
       (parked_at, topic, partition, record_offset, consumer) < (${at}, ${topic}, ${partition}, ${offset}::bigint, ${consumer}))
     order by parked_at desc, topic desc, partition desc, record_offset desc, consumer desc limit ${limit}`,
    values,
  );
  return rows;
};

/** Notes what was decided of a record; answers whether it was still open. */
export const resolveParked = async (
  db: Queryable,
  place: ParkedPlace,
  resolution: 'released' | 'dismissed',
): Promise<boolean> => {
  const { rowCount } = await db.query(
    `update parked_records set resolved_at = now(), resolution = $5
     where topic = $1 and partition = $2 and record_offset = $3 and consumer = $4 and resolved_at is null`,
    [place.topic, place.partition, place.offset, place.consumer, resolution],
  );
  return rowCount === 1;
};

export const findParked = async (db: Queryable, place: ParkedPlace): Promise<ParkedRow | null> => {
  const { rows } = await db.query<ParkedRow>(
    `select ${columns} from parked_records
     where topic = $1 and partition = $2 and record_offset = $3 and consumer = $4`,
    [place.topic, place.partition, place.offset, place.consumer],
  );
  return rows[0] ?? null;
};

/** Open records by topic and reason, for metrics and the panel. */
export const countParked = async (db: Queryable): Promise<{ topic: string; reason: string; count: number }[]> =>
  (
    await db.query<{ topic: string; reason: string; count: number }>(
      `select topic, reason, count(*)::int as count from parked_records where resolved_at is null group by 1, 2 order by 1, 2`,
    )
  ).rows;
