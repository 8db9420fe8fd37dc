import type { Choice, ReportGroup, TokenChoice } from '#postgres';
import type pg from 'pg';

/** The figures of a report by plain SQL over the ledger, the clicks, the restated costs and the
 * calls, without any roll-up: what reports are held against in tests. */

export type PlainQuestion = {
  groups: readonly ReportGroup[];
  timeZone: string;
  from: Date;
  to: Date;
  asOf: Date | null;
  by: 'recorded' | 'clicked' | 'occurred';
  keys: Partial<Record<'campaign' | 'source' | 'offer' | 'network' | 'event', Choice>>;
  tokens: readonly TokenChoice[];
};

type Sums = Record<'clicks' | 'uniques' | 'pending' | 'approved' | 'rejected' | 'reversed' | 'unknown', number> &
  Record<'pending_nanos' | 'approved_nanos' | 'rejected_nanos' | 'reversed_nanos' | 'cost_nanos', string>;
type Details = { convertedClicks: number; medianSeconds: number | null; owed: number; delivered: number };
type Calls = { received: number; refused: number; waiting: number };
export type PlainLine = { key: (string | null)[]; currency: string; sums: Sums; details: Details; calls: Calls | null };

const ratio = (dividend: number, divisor: number): number | null => (divisor === 0 ? null : dividend / divisor);
const units = (nanos: string): number => Number(nanos) / 1e9;
const revenueLessCost = ({ approved_nanos, cost_nanos }: Sums): bigint => BigInt(approved_nanos) - BigInt(cost_nanos);

/** Each figure of the API by its path in a line. A bigint is money in nanos. */
export const plainFigures: Record<string, (line: PlainLine) => number | bigint | null> = {
  clicks: ({ sums }) => sums.clicks,
  uniqueClicks: ({ sums }) => sums.uniques,
  'conversions.pending': ({ sums }) => sums.pending,
  'conversions.approved': ({ sums }) => sums.approved,
  'conversions.rejected': ({ sums }) => sums.rejected,
  'conversions.reversed': ({ sums }) => sums.reversed,
  moneyUnknown: ({ sums }) => sums.unknown,
  'money.pending': ({ sums }) => BigInt(sums.pending_nanos),
  'money.approved': ({ sums }) => BigInt(sums.approved_nanos),
  'money.rejected': ({ sums }) => BigInt(sums.rejected_nanos),
  'money.reversed': ({ sums }) => BigInt(sums.reversed_nanos),
  revenue: ({ sums }) => BigInt(sums.approved_nanos),
  cost: ({ sums }) => BigInt(sums.cost_nanos),
  profit: ({ sums }) => revenueLessCost(sums),
  cr: ({ sums }) => ratio(sums.pending + sums.approved, sums.clicks),
  epc: ({ sums }) => ratio(units(sums.approved_nanos), sums.clicks),
  roi: ({ sums }) => ratio(Number(revenueLessCost(sums)), Number(sums.cost_nanos)),
  approvalRate: ({ sums }) => ratio(sums.approved, sums.approved + sums.rejected + sums.reversed),
  averagePayout: ({ sums }) => ratio(units(sums.approved_nanos), sums.approved),
  'details.convertedClicks': ({ details }) => details.convertedClicks,
  'details.medianSecondsToConvert': ({ details }) => details.medianSeconds,
  'details.owed': ({ details }) => details.owed,
  'details.delivered': ({ details }) => details.delivered,
  'details.calls.received': ({ calls }) => calls?.received ?? null,
  'details.calls.refused': ({ calls }) => calls?.refused ?? null,
  'details.calls.waiting': ({ calls }) => calls?.waiting ?? null,
};

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const instant = (at: Date | null): string => `timestamptz '${at?.toISOString() ?? 'infinity'}'`;

const choiceOf = (column: string, { not, values }: Choice): string =>
  `(coalesce(${column}, '') in (${values.map(literal).join(', ')})) = ${String(!not)}`;

/** The conditions of a question on rows `x` with a time, keys and tokens. */
const within = ({ from, to, keys, tokens }: PlainQuestion): string =>
  [
    `x.at >= ${instant(from)} and x.at < ${instant(to)}`,
    ...Object.entries(keys).map(([name, choice]) => choiceOf(`x.${name}`, choice)),
    ...tokens.map(({ name, ...choice }) => choiceOf(`x.tokens ->> ${literal(name)}`, choice)),
  ].join(' and ');

const keyOf = ({ groups, timeZone }: PlainQuestion): string => {
  const wall = `(x.at at time zone ${literal(timeZone)})`;
  const parts = groups.map((group) => {
    if (group === 'day') return `to_char(${wall}, 'YYYY-MM-DD')`;
    if (group === 'hour')
      return `to_char((x.at - make_interval(mins => extract(minute from ${wall})::int, secs => extract(second from ${wall})))
        at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    return group.startsWith('token.') ? `x.tokens ->> ${literal(group.slice(6))}` : `nullif(x.${group}, '')`;
  });
  return `jsonb_build_array(${parts.join(', ')})`;
};

const bucket = (name: string): string => `sum(case when e.to_bucket = '${name}' then e.amount_nanos else 0 end)
  - sum(case when e.from_bucket = '${name}' then e.amount_nanos else 0 end)`;

/** Every conversion with its state, marks and money by its entries until the moment asked for. */
const conversionsThen = ({ asOf, by }: PlainQuestion): string => `
  select c.id, c.${by}_at as at, c.click_id, extract(epoch from c.occurred_at - c.clicked_at) as seconds, c.clicked_at,
    coalesce(c.campaign_key, '') as campaign, coalesce(c.source_key, '') as source, coalesce(c.offer_key, '') as offer,
    c.network_key as network, coalesce(c.event, '') as event, coalesce(c.attributions -> c.click_id -> 'tokens', '{}') as tokens,
    c.attributions -> c.click_id -> 'cost' as cost, l.state, 'money_unknown' = any (l.marks) as unknown,
    case when 'money_unknown' = any (l.marks) then '' else coalesce(m.currency, l.currency, '') end as currency,
    coalesce(m.pending, 0) as pending, coalesce(m.approved, 0) as approved, coalesce(m.rejected, 0) as rejected,
    coalesce(m.reversed, 0) as reversed
  from conversions c
  cross join lateral (select e.state, e.marks, e.currency from ledger_entries e
    where e.conversion_id = c.id and e.recorded_at <= ${instant(asOf)} order by e.revision desc limit 1) l
  left join lateral (
    select * from (select e.currency, ${['pending', 'approved', 'rejected', 'reversed'].map((name) => `${bucket(name)} as ${name}`).join(', ')}
      from ledger_entries e where e.conversion_id = c.id and e.currency is not null and e.recorded_at <= ${instant(asOf)} group by 1) s
    where (pending, approved, rejected, reversed) <> (0, 0, 0, 0)) m on true
  where l.state is not null and not 'test' = any (l.marks)`;

const place = 'campaign, source, offer, network, event, tokens';
const no = (count: number): string => Array.from({ length: count }, () => '0').join(', ');

const factsOf = (question: PlainQuestion): string => {
  const until = `recorded_at <= ${instant(question.asOf)}`;
  const click = `select clicked_at, campaign_key, source_key, offer_key, network_key, '', tokens`;
  const half = (dividend: string, divisor: string) => `divide_half_even(${dividend}, ${divisor})`;
  return `
  with v as materialized (${conversionsThen(question)})
  select at, ${place}, currency, 0 as clicks, 0 as uniques, (state = 'pending')::int as pending, (state = 'approved')::int as approved,
    (state = 'rejected')::int as rejected, (state = 'reversed')::int as reversed, unknown::int as unknown, pending as pending_nanos,
    approved as approved_nanos, rejected as rejected_nanos, reversed as reversed_nanos, 0 as cost_nanos from v
  union all select at, ${place}, cost ->> 'currency', ${no(11)}, (cost ->> 'amountNanos')::numeric from v
    where cost ->> 'model' = 'cpa' and state in ('pending', 'approved')
  union all select at, ${place}, currency, ${no(11)},
    ${half(half(`approved * (cost ->> 'amountNanos')::numeric`, '1000000000'), '100')} from v
    where cost ->> 'model' = 'revshare' and not unknown
  union all ${click}, '', 1, is_unique::int, ${no(10)} from clicks where flags = '{}' and ${until}
  union all ${click}, cost_currency, ${no(11)},
    case cost_model when 'cpc' then cost_nanos else ${half('cost_nanos', '1000')} end
    from clicks where flags = '{}' and cost_model in ('cpc', 'cpm') and ${until}
  union all select (day + time '12:00') at time zone 'UTC', campaign_key, source_key, '', '', '', tokens, currency, ${no(11)}, amount_nanos
    from cost_entries where ${until}`;
};

const sumNames = ['clicks', 'uniques', 'pending', 'approved', 'rejected', 'reversed', 'unknown'];
const moneyNames = ['pending_nanos', 'approved_nanos', 'rejected_nanos', 'reversed_nanos', 'cost_nanos'];

/** Counts without a currency belong to the only one that the line has. */
const byCurrency = (rows: readonly { currency: string; sums: Sums }[]): Map<string, Sums> => {
  const named = rows.map(({ currency }) => currency).filter((each) => each !== '');
  const lines = new Map<string, Sums>();
  for (const { currency, sums } of rows) {
    const name = currency === '' && named.length === 1 ? (named[0] as string) : currency;
    const held = lines.get(name);
    lines.set(name, held ? added(held, sums) : sums);
  }
  return lines;
};
const added = (one: Sums, other: Sums): Sums => ({
  ...one,
  ...Object.fromEntries(
    sumNames.map((name) => [name, Number(one[name as keyof Sums]) + Number(other[name as keyof Sums])]),
  ),
  ...Object.fromEntries(
    moneyNames.map((name) => [name, String(BigInt(one[name as keyof Sums]) + BigInt(other[name as keyof Sums]))]),
  ),
});

const detailsOf = async (pool: pg.Pool, question: PlainQuestion): Promise<Map<string, Details>> => {
  const until = instant(question.asOf);
  const { rows } = await pool.query<{ key: string; details: Details }>(`
    select ${keyOf(question)}::text as key, jsonb_build_object(
      'convertedClicks', count(distinct x.click_id) filter (where x.state in ('pending', 'approved')),
      'medianSeconds', percentile_cont(0.5) within group (order by x.seconds) filter (where x.clicked_at is not null),
      'owed', count(*) filter (where exists (select from deliveries d where d.conversion_id = x.id and d.created_at <= ${until})),
      'delivered', count(*) filter (where exists (select from deliveries d where d.conversion_id = x.id and d.state = 'delivered'
        and d.finished_at <= ${until}))) as details
    from (${conversionsThen(question)}) x where ${within(question)} group by 1`);
  return new Map(rows.map(({ key, details }) => [JSON.stringify(JSON.parse(key)), details]));
};

/** Null: a refused call has no campaign, and what a call was at an earlier moment is not kept. */
const callsOf = async (pool: pg.Pool, question: PlainQuestion): Promise<Map<string, Calls> | null> => {
  const { groups, keys, tokens, asOf } = question;
  const isOfCalls = groups.every((group) => group === 'network' || group === 'day' || group === 'hour');
  const isFiltered = Object.entries(keys).some(([name, { not }]) => name !== 'network' || not) || tokens.length > 0;
  if (!isOfCalls || isFiltered || asOf !== null) return null;
  const { rows } = await pool.query<{ key: string; calls: Calls }>(`
    select ${keyOf(question)}::text as key, jsonb_build_object('received', count(*), 'refused', count(*) filter (where x.state = 'refused'),
      'waiting', count(*) filter (where x.state in ('orphan', 'parked'))) as calls
    from (select received_at as at, coalesce(network_key, '') as network, state, '{}'::jsonb as tokens from postbacks) x
    where ${within(question)} group by 1`);
  return new Map(rows.map(({ key, calls }) => [JSON.stringify(JSON.parse(key)), calls]));
};

const noDetails: Details = { convertedClicks: 0, medianSeconds: null, owed: 0, delivered: 0 };
const noCalls: Calls = { received: 0, refused: 0, waiting: 0 };

/** The lines that a report must have, by key and currency. */
export const plainReport = async (pool: pg.Pool, question: PlainQuestion): Promise<Map<string, PlainLine>> => {
  const sums = [
    ...sumNames.map((name) => `'${name}', sum(x.${name})`),
    ...moneyNames.map((name) => `'${name}', sum(x.${name})::text`),
  ];
  const all = [...sumNames, ...moneyNames].map((name) => `sum(x.${name}) <> 0`).join(' or ');
  const { rows } = await pool.query<{ key: string; currency: string; sums: Sums }>(`
    select ${keyOf(question)}::text as key, x.currency, jsonb_build_object(${sums.join(', ')}) as sums
    from (${factsOf(question)}) x where ${within(question)} group by 1, 2 having ${all}`);
  const [details, calls] = [await detailsOf(pool, question), await callsOf(pool, question)];
  const lines = new Map<string, PlainLine>();
  for (const [text, own] of Map.groupBy(rows, ({ key }) => JSON.stringify(JSON.parse(key))))
    for (const [currency, line] of byCurrency(own))
      lines.set(JSON.stringify([text, currency]), {
        key: JSON.parse(text) as (string | null)[],
        currency,
        sums: line,
        details: details.get(text) ?? noDetails,
        calls: calls && (calls.get(text) ?? noCalls),
      });
  return lines;
};
