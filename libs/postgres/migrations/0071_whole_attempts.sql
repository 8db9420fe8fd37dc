-- The whole call as it was sent and answered. Secrets are masked, and each text is cut, before they come here.
alter table delivery_attempts
  add column request_headers jsonb,
  add column request_body text,
  add column answer_headers jsonb,
  -- Of `ms`: until the request went out on a connection, and until the head of the answer came.
  add column connect_ms int,
  add column headers_ms int;
