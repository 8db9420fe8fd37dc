-- Three more roll-ups. A token of a hundred thousand values is read in a second or two, and days of any time zone, the overview too,
-- take a few thousand rows:
--
--   rollup_times         quarters of an hour by currency alone, kept for ever
--   rollup_token_sums    what all values of a token have together, by days: the figures without a token are what is left of all
--   rollup_token_values  the values of a token over everything, by days and by spans of eight days
--
-- Merging waits for this migration: what is merged afterwards goes into all tables.
select pg_advisory_xact_lock(720419);

create table rollup_token_sums (like rollup_token_days);
alter table rollup_token_sums drop column value;
insert into rollup_token_sums (at, campaign_key, source_key, offer_key, network_key, event, currency, clicks, unique_clicks, pending_count,
    approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
    cost_nanos, name)
  select at, campaign_key, source_key, offer_key, network_key, event, currency, sum(clicks), sum(unique_clicks), sum(pending_count),
    sum(approved_count), sum(rejected_count), sum(reversed_count), sum(unknown_count), sum(pending_nanos), sum(approved_nanos),
    sum(rejected_nanos), sum(reversed_nanos), sum(cost_nanos), name
  from rollup_token_days group by at, campaign_key, source_key, offer_key, network_key, event, currency, name;
create unique index rollup_token_sums_key on rollup_token_sums
  (name, campaign_key, at, source_key, offer_key, network_key, md5(event), currency);
create index rollup_token_sums_by_time on rollup_token_sums (name, at);

create table rollup_token_values (like rollup_token_days);
alter table rollup_token_values drop column campaign_key, drop column source_key, drop column offer_key, drop column network_key,
  drop column event, add column days smallint not null;
insert into rollup_token_values (at, currency, clicks, unique_clicks, pending_count, approved_count, rejected_count, reversed_count,
    unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, cost_nanos, name, value, days)
  select date_bin(make_interval(days => g.days), at, '1970-01-01 00:00Z'), currency, sum(clicks), sum(unique_clicks), sum(pending_count),
    sum(approved_count), sum(rejected_count), sum(reversed_count), sum(unknown_count), sum(pending_nanos), sum(approved_nanos),
    sum(rejected_nanos), sum(reversed_nanos), sum(cost_nanos), name, value, g.days
  from rollup_token_days cross join (values (1), (8)) g (days) group by 1, currency, name, value, g.days;
create unique index rollup_token_values_key on rollup_token_values (name, days, at, md5(value), currency);

create table rollup_times (like rollup_minutes including constraints, primary key (at, currency));
insert into rollup_times (at, currency, clicks, unique_clicks, pending_count, approved_count, rejected_count, reversed_count,
    unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, cost_nanos)
  select at, currency, sum(clicks), sum(unique_clicks), sum(pending_count), sum(approved_count), sum(rejected_count), sum(reversed_count),
    sum(unknown_count), sum(pending_nanos), sum(approved_nanos), sum(rejected_nanos), sum(reversed_nanos), sum(cost_nanos)
  from rollup_quarters group by 1, 2;

create or replace function add_to_rollups(source text, ids bigint[]) returns void language plpgsql as $$
declare
  place constant jsonb := '{"campaign_key": "s.campaign_key", "source_key": "s.source_key", "offer_key": "s.offer_key",
    "network_key": "s.network_key", "event": "s.event", "currency": "s.currency"}';
  quarter constant jsonb := '{"at": "date_bin(''15 minutes'', s.at, ''2000-01-01 00:00Z'')"}';
  day constant jsonb := '{"at": "date_trunc(''day'', s.at, ''UTC'')"}';
  by_place constant text := 'campaign_key, at, source_key, offer_key, network_key, md5(event), currency';
  with_tokens constant text := source || ' cross join lateral jsonb_each_text(s.tokens) e';
begin
  execute rollup_statement('rollup_minutes', '{"at": "s.at", "currency": "s.currency"}', 'at, currency', source) using ids;
  execute rollup_statement('rollup_times', quarter || '{"currency": "s.currency"}', 'at, currency', source) using ids;
  execute rollup_statement('rollup_quarters', place || quarter, by_place, source) using ids;
  execute rollup_statement('rollup_days', place || day, by_place, source) using ids;
  execute rollup_statement('rollup_token_quarters', place || quarter || '{"tokens": "s.tokens"}',
    'campaign_key, at, source_key, offer_key, network_key, md5(event), md5(tokens::text), currency', source) using ids;
  execute rollup_statement('rollup_token_days', place || day || '{"name": "e.key", "value": "e.value"}',
    'name, campaign_key, at, md5(value), source_key, offer_key, network_key, md5(event), currency', with_tokens) using ids;
  execute rollup_statement('rollup_token_sums', place || day || '{"name": "e.key"}',
    'name, campaign_key, at, source_key, offer_key, network_key, md5(event), currency', with_tokens) using ids;
  execute rollup_statement('rollup_token_values', '{"at": "date_bin(make_interval(days => g.days), s.at, ''1970-01-01 00:00Z'')",
    "days": "g.days", "name": "e.key", "value": "e.value", "currency": "s.currency"}', 'name, days, at, md5(value), currency',
    with_tokens || ' cross join (values (1), (8)) g (days)') using ids;
end $$;
