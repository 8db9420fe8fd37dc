-- Hourly figures. Writers append deltas in the transaction that changes the ledger, so that no two of them wait for one hot row;
-- `merge_rollups` adds them up into hours. What is read is the sum of both, so that merging changes no figure.
create table rollup_deltas (
  id bigint generated always as identity primary key,
  recorded_at timestamptz not null,
  hour timestamptz not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  tokens jsonb not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38, 0) not null,
  approved_nanos numeric(38, 0) not null,
  rejected_nanos numeric(38, 0) not null,
  reversed_nanos numeric(38, 0) not null,
  cost_nanos numeric(38, 0) not null
);

create table rollup_hours (
  hour timestamptz not null,
  -- An empty text stands for "none", because a key cannot hold null.
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  tokens jsonb not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38, 0) not null,
  approved_nanos numeric(38, 0) not null,
  rejected_nanos numeric(38, 0) not null,
  reversed_nanos numeric(38, 0) not null,
  cost_nanos numeric(38, 0) not null,
  primary key (hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency)
);

create view rollups as
  select hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks, pending_count,
    approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
    cost_nanos from rollup_hours
  union all
  select hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency, clicks, unique_clicks, pending_count,
    approved_count, rejected_count, reversed_count, unknown_count, pending_nanos, approved_nanos, rejected_nanos, reversed_nanos,
    cost_nanos from rollup_deltas;

-- One merger at a time: two would wait for each other on the same hours and gain nothing.
create function merge_rollups(at_most integer) returns integer language plpgsql as $$
declare
  merged integer;
begin
  if not pg_try_advisory_xact_lock(720419) then return 0; end if;
  with taken as (
    delete from rollup_deltas where id in (select id from rollup_deltas order by id limit at_most for update skip locked) returning *
  ), summed as (
    insert into rollup_hours
    select hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency, sum(clicks), sum(unique_clicks),
      sum(pending_count), sum(approved_count), sum(rejected_count), sum(reversed_count), sum(unknown_count), sum(pending_nanos),
      sum(approved_nanos), sum(rejected_nanos), sum(reversed_nanos), sum(cost_nanos)
    from taken group by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency) do update set
      clicks = rollup_hours.clicks + excluded.clicks,
      unique_clicks = rollup_hours.unique_clicks + excluded.unique_clicks,
      pending_count = rollup_hours.pending_count + excluded.pending_count,
      approved_count = rollup_hours.approved_count + excluded.approved_count,
      rejected_count = rollup_hours.rejected_count + excluded.rejected_count,
      reversed_count = rollup_hours.reversed_count + excluded.reversed_count,
      unknown_count = rollup_hours.unknown_count + excluded.unknown_count,
      pending_nanos = rollup_hours.pending_nanos + excluded.pending_nanos,
      approved_nanos = rollup_hours.approved_nanos + excluded.approved_nanos,
      rejected_nanos = rollup_hours.rejected_nanos + excluded.rejected_nanos,
      reversed_nanos = rollup_hours.reversed_nanos + excluded.reversed_nanos,
      cost_nanos = rollup_hours.cost_nanos + excluded.cost_nanos
    returning 1
  )
  select count(*) into merged from taken;
  return merged;
end $$;

-- Cost that was restated after the fact: what an upload said a day of a campaign (or of one token's value) cost, as the difference
-- to what stood. Appended like the ledger, so that profit can be read as of a moment.
create table cost_entries (
  id uuid primary key,
  recorded_at timestamptz not null,
  day date not null,
  campaign_key text not null,
  tokens jsonb not null,
  amount_nanos numeric(38, 0) not null,
  currency text not null,
  -- What the day cost in all, as uploaded; the upload that said so.
  stated_nanos numeric(38, 0) not null,
  upload_id uuid not null
);
create index cost_entries_by_day on cost_entries (day, campaign_key);
create trigger cost_refuses_change before update or delete on cost_entries
  for each row execute function ledger_is_append_only();
create trigger cost_refuses_truncate before truncate on cost_entries
  for each statement execute function ledger_is_append_only();

-- Exchange rates: how many units of a currency one euro buys on a day, as the European Central Bank publishes them, or typed in.
create table rates (
  day date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Billionths, like money.
  per_euro_nanos numeric(38, 0) not null check (per_euro_nanos > 0),
  origin text not null,
  recorded_at timestamptz not null default now(),
  primary key (day, currency)
);
