-- Where a consumer group went on without having read everything: Kafka had deleted the records, or the topic was made again. Kept for
-- people, who have to act on it (docs/operating/alerts.md); a group that finds the same jump twice writes one row.
create table missed_records (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  -- The offset that the group went on from, and the one it would have read next; null: not known.
  to_offset bigint not null,
  from_offset bigint,
  reason text not null check (reason in ('deleted', 'beyond_end', 'no_position')),
  -- How many records were never read; null: not known.
  missed bigint,
  found_at timestamptz not null default now(),
  primary key (consumer_group, topic, partition, to_offset)
);
create index missed_records_by_time on missed_records (found_at);
