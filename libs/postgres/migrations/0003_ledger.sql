-- Every inbound call, verbatim, with what became of it.
create table postbacks (
  received_at timestamptz not null,
  id uuid not null,
  network_key text,
  state text not null check (state in ('applied', 'duplicate', 'refused', 'orphan', 'parked')),
  refusal text,
  channel text not null,
  authenticated_by text not null,
  click_id text,
  transaction_id text,
  event text,
  -- The identity's own conversion; `conversion_id` is the one it spoke of.
  base_id uuid,
  conversion_id uuid,
  read jsonb not null,
  problems jsonb not null default '[]',
  raw jsonb not null,
  -- What it changed, conversion by conversion, so that a redelivery can say exactly the same again.
  outcome jsonb not null default '[]',
  suppress_delivery boolean not null default false,
  test boolean not null default false,
  replays jsonb not null default '[]',
  decided_at timestamptz not null default now(),
  primary key (received_at, id)
) partition by range (received_at);
create table postbacks_default partition of postbacks default;
create index postbacks_by_click on postbacks (click_id) where click_id is not null;
create index postbacks_by_transaction on postbacks (transaction_id) where transaction_id is not null;
create index postbacks_by_conversion on postbacks (conversion_id) where conversion_id is not null;
create index postbacks_not_applied on postbacks (state, received_at) where state in ('refused', 'orphan', 'parked');

-- A conversion is the fold over its reports. The identity's own row (`member` empty) holds the reports of all its members.
-- `state` is null while every report of it is refused or withdrawn: such a row is no conversion, it only remembers the reports.
create table conversions (
  id uuid primary key,
  base_id uuid not null,
  member text not null default '',
  identity text not null,
  network_key text not null,
  event text,
  transaction_id text,
  click_id text,
  campaign_key text,
  source_key text,
  offer_key text,
  external_id text,
  state text check (state in ('pending', 'approved', 'rejected', 'reversed')),
  marks text[] not null default '{}',
  currency text,
  money_known boolean not null,
  pending_nanos numeric(38, 0) not null default 0 check (pending_nanos >= 0),
  approved_nanos numeric(38, 0) not null default 0 check (approved_nanos >= 0),
  rejected_nanos numeric(38, 0) not null default 0 check (rejected_nanos >= 0),
  reversed_nanos numeric(38, 0) not null default 0 check (reversed_nanos >= 0),
  payout_from text,
  attributed_by text,
  clicked_at timestamptz,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  changed_at timestamptz not null,
  revision integer not null,
  rules jsonb not null,
  reports jsonb not null default '[]',
  attributions jsonb not null default '{}',
  -- When a rule of time is due: a hold that ends.
  due_at timestamptz
);
create index conversions_by_transaction on conversions (transaction_id) where transaction_id is not null;
create index conversions_by_click on conversions (click_id) where click_id is not null;
create index conversions_by_time on conversions (recorded_at desc, id);
create index conversions_members on conversions (base_id) where member <> '';
create index conversions_due on conversions (due_at) where due_at is not null;

-- Append-only. The database itself refuses to change it: see ledger_is_append_only.
create table ledger_entries (
  recorded_at timestamptz not null,
  id uuid not null,
  conversion_id uuid not null,
  revision integer not null,
  postback_id uuid,
  rule text not null,
  from_bucket text not null,
  to_bucket text not null,
  amount_nanos numeric(38, 0) not null check (amount_nanos >= 0),
  currency text,
  state text,
  occurred_at timestamptz not null,
  primary key (recorded_at, id)
) partition by range (recorded_at);
create table ledger_entries_default partition of ledger_entries default;
create index ledger_entries_by_conversion on ledger_entries (conversion_id, recorded_at);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: a correction is a new entry' using errcode = 'restrict_violation';
end $$;
create trigger ledger_refuses_change before update on ledger_entries
  for each row execute function ledger_is_append_only();
-- Moving rows of a closed day out of the default partition is the one deletion there is; retention drops whole partitions.
create trigger ledger_refuses_delete before delete on ledger_entries
  for each row when (coalesce(current_setting('carom.ledger_maintenance', true), '') <> 'on')
  execute function ledger_is_append_only();
create trigger ledger_refuses_truncate before truncate on ledger_entries
  for each statement execute function ledger_is_append_only();

-- Postbacks that wait for their click or for a conversion with their transaction id.
create table orphans (
  postback_id uuid primary key,
  received_at timestamptz not null,
  click_id text,
  -- Where the click of an own id is found.
  clicked_at timestamptz,
  transaction_id text,
  network_key text,
  since timestamptz not null default now(),
  check_at timestamptz not null,
  checks integer not null default 0
);
create index orphans_by_click on orphans (click_id) where click_id is not null;
create index orphans_by_transaction on orphans (transaction_id) where transaction_id is not null;
create index orphans_due on orphans (check_at);
