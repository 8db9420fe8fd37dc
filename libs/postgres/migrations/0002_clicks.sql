-- Tables that grow with traffic are partitioned by day, so that retention drops a table in place of deleting rows, and an insert
-- touches only today's indexes. Partitions are created ahead by ensure_partitions; the default one takes what falls outside, so that
-- nothing ever fails for want of a partition.
create table clicks (
  clicked_at timestamptz not null,
  click_id text not null,
  campaign_key text not null,
  source_key text not null,
  offer_key text not null,
  network_key text not null,
  external_id text,
  external_id_raw text,
  tokens jsonb not null default '{}',
  cost_model text,
  cost_nanos bigint,
  cost_currency text,
  visitor jsonb not null default '{}',
  channel text not null,
  is_unique boolean not null default true,
  flags text[] not null default '{}',
  recorded_at timestamptz not null default now(),
  -- An own click id holds its time to the millisecond, so a look-up by both touches one partition.
  primary key (clicked_at, click_id)
) partition by range (clicked_at);
create table clicks_default partition of clicks default;

-- Ids of other trackers say nothing of their time: this is where it is found.
create table click_imports (
  click_id text primary key,
  clicked_at timestamptz not null
);

-- Creates the day's partition of a table for each day from `first` to `last`. Rows of such a day that already stand in the default
-- partition are moved into the new one: they are few (a clock that was wrong, an import of old clicks). Several processes may call it.
create function ensure_partitions(parent text, first date, last date) returns integer language plpgsql as $$
declare
  day date := first;
  name text;
  by_column text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(720418);
  perform set_config('carom.ledger_maintenance', 'on', true);
  select a.attname into by_column
    from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = parent::regclass;
  while day <= last loop
    name := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    if to_regclass(name) is null then
      execute format('create table %I (like %I including defaults including constraints)', name, parent);
      execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
        parent || '_default', by_column, day::timestamp at time zone 'UTC', by_column,
        (day + 1)::timestamp at time zone 'UTC', name);
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
  perform set_config('carom.ledger_maintenance', '', true);
  return made;
end $$;
