-- People sign in with a password or with a token, and hold sessions that can be listed and revoked.

alter table users
  -- argon2id in its own notation, with its parameters and salt. Null: not set yet, the user was invited.
  add column password_hash text,
  -- Whether a viewer's answers show addresses and user agents of visitors. Editors and admins see them.
  add column sees_visitors boolean not null default false;
create index users_by_email on users (lower(email));

alter table api_tokens
  add column expires_at timestamptz,
  add column last_used_ip text,
  add column sees_visitors boolean not null default false;

create table sessions (
  id uuid primary key,
  -- SHA-256 of the cookie. It is random and long, so a slow hash is not needed.
  hash bytea not null unique,
  user_id uuid references users (id),
  token_id uuid references api_tokens (id),
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- Ends whatever happens; it also ends when it was not seen for some time, which the reader states.
  expires_at timestamptz not null,
  revoked_at timestamptz,
  ip text,
  user_agent text,
  check (num_nonnulls(user_id, token_id) = 1)
);
create index sessions_by_user on sessions (user_id, ip) where user_id is not null;
create index sessions_by_token on sessions (token_id) where token_id is not null;
create index sessions_by_end on sessions (expires_at);

-- Links that work once: an invitation, a reset of a password, a sign-in.
create table one_time_codes (
  id uuid primary key,
  hash bytea not null unique,
  purpose text not null check (purpose in ('invitation', 'reset', 'sign_in')),
  user_id uuid references users (id),
  token_id uuid references api_tokens (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check (num_nonnulls(user_id, token_id) = 1)
);
create index one_time_codes_by_end on one_time_codes (expires_at);
