-- An entry says state and marks as they are after it, so that a conversion can be read as of a moment whole: whether its money was
-- unknown then, whether it was a trial.
alter table ledger_entries add column marks text[] not null default '{}';

-- The partitions that are made ahead refuse truncation; the default one, which was there first, did not.
create trigger ledger_refuses_truncate before truncate on ledger_entries_default
  for each statement execute function ledger_is_append_only();

-- Reports by source need it of a cost that was restated, too.
alter table cost_entries add column source_key text not null default '';

-- Who clicked on a campaign on a day (UTC): a hash over campaign, address and browser. The first click of the day is the unique one.
-- Days are dropped once no click of them is expected any more.
create table visitors (
  day timestamptz not null,
  visitor bigint not null,
  primary key (day, visitor)
) partition by range (day);
create table visitors_default partition of visitors default;

-- The one rounding of this system, as libs/domain/money.ts has it: half to even.
create function divide_half_even(dividend numeric, divisor numeric) returns numeric language sql immutable parallel safe as $$
  select case
    when abs(dividend - div(dividend, divisor) * divisor) * 2 > divisor
      or (abs(dividend - div(dividend, divisor) * divisor) * 2 = divisor and div(dividend, divisor) % 2 <> 0)
    then div(dividend, divisor) + sign(dividend)
    else div(dividend, divisor) end
$$;
create index cost_entries_by_upload on cost_entries (upload_id);
