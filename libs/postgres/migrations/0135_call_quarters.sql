-- Counts of calls by quarter of an hour too, for reports: a day that begins at a half hour of UTC is then exact.
alter table call_counts drop constraint call_counts_grain_check;
alter table call_counts add constraint call_counts_grain_check check (grain in ('minute', 'quarter', 'hour'));

-- As exact as what is kept: the last weeks by the minute, everything before by the hour.
insert into call_counts
  with kept as (select coalesce(date_trunc('hour', min(at), 'UTC') + interval '1 hour', 'infinity') as since from call_counts where grain = 'minute')
  select 'quarter', date_bin('15 minutes', at, '2000-01-01 00:00Z'), network_key, state, refusal, sum(calls)
  from call_counts, kept where grain = 'minute' and at >= since or grain = 'hour' and at < since group by 1, 2, 3, 4, 5;

create or replace function merge_counts(at_most integer) returns integer language plpgsql as $$
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
end $$;
