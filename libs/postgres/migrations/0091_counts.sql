-- How many calls came and deliveries were made in each minute, by their current state. The database counts them in the statement
-- that writes them, so the sum is right at every commit, for every writer. Each statement appends its own deltas: no two writers wait
-- for one row. `merge_counts` adds them up by minute and by hour; a reader adds both, so merging changes no count.
create table call_deltas (
  id bigint generated always as identity primary key,
  -- Of the receipt, like the log: a call that waits and is applied later moves within its minute.
  minute timestamptz not null,
  -- An empty text means none.
  network_key text not null,
  state text not null,
  refusal text not null,
  calls bigint not null
);
create table call_counts (
  grain text not null check (grain in ('minute', 'hour')),
  at timestamptz not null,
  network_key text not null,
  state text not null,
  refusal text not null,
  calls bigint not null,
  primary key (grain, at, network_key, state, refusal)
);
create table delivery_deltas (
  id bigint generated always as identity primary key,
  -- In which the delivery was made.
  minute timestamptz not null,
  destination_key text not null,
  -- What is being sent counts as waiting until there is an answer.
  state text not null,
  deliveries bigint not null
);
create table delivery_counts (
  grain text not null check (grain in ('minute', 'hour')),
  at timestamptz not null,
  destination_key text not null,
  state text not null,
  deliveries bigint not null,
  primary key (grain, at, destination_key, state)
);
create index delivery_counts_by_destination on delivery_counts (destination_key, grain, at);

create function count_new_calls() returns trigger language plpgsql as $$
begin
  insert into call_deltas (minute, network_key, state, refusal, calls)
    select date_trunc('minute', received_at), coalesce(network_key, ''), state, coalesce(refusal, ''), count(*)
    from written group by 1, 2, 3, 4;
  return null;
end $$;
create trigger postbacks_counted after insert on postbacks referencing new table as written
  for each statement execute function count_new_calls();

create function count_changed_calls() returns trigger language plpgsql as $$
begin
  insert into call_deltas (minute, network_key, state, refusal, calls)
    select date_trunc('minute', received_at), coalesce(network_key, ''), state, coalesce(refusal, ''), sum(calls) from (
      select received_at, network_key, state, refusal, 1 as calls from now_so
      union all select received_at, network_key, state, refusal, -1 from before_so
    ) both_sides group by 1, 2, 3, 4 having sum(calls) <> 0;
  return null;
end $$;
create trigger postbacks_recounted after update on postbacks referencing old table as before_so new table as now_so
  for each statement execute function count_changed_calls();

create function count_new_deliveries() returns trigger language plpgsql as $$
begin
  insert into delivery_deltas (minute, destination_key, state, deliveries)
    select date_trunc('minute', created_at), destination_key, case state when 'sending' then 'waiting' else state end, count(*)
    from written group by 1, 2, 3;
  return null;
end $$;
create trigger deliveries_counted after insert on deliveries referencing new table as written
  for each statement execute function count_new_deliveries();

create function count_changed_deliveries() returns trigger language plpgsql as $$
begin
  insert into delivery_deltas (minute, destination_key, state, deliveries)
    select date_trunc('minute', created_at), destination_key, case state when 'sending' then 'waiting' else state end, sum(n) from (
      select created_at, destination_key, state, 1 as n from now_so
      union all select created_at, destination_key, state, -1 from before_so
    ) both_sides group by 1, 2, 3 having sum(n) <> 0;
  return null;
end $$;
create trigger deliveries_recounted after update on deliveries referencing old table as before_so new table as now_so
  for each statement execute function count_changed_deliveries();

-- What is there already.
insert into call_counts
  select g.grain, date_trunc(g.grain, received_at, 'UTC'), coalesce(network_key, ''), state, coalesce(refusal, ''), count(*)
  from postbacks cross join (values ('minute'), ('hour')) g (grain) group by 1, 2, 3, 4, 5;
insert into delivery_counts
  select g.grain, date_trunc(g.grain, created_at, 'UTC'), destination_key, case state when 'sending' then 'waiting' else state end,
    count(*)
  from deliveries cross join (values ('minute'), ('hour')) g (grain) group by 1, 2, 3, 4;

-- Adds deltas up, one merger at a time; where there is none, forgets minutes of long ago. Answers how many it merged.
create function merge_counts(at_most integer) returns integer language plpgsql as $$
declare
  merged integer;
  more integer;
begin
  if not pg_try_advisory_xact_lock(720422) then return 0; end if;
  with taken as (
    delete from call_deltas where id in (select id from call_deltas order by id limit at_most) returning *
  ), summed as (
    insert into call_counts
    select g.grain, date_trunc(g.grain, minute, 'UTC'), network_key, state, refusal, sum(calls)
    from taken cross join (values ('minute'), ('hour')) g (grain) group by 1, 2, 3, 4, 5
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
end $$;
