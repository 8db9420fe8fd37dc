-- What a cap has taken in is in a currency: a cap of 1000 with payouts in two of them added up what cannot be added. Null: from before; it is
-- taken for the cap's own.
alter table cap_use add column currency text;

-- Holds of conversions that an identity keeps apart (mode `add`) were never due.
update conversions set due_at = occurred_at + (attributions -> click_id ->> 'holdMs')::bigint * interval '1 millisecond'
  where member <> '' and state = 'pending' and due_at is null and attributions -> click_id ->> 'holdMs' is not null;
