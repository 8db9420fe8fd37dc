-- BREAKING: attribution of the version before cannot write figures any more; stop it before, start the new one after.
do $$ begin
  if exists (select from pg_stat_activity where datname = current_database() and application_name = 'carom-attribution') then
    raise exception 'stop attribution before this migration: the running version writes to columns that it renames'
      using errcode = 'object_in_use';
  end if;
end $$;

-- Figures by quarter of an hour instead of by hour, so that a day is exact in every time zone (offsets are multiples of a quarter).
-- Deltas are of the minute. Merging adds them up five ways, each for what is asked of it:
--
--   rollup_minutes         the overview of the last weeks, by currency only
--   rollup_quarters        reports without tokens
--   rollup_days            the same by days (UTC), for the whole days of a longer time
--   rollup_token_quarters  all tokens together; everything is in it, so its sum is the sum of the ledger
--   rollup_token_days      one token at a time by days (UTC), whatever number of values it has
create table rollup_minutes (like rollup_hours);
alter table rollup_minutes rename hour to at;
alter table rollup_minutes drop column campaign_key, drop column source_key, drop column offer_key, drop column network_key,
  drop column event, drop column tokens, add primary key (at, currency);

create table rollup_quarters (like rollup_hours);
alter table rollup_quarters rename hour to at;
alter table rollup_quarters drop column tokens;
create unique index rollup_quarters_key on rollup_quarters
  (campaign_key, at, source_key, offer_key, network_key, md5(event), currency);
create index rollup_quarters_by_time on rollup_quarters (at);

create table rollup_days (like rollup_quarters);
create unique index rollup_days_key on rollup_days
  (campaign_key, at, source_key, offer_key, network_key, md5(event), currency);
create index rollup_days_by_time on rollup_days (at);

-- A key holds a hash of texts that others made: a token's value may be longer than an entry of an index can be.
create table rollup_token_quarters (like rollup_hours);
alter table rollup_token_quarters rename hour to at;
create unique index rollup_token_quarters_key on rollup_token_quarters
  (campaign_key, at, source_key, offer_key, network_key, md5(event), md5(tokens::text), currency);
create index rollup_token_quarters_by_time on rollup_token_quarters (at);

create table rollup_token_days (like rollup_quarters);
alter table rollup_token_days add column name text not null, add column value text not null;
create unique index rollup_token_days_key on rollup_token_days
  (name, campaign_key, at, md5(value), source_key, offer_key, network_key, md5(event), currency);

drop view rollups;
alter table rollup_deltas rename hour to at;

-- The statement that adds rows of `source` to a target. `keys`: the target's columns with their expressions over `source`.
create function rollup_statement(target text, keys jsonb, conflict text, source text) returns text language sql immutable as $$
  with figures as (
    select array['clicks', 'unique_clicks', 'pending_count', 'approved_count', 'rejected_count', 'reversed_count', 'unknown_count',
      'pending_nanos', 'approved_nanos', 'rejected_nanos', 'reversed_nanos', 'cost_nanos'] as names
  )
  select format('insert into %I as t (%s, %s) select %s, %s from %s group by %s on conflict (%s) do update set %s', target,
    (select string_agg(quote_ident(key), ', ' order by key) from jsonb_each_text(keys)),
    (select string_agg(name, ', ') from unnest(names) name),
    (select string_agg(value, ', ' order by key) from jsonb_each_text(keys)),
    (select string_agg(format('sum(s.%s)', name), ', ') from unnest(names) name),
    source,
    (select string_agg(value, ', ' order by key) from jsonb_each_text(keys)),
    conflict,
    (select string_agg(format('%1$s = t.%1$s + excluded.%1$s', name), ', ') from unnest(names) name))
  from figures
$$;

-- Adds the rows of `source` (an expression with the alias s, of the columns of rollup_deltas) to the five tables.
create function add_to_rollups(source text, ids bigint[]) returns void language plpgsql as $$
declare
  place constant jsonb := '{"campaign_key": "s.campaign_key", "source_key": "s.source_key", "offer_key": "s.offer_key",
    "network_key": "s.network_key", "event": "s.event", "currency": "s.currency"}';
  quarter constant jsonb := '{"at": "date_bin(''15 minutes'', s.at, ''2000-01-01 00:00Z'')"}';
  day constant jsonb := '{"at": "date_trunc(''day'', s.at, ''UTC'')"}';
  by_place constant text := 'campaign_key, at, source_key, offer_key, network_key, md5(event), currency';
begin
  execute rollup_statement('rollup_minutes', '{"at": "s.at", "currency": "s.currency"}', 'at, currency', source) using ids;
  execute rollup_statement('rollup_quarters', place || quarter, by_place, source) using ids;
  execute rollup_statement('rollup_days', place || day, by_place, source) using ids;
  execute rollup_statement('rollup_token_quarters', place || quarter || '{"tokens": "s.tokens"}',
    'campaign_key, at, source_key, offer_key, network_key, md5(event), md5(tokens::text), currency', source) using ids;
  execute rollup_statement('rollup_token_days', place || day || '{"name": "e.key", "value": "e.value"}',
    'name, campaign_key, at, md5(value), source_key, offer_key, network_key, md5(event), currency',
    source || ' cross join lateral jsonb_each_text(s.tokens) e') using ids;
end $$;

-- As before (migration 0061): merges rows, and in halves where one of them fails. Answers how many it skipped.
create or replace function merge_rollup_rows(ids bigint[]) returns integer language plpgsql as $$
declare
  half integer := cardinality(ids) / 2;
begin
  begin
    perform add_to_rollups('(select * from rollup_deltas where id = any ($1)) s', ids);
    delete from rollup_deltas where id = any (ids);
    return 0;
  exception when data_exception or integrity_constraint_violation or program_limit_exceeded then
    if half = 0 then
      update rollup_deltas set skipped_at = clock_timestamp() where id = any (ids);
      return 1;
    end if;
  end;
  return merge_rollup_rows(ids[1:half]) + merge_rollup_rows(ids[half + 1:]);
end $$;

-- What there is: once more from the clicks, the conversions and the restated costs, which know the minute, wherever that comes to the
-- same as the hour that was kept; else (clicks that retention dropped) the hour as it was, in its first quarter.
create table rollup_backfill as
  with v as (
    select c.recorded_at as at, coalesce(c.campaign_key, '') as campaign_key, coalesce(c.source_key, '') as source_key,
      coalesce(c.offer_key, '') as offer_key, c.network_key, coalesce(c.event, '') as event,
      coalesce(c.attributions -> c.click_id -> 'reportTokens', '{}') as tokens,
      case when c.money_known then coalesce(c.currency, '') else '' end as currency, c.state, c.money_known,
      c.pending_nanos, c.approved_nanos, c.rejected_nanos, c.reversed_nanos, c.attributions -> c.click_id -> 'cost' as cost
    from conversions c where c.state is not null and not 'test' = any (c.marks)
  ), k as (
    select k.*, coalesce((select jsonb_object_agg(t.key, t.value) from jsonb_each(k.tokens) t
      where t.key in (select jsonb_array_elements_text(r.body -> 'reportTokens'))), '{}') as chosen
    from clicks k left join catalog_entries r on r.kind = 'campaign' and r.key = k.campaign_key where k.flags = '{}'
  )
  select at, campaign_key, source_key, offer_key, network_key, event, tokens, currency, 0::bigint as clicks, 0::bigint as unique_clicks,
    (state = 'pending')::int as pending_count, (state = 'approved')::int as approved_count, (state = 'rejected')::int as rejected_count,
    (state = 'reversed')::int as reversed_count, (not money_known)::int as unknown_count, pending_nanos, approved_nanos, rejected_nanos,
    reversed_nanos, 0::numeric as cost_nanos
  from v
  union all
  select at, campaign_key, source_key, offer_key, network_key, event, tokens, cost ->> 'currency', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    (cost ->> 'amountNanos')::numeric
  from v where cost ->> 'model' = 'cpa' and state in ('pending', 'approved') and cost ->> 'amountNanos' is not null
  union all
  select at, campaign_key, source_key, offer_key, network_key, event, tokens, currency, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    divide_half_even(divide_half_even(approved_nanos * (cost ->> 'amountNanos')::numeric, 1000000000), 100)
  from v where cost ->> 'model' = 'revshare' and money_known and currency <> '' and cost ->> 'amountNanos' is not null
  union all
  select clicked_at, campaign_key, source_key, offer_key, network_key, '', chosen, '', 1, is_unique::int, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 from k
  union all
  select clicked_at, campaign_key, source_key, offer_key, network_key, '', chosen, coalesce(cost_currency, ''), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    case when cost_model = 'cpc' then cost_nanos else divide_half_even(cost_nanos, 1000) end
  from k where cost_model in ('cpc', 'cpm') and cost_nanos is not null
  union all
  select (day + time '12:00') at time zone 'UTC', campaign_key, source_key, '', '', '', tokens, currency, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    amount_nanos
  from cost_entries;

create table rollup_hours_kept as
  select * from rollup_hours union all
  select date_trunc('hour', at, 'UTC'), campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks,
    pending_count, approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos,
    reversed_nanos, cost_nanos from rollup_deltas;

create table rollup_hours_differing as
  select hour, campaign_key, source_key, offer_key, network_key, event, currency from (
    select hour, campaign_key, source_key, offer_key, network_key, event, currency, clicks, unique_clicks, pending_count, approved_count,
      rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, cost_nanos
    from rollup_hours_kept
    union all
    select date_trunc('hour', at, 'UTC'), campaign_key, source_key, offer_key, network_key, event, currency, -clicks, -unique_clicks,
      -pending_count, -approved_count, -rejected_count, -reversed_count, -unknown_count, -pending_nanos, -approved_nanos, -rejected_nanos,
      -reversed_nanos, -cost_nanos
    from rollup_backfill
  ) both_sides group by 1, 2, 3, 4, 5, 6, 7
  having sum(clicks) <> 0 or sum(unique_clicks) <> 0 or sum(pending_count) <> 0 or sum(approved_count) <> 0 or sum(rejected_count) <> 0
    or sum(reversed_count) <> 0 or sum(unknown_count) <> 0 or sum(pending_nanos) <> 0 or sum(approved_nanos) <> 0
    or sum(rejected_nanos) <> 0 or sum(reversed_nanos) <> 0 or sum(cost_nanos) <> 0;

select add_to_rollups($source$(
    select date_trunc('minute', b.at, 'UTC') as at, b.campaign_key, b.source_key, b.offer_key, b.network_key, b.event, b.tokens, b.currency,
      clicks, unique_clicks, pending_count, approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos,
      rejected_nanos, reversed_nanos, cost_nanos
    from rollup_backfill b where not exists (select from rollup_hours_differing d where d.hour = date_trunc('hour', b.at, 'UTC')
      and (d.campaign_key, d.source_key, d.offer_key, d.network_key, d.event, d.currency)
        = (b.campaign_key, b.source_key, b.offer_key, b.network_key, b.event, b.currency))
    union all
    select h.hour, h.campaign_key, h.source_key, h.offer_key, h.network_key, h.event, h.tokens, h.currency,
      clicks, unique_clicks, pending_count, approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos,
      rejected_nanos, reversed_nanos, cost_nanos
    from rollup_hours_kept h where exists (select from rollup_hours_differing d where d.hour = h.hour
      and (d.campaign_key, d.source_key, d.offer_key, d.network_key, d.event, d.currency)
        = (h.campaign_key, h.source_key, h.offer_key, h.network_key, h.event, h.currency))
  ) s$source$, null);
delete from rollup_deltas;
drop table rollup_hours, rollup_backfill, rollup_hours_kept, rollup_hours_differing;

create view rollups as
  select at, campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks, pending_count,
    approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
    cost_nanos from rollup_token_quarters
  union all
  select at, campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks, pending_count,
    approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
    cost_nanos from rollup_deltas;

-- Minutes are for the overview of the last weeks; what is older is in the hours and the quarters.
create function forget_minutes() returns void language sql as $$
  delete from call_counts where grain = 'minute' and at < now() - interval '35 days';
  delete from delivery_counts where grain = 'minute' and at < now() - interval '35 days';
  delete from rollup_minutes where at < now() - interval '35 days';
$$;
