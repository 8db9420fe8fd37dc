-- What an ad network has been told decides what it is to be told next: a reversal of nothing is not sent, and a sale that came back after a
-- reversal is sent again.

-- How often a conversion came back after it had been rejected or reversed. Deliveries are told apart by it, so it is counted where the
-- revision is, in the transaction that changes the conversion.
alter table conversions add column restored integer not null default 0;

-- The call may have been made though no attempt says so: a process died, or was stopped, with the delivery in its hands; or it was sent
-- before somebody had it sent again. Nothing takes the place of such a delivery, and its reversal is not needless.
alter table deliveries add column maybe_sent boolean not null default false;
