-- The ledger's guard, made a barrier. Until now a setting of the session let anybody delete entries. Now the triggers have no exception,
-- and the services connect as a role that owns nothing (`admit_services`): it can neither switch a trigger off nor drop a day of entries.
-- What they need of the owner's rights (days made ahead, days of clicks and calls dropped) are functions that run as the owner and take
-- no table but those. Old entries go only by `fold_ledger_before`, which the services may not call.
drop trigger ledger_refuses_delete on ledger_entries;
create trigger ledger_refuses_delete before delete on ledger_entries
  for each row execute function ledger_is_append_only();

-- As before, except that it runs as the owner and only for the tables of days. Entries that stand in the default partition (a clock that
-- was wrong) are moved into their day with the trigger off for just that: only the owner can switch it.
create or replace function ensure_partitions(parent text, first date, last date) returns integer language plpgsql security definer as $$
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
end $$;

-- Drops one day of clicks, calls, visitors or attempts. Not of the ledger.
create function drop_day(parent text, day date) returns void language plpgsql security definer as $$
begin
  if parent not in ('clicks', 'postbacks', 'visitors', 'delivery_attempts') then
    raise exception 'the days of % are not dropped', parent using errcode = 'insufficient_privilege';
  end if;
  execute format('drop table if exists %I', format('%s_%s', parent, to_char(day, 'YYYYMMDD')));
end $$;

-- Since when the ledger is whole. Of what was recorded before, only what it came to is kept.
create table ledger_horizons (
  horizon timestamptz primary key,
  folded_at timestamptz not null default now(),
  folded_by text not null default session_user,
  entries_before bigint not null,
  entries_after bigint not null
);

create function is_folded(parent text, day date) returns boolean language sql stable as $$
  select parent = 'ledger_entries'
    and exists (select from ledger_horizons h where h.horizon > day::timestamp at time zone 'UTC')
$$;

-- Retention of the ledger: replaces the days before `before` by one partition of the same span, in which each conversion has what its
-- entries there came to: `carried_over`, with the state, the marks, the revision and the time of the last of them. So sums, states and
-- the books as of any later moment stay as they were. Nothing is deleted row by row: days are dropped whole.
create function fold_ledger_before(before date) returns table (days integer, entries_before bigint, entries_after bigint)
language plpgsql as $$
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
end $$;

-- Lets a role do what the services do, and nothing else: of the ledger, of restated costs and of the audit it can read and append. Repeated after each
-- migration, because a new table is nobody's but the owner's at first. Partitions are reached through their tables only.
create function admit_services(service name) returns void language plpgsql as $$
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
end $$;

revoke execute on function ensure_partitions(text, date, date), drop_day(text, date), fold_ledger_before(date), admit_services(name)
  from public;

-- A function that runs as the owner looks for its tables where they are, whatever the caller says of his own.
do $$
declare
  name text;
begin
  foreach name in array array['ensure_partitions(text, date, date)', 'drop_day(text, date)', 'fold_ledger_before(date)'] loop
    execute format('alter function %s set search_path = %I, pg_temp', name, current_schema());
  end loop;
end $$;
