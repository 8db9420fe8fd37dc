import { dayMs } from '#domain';
import pg from 'pg';
import { consoleRows } from './console-data.js';

/** A month of a busy tracker, made inside Postgres in minutes: clicks, conversions with their
 * ledger, calls and deliveries. One day is drawn at random and rolled up by the function that
 * attribution's merging uses; the other days are that day again, and all sums are checked. */

export type DataSize = { clicks: number; conversions: number; days: number };
export type DataRange = { from: Date; to: Date };

/** 200 campaigns of ten sources on twelve networks with three offers each. The largest campaign
 * has a sixth of the traffic. Each source has 10,000 zones of its own, so `zone` has 100,000
 * values, and every fifth source buys by the click, so its clicks have a cost. */
const clickRows = (day: string, size: DataSize): string => {
  const perDay = Math.floor(size.clicks / size.days);
  return `
  select '${day}'::timestamptz + n * interval '1 day' / ${perDay} as clicked_at,
    'b' || to_char('${day}'::timestamptz at time zone 'UTC', 'YYYYMMDD') || lpad(n::text, 12, '0') as click_id,
    'c' || lpad(c::text, 3, '0') as campaign_key, 's' || c % 10 as source_key, 'o' || o as offer_key,
    'n' || o % 12 as network_key, 'ext-' || n as external_id, 'ext-' || n as external_id_raw,
    jsonb_build_object('creative', 'k' || creative, 'zone', 'z' || (c % 10) * 10000 + zone) as tokens,
    case when c % 5 = 0 then 'cpc' end as cost_model, case when c % 5 = 0 then 12000000 + zone * 1000 end as cost_nanos,
    case when c % 5 = 0 then 'USD' end as cost_currency,
    '{"ip": "203.0.113.9", "userAgent": "Mozilla/5.0"}'::jsonb as visitor, 'redirect' as channel, u < 0.8 as is_unique,
    '{}'::text[] as flags, '${day}'::timestamptz + (n + 1) * interval '1 day' / ${perDay} as recorded_at
  from (
    select n, c, zone, creative, u, (c * 3 + k) % 60 as o from (
      select n, floor(200 * power(random(), 3))::int as c, floor(3 * random())::int as k,
        floor(10000 * power(random(), 3))::int as zone, floor(20 * random())::int as creative, random() as u
      from generate_series(0, ${perDay - 1}) n offset 0
    ) drawn offset 0
  ) placed`;
};

const clickColumns = `clicked_at, click_id, campaign_key, source_key, offer_key, network_key, external_id, external_id_raw, tokens,
  cost_model, cost_nanos, cost_currency, visitor, channel, is_unique, flags, recorded_at`;

const nameOf = (table: string, day: string): string => `${table}_${day.replaceAll('-', '')}`;

const attachClicks = (day: string, rows: string): string => {
  const partition = nameOf('clicks', day);
  // Filled before it is attached, so that its indexes are built in one piece.
  return `
  begin;
  create table ${partition} (like clicks including defaults including constraints);
  insert into ${partition} (${clickColumns}) ${rows};
  alter table clicks attach partition ${partition} for values from ('${day}') to ('${day}'::timestamptz + interval '1 day');
  commit;`;
};

/** The same visits so many days later, with ids of their own. */
const laterClicks = (day: string, template: string): string => {
  const later = `'${day}'::timestamptz - '${template}'::timestamptz`;
  const changed: Record<string, string> = {
    clicked_at: `clicked_at + (${later})`,
    recorded_at: `recorded_at + (${later})`,
    click_id: `'b${day.replaceAll('-', '')}' || substr(click_id, 10)`,
  };
  const columns = clickColumns.split(/,\s*/).map((name) => changed[name] ?? name);
  return `select ${columns.join(', ')} from ${nameOf('clicks', template)}`;
};

/** One click in fifty converts on the same day. Everything follows from the number of the click, so
 * that all days have the same conversions. */
const fillConversions = (day: string, size: DataSize): string => `
  insert into conversions (id, base_id, identity, network_key, event, transaction_id, click_id, campaign_key, source_key, offer_key,
    external_id, state, currency, money_known, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, payout_from, attributed_by,
    clicked_at, occurred_at, recorded_at, changed_at, revision, rules, reports, attributions)
  select id, id, 'transaction ' || network_key || ' T-' || click_id, network_key, event, 'T-' || click_id, click_id, campaign_key,
    source_key, offer_key, external_id, state, currency, true, case state when 'pending' then nanos else 0 end,
    case state when 'approved' then nanos else 0 end, case state when 'rejected' then nanos else 0 end,
    case state when 'reversed' then nanos else 0 end, 'postback', 'click', clicked_at, at, at, at, 1,
    '{"duplicates": "update", "reopens": false, "locksOnApproval": false, "defaultCurrency": "USD"}',
    jsonb_build_array(jsonb_build_object('i', id, 't', extract(epoch from at) * 1000, 's', state, 'a', nanos::text, 'c', currency)),
    jsonb_build_object(click_id, jsonb_build_object('clickId', click_id, 'from', 'click', 'campaignKey', campaign_key,
      'sourceKey', source_key, 'offerKey', offer_key, 'networkKey', network_key, 'externalId', external_id,
      'clickedAtMs', extract(epoch from clicked_at) * 1000, 'tokens', tokens, 'reportTokens', tokens, 'cost', null, 'visitor', visitor,
      'windowMs', 2592000000, 'minMs', 0, 'holdMs', null))
  from (
    select k.*, gen_random_uuid() as id,
      (array['approved', 'approved', 'approved', 'approved', 'approved', 'approved', 'approved', 'pending', 'rejected', 'reversed'])
        [1 + abs(hashint8(n)) % 10] as state,
      (array[null, null, null, 'signup', 'deposit'])[1 + abs(hashint8(n + 1)) % 5] as event,
      case when network_key in ('n3', 'n7') then 'EUR' else 'USD' end as currency, (1 + abs(hashint8(n + 2)) % 4900) * 10000000::bigint as nanos,
      least(clicked_at + abs(hashint8(n + 3)) % 20000 * interval '1 second', '${day}'::timestamptz + interval '86399 seconds') as at
    from (select c.*, right(click_id, 12)::bigint as n from ${nameOf('clicks', day)} c) k
    where n % ${Math.round(size.clicks / size.conversions)} = 0
  ) made;`;

/** From the conversions of a day: the entries, the calls that made them and one refused call in
 * twenty, the deliveries and their attempts. */
const fillAround = (day: string): string => {
  const of = `recorded_at >= '${day}' and recorded_at < '${day}'::timestamptz + interval '1 day'`;
  const raw = `jsonb_build_object('method', 'GET', 'target', '/postback/token?click_id=' || click_id || '&amount=1', 'headers',
    '{"host": "tracker.example", "user-agent": "network/1.0"}'::jsonb, 'body', null, 'bodyEncoding', 'utf8', 'remoteAddress', '198.51.100.7')`;
  const read = (word: string) =>
    `jsonb_build_object('clickId', jsonb_build_object('value', click_id), 'status', jsonb_build_object('raw', '${word}'))`;
  return `
  insert into ledger_entries (recorded_at, id, conversion_id, revision, rule, from_bucket, to_bucket, amount_nanos, currency, state,
    occurred_at)
  select recorded_at, gen_random_uuid(), id, 1, 'first_report', 'outside', state,
    pending_nanos + approved_nanos + rejected_nanos + reversed_nanos, currency, state, occurred_at from conversions where ${of};
  insert into postbacks (received_at, id, network_key, state, channel, authenticated_by, proof, click_id, transaction_id, event, base_id,
    conversion_id, read, raw, decided_at)
  select recorded_at, uuidv7(recorded_at - clock_timestamp()), network_key, 'applied', 'postback', 'token', 'token', click_id,
    transaction_id, event, id, id, ${read('approved')}, ${raw}, recorded_at from conversions where ${of};
  insert into postbacks (received_at, id, network_key, state, refusal, channel, authenticated_by, proof, click_id, transaction_id, read,
    problems, raw, decided_at)
  select recorded_at, uuidv7(recorded_at - clock_timestamp()), network_key, 'refused', 'status_unmapped', 'postback', 'token', 'token',
    click_id, transaction_id || '-r', ${read('gezahlt')}, '[{"code": "status_unmapped", "param": "status"}]', ${raw}, recorded_at
  from conversions where ${of} and right(click_id, 12)::int % 20 = 0;
  insert into deliveries (conversion_id, destination_key, once, id, cause, revision, state, reason, due_at, attempts, facts, created_at,
    finished_at)
  select id, 'source:' || source_key, c.state, gen_random_uuid(), c.state, 1, d.state, case d.state when 'parked' then 'http_404' end,
    recorded_at, case d.state when 'waiting' then 0 else 1 end, '{}', recorded_at,
    case d.state when 'waiting' then null else recorded_at + interval '20 milliseconds' end
  from conversions c cross join lateral (
    select case when right(c.click_id, 12)::int % 1000 = 0 then 'waiting' when right(c.click_id, 12)::int % 300 = 0 then 'parked'
      else 'delivered' end as state) d
  where ${of} and c.state in ('approved', 'reversed');
  insert into delivery_attempts (delivery_id, at, number, method, url, status, ms, outcome)
  select id, created_at + interval '10 milliseconds', 1, 'GET', 'https://ads.example/conversion?click_id=x',
    case state when 'parked' then 404 else 200 end, 10, case state when 'parked' then 'parked' else 'delivered' end
  from deliveries where created_at >= '${day}' and created_at < '${day}'::timestamptz + interval '1 day' and state <> 'waiting';`;
};

const zeros = (count: number): string => Array.from({ length: count }, () => '0').join(', ');

/** What attribution counts in the minutes of a day, with the columns of `rollup_deltas`. */
const countedOn = (day: string): string => {
  const within = (column: string) => `${column} >= '${day}' and ${column} < '${day}'::timestamptz + interval '1 day'`;
  const place = 'campaign_key, source_key, offer_key, network_key';
  return `(
    select date_trunc('minute', clicked_at) as at, ${place}, '' as event, tokens, '' as currency, 1 as clicks,
      is_unique::int as unique_clicks, 0 as pending_count, 0 as approved_count, 0 as rejected_count, 0 as reversed_count,
      0 as unknown_count, 0 as pending_nanos, 0 as approved_nanos, 0 as rejected_nanos, 0 as reversed_nanos, 0 as cost_nanos
    from clicks where ${within('clicked_at')}
    union all
    select date_trunc('minute', clicked_at), ${place}, '', tokens, cost_currency, ${zeros(11)}, cost_nanos
    from clicks where ${within('clicked_at')} and cost_model = 'cpc'
    union all
    select date_trunc('minute', recorded_at), ${place}, coalesce(event, ''), attributions -> click_id -> 'reportTokens', currency, 0, 0,
      (state = 'pending')::int, (state = 'approved')::int, (state = 'rejected')::int, (state = 'reversed')::int, 0, pending_nanos,
      approved_nanos, rejected_nanos, reversed_nanos, 0
    from conversions where ${within('recorded_at')}) s`;
};

const rollups = [
  'minutes',
  'times',
  'quarters',
  'days',
  'token_quarters',
  'token_days',
  'token_sums',
  'token_values',
].map((each) => `rollup_${each}`);

/** The figures of the template's day apart, so that copying them reads nothing else. */
const keepDay = rollups
  .map((table) => `create unlogged table day_of_${table} as table ${table};`)
  .concat('delete from day_of_rollup_token_values where days <> 1;')
  .join('\n');
const dropDay = rollups.map((table) => `drop table day_of_${table};`).join('\n');

/** The same for another day. */
const copyRollups = (day: string, template: string, columns: ReadonlyMap<string, string>): string =>
  rollups
    .map((table) => {
      const others = columns.get(table) ?? '';
      return `insert into ${table} (at, ${others})
        select at + ('${day}'::timestamptz - '${template}'::timestamptz), ${others} from day_of_${table};`;
    })
    .join('\n');

/** Spans of eight days, made of their days. */
const fillSpans = (columns: ReadonlyMap<string, string>): string => {
  const keys = ['currency', 'name', 'value'];
  const figures = (columns.get('rollup_token_values') ?? '')
    .split(', ')
    .filter((each) => ![...keys, 'days'].includes(each));
  return `delete from rollup_token_values where days = 8;
    insert into rollup_token_values (at, days, ${[...keys, ...figures].join(', ')})
    select date_bin('8 days', at, '1970-01-01 00:00Z'), 8, ${keys.join(', ')}, ${figures.map((each) => `sum(${each})`).join(', ')}
    from rollup_token_values where days = 1 group by 1, ${keys.join(', ')};`;
};

/** Each roll-up against what it is made of; no row when all agree. */
const differences = `
  with truth as materialized (
    select campaign_key, sum(clicks) as clicks, sum(cost) as cost, sum(approved) as approved, sum(conversions) as conversions from (
      select campaign_key, count(*) as clicks, coalesce(sum(cost_nanos), 0) as cost, 0 as approved, 0 as conversions from clicks group by 1
      union all select campaign_key, 0, 0, sum(approved_nanos), count(*) from conversions group by 1) both_sides group by 1
  ), rolled as (
    select name, campaign_key, sum(clicks) as clicks, sum(cost_nanos) as cost, sum(approved_nanos) as approved,
      sum(pending_count + approved_count + rejected_count + reversed_count) as conversions
    from (${[
      ['days', 'rollup_days'],
      ['quarters', 'rollup_quarters'],
      ['token quarters', 'rollup_token_quarters'],
      ['token days', `rollup_token_days where name = 'zone'`],
      ['token sums', `rollup_token_sums where name = 'zone'`],
    ]
      .map(
        ([
          name,
          source,
        ]) => `select '${name}' as name, campaign_key, clicks, cost_nanos, approved_nanos, pending_count, approved_count,
      rejected_count, reversed_count from ${source}`,
      )
      .join(' union all ')}) f group by 1, 2
  )
  select name, t.campaign_key from (select distinct name from rolled) n cross join truth t
  left join rolled r using (name, campaign_key)
  where (t.clicks, t.cost, t.approved, t.conversions) is distinct from (r.clicks, r.cost, r.approved, r.conversions)
  union all
  select name, 'all' from (
    select 'minutes' as name, sum(clicks) as clicks, sum(approved_nanos) as approved from rollup_minutes
    union all
    select 'times', sum(clicks), sum(approved_nanos) from rollup_times
    union all
    select 'token values', sum(clicks), sum(approved_nanos) from rollup_token_values where name = 'zone' group by days) m
  cross join (select sum(clicks) as clicks, sum(approved) as approved from truth) t
  where (m.clicks, m.approved) is distinct from (t.clicks, t.approved)`;

/** Runs the tasks over two connections. */
const inPairs = async (url: string, tasks: readonly string[]): Promise<void> => {
  const left = [...tasks];
  const work = async (): Promise<void> => {
    const options = '-c work_mem=256MB -c maintenance_work_mem=1GB -c jit=off';
    const client = new pg.Client({ connectionString: url, options });
    await client.connect();
    try {
      for (let task = left.shift(); task !== undefined; task = left.shift()) await client.query(task);
    } finally {
      await client.end();
    }
  };
  await Promise.all([work(), work()]);
};

const rollupIndexes = `select indexname as name, indexdef as definition from pg_indexes
  where tablename ~ '^rollup_(days|quarters|token_quarters|token_days|token_sums|token_values)$'`;
const rollupColumns = `select table_name as table, string_agg(column_name, ', ') as columns from information_schema.columns
  where table_name like 'rollup\\_%' and column_name <> 'at' group by 1`;

/** Fills an empty, migrated database. The data end with the day before the given moment's, at
 * midnight UTC. Throws when a roll-up differs from what it is made of. */
export const fillReports = async (
  url: string,
  size: DataSize,
  nowMs: number,
  say: (line: string) => void,
): Promise<DataRange> => {
  const endMs = Math.floor(nowMs / dayMs) * dayMs;
  const [template, ...others] = Array.from({ length: size.days }, (_, index) =>
    new Date(endMs - (size.days - index) * dayMs).toISOString().slice(0, 10),
  ) as [string, ...string[]];
  const last = others.at(-1) as string;
  const begin = performance.now();
  const phase = async (what: string, tasks: readonly string[]): Promise<void> => {
    await inPairs(url, tasks);
    say(`${Math.round((performance.now() - begin) / 1000)} s: ${what}`);
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`insert into rates (day, currency, per_euro_nanos, origin)
      select d::date, 'USD', 1100000000, 'bench' from generate_series('${template}'::date, '${last}'::date, '1 day') d`);
    for (const table of ['postbacks', 'ledger_entries', 'delivery_attempts'])
      await client.query(`select ensure_partitions('${table}', '${template}', '${last}')`);
    await phase('a day of clicks', [attachClicks(template, clickRows(template, size))]);
    await phase('its conversions', [fillConversions(template, size)]);
    await client.query('analyze clicks, conversions');
    await phase('its roll-ups', [`select add_to_rollups($source$${countedOn(template)}$source$, null)`]);
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(rollupIndexes);
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    const { rows: tables } = await client.query<{ table: string; columns: string }>(rollupColumns);
    const columns = new Map(tables.map(({ table, columns: of }) => [table, of]));
    await client.query(keepDay);
    await phase(
      'clicks',
      others.map((day) => attachClicks(day, laterClicks(day, template))),
    );
    await phase(
      'conversions',
      others.map((day) => fillConversions(day, size)),
    );
    await phase('entries, calls and deliveries', [template, ...others].map(fillAround));
    await client.query('select merge_counts(10000000)');
    await phase(
      'roll-ups',
      others.map((day) => copyRollups(day, template, columns)),
    );
    await client.query(dropDay);
    await phase('spans', [fillSpans(columns)]);
    await phase(
      'indexes',
      indexes.map(({ definition }) => definition),
    );
    await phase('the console itself', consoleRows(endMs));
    await phase('statistics', ['vacuum analyze audit, parked_records, jobs, rates, sessions, users', 'analyze']);
    const { rows } = await client.query<{ name: string; campaign_key: string }>(differences);
    if (rows.length > 0) throw new Error(`${rows.length} sums of roll-ups are wrong, the first of ${rows[0]?.name}`);
    say(`${Math.round((performance.now() - begin) / 1000)} s: roll-ups equal what they are made of`);
  } finally {
    await client.end();
  }
  return { from: new Date(`${template}T00:00:00Z`), to: new Date(endMs) };
};
