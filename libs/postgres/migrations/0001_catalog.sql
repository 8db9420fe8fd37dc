-- What people set up. One table for the four kinds: they are read, versioned, relayed and audited alike, and their inside is
-- held by the schemas of libs/contracts, not by columns.
create sequence catalog_version;

create table catalog_entries (
  kind text not null check (kind in ('network', 'source', 'offer', 'campaign')),
  key text not null,
  -- Short and never reused: a click id holds the campaign's and the offer's.
  number integer not null,
  body jsonb not null,
  version bigint not null default nextval('catalog_version'),
  -- The version that Kafka has acknowledged; the relay publishes what lags.
  relayed_version bigint not null default 0,
  deleted boolean not null default false,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (kind, key),
  unique (kind, number)
);
create index catalog_entries_to_relay on catalog_entries (version) where relayed_version < version;

create table catalog_numbers (kind text primary key, last integer not null default 0);
insert into catalog_numbers (kind) values ('network'), ('source'), ('offer'), ('campaign');

create table api_tokens (
  id uuid primary key,
  name text not null,
  role text not null check (role in ('admin', 'editor', 'viewer')),
  -- SHA-256 of the token. Tokens are random and long, so a slow hash would only slow the API.
  hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table audit (
  id uuid primary key,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  kind text not null,
  key text not null,
  before jsonb,
  after jsonb
);
create index audit_by_time on audit (at desc, id);
create index audit_by_subject on audit (kind, key, at desc);
