-- What shows that a call comes from its network. Null: a call from before proof was kept, for which authenticated_by says it.
alter table postbacks add column proof text;
