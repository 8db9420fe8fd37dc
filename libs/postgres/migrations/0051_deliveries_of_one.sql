-- The deliveries of one destination, newest first: what somebody looks at who wonders what became of it.
--
-- Measured with 2,000,000 deliveries of nine busy destinations and 30 of a quiet one: its list read the whole table (two workers in
-- parallel, 59,000 pages, 400 ms, and in proportion to the table), because the planner walks the time backwards only where it expects to
-- meet the destination soon. With this index it reads five pages (2 ms with planning), and so does one that never had any. It costs 57
-- bytes a row, and about 12 µs of the 70 that a delivery costs Postgres to make and to record.
create index deliveries_by_destination on deliveries (destination_key, created_at, id);
