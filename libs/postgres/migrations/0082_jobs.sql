-- Long actions of the console, saved views, and answers that are given again for the same key.

create table jobs (
  id uuid primary key,
  kind text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  params jsonb not null,
  user_id uuid references users (id),
  token_id uuid references api_tokens (id),
  done bigint not null default 0,
  -- Null: not known yet.
  total bigint,
  -- Where to go on after a crash; its form is the kind's own.
  checkpoint jsonb,
  result jsonb,
  problem jsonb,
  cancel_requested boolean not null default false,
  -- The process that runs it renews this; a job whose lease ran out is taken by another.
  lease_until timestamptz,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index jobs_to_run on jobs (id) where state in ('queued', 'running');

-- The file of an upload, in pieces, until its job has ended.
create table job_files (
  job_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  primary key (job_id, piece)
);
create index job_files_by_time on job_files (created_at);

create table saved_views (
  id uuid primary key,
  user_id uuid references users (id),
  token_id uuid references api_tokens (id),
  name text not null,
  page text not null,
  -- The search part of the page's address.
  query text not null,
  shared boolean not null default false,
  changed_at timestamptz not null default now(),
  check (num_nonnulls(user_id, token_id) = 1)
);
create index saved_views_by_user on saved_views (user_id) where user_id is not null;
create index saved_views_by_token on saved_views (token_id) where token_id is not null;
create index saved_views_shared on saved_views (id) where shared;

create table idempotent_answers (
  -- A user's or a token's id: keys of two callers never meet.
  actor uuid not null,
  key text not null,
  -- SHA-256 over the method, the URL and the body: the same key for another request is an error.
  fingerprint bytea not null,
  created_at timestamptz not null default now(),
  -- Null while the first request runs.
  status integer,
  headers jsonb,
  -- Sealed: an answer can hold a token.
  answer text,
  primary key (actor, key)
);
create index idempotent_answers_by_time on idempotent_answers (created_at);
