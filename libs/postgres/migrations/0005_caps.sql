-- What an offer's cap has taken in. Locked by those who make conversions of a capped offer: the count must be exact, and only they wait.
create table cap_use (
  offer_key text not null,
  period text not null,
  conversions bigint not null default 0,
  payout_nanos numeric(38, 0) not null default 0,
  primary key (offer_key, period)
);
create index conversions_over_cap on conversions (offer_key, recorded_at) where 'over_cap' = any (marks);
