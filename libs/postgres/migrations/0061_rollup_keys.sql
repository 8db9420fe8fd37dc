-- A b-tree entry holds 2,704 bytes at most, and a token or an event can be longer: the key of an hour holds
-- their hashes. The texts stay in the row.
alter table rollup_hours drop constraint rollup_hours_pkey;
create unique index rollup_hours_key on rollup_hours
  (hour, campaign_key, source_key, offer_key, network_key, currency, md5(event), md5(tokens::text));

-- A row that cannot be merged stays here, where reports read it too, and is passed by from then on.
alter table rollup_deltas add column skipped_at timestamptz;
create index rollup_deltas_skipped on rollup_deltas (id) where skipped_at is not null;

-- Merges rows, and in halves where one of them fails, so that a merge never stops for one row. Answers how many it skipped.
create function merge_rollup_rows(ids bigint[]) returns integer language plpgsql as $$
declare
  half integer := cardinality(ids) / 2;
begin
  begin
    with taken as (
      delete from rollup_deltas where id = any (ids) returning *
    )
    insert into rollup_hours
    select hour, campaign_key, source_key, offer_key, network_key, event, tokens, currency, sum(clicks), sum(unique_clicks),
      sum(pending_count), sum(approved_count), sum(rejected_count), sum(reversed_count), sum(unknown_count), sum(pending_nanos),
      sum(approved_nanos), sum(rejected_nanos), sum(reversed_nanos), sum(cost_nanos)
    from taken group by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (hour, campaign_key, source_key, offer_key, network_key, currency, md5(event), md5(tokens::text)) do update set
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
      cost_nanos = rollup_hours.cost_nanos + excluded.cost_nanos;
    return 0;
  exception when data_exception or integrity_constraint_violation or program_limit_exceeded then
    if half = 0 then
      update rollup_deltas set skipped_at = clock_timestamp() where id = any (ids);
      return 1;
    end if;
  end;
  return merge_rollup_rows(ids[1:half]) + merge_rollup_rows(ids[half + 1:]);
end $$;

-- One merger at a time: two would wait for each other on the same hours and gain nothing.
drop function merge_rollups(integer);
create function merge_rollups(at_most integer, out merged integer, out skipped integer) language plpgsql as $$
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
end $$;
