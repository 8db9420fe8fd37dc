-- What console keeps beside the catalog.

-- Who may use the API. A person or a program has a role; its tokens can do no more than it may.
create table users (
  id uuid primary key,
  name text not null,
  email text unique,
  role text not null check (role in ('admin', 'editor', 'viewer')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
alter table api_tokens add column user_id uuid references users (id);

-- Records that no consumer could read or handle (P2). The key is that of the contract: a redelivery parks the same record again.
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
  parked_at timestamptz not null,
  -- Set when somebody put it back on its topic, or decided that it can be forgotten.
  resolved_at timestamptz,
  resolution text check (resolution in ('released', 'dismissed')),
  primary key (topic, partition, record_offset, consumer)
);
create index parked_records_by_time on parked_records (parked_at, topic, partition, record_offset, consumer);
