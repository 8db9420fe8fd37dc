-- Files that a job has made, in pieces: an export is fetched after its job has ended, for a day.
create table job_outputs (
  job_id uuid not null,
  piece integer not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  primary key (job_id, piece)
);
create index job_outputs_by_time on job_outputs (created_at);
