import { bucketNames } from '#domain';

/** `asOf`: what was recorded until then, null: until now. `by`: which of its times says when a
 *  conversion is counted. */
export type Books = { asOf: Date | null; by: 'recorded' | 'clicked' | 'occurred' };

const sumOf = (name: string): string =>
  `coalesce(sum(e.amount_nanos) filter (where e.to_bucket = '${name}'), 0)
    - coalesce(sum(e.amount_nanos) filter (where e.from_bucket = '${name}'), 0) as ${name}`;
const none = (names: readonly string[]): string => names.map((name) => `0 as ${name}`).join(', ');
const counts = ['clicks', 'unique_clicks', ...bucketNames.map((name) => `${name}_count`), 'unknown_count'];
const nanos = bucketNames.map((name) => `${name}_nanos`);

/** The same columns as the view `rollups`, a row for each conversion, click and cost, made of
 *  the ledger, the clicks and the restated costs. It reaches back as far as these are kept: a
 *  click that retention has dropped is in the roll-ups only. A conversion counts for the
 *  campaign, offer and event that it has now.
 *
 *  @param ofPlace the condition on the keys of a conversion or click with this alias */
export const bookFigures = (
  { asOf, by }: Books,
  range: { from: Date; to: Date },
  value: (given: unknown) => string,
  ofPlace: (alias: string) => string,
): string => {
  const time = `${by}_at`;
  const until = `${value(asOf ?? 'infinity')}::timestamptz`;
  const [from, to] = [range.from, range.to].map((each) => `${value(each)}::timestamptz`);
  const place = (alias: string) =>
    ['campaign', 'source', 'offer'].map((name) => `coalesce(${alias}.${name}_key, '') as ${name}_key`).join(', ');
  const conversionCost = `case when v.click -> 'cost' ->> 'model' = 'cpa' and v.state in ('pending', 'approved')
      then (v.click -> 'cost' ->> 'amountNanos')::numeric
    when v.click -> 'cost' ->> 'model' = 'revshare'
      then divide_half_even(divide_half_even(v.approved * (v.click -> 'cost' ->> 'amountNanos')::numeric, 1000000000), 100) end`;
  return `with c as materialized (
      select id, ${time} as at, campaign_key, source_key, offer_key, network_key, event, attributions -> click_id as click
      from conversions o where ${time} >= ${from} and ${time} < ${to} and recorded_at <= ${until} and ${ofPlace('o')}
    ), last as (
      select distinct on (e.conversion_id) e.conversion_id, e.state, e.marks, e.currency from ledger_entries e
      join c on c.id = e.conversion_id where e.recorded_at <= ${until} order by e.conversion_id, e.revision desc
    ), sums as (
      select e.conversion_id, e.currency, ${bucketNames.map(sumOf).join(', ')} from ledger_entries e
      join c on c.id = e.conversion_id where e.recorded_at <= ${until} and e.currency is not null group by 1, 2
    ), v as materialized (
      select c.*, l.state, ${bucketNames.map((name) => `coalesce(s.${name}, 0) as ${name}`).join(', ')},
        s.currency is null and 'money_unknown' = any (l.marks) as unknown, coalesce(s.currency, l.currency) as currency
      from c join last l on l.conversion_id = c.id
      left join sums s on s.conversion_id = c.id and (${bucketNames.map((name) => `s.${name} <> 0`).join(' or ')})
      where l.state is not null and not 'test' = any (l.marks)
    )
    select v.at, ${place('v')}, v.network_key, coalesce(v.event, '') as event,
      coalesce(v.click -> 'tokens', '{}') as tokens, case when v.unknown then '' else coalesce(v.currency, '') end as currency,
      0 as clicks, 0 as unique_clicks, ${bucketNames.map((name) => `(v.state = '${name}')::int as ${name}_count`).join(', ')},
      v.unknown::int as unknown_count, ${bucketNames.map((name) => `v.${name} as ${name}_nanos`).join(', ')}, 0 as cost_nanos from v
    union all
    select v.at, ${place('v')}, v.network_key, coalesce(v.event, ''), coalesce(v.click -> 'tokens', '{}'),
      case when v.click -> 'cost' ->> 'model' = 'cpa' then v.click -> 'cost' ->> 'currency' else coalesce(v.currency, '') end,
      ${none(counts)}, ${none(nanos)}, ${conversionCost}
    from v where v.click -> 'cost' ->> 'model' in ('cpa', 'revshare') and not (v.unknown and v.click -> 'cost' ->> 'model' = 'revshare')
    union all
    select k.clicked_at, ${place('k')}, k.network_key, '', k.tokens, '', 1, k.is_unique::int,
      ${none(counts.slice(2))}, ${none(nanos)}, 0
    from clicks k where k.clicked_at >= ${from} and k.clicked_at < ${to} and k.recorded_at <= ${until} and k.flags = '{}'
      and ${ofPlace('k')}
    union all
    select k.clicked_at, ${place('k')}, k.network_key, '', k.tokens, coalesce(k.cost_currency, ''), ${none(counts)}, ${none(nanos)},
      case when k.cost_model = 'cpc' then k.cost_nanos else divide_half_even(k.cost_nanos, 1000) end
    from clicks k where k.clicked_at >= ${from} and k.clicked_at < ${to} and k.recorded_at <= ${until} and k.flags = '{}'
      and ${ofPlace('k')} and k.cost_model in ('cpc', 'cpm') and k.cost_nanos is not null
    union all
    select (d.day + time '12:00') at time zone 'UTC', d.campaign_key, d.source_key, '', '', '', d.tokens, d.currency,
      ${none(counts)}, ${none(nanos)}, d.amount_nanos
    from cost_entries d where d.day between (${from} at time zone 'UTC')::date and (${to} at time zone 'UTC')::date
      and d.recorded_at <= ${until}`;
};
