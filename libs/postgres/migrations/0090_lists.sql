-- Indexes for what support and the console ask for. Each gives the order of its list too, so that a page reads no more than its rows.

-- By when a call was decided: what a stream follows.
create index postbacks_decided on postbacks (decided_at, id);
create index postbacks_by_network on postbacks (network_key, received_at, id);
-- Words that no setting maps; few calls have one.
create index postbacks_unmapped on postbacks ((read -> 'status' ->> 'raw')) where refusal = 'status_unmapped';
create index postbacks_by_upload on postbacks ((split_part(raw -> 'headers' ->> 'carom-upload', '/', 1))) where channel = 'upload';

create index conversions_by_external on conversions (external_id) where external_id is not null;
create index conversions_by_network on conversions (network_key, recorded_at, id);
create index conversions_by_campaign on conversions (campaign_key, recorded_at, id);
create index conversions_by_source on conversions (source_key, recorded_at, id);
create index conversions_by_offer on conversions (offer_key, recorded_at, id);
create index conversions_by_event on conversions (event, recorded_at, id) where event is not null;

-- By when a delivery was finished. Block ranges do not keep an update in its place (HOT) from being one, as a key would (migration 0052).
create index deliveries_finished on deliveries using brin (finished_at) with (autosummarize = on, pages_per_range = 32);

-- Clicks by the source's own id. A key of its own would cost every click as much as its row; blocks of pages with a bloom filter cost
-- next to nothing, and a search reads the few blocks that may hold the id.
create index clicks_by_external on clicks using brin (external_id text_bloom_ops) with (autosummarize = on);
