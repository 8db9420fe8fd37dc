-- Tests of a set-up: a click and a postback that console sent through ingest. What became of them is in the log; this is where it is
-- found again.
create table setup_tests (
  id uuid primary key,
  created_at timestamptz not null default now(),
  campaign_key text not null,
  network_key text,
  -- As ingest answered the click and the postback: {status, location, clickId}, {status, code, postbackId}. Null: it was not sent.
  click jsonb,
  postback jsonb
);
