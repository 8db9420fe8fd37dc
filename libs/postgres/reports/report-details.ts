import type { Queryable } from '../connection/database.js';
import { conversionWhere, type ConversionFilter } from '../lists/conversion-filter.js';
import { groupExpression, type ReportGroup } from './report-groups.js';

/** Figures of a report's lines that no roll-up holds, made of the conversions themselves; with
 *  `asOf` by their entries and the deliveries until then. */
type LineDetails = {
  key: (string | null)[];
  /** Clicks with at least one conversion that is pending or approved; a click with three events
   *  counts once. */
  convertedClicks: number;
  medianSecondsToConvert: number | null;
  /** Conversions that an ad network is owed a call for, and how many of these it accepted. */
  owed: number;
  delivered: number;
};

export const reportDetails = async (
  db: Queryable,
  {
    groups,
    timeZone,
    timeBy,
  }: { groups: readonly ReportGroup[]; timeZone: string; timeBy: 'recorded' | 'clicked' | 'occurred' },
  filter: ConversionFilter,
): Promise<LineDetails[]> => {
  const { asOf } = filter;
  const where = conversionWhere({ ...filter, counted: asOf ? undefined : true, timeBy });
  const place = (given: unknown): string => `$${where.values.push(given)}`;
  const until = `${place(asOf ?? 'infinity')}::timestamptz`;
  const then = asOf
    ? `select e.state, e.marks from ledger_entries e
       where e.conversion_id = c.id and e.recorded_at <= ${until} order by e.revision desc limit 1`
    : 'select c.state, c.marks';
  const columns = groups.map((group) =>
    groupExpression(group, timeZone, (token) => `c.attributions -> c.click_id -> 'tokens' ->> ${place(token)}::text`, {
      at: `c.${timeBy}_at`,
      alias: 'c',
      place,
    }),
  );
  const { rows } = await db.query<LineDetails>(
    `select jsonb_build_array(${columns.join(', ')}) as key,
       count(distinct c.click_id) filter (where s.state in ('pending', 'approved'))::float8 as "convertedClicks",
       percentile_cont(0.5) within group (order by extract(epoch from c.occurred_at - c.clicked_at))
         filter (where c.clicked_at is not null) as "medianSecondsToConvert",
       count(*) filter (where d.owed)::float8 as owed, count(*) filter (where d.delivered)::float8 as delivered
     from (select * from conversions where ${where.where()}) c
     cross join lateral (${then}) s
     cross join lateral (
       select count(*) > 0 as owed, coalesce(bool_or(o.state = 'delivered' and o.finished_at <= ${until}), false) as delivered
       from deliveries o where o.conversion_id = c.id and o.created_at <= ${until}
     ) d where s.state is not null and not 'test' = any (s.marks) group by 1`,
    where.values,
  );
  return rows;
};

type CallsOfLine = { key: (string | null)[]; received: number; refused: number; waiting: number };

/** Calls by network, day and hour: what was refused has no campaign. */
export const reportCalls = async (
  db: Queryable,
  { groups, timeZone }: { groups: readonly ('network' | 'day' | 'hour')[]; timeZone: string },
  { from, to, networkKeys }: { from: Date; to: Date; networkKeys: readonly string[] | null },
): Promise<CallsOfLine[]> => {
  const values: unknown[] = [from, to, networkKeys];
  const place = (given: unknown): string => `$${values.push(given)}`;
  const columns = groups.map((group) =>
    groupExpression(group, timeZone, () => 'null', { at: 'c.at', alias: 'c', place }),
  );
  const { rows } = await db.query<CallsOfLine>(
    `select jsonb_build_array(${columns.join(', ')}) as key, sum(calls)::float8 as received,
       coalesce(sum(calls) filter (where state = 'refused'), 0)::float8 as refused,
       coalesce(sum(calls) filter (where state in ('orphan', 'parked')), 0)::float8 as waiting
     from (
       select at, network_key, state, calls from call_counts where grain = 'quarter'
       union all select minute, network_key, state, calls from call_deltas
     ) c where at >= $1 and at < $2 and ($3::text[] is null or network_key = any ($3)) group by 1`,
    values,
  );
  return rows;
};
