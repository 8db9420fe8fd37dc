-- Written by `npm run schema` from the migrations; compared by a test. Do not edit.

create sequence call_deltas_id_seq;

create sequence catalog_version;

create sequence conversion_outbox_id_seq;

create sequence delivery_deltas_id_seq;

create sequence rollup_deltas_id_seq;

CREATE OR REPLACE FUNCTION public.add_to_rollups(source text, ids bigint[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.admit_services(service name)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  each record;
begin
  execute format('grant usage on schema %I to %I', current_schema(), service);
  for each in
    select c.relname as name, c.relkind as kind from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and not c.relispartition
      and c.relowner = (select relowner from pg_class where oid = 'ledger_entries'::regclass)
  loop
    if each.kind = 'S' then
      execute format('grant usage, select on sequence %I to %I', each.name, service);
    elsif each.name in ('ledger_entries', 'cost_entries', 'audit') then
      execute format('grant select, insert on %I to %I', each.name, service);
    elsif each.name in ('migrations', 'ledger_horizons') or each.kind = 'v' then
      execute format('grant select on %I to %I', each.name, service);
    else
      execute format('grant select, insert, update, delete on %I to %I', each.name, service);
    end if;
  end loop;
  execute format('grant execute on function ensure_partitions(text, date, date), drop_day(text, date) to %I', service);
end $function$
;

CREATE OR REPLACE FUNCTION public.count_changed_calls()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into call_deltas (minute, network_key, state, refusal, calls)
    select date_trunc('minute', received_at), coalesce(network_key, ''), state, coalesce(refusal, ''), sum(calls) from (
      select received_at, network_key, state, refusal, 1 as calls from now_so
      union all select received_at, network_key, state, refusal, -1 from before_so
    ) both_sides group by 1, 2, 3, 4 having sum(calls) <> 0;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.count_changed_deliveries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into delivery_deltas (minute, destination_key, state, deliveries)
    select date_trunc('minute', created_at), destination_key, case state when 'sending' then 'waiting' else state end, sum(n) from (
      select created_at, destination_key, state, 1 as n from now_so
      union all select created_at, destination_key, state, -1 from before_so
    ) both_sides group by 1, 2, 3 having sum(n) <> 0;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.count_new_calls()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into call_deltas (minute, network_key, state, refusal, calls)
    select date_trunc('minute', received_at), coalesce(network_key, ''), state, coalesce(refusal, ''), count(*)
    from written group by 1, 2, 3, 4;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.count_new_deliveries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into delivery_deltas (minute, destination_key, state, deliveries)
    select date_trunc('minute', created_at), destination_key, case state when 'sending' then 'waiting' else state end, count(*)
    from written group by 1, 2, 3;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.divide_half_even(dividend numeric, divisor numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when abs(dividend - div(dividend, divisor) * divisor) * 2 > divisor
      or (abs(dividend - div(dividend, divisor) * divisor) * 2 = divisor and div(dividend, divisor) % 2 <> 0)
    then div(dividend, divisor) + sign(dividend)
    else div(dividend, divisor) end
$function$
;

CREATE OR REPLACE FUNCTION public.drop_day(parent text, day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if parent not in ('clicks', 'postbacks', 'visitors', 'delivery_attempts') then
    raise exception 'the days of % are not dropped', parent using errcode = 'insufficient_privilege';
  end if;
  execute format('drop table if exists %I', format('%s_%s', parent, to_char(day, 'YYYYMMDD')));
end $function$
;

CREATE OR REPLACE FUNCTION public.ensure_partitions(parent text, first date, last date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  day date := first;
  name text;
  by_column text;
  made integer := 0;
begin
  if parent not in ('clicks', 'postbacks', 'ledger_entries', 'visitors', 'delivery_attempts') then
    raise exception '% is not kept by days', parent using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(720418);
  select a.attname into by_column
    from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent::regclass;
  while day <= last loop
    name := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    if to_regclass(name) is null and not is_folded(parent, day) then
      execute format('create table %I (like %I including defaults including constraints)', name, parent);
      if parent = 'ledger_entries' then
        alter table ledger_entries_default disable trigger ledger_refuses_delete;
      end if;
      execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
        parent || '_default', by_column, day::timestamp at time zone 'UTC', by_column,
        (day + 1)::timestamp at time zone 'UTC', name);
      if parent = 'ledger_entries' then
        alter table ledger_entries_default enable trigger ledger_refuses_delete;
      end if;
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name,
        day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
      if parent = 'ledger_entries' then
        execute format('create trigger ledger_refuses_truncate before truncate on %I for each statement '
          || 'execute function ledger_is_append_only()', name);
      end if;
      made := made + 1;
    end if;
    day := day + 1;
  end loop;
  return made;
end $function$
;

CREATE OR REPLACE FUNCTION public.fold_ledger_before(before date)
 RETURNS TABLE(days integer, entries_before bigint, entries_after bigint)
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  until timestamptz := before::timestamp at time zone 'UTC';
  since timestamptz;
  folded text := format('ledger_entries_before_%s', to_char(before, 'YYYYMMDD'));
  stray date[];
  differs boolean;
  names text[];
  each text;
begin
  perform pg_advisory_xact_lock(720418);
  if until > now() - interval '31 days' then
    raise exception 'the ledger keeps at least 31 days whole' using errcode = 'invalid_parameter_value';
  end if;
  select max(h.horizon) into since from ledger_horizons h;
  since := coalesce(since, '-infinity');
  stray := array(select distinct (e.recorded_at at time zone 'UTC')::date from ledger_entries_default e where e.recorded_at < until);
  foreach each in array stray loop
    perform ensure_partitions('ledger_entries', each::date, each::date);
  end loop;
  names := array(select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'ledger_entries'::regclass and c.relname ~ '^ledger_entries_\d{8}$'
      and c.relname < format('ledger_entries_%s', to_char(before, 'YYYYMMDD')) order by 1);
  days := cardinality(names);
  if days = 0 then
    entries_before := 0;
    entries_after := 0;
    return next;
    return;
  end if;
  foreach each in array names loop
    execute format('lock table only %I in share row exclusive mode', each);
  end loop;
  execute format('create table %I (like ledger_entries including defaults including constraints)', folded);
  execute format($insert$
    insert into %I (recorded_at, id, conversion_id, revision, postback_id, rule, from_bucket, to_bucket, amount_nanos, currency, state,
      occurred_at, marks)
    with old as not materialized (
      select * from ledger_entries where recorded_at >= $1 and recorded_at < $2
    ), last as (
      select distinct on (conversion_id) conversion_id, recorded_at, revision, state, occurred_at, marks, currency
      from old order by conversion_id, revision desc, id
    ), moved as (
      select conversion_id, currency, bucket, sum(nanos) as nanos from (
        select conversion_id, currency, to_bucket as bucket, amount_nanos as nanos from old where to_bucket <> 'outside'
        union all
        select conversion_id, currency, from_bucket, -amount_nanos from old where from_bucket <> 'outside'
      ) sides where currency is not null group by 1, 2, 3 having sum(nanos) <> 0
    )
    select l.recorded_at, md5(concat_ws('|', l.conversion_id, $2, m.currency, m.bucket))::uuid, l.conversion_id, l.revision, null,
      'carried_over', case when m.nanos < 0 then m.bucket else 'outside' end, case when m.nanos > 0 then m.bucket else 'outside' end,
      coalesce(abs(m.nanos), 0), coalesce(m.currency, l.currency), l.state, l.occurred_at, l.marks
    from last l left join moved m using (conversion_id)$insert$, folded) using since, until;
  get diagnostics entries_after = row_count;
  select count(*) into entries_before from ledger_entries e where e.recorded_at >= since and e.recorded_at < until;
  -- Checked by another sum than the one that made it, before anything is deleted.
  execute format($check$
    select exists (select from (
      select e.amount_nanos as nanos, e.currency, e.to_bucket as bucket from ledger_entries e where recorded_at >= $1 and recorded_at < $2
      union all select -e.amount_nanos, e.currency, e.from_bucket from ledger_entries e where recorded_at >= $1 and recorded_at < $2
      union all select -f.amount_nanos, f.currency, f.to_bucket from %1$I f
      union all select f.amount_nanos, f.currency, f.from_bucket from %1$I f
    ) sides where bucket <> 'outside' group by currency, bucket having sum(nanos) <> 0)$check$, folded)
    into differs using since, until;
  if differs then
    raise exception 'what is carried over does not add up to what it replaces' using errcode = 'data_exception';
  end if;
  foreach each in array names loop
    execute format('drop table %I', each);
  end loop;
  if since = '-infinity' then
    execute format('alter table ledger_entries attach partition %I for values from (minvalue) to (%L)', folded, until);
  else
    execute format('alter table ledger_entries attach partition %I for values from (%L) to (%L)', folded, since, until);
  end if;
  execute format('create trigger ledger_refuses_truncate before truncate on %I for each statement '
    || 'execute function ledger_is_append_only()', folded);
  insert into ledger_horizons (horizon, entries_before, entries_after) values (until, entries_before, entries_after);
  return next;
end $function$
;

CREATE OR REPLACE FUNCTION public.forget_minutes()
 RETURNS void
 LANGUAGE sql
AS $function$
  delete from call_counts where grain = 'minute' and at < now() - interval '35 days';
  delete from delivery_counts where grain = 'minute' and at < now() - interval '35 days';
  delete from rollup_minutes where at < now() - interval '35 days';
$function$
;

CREATE OR REPLACE FUNCTION public.is_folded(parent text, day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select parent = 'ledger_entries'
    and exists (select from ledger_horizons h where h.horizon > day::timestamp at time zone 'UTC')
$function$
;

CREATE OR REPLACE FUNCTION public.ledger_is_append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the ledger is append-only: a correction is a new entry' using errcode = 'restrict_violation';
end $function$
;

CREATE OR REPLACE FUNCTION public.merge_counts(at_most integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  merged integer;
  more integer;
begin
  if not pg_try_advisory_xact_lock(720422) then return 0; end if;
  with taken as (
    delete from call_deltas where id in (select id from call_deltas order by id limit at_most) returning *
  ), placed as (
    select 'minute' as grain, minute as at, network_key, state, refusal, calls from taken
    union all select 'quarter', date_bin('15 minutes', minute, '2000-01-01 00:00Z'), network_key, state, refusal, calls from taken
    union all select 'hour', date_trunc('hour', minute, 'UTC'), network_key, state, refusal, calls from taken
  ), summed as (
    insert into call_counts
    select grain, at, network_key, state, refusal, sum(calls) from placed group by 1, 2, 3, 4, 5
    on conflict (grain, at, network_key, state, refusal) do update set calls = call_counts.calls + excluded.calls
    returning 1
  ) select count(*) into merged from taken;
  with taken as (
    delete from delivery_deltas where id in (select id from delivery_deltas order by id limit at_most) returning *
  ), summed as (
    insert into delivery_counts
    select g.grain, date_trunc(g.grain, minute, 'UTC'), destination_key, state, sum(deliveries)
    from taken cross join (values ('minute'), ('hour')) g (grain) group by 1, 2, 3, 4
    on conflict (grain, at, destination_key, state) do update set deliveries = delivery_counts.deliveries + excluded.deliveries
    returning 1
  ) select count(*) into more from taken;
  if merged + more = 0 then perform forget_minutes(); end if;
  return merged + more;
end $function$
;

CREATE OR REPLACE FUNCTION public.merge_rollup_rows(ids bigint[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.merge_rollups(at_most integer, OUT merged integer, OUT skipped integer)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  ids bigint[];
begin
  merged := 0;
  skipped := 0;
  if not pg_try_advisory_xact_lock(720419) then return; end if;
  select array_agg(d.id) into ids from (
    select id from rollup_deltas where skipped_at is null order by id limit at_most for update skip locked) d;
  if ids is null then return; end if;
  skipped := merge_rollup_rows(ids);
  merged := cardinality(ids) - skipped;
end $function$
;

CREATE OR REPLACE FUNCTION public.rollup_statement(target text, keys jsonb, conflict text, source text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
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
$function$
;

create table api_tokens (
  id uuid not null,
  name text not null,
  role text not null,
  hash bytea not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  user_id uuid,
  expires_at timestamp with time zone,
  last_used_ip text,
  sees_visitors boolean default false not null
);

create table audit (
  id uuid not null,
  at timestamp with time zone default now() not null,
  actor text default ''::text not null,
  action text not null,
  kind text not null,
  key text not null,
  before jsonb,
  after jsonb,
  user_id uuid,
  token_id uuid
);

create table call_counts (
  grain text not null,
  at timestamp with time zone not null,
  network_key text not null,
  state text not null,
  refusal text not null,
  calls bigint not null
);

create table call_deltas (
  id bigint not null,
  minute timestamp with time zone not null,
  network_key text not null,
  state text not null,
  refusal text not null,
  calls bigint not null
);

create table cap_use (
  offer_key text not null,
  period text not null,
  conversions bigint default 0 not null,
  payout_nanos numeric(38,0) default 0 not null,
  currency text
);

create table catalog_entries (
  kind text not null,
  key text not null,
  number integer not null,
  body jsonb not null,
  version bigint default nextval('catalog_version'::regclass) not null,
  relayed_version bigint default 0 not null,
  deleted boolean default false not null,
  created_at timestamp with time zone default now() not null,
  changed_at timestamp with time zone default now() not null
);

create table catalog_numbers (
  kind text not null,
  last integer default 0 not null
);

create table click_imports (
  click_id text not null,
  clicked_at timestamp with time zone not null
);

create table clicks (
  clicked_at timestamp with time zone not null,
  click_id text not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  external_id text,
  external_id_raw text,
  tokens jsonb default '{}'::jsonb not null,
  cost_model text,
  cost_nanos bigint,
  cost_currency text,
  visitor jsonb default '{}'::jsonb not null,
  channel text not null,
  is_unique boolean default true not null,
  flags text[] default '{}'::text[] not null,
  recorded_at timestamp with time zone default now() not null
) partition by RANGE (clicked_at);

create table conversion_outbox (
  id bigint not null,
  conversion_id uuid not null,
  revision integer not null,
  message jsonb not null,
  recorded_at timestamp with time zone default clock_timestamp() not null,
  leased_until timestamp with time zone default clock_timestamp() not null
);

create table conversions (
  id uuid not null,
  base_id uuid not null,
  member text default ''::text not null,
  identity text not null,
  network_key text not null,
  event text,
  transaction_id text,
  click_id text,
  campaign_key text,
  source_key text,
  offer_key text,
  external_id text,
  state text,
  marks text[] default '{}'::text[] not null,
  currency text,
  money_known boolean not null,
  pending_nanos numeric(38,0) default 0 not null,
  approved_nanos numeric(38,0) default 0 not null,
  rejected_nanos numeric(38,0) default 0 not null,
  reversed_nanos numeric(38,0) default 0 not null,
  payout_from text,
  attributed_by text,
  clicked_at timestamp with time zone,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  revision integer not null,
  rules jsonb not null,
  reports jsonb default '[]'::jsonb not null,
  attributions jsonb default '{}'::jsonb not null,
  due_at timestamp with time zone,
  restored integer default 0 not null
);

create table cost_entries (
  id uuid not null,
  recorded_at timestamp with time zone not null,
  day date not null,
  campaign_key text not null,
  tokens jsonb not null,
  amount_nanos numeric(38,0) not null,
  currency text not null,
  stated_nanos numeric(38,0) not null,
  upload_id uuid not null,
  source_key text default ''::text not null
);

create table deliveries (
  conversion_id uuid not null,
  destination_key text not null,
  once text not null,
  id uuid not null,
  cause text not null,
  revision integer not null,
  state text not null,
  reason text,
  due_at timestamp with time zone not null,
  lease_owner uuid,
  attempts smallint default 0 not null,
  replays smallint default 0 not null,
  facts json not null,
  created_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  maybe_sent boolean default false not null,
  claimed boolean default false not null,
  queue text generated always as (
CASE
    WHEN (state = ANY (ARRAY['waiting'::text, 'parked'::text])) THEN state
    WHEN ((state = 'sending'::text) AND claimed) THEN 'claimed'::text
    ELSE NULL::text
END) stored
) with (fillfactor=50);

create table delivery_attempts (
  delivery_id uuid not null,
  at timestamp with time zone not null,
  number smallint not null,
  method text not null,
  url text not null,
  status smallint,
  ms integer not null,
  outcome text not null,
  reason text,
  answer text,
  request_headers jsonb,
  request_body text,
  answer_headers jsonb,
  connect_ms integer,
  headers_ms integer
) partition by RANGE (at);

create table delivery_counts (
  grain text not null,
  at timestamp with time zone not null,
  destination_key text not null,
  state text not null,
  deliveries bigint not null
);

create table delivery_deltas (
  id bigint not null,
  minute timestamp with time zone not null,
  destination_key text not null,
  state text not null,
  deliveries bigint not null
);

create table destination_controls (
  destination_key text not null,
  paused boolean default false not null,
  changed_at timestamp with time zone default now() not null,
  changed_by text
);

create table destination_states (
  destination_key text not null,
  owner uuid not null,
  breaker text not null,
  breaker_since timestamp with time zone,
  probe_at timestamp with time zone,
  failing_share real not null,
  in_flight integer not null,
  reported_at timestamp with time zone not null
);

create table dispatch_batches (
  owner uuid not null,
  made_at timestamp with time zone not null
);

create table dispatch_processes (
  owner uuid not null,
  alive_until timestamp with time zone not null,
  started_at timestamp with time zone default now() not null,
  keeps_batches boolean default false not null,
  renewed_at timestamp with time zone default now() not null,
  settled_at timestamp with time zone default '-infinity'::timestamp with time zone not null
);

create unlogged table dispatch_witnesses (
  owner uuid not null,
  for_lease boolean default false not null
);

create table idempotent_answers (
  actor uuid not null,
  key text not null,
  fingerprint bytea not null,
  created_at timestamp with time zone default now() not null,
  status integer,
  headers jsonb,
  answer text
);

create table job_files (
  job_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  created_at timestamp with time zone default now() not null
);

create table job_outputs (
  job_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  created_at timestamp with time zone default now() not null
);

create table jobs (
  id uuid not null,
  kind text not null,
  state text not null,
  params jsonb not null,
  user_id uuid,
  token_id uuid,
  done bigint default 0 not null,
  total bigint,
  checkpoint jsonb,
  result jsonb,
  problem jsonb,
  cancel_requested boolean default false not null,
  lease_until timestamp with time zone,
  attempts integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone
);

create table ledger_entries (
  recorded_at timestamp with time zone not null,
  id uuid not null,
  conversion_id uuid not null,
  revision integer not null,
  postback_id uuid,
  rule text not null,
  from_bucket text not null,
  to_bucket text not null,
  amount_nanos numeric(38,0) not null,
  currency text,
  state text,
  occurred_at timestamp with time zone not null,
  marks text[] default '{}'::text[] not null
) partition by RANGE (recorded_at);

create table ledger_horizons (
  horizon timestamp with time zone not null,
  folded_at timestamp with time zone default now() not null,
  folded_by text default SESSION_USER not null,
  entries_before bigint not null,
  entries_after bigint not null
);

create table missed_records (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  to_offset bigint not null,
  from_offset bigint,
  reason text not null,
  missed bigint,
  found_at timestamp with time zone default now() not null
);

create table one_time_codes (
  id uuid not null,
  hash bytea not null,
  purpose text not null,
  user_id uuid,
  token_id uuid,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);

create table orphans (
  postback_id uuid not null,
  received_at timestamp with time zone not null,
  click_id text,
  clicked_at timestamp with time zone,
  transaction_id text,
  network_key text,
  since timestamp with time zone default now() not null,
  check_at timestamp with time zone not null,
  checks integer default 0 not null,
  address text
);

create table parked_records (
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  consumer text not null,
  key text,
  value bytea,
  headers jsonb not null,
  reason text not null,
  error text,
  parked_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  resolution text,
  place text generated always as (((((((topic || '/'::text) || (partition)::text) || '/'::text) || (record_offset)::text) || '/'::text) || consumer)) stored not null
);

create table patience (
  only_one boolean default true not null,
  credit_after_ms bigint not null,
  clicks_kept_ms bigint not null,
  expire_after_ms bigint not null,
  stated_at timestamp with time zone default now() not null
);

create table postbacks (
  received_at timestamp with time zone not null,
  id uuid not null,
  network_key text,
  state text not null,
  refusal text,
  channel text not null,
  authenticated_by text not null,
  click_id text,
  transaction_id text,
  event text,
  base_id uuid,
  conversion_id uuid,
  read jsonb not null,
  problems jsonb default '[]'::jsonb not null,
  raw jsonb not null,
  outcome jsonb default '[]'::jsonb not null,
  suppress_delivery boolean default false not null,
  test boolean default false not null,
  replays jsonb default '[]'::jsonb not null,
  decided_at timestamp with time zone default now() not null,
  proof text
) partition by RANGE (received_at);

create table rates (
  day date not null,
  currency text not null,
  per_euro_nanos numeric(38,0) not null,
  origin text not null,
  recorded_at timestamp with time zone default now() not null
);

create table rollup_days (
  at timestamp with time zone not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null
);

create table rollup_deltas (
  id bigint not null,
  recorded_at timestamp with time zone not null,
  at timestamp with time zone not null,
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
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null,
  skipped_at timestamp with time zone
);

create table rollup_minutes (
  at timestamp with time zone not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null
);

create table rollup_quarters (
  at timestamp with time zone not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null
);

create table rollup_times (
  at timestamp with time zone not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null
);

create table rollup_token_days (
  at timestamp with time zone not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null,
  name text not null,
  value text not null
);

create table rollup_token_quarters (
  at timestamp with time zone not null,
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
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null
);

create table rollup_token_sums (
  at timestamp with time zone not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  event text not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null,
  name text not null
);

create table rollup_token_values (
  at timestamp with time zone not null,
  currency text not null,
  clicks bigint not null,
  unique_clicks bigint not null,
  pending_count bigint not null,
  approved_count bigint not null,
  rejected_count bigint not null,
  reversed_count bigint not null,
  unknown_count bigint not null,
  pending_nanos numeric(38,0) not null,
  approved_nanos numeric(38,0) not null,
  rejected_nanos numeric(38,0) not null,
  reversed_nanos numeric(38,0) not null,
  cost_nanos numeric(38,0) not null,
  name text not null,
  value text not null,
  days smallint not null
);

create table saved_views (
  id uuid not null,
  user_id uuid,
  token_id uuid,
  name text not null,
  page text not null,
  query text not null,
  shared boolean default false not null,
  changed_at timestamp with time zone default now() not null
);

create table sessions (
  id uuid not null,
  hash bytea not null,
  user_id uuid,
  token_id uuid,
  created_at timestamp with time zone default now() not null,
  seen_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  ip text,
  user_agent text
);

create table setup_tests (
  id uuid not null,
  created_at timestamp with time zone default now() not null,
  campaign_key text not null,
  network_key text,
  click jsonb,
  postback jsonb
);

create table users (
  id uuid not null,
  name text not null,
  email text,
  role text not null,
  created_at timestamp with time zone default now() not null,
  disabled_at timestamp with time zone,
  password_hash text,
  sees_visitors boolean default false not null
);

create table visitors (
  day timestamp with time zone not null,
  visitor bigint not null
) partition by RANGE (day);

alter table api_tokens add constraint api_tokens_hash_key UNIQUE (hash);

alter table api_tokens add constraint api_tokens_pkey PRIMARY KEY (id);

alter table api_tokens add constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table api_tokens add constraint api_tokens_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'editor'::text, 'viewer'::text])));

alter table audit add constraint audit_pkey PRIMARY KEY (id);

alter table audit add constraint audit_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

alter table audit add constraint audit_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table call_counts add constraint call_counts_pkey PRIMARY KEY (grain, at, network_key, state, refusal);

alter table call_counts add constraint call_counts_grain_check CHECK ((grain = ANY (ARRAY['minute'::text, 'quarter'::text, 'hour'::text])));

alter table call_deltas add constraint call_deltas_pkey PRIMARY KEY (id);

alter table cap_use add constraint cap_use_pkey PRIMARY KEY (offer_key, period);

alter table catalog_entries add constraint catalog_entries_kind_number_key UNIQUE (kind, number);

alter table catalog_entries add constraint catalog_entries_pkey PRIMARY KEY (kind, key);

alter table catalog_entries add constraint catalog_entries_kind_check CHECK ((kind = ANY (ARRAY['network'::text, 'source'::text, 'offer'::text, 'campaign'::text])));

alter table catalog_numbers add constraint catalog_numbers_pkey PRIMARY KEY (kind);

alter table click_imports add constraint click_imports_pkey PRIMARY KEY (click_id);

alter table clicks add constraint clicks_pkey PRIMARY KEY (clicked_at, click_id);

alter table conversion_outbox add constraint conversion_outbox_pkey PRIMARY KEY (id);

alter table conversions add constraint conversions_pkey PRIMARY KEY (id);

alter table conversions add constraint conversions_approved_nanos_check CHECK ((approved_nanos >= (0)::numeric));

alter table conversions add constraint conversions_pending_nanos_check CHECK ((pending_nanos >= (0)::numeric));

alter table conversions add constraint conversions_rejected_nanos_check CHECK ((rejected_nanos >= (0)::numeric));

alter table conversions add constraint conversions_reversed_nanos_check CHECK ((reversed_nanos >= (0)::numeric));

alter table conversions add constraint conversions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'reversed'::text])));

alter table cost_entries add constraint cost_entries_pkey PRIMARY KEY (id);

alter table deliveries add constraint deliveries_pkey PRIMARY KEY (conversion_id, destination_key, once);

alter table deliveries add constraint deliveries_cause_check CHECK ((cause = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'reversed'::text])));

alter table deliveries add constraint deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'delivered'::text, 'parked'::text, 'superseded'::text])));

alter table delivery_counts add constraint delivery_counts_pkey PRIMARY KEY (grain, at, destination_key, state);

alter table delivery_counts add constraint delivery_counts_grain_check CHECK ((grain = ANY (ARRAY['minute'::text, 'hour'::text])));

alter table delivery_deltas add constraint delivery_deltas_pkey PRIMARY KEY (id);

alter table destination_controls add constraint destination_controls_pkey PRIMARY KEY (destination_key);

alter table destination_states add constraint destination_states_pkey PRIMARY KEY (destination_key, owner);

alter table destination_states add constraint destination_states_breaker_check CHECK ((breaker = ANY (ARRAY['closed'::text, 'open'::text, 'half-open'::text])));

alter table dispatch_batches add constraint dispatch_batches_pkey PRIMARY KEY (owner, made_at);

alter table dispatch_processes add constraint dispatch_processes_pkey PRIMARY KEY (owner);

alter table dispatch_witnesses add constraint dispatch_witnesses_pkey PRIMARY KEY (owner, for_lease);

alter table idempotent_answers add constraint idempotent_answers_pkey PRIMARY KEY (actor, key);

alter table job_files add constraint job_files_pkey PRIMARY KEY (job_id, piece);

alter table job_outputs add constraint job_outputs_pkey PRIMARY KEY (job_id, piece);

alter table jobs add constraint jobs_pkey PRIMARY KEY (id);

alter table jobs add constraint jobs_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

alter table jobs add constraint jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table jobs add constraint jobs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])));

alter table ledger_entries add constraint ledger_entries_pkey PRIMARY KEY (recorded_at, id);

alter table ledger_entries add constraint ledger_entries_amount_nanos_check CHECK ((amount_nanos >= (0)::numeric));

alter table ledger_horizons add constraint ledger_horizons_pkey PRIMARY KEY (horizon);

alter table missed_records add constraint missed_records_pkey PRIMARY KEY (consumer_group, topic, partition, to_offset);

alter table missed_records add constraint missed_records_reason_check CHECK ((reason = ANY (ARRAY['deleted'::text, 'beyond_end'::text, 'no_position'::text])));

alter table one_time_codes add constraint one_time_codes_hash_key UNIQUE (hash);

alter table one_time_codes add constraint one_time_codes_pkey PRIMARY KEY (id);

alter table one_time_codes add constraint one_time_codes_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

alter table one_time_codes add constraint one_time_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table one_time_codes add constraint one_time_codes_check CHECK ((num_nonnulls(user_id, token_id) = 1));

alter table one_time_codes add constraint one_time_codes_purpose_check CHECK ((purpose = ANY (ARRAY['invitation'::text, 'reset'::text, 'sign_in'::text])));

alter table orphans add constraint orphans_pkey PRIMARY KEY (postback_id);

alter table parked_records add constraint parked_records_pkey PRIMARY KEY (topic, partition, record_offset, consumer);

alter table parked_records add constraint parked_records_resolution_check CHECK ((resolution = ANY (ARRAY['released'::text, 'dismissed'::text])));

alter table patience add constraint patience_pkey PRIMARY KEY (only_one);

alter table patience add constraint patience_only_one_check CHECK (only_one);

alter table postbacks add constraint postbacks_pkey PRIMARY KEY (received_at, id);

alter table postbacks add constraint postbacks_state_check CHECK ((state = ANY (ARRAY['applied'::text, 'duplicate'::text, 'refused'::text, 'orphan'::text, 'parked'::text])));

alter table rates add constraint rates_pkey PRIMARY KEY (day, currency);

alter table rates add constraint rates_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text));

alter table rates add constraint rates_per_euro_nanos_check CHECK ((per_euro_nanos > (0)::numeric));

alter table rollup_deltas add constraint rollup_deltas_pkey PRIMARY KEY (id);

alter table rollup_minutes add constraint rollup_minutes_pkey PRIMARY KEY (at, currency);

alter table rollup_times add constraint rollup_times_pkey PRIMARY KEY (at, currency);

alter table saved_views add constraint saved_views_pkey PRIMARY KEY (id);

alter table saved_views add constraint saved_views_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

alter table saved_views add constraint saved_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table saved_views add constraint saved_views_check CHECK ((num_nonnulls(user_id, token_id) = 1));

alter table sessions add constraint sessions_hash_key UNIQUE (hash);

alter table sessions add constraint sessions_pkey PRIMARY KEY (id);

alter table sessions add constraint sessions_token_id_fkey FOREIGN KEY (token_id) REFERENCES api_tokens(id);

alter table sessions add constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table sessions add constraint sessions_check CHECK ((num_nonnulls(user_id, token_id) = 1));

alter table setup_tests add constraint setup_tests_pkey PRIMARY KEY (id);

alter table users add constraint users_email_key UNIQUE (email);

alter table users add constraint users_pkey PRIMARY KEY (id);

alter table users add constraint users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'editor'::text, 'viewer'::text])));

alter table visitors add constraint visitors_pkey PRIMARY KEY (day, visitor);

CREATE INDEX api_tokens_by_name ON public.api_tokens USING btree (name);

CREATE INDEX audit_by_action ON public.audit USING btree (action, at, id);

CREATE INDEX audit_by_actor ON public.audit USING btree (actor, at, id) WHERE (actor <> ''::text);

CREATE INDEX audit_by_key ON public.audit USING btree (key, at, id);

CREATE INDEX audit_by_kind ON public.audit USING btree (kind, at, id);

CREATE INDEX audit_by_time ON public.audit USING btree (at, id);

CREATE INDEX audit_by_token ON public.audit USING btree (token_id, at, id) WHERE (token_id IS NOT NULL);

CREATE INDEX audit_by_user ON public.audit USING btree (user_id, at, id) WHERE (user_id IS NOT NULL);

CREATE INDEX catalog_entries_live ON public.catalog_entries USING btree (kind, key) WHERE (NOT deleted);

CREATE INDEX catalog_entries_to_relay ON public.catalog_entries USING btree (version) WHERE (relayed_version < version);

CREATE INDEX clicks_by_external ON ONLY public.clicks USING brin (external_id text_bloom_ops) WITH (autosummarize='on');

CREATE INDEX conversions_by_campaign ON public.conversions USING btree (campaign_key, recorded_at, id);

CREATE INDEX conversions_by_click ON public.conversions USING btree (click_id) WHERE (click_id IS NOT NULL);

CREATE INDEX conversions_by_event ON public.conversions USING btree (event, recorded_at, id) WHERE (event IS NOT NULL);

CREATE INDEX conversions_by_external ON public.conversions USING btree (external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX conversions_by_network ON public.conversions USING btree (network_key, recorded_at, id);

CREATE INDEX conversions_by_offer ON public.conversions USING btree (offer_key, recorded_at, id);

CREATE INDEX conversions_by_source ON public.conversions USING btree (source_key, recorded_at, id);

CREATE INDEX conversions_by_time ON public.conversions USING btree (recorded_at DESC, id);

CREATE INDEX conversions_by_transaction ON public.conversions USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);

CREATE INDEX conversions_due ON public.conversions USING btree (due_at, base_id) WHERE (due_at IS NOT NULL);

CREATE INDEX conversions_members ON public.conversions USING btree (base_id) WHERE (member <> ''::text);

CREATE INDEX conversions_over_cap ON public.conversions USING btree (offer_key, recorded_at, id) WHERE ('over_cap'::text = ANY (marks));

CREATE INDEX cost_entries_by_day ON public.cost_entries USING btree (day, campaign_key);

CREATE INDEX cost_entries_by_upload ON public.cost_entries USING btree (upload_id);

CREATE INDEX deliveries_by_destination ON public.deliveries USING btree (destination_key, created_at, id);

CREATE INDEX deliveries_by_id ON public.deliveries USING btree (id);

CREATE INDEX deliveries_by_time ON public.deliveries USING btree (created_at, id);

CREATE INDEX deliveries_claimed ON public.deliveries USING btree (lease_owner) WHERE (queue = 'claimed'::text);

CREATE INDEX deliveries_due ON public.deliveries USING btree (destination_key, due_at) WHERE (queue = 'waiting'::text);

CREATE INDEX deliveries_finished ON public.deliveries USING brin (finished_at) WITH (autosummarize='on', pages_per_range='32');

CREATE INDEX deliveries_in_queue ON public.deliveries USING btree (queue, created_at, id) WHERE (queue = ANY (ARRAY['waiting'::text, 'parked'::text]));

CREATE INDEX deliveries_parked ON public.deliveries USING btree (destination_key, created_at) WHERE (queue = 'parked'::text);

CREATE INDEX delivery_attempts_by_delivery ON ONLY public.delivery_attempts USING btree (delivery_id);

CREATE INDEX delivery_counts_by_destination ON public.delivery_counts USING btree (destination_key, grain, at);

CREATE INDEX idempotent_answers_by_time ON public.idempotent_answers USING btree (created_at);

CREATE INDEX job_files_by_time ON public.job_files USING btree (created_at);

CREATE INDEX job_outputs_by_time ON public.job_outputs USING btree (created_at);

CREATE INDEX jobs_by_kind ON public.jobs USING btree (kind, created_at, id);

CREATE INDEX jobs_by_state ON public.jobs USING btree (state, created_at, id);

CREATE INDEX jobs_by_time ON public.jobs USING btree (created_at, id);

CREATE INDEX jobs_to_run ON public.jobs USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE INDEX ledger_entries_by_conversion ON ONLY public.ledger_entries USING btree (conversion_id, recorded_at);

CREATE INDEX missed_records_by_time ON public.missed_records USING btree (found_at);

CREATE INDEX one_time_codes_by_end ON public.one_time_codes USING btree (expires_at);

CREATE INDEX orphans_by_address ON public.orphans USING btree (address) WHERE (address IS NOT NULL);

CREATE INDEX orphans_by_age ON public.orphans USING btree (since);

CREATE INDEX orphans_by_click ON public.orphans USING btree (click_id) WHERE (click_id IS NOT NULL);

CREATE INDEX orphans_by_transaction ON public.orphans USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);

CREATE INDEX orphans_due ON public.orphans USING btree (check_at);

CREATE INDEX parked_records_by_consumer ON public.parked_records USING btree (consumer, parked_at, place);

CREATE INDEX parked_records_by_reason ON public.parked_records USING btree (reason, parked_at, place);

CREATE INDEX parked_records_by_resolved ON public.parked_records USING btree (((resolved_at IS NOT NULL)), parked_at, place);

CREATE INDEX parked_records_by_time ON public.parked_records USING btree (parked_at, place);

CREATE INDEX parked_records_by_topic ON public.parked_records USING btree (topic, parked_at, place);

CREATE INDEX postbacks_by_click ON ONLY public.postbacks USING btree (click_id) WHERE (click_id IS NOT NULL);

CREATE INDEX postbacks_by_conversion ON ONLY public.postbacks USING btree (conversion_id) WHERE (conversion_id IS NOT NULL);

CREATE INDEX postbacks_by_network ON ONLY public.postbacks USING btree (network_key, received_at, id);

CREATE INDEX postbacks_by_transaction ON ONLY public.postbacks USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);

CREATE INDEX postbacks_by_upload ON ONLY public.postbacks USING btree (split_part(((raw -> 'headers'::text) ->> 'carom-upload'::text), '/'::text, 1), received_at, id) WHERE (channel = 'upload'::text);

CREATE INDEX postbacks_decided ON ONLY public.postbacks USING btree (decided_at, id);

CREATE INDEX postbacks_not_applied ON ONLY public.postbacks USING btree (state, received_at, id) WHERE (state = ANY (ARRAY['refused'::text, 'orphan'::text, 'parked'::text]));

CREATE INDEX postbacks_unmapped ON ONLY public.postbacks USING btree ((((read -> 'status'::text) ->> 'raw'::text))) WHERE (refusal = 'status_unmapped'::text);

CREATE INDEX rates_by_change ON public.rates USING btree (recorded_at);

CREATE INDEX rates_by_currency ON public.rates USING btree (currency, day);

CREATE INDEX rates_by_origin ON public.rates USING btree (origin, day);

CREATE INDEX rollup_days_by_time ON public.rollup_days USING btree (at);

CREATE UNIQUE INDEX rollup_days_key ON public.rollup_days USING btree (campaign_key, at, source_key, offer_key, network_key, md5(event), currency);

CREATE INDEX rollup_deltas_skipped ON public.rollup_deltas USING btree (id) WHERE (skipped_at IS NOT NULL);

CREATE INDEX rollup_quarters_by_time ON public.rollup_quarters USING btree (at);

CREATE UNIQUE INDEX rollup_quarters_key ON public.rollup_quarters USING btree (campaign_key, at, source_key, offer_key, network_key, md5(event), currency);

CREATE UNIQUE INDEX rollup_token_days_key ON public.rollup_token_days USING btree (name, campaign_key, at, md5(value), source_key, offer_key, network_key, md5(event), currency);

CREATE INDEX rollup_token_quarters_by_time ON public.rollup_token_quarters USING btree (at);

CREATE UNIQUE INDEX rollup_token_quarters_key ON public.rollup_token_quarters USING btree (campaign_key, at, source_key, offer_key, network_key, md5(event), md5((tokens)::text), currency);

CREATE INDEX rollup_token_sums_by_time ON public.rollup_token_sums USING btree (name, at);

CREATE UNIQUE INDEX rollup_token_sums_key ON public.rollup_token_sums USING btree (name, campaign_key, at, source_key, offer_key, network_key, md5(event), currency);

CREATE UNIQUE INDEX rollup_token_values_key ON public.rollup_token_values USING btree (name, days, at, md5(value), currency);

CREATE INDEX saved_views_by_token ON public.saved_views USING btree (token_id) WHERE (token_id IS NOT NULL);

CREATE INDEX saved_views_by_user ON public.saved_views USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX saved_views_shared ON public.saved_views USING btree (name, id) WHERE shared;

CREATE INDEX sessions_by_end ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_by_time ON public.sessions USING btree (created_at, id);

CREATE INDEX sessions_by_token ON public.sessions USING btree (token_id, created_at, id) WHERE (token_id IS NOT NULL);

CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id, ip) WHERE (user_id IS NOT NULL);

CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id, created_at, id) WHERE (user_id IS NOT NULL);

CREATE INDEX users_by_email ON public.users USING btree (lower(email));

CREATE INDEX users_by_name ON public.users USING btree (name);

CREATE TRIGGER cost_refuses_change BEFORE DELETE OR UPDATE ON public.cost_entries FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER cost_refuses_truncate BEFORE TRUNCATE ON public.cost_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER deliveries_counted AFTER INSERT ON public.deliveries REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_new_deliveries();

CREATE TRIGGER deliveries_recounted AFTER UPDATE ON public.deliveries REFERENCING OLD TABLE AS before_so NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION count_changed_deliveries();

CREATE TRIGGER ledger_refuses_change BEFORE UPDATE ON public.ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER ledger_refuses_delete BEFORE DELETE ON public.ledger_entries FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER ledger_refuses_truncate BEFORE TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE TRIGGER postbacks_counted AFTER INSERT ON public.postbacks REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION count_new_calls();

CREATE TRIGGER postbacks_recounted AFTER UPDATE ON public.postbacks REFERENCING OLD TABLE AS before_so NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION count_changed_calls();
