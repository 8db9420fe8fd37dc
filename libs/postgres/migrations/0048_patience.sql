-- How long attribution waits for clicks, as it was started last: console plays replays through beforehand, and has to wait no longer and no
-- shorter.
create table patience (
  only_one boolean primary key default true check (only_one),
  credit_after_ms bigint not null,
  clicks_kept_ms bigint not null,
  expire_after_ms bigint not null,
  stated_at timestamptz not null default now()
);
