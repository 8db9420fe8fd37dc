-- Indexes that have the order of a list for each of its filters, so that a page reads no more than its rows also where nothing matches:
-- the filtered column, the time, the id. The tables of the first part are written by people and rarely.

drop index audit_by_time;
drop index audit_by_subject;
drop index audit_by_user;
drop index audit_by_token;
create index audit_by_time on audit (at, id);
create index audit_by_key on audit (key, at, id);
create index audit_by_action on audit (action, at, id);
create index audit_by_kind on audit (kind, at, id);
create index audit_by_user on audit (user_id, at, id) where user_id is not null;
create index audit_by_token on audit (token_id, at, id) where token_id is not null;
-- Of lines that were written before actors had ids.
create index audit_by_actor on audit (actor, at, id) where actor <> '';
-- The audit is searched by the names that actors have now.
create index users_by_name on users (name);
create index api_tokens_by_name on api_tokens (name);

-- One text that names a record, in place of four columns in each index.
alter table parked_records add column place text not null generated always as
  (topic || '/' || partition::text || '/' || record_offset::text || '/' || consumer) stored;
drop index parked_records_by_time;
create index parked_records_by_time on parked_records (parked_at, place);
create index parked_records_by_topic on parked_records (topic, parked_at, place);
create index parked_records_by_reason on parked_records (reason, parked_at, place);
create index parked_records_by_consumer on parked_records (consumer, parked_at, place);
create index parked_records_by_resolved on parked_records ((resolved_at is not null), parked_at, place);

create index jobs_by_time on jobs (created_at, id);
create index jobs_by_kind on jobs (kind, created_at, id);
create index jobs_by_state on jobs (state, created_at, id);

create index rates_by_currency on rates (currency, day);
create index rates_by_origin on rates (origin, day);

drop index sessions_by_token;
create index sessions_by_time on sessions (created_at, id);
create index sessions_of_user on sessions (user_id, created_at, id) where user_id is not null;
create index sessions_by_token on sessions (token_id, created_at, id) where token_id is not null;

drop index saved_views_shared;
create index saved_views_shared on saved_views (name, id) where shared;

create index catalog_entries_live on catalog_entries (kind, key) where not deleted;

-- What waits or is parked; a delivery that goes straight through is in neither index.
create index deliveries_in_queue on deliveries (queue, created_at, id) where queue in ('waiting', 'parked');
-- Calls that were not applied, and those of a file, which can be a million: partial, so that other calls are in neither.
drop index postbacks_not_applied;
create index postbacks_not_applied on postbacks (state, received_at, id) where state in ('refused', 'orphan', 'parked');
drop index postbacks_by_upload;
create index postbacks_by_upload on postbacks ((split_part(raw -> 'headers' ->> 'carom-upload', '/', 1)), received_at, id)
  where channel = 'upload';
