import type { Queryable } from '../connection/database.js';

/** A consumer group went on without having read everything. `from` and `missed` are null where they
 * are not known. */
type MissedRecords = {
  group: string;
  topic: string;
  partition: number;
  reason: string;
  from: number | null;
  to: number;
  missed: number | null;
};

/** Writes each once, however often it is found. */
export const recordMissed = async (db: Queryable, all: readonly MissedRecords[]): Promise<void> => {
  await db.query({
    name: 'record-missed',
    text: `insert into missed_records (consumer_group, topic, partition, reason, from_offset, to_offset, missed)
      select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
      on conflict do nothing`,
    values: [
      all.map(({ group }) => group),
      all.map(({ topic }) => topic),
      all.map(({ partition }) => partition),
      all.map(({ reason }) => reason),
      all.map(({ from }) => from),
      all.map(({ to }) => to),
      all.map(({ missed }) => missed),
    ],
  });
};

/** What a group missed on a topic for one reason; `records` null: not known how much. */
type MissedSum = {
  group: string;
  topic: string;
  reason: 'deleted' | 'beyond_end' | 'no_position';
  partitions: number;
  records: number | null;
  foundAt: Date;
};

/** Found within the last days, the latest first. */
export const listMissed = async (db: Queryable, days: number): Promise<MissedSum[]> => {
  const { rows } = await db.query<MissedSum>({
    name: 'list-missed',
    text: `select consumer_group as "group", topic, reason, count(distinct partition)::int as partitions,
        case when bool_and(missed is not null) then sum(missed)::float8 end as records, max(found_at) as "foundAt"
      from missed_records where found_at > now() - make_interval(days => $1) group by 1, 2, 3 order by max(found_at) desc`,
    values: [days],
  });
  return rows;
};
