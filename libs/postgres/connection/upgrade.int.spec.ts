import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { withClient, withDatabase } from '../../../test/support/template.js';
import { migrate } from './migrate.js';

/** A database of the version before figures were kept by quarters of an hour, with data in it. */
const shared = process.env.DATABASE_URL ?? '';
const name = `upgrade_${randomBytes(5).toString('hex')}`;
const url = withDatabase(shared, name);
let pool: pg.Pool;
const rows = async (sql: string): Promise<Record<string, unknown>[]> => (await pool.query(sql)).rows;

const figures = [
  ...[
    'clicks',
    'unique_clicks',
    'pending_count',
    'approved_count',
    'rejected_count',
    'reversed_count',
    'unknown_count',
  ],
  ...['pending_nanos', 'approved_nanos', 'rejected_nanos', 'reversed_nanos', 'cost_nanos'],
];
const place = 'campaign_key, source_key, offer_key, network_key, event, currency';
const sums = figures.map((each) => `sum(${each})::text as ${each}`).join(', ');
const isSomething = figures.map((each) => `sum(${each}) <> 0`).join(' or ');
const zeros = (count: number): string => Array.from({ length: count }, () => '0').join(', ');

/** What attribution of that version counted, one row for each thing. */
const counted = `
  select date_trunc('hour', clicked_at, 'UTC') as hour, campaign_key, source_key, offer_key, network_key, '' as event,
    tokens - 'secret' as tokens, '' as currency, 1 as clicks, is_unique::int as unique_clicks, 0 as pending_count, 0 as approved_count,
    0 as rejected_count, 0 as reversed_count, 0 as unknown_count, 0 as pending_nanos, 0 as approved_nanos, 0 as rejected_nanos,
    0 as reversed_nanos, 0 as cost_nanos from clicks where flags = '{}'
  union all
  select date_trunc('hour', clicked_at, 'UTC'), campaign_key, source_key, offer_key, network_key, '', tokens - 'secret', cost_currency,
    ${zeros(11)}, cost_nanos from clicks where flags = '{}' and cost_model = 'cpc'
  union all
  select date_trunc('hour', recorded_at, 'UTC'), campaign_key, source_key, offer_key, network_key, coalesce(event, ''),
    attributions -> click_id -> 'reportTokens', case when money_known then currency else '' end, 0, 0, (state = 'pending')::int,
    (state = 'approved')::int, (state = 'rejected')::int, (state = 'reversed')::int, (not money_known)::int, pending_nanos, approved_nanos,
    rejected_nanos, reversed_nanos, 0 from conversions where not 'test' = any (marks)
  union all
  select date_trunc('hour', (day + time '12:00') at time zone 'UTC'), campaign_key, source_key, '', '', '', tokens, currency, ${zeros(11)},
    amount_nanos from cost_entries`;

const keptByHour = (condition: string): string => `
  select hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency,
    ${figures.map((each) => `sum(${each})`).join(', ')} from (${counted}) c where ${condition} group by 1, 2, 3, 4, 5, 6, 7, 8`;

const fill = `
  select setseed(0.5);
  insert into catalog_entries (kind, key, number, body) values
    ('campaign', 'c0', 1, '{"reportTokens": ["zone", "creative"]}'), ('campaign', 'c1', 2, '{"reportTokens": ["zone", "creative"]}');
  insert into clicks (clicked_at, click_id, campaign_key, source_key, offer_key, network_key, tokens, cost_model, cost_nanos, cost_currency,
    channel, is_unique, flags)
  select now() - interval '3 days' + random() * interval '2 days', 'k' || n, 'c' || n % 2, 'ads', 'o' || n % 3, 'acme',
    jsonb_build_object('zone', 'z' || n % 7, 'secret', n::text) || case when n % 3 = 0 then '{}' else jsonb_build_object('creative', 'k' || n % 4) end,
    case when n % 5 = 0 then 'cpc' end, case when n % 5 = 0 then 20000000 end, case when n % 5 = 0 then 'USD' end, 'redirect', n % 4 <> 0,
    case when n % 50 = 0 then '{prefetch}'::text[] else '{}' end
  from generate_series(1, 1500) n;
  insert into conversions (id, base_id, identity, network_key, event, transaction_id, click_id, campaign_key, source_key, offer_key, state,
    marks, currency, money_known, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, occurred_at, recorded_at, changed_at,
    revision, rules, attributions)
  select gen_random_uuid(), gen_random_uuid(), 'i' || click_id, 'acme', case when random() < 0.3 then 'signup' end, 't' || click_id,
    click_id, campaign_key, source_key, offer_key, state, case when random() < 0.1 then '{test}'::text[] else '{}' end, 'EUR', known,
    case when known and state = 'pending' then nanos else 0 end, case when known and state = 'approved' then nanos else 0 end,
    case when known and state = 'rejected' then nanos else 0 end, case when known and state = 'reversed' then nanos else 0 end,
    at, at, at, 1, '{}', jsonb_build_object(click_id, jsonb_build_object('reportTokens', tokens - 'secret', 'cost', null))
  from (select k.*, (array['pending', 'approved', 'rejected', 'reversed'])[1 + floor(4 * random())] as state, random() < 0.9 as known,
    floor(random() * 1000) * 10000000 as nanos, clicked_at + random() * interval '1 day' as at from clicks k where random() < 0.2) k;
  insert into cost_entries (id, recorded_at, day, campaign_key, tokens, amount_nanos, currency, stated_nanos, upload_id, source_key)
  values (gen_random_uuid(), now(), current_date - 2, 'c0', '{"zone": "z1"}', 7000000000, 'USD', 7000000000, gen_random_uuid(), 'ads');
  insert into postbacks (received_at, id, network_key, state, refusal, channel, authenticated_by, read, raw)
  select now() - random() * interval '3 days', gen_random_uuid(), 'acme', case when n % 3 = 0 then 'refused' else 'applied' end,
    case when n % 3 = 0 then 'status_unmapped' end, 'postback', 'token', '{}', '{}' from generate_series(1, 400) n;
  -- Some of it is merged, and some is not yet.
  insert into rollup_hours ${keptByHour("hour < now() - interval '30 hours'")};
  insert into rollup_deltas (recorded_at, hour, ${place.replace('event,', 'event, tokens,')}, ${figures.join(', ')})
    select now(), hour, ${place.replace('event,', 'event, tokens,')}, ${figures.join(', ')}
    from (${counted}) c where hour >= now() - interval '30 hours';
  -- Retention has dropped some clicks; the figures still count them.
  delete from clicks where clicked_at < (select min(clicked_at) from clicks) + interval '5 hours';
  create table figures_before as select date_trunc('hour', hour, 'UTC') as at, tokens, ${place}, ${figures.join(', ')} from rollups;
  create table calls_before as select state, coalesce(refusal, '') as refusal, count(*) from postbacks group by 1, 2;`;

beforeAll(async () => {
  await withClient(shared, (client) => client.query(`create database ${name}`));
  await migrate(url, { upTo: '0081' });
  pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query(fill);
}, 60_000);
afterAll(async () => {
  await pool?.end();
  await withClient(shared, (client) => client.query(`drop database if exists ${name} with (force)`));
});

describe('a database with data of an earlier version', () => {
  it('is not migrated while attribution of that version writes to it', async () => {
    const old = new pg.Client({ connectionString: url, application_name: 'carom-attribution' });
    await old.connect();
    await expect(migrate(url)).rejects.toThrow('stop attribution');
    await old.end();
  });

  it('shows the same figures after it was migrated, whatever they are grouped by', async () => {
    expect((await migrate(url)).length).toBeGreaterThan(3);
    for (const by of [
      `date_trunc('hour', at, 'UTC'), ${place}`,
      `campaign_key, currency, tokens ->> 'zone', tokens ->> 'creative'`,
      `date_trunc('day', at, 'UTC'), tokens ->> 'zone', currency`,
    ]) {
      const of = (table: string) =>
        rows(
          `select jsonb_build_array(${by}) as key, ${sums} from ${table} group by ${by} having ${isSomething} order by 1`,
        );
      const before = await of('figures_before');
      expect(before.length).toBeGreaterThan(10);
      expect(await of('rollups')).toEqual(before);
    }
  });

  it('has the same sums in every roll-up', async () => {
    const total = async (table: string) => (await rows(`select ${sums} from ${table}`))[0];
    const whole = await total('figures_before');
    for (const table of ['rollup_minutes', 'rollup_times', 'rollup_quarters', 'rollup_days', 'rollup_token_quarters'])
      expect({ table, ...(await total(table)) }).toEqual({ table, ...whole });
    const withZone = await total("figures_before where tokens ? 'zone'");
    for (const table of [
      "rollup_token_days where name = 'zone'",
      "rollup_token_sums where name = 'zone'",
      "rollup_token_values where name = 'zone' and days = 1",
      "rollup_token_values where name = 'zone' and days = 8",
    ])
      expect({ table, ...(await total(table)) }).toEqual({ table, ...withZone });
  });

  it('counts its calls by what became of them, in minutes, quarters and hours', async () => {
    const before = await rows('select * from calls_before order by 1, 2');
    for (const grain of ['minute', 'quarter', 'hour'])
      expect(
        await rows(`select state, refusal, sum(calls)::bigint as count from call_counts where grain = '${grain}'
          group by 1, 2 order by 1, 2`),
      ).toEqual(before);
  });
});
