-- The audit names its actors by id. `actor` keeps the name that lines had before; new lines leave it
-- empty and the name is read from the token or the user.
alter table audit alter column actor set default '';
alter table audit add column user_id uuid references users (id);
alter table audit add column token_id uuid references api_tokens (id);
create index audit_by_user on audit (user_id, id) where user_id is not null;
create index audit_by_token on audit (token_id, id) where token_id is not null;
