-- Deliveries are made by commits that do not wait for the disk (docs/decisions/0009). Postgres empties a table without a log of its own
-- when it comes up after a crash, and only then: a process whose row here is gone knows that what it committed last may be gone too.
create unlogged table dispatch_witnesses (
  owner uuid primary key
);
