-- A dispatch process that joins sends nothing until the others have made room: each says by `settled_at` since when it keeps to a share of
-- the caps that counts every process alive at that time.
alter table dispatch_processes
  add column renewed_at timestamptz not null default now(),
  add column settled_at timestamptz not null default '-infinity';

-- Beside the consumer, the renewal of the lease has to learn of a crash of Postgres, each once.
alter table dispatch_witnesses drop constraint dispatch_witnesses_pkey;
alter table dispatch_witnesses add column for_lease boolean not null default false;
alter table dispatch_witnesses add primary key (owner, for_lease);
