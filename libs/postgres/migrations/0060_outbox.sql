-- Conversion changes that no Kafka offset would bring again (ended holds, lifted caps, released orphans).
-- Written in the transaction that makes them, published after it, deleted when Kafka has them.
create table conversion_outbox (
  id bigint generated always as identity primary key,
  conversion_id uuid not null,
  revision integer not null,
  message jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  -- A process that publishes it has it until then.
  leased_until timestamptz not null default clock_timestamp()
);

-- The address of a call without proof, so that one address cannot make any number of orphans.
alter table orphans add column address text;
create index orphans_by_address on orphans (address) where address is not null;
create index orphans_by_age on orphans (since);

-- Pages through the conversions of one offer that are over its cap, and through the holds that have ended.
drop index conversions_over_cap;
create index conversions_over_cap on conversions (offer_key, recorded_at, id) where 'over_cap' = any (marks);
drop index conversions_due;
create index conversions_due on conversions (due_at, base_id) where due_at is not null;

-- When a rate came last: conversions may fit a cap since.
create index rates_by_change on rates (recorded_at);
