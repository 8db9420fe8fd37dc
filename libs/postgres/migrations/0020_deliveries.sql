-- What is owed to destinations, and what became of it.
--
-- The key holds the conversion first, and no unique key goes across conversions, so that the table can be distributed by conversion.
-- It is not partitioned by time: the key is what keeps a delivery from being made twice, and a later report of the same state may come
-- after any time.
create table deliveries (
  conversion_id uuid not null,
  destination_key text not null,
  -- What makes it the same delivery: 'first', the state, or 'revision:<n>', by the destination's frequency.
  once text not null,
  id uuid not null,
  cause text not null check (cause in ('pending', 'approved', 'rejected', 'reversed')),
  revision integer not null,
  state text not null check (state in ('waiting', 'sending', 'delivered', 'parked', 'superseded')),
  -- Why it is parked, or what the last attempt said.
  reason text,
  due_at timestamptz not null,
  -- The process that has it in memory while it is 'sending'; see dispatch_processes.
  lease_owner uuid,
  attempts smallint not null default 0,
  replays smallint not null default 0,
  -- The conversion's change as it was told: what the macros stand for. The template is taken from the catalog at the time of sending,
  -- so that mending a template mends what waits.
  facts json not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (conversion_id, destination_key, once)
);
create index deliveries_by_id on deliveries (id);
create index deliveries_by_time on deliveries (created_at, id);
-- The queue. Deliveries that are sent at once never enter it.
create index deliveries_due on deliveries (destination_key, due_at) where state = 'waiting';
create index deliveries_leased on deliveries (lease_owner) where state = 'sending';
create index deliveries_parked on deliveries (destination_key, created_at) where state = 'parked';

-- One HTTP call. A plain record: nothing refers to it, it goes when its day's partition goes.
create table delivery_attempts (
  delivery_id uuid not null,
  at timestamptz not null,
  number smallint not null,
  method text not null,
  url text not null,
  status smallint,
  ms integer not null,
  -- 'delivered', 'retry' or 'parked', and the reason word.
  outcome text not null,
  reason text,
  answer text
) partition by range (at);
create table delivery_attempts_default partition of delivery_attempts default;
create index delivery_attempts_by_delivery on delivery_attempts (delivery_id);

-- A lease lasts as long as its owner says that it is alive: one row to renew, whatever the number of deliveries it holds.
create table dispatch_processes (
  owner uuid primary key,
  alive_until timestamptz not null,
  started_at timestamptz not null default now()
);

-- Paused by hand; read by every dispatch process once a second.
create table destination_controls (
  destination_key text primary key,
  paused boolean not null default false,
  changed_at timestamptz not null default now(),
  changed_by text
);

-- What each dispatch process says of each destination; a destination's breaker is that of the process that serves it.
create table destination_states (
  destination_key text not null,
  owner uuid not null,
  breaker text not null check (breaker in ('closed', 'open', 'half-open')),
  breaker_since timestamptz,
  probe_at timestamptz,
  failing_share real not null,
  in_flight integer not null,
  reported_at timestamptz not null,
  primary key (destination_key, owner)
);
