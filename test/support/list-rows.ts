import type pg from 'pg';

/** Rows of every table that a list reads, so that no two filters match the same half: rows with an
 *  even number have one value in each column, and rows with an odd number the other. */

export const rowsOfLists = 20_000;
export const users = { even: '00000000-0000-7000-8000-000000000001', odd: '00000000-0000-7000-8000-000000000002' };
/** An upload that brought every second call. */
export const uploadId = '00000000-0000-7000-8000-000000000003';

const numbers = `generate_series(1, ${rowsOfLists}) n`;
const half = (even: string, odd: string): string => `case when n % 2 = 0 then ${even} else ${odd} end`;
const word = half(`'even'`, `'odd'`);
/** A UUID v4 made of a row's number. */
const uuid = (prefix: string): string =>
  `overlay(overlay(md5('${prefix}' || n) placing '4' from 13 for 1) placing 'a' from 17 for 1)::uuid`;
const ago = `now() - n * interval '1 second'`;
const places = `${word}, ${word}, ${word}, ${word}`;

const statements: readonly string[] = [
  `insert into clicks (clicked_at, click_id, campaign_key, source_key, offer_key, network_key, external_id, channel, is_unique, flags, tokens)
   select ${ago}, 'k' || n, ${places}, 'external-' || n, ${half(`'redirect'`, `'direct'`)}, true,
     array[${half(`'even'`, `'odd'`)}], jsonb_build_object('zone', ${word}) from ${numbers}`,
  `insert into conversions (id, base_id, identity, campaign_key, source_key, offer_key, network_key, event, transaction_id, click_id,
     external_id, state, money_known, clicked_at, occurred_at, recorded_at, changed_at, revision, rules, attributions)
   select ${uuid('c')}, ${uuid('c')}, 'transaction ' || n, ${places}, ${word}, 'T-' || n, 'k' || n, 'external-' || n,
     ${half(`'approved'`, `'pending'`)}, true, ${ago}, ${ago}, ${ago}, ${ago}, 1, '{}',
     jsonb_build_object('k' || n, jsonb_build_object('tokens', jsonb_build_object('zone', ${word}))) from ${numbers}`,
  `insert into postbacks (received_at, id, network_key, state, refusal, channel, authenticated_by, click_id, transaction_id, conversion_id, read,
     problems, raw)
   select ${ago}, ${uuid('p')}, ${word}, ${half(`'refused'`, `'applied'`)}, ${half(`'status_unmapped'`, 'null')},
     ${half(`'postback'`, `'upload'`)}, ${word}, 'k' || n, 'T-' || n, ${uuid('c')},
     jsonb_build_object('status', jsonb_build_object('raw', ${word})), jsonb_build_array(jsonb_build_object('code', ${word})),
     jsonb_build_object('target', '/postback', 'remoteAddress', ${word}, 'headers',
       case when n % 2 = 1 then jsonb_build_object('carom-upload', '${uploadId}/1') else '{}' end) from ${numbers}`,
  `insert into deliveries (conversion_id, destination_key, once, id, cause, revision, state, reason, due_at, facts, created_at, finished_at)
   select ${uuid('c')}, ${word}, 'approved', ${uuid('d')}, ${half(`'approved'`, `'pending'`)}, 1, ${half(`'delivered'`, `'superseded'`)},
     ${word}, ${ago}, '{}', ${ago}, ${ago} from ${numbers}`,
  `insert into users (id, name, role) values ('${users.even}', 'even', 'admin'), ('${users.odd}', 'odd', 'admin')`,
  `insert into users (id, name, role) select ${uuid('u')}, 'user ' || n, 'viewer' from ${numbers}`,
  `insert into api_tokens (id, name, role, hash) select ${uuid('t')}, 'token ' || n, 'viewer', sha256(n::text::bytea) from ${numbers}`,
  `insert into sessions (id, hash, user_id, created_at, seen_at, expires_at)
   select ${uuid('s')}, sha256(n::text::bytea), ${half(`'${users.even}'`, `'${users.odd}'`)}::uuid, ${ago}, ${ago}, now() from ${numbers}`,
  `insert into audit (id, at, user_id, action, kind, key)
   select ${uuid('a')}, ${ago}, ${half(`'${users.even}'`, `'${users.odd}'`)}::uuid, ${word}, ${word}, ${word} from ${numbers}`,
  `insert into parked_records (topic, partition, record_offset, consumer, headers, reason, parked_at, resolved_at)
   select ${word}, 0, n, ${word}, '{}', ${word}, ${ago}, ${ago} from ${numbers}`,
  `insert into jobs (id, kind, state, params, created_at)
   select ${uuid('j')}, ${word}, ${half(`'done'`, `'failed'`)}, '{}', ${ago} from ${numbers}`,
  `insert into rates (day, currency, per_euro_nanos, origin)
   select current_date - n / 2, ${half(`'EVN'`, `'ODD'`)}, 1, ${word} from ${numbers}`,
  `insert into saved_views (id, user_id, name, page, query, shared)
   select ${uuid('v')}, '${users.odd}', 'view ' || n, 'log', '', true from ${numbers}`,
  `insert into catalog_entries (kind, key, number, body, deleted)
   select kind, 'k' || n, n, '{}', true from ${numbers}, unnest(array['network', 'source', 'offer', 'campaign']) kind`,
];

export const fillLists = async (pool: pg.Pool): Promise<void> => {
  for (const statement of statements) await pool.query(statement);
  // What autovacuum does in time: statistics, and the block ranges of the index of external ids.
  await pool.query('vacuum analyze');
  await pool.query(
    `select brin_summarize_new_values(indexrelid) from pg_stat_user_indexes where indexrelname like '%external%' and relname like 'clicks\\_%'
       and exists (select from pg_class c join pg_am a on a.oid = c.relam where c.oid = indexrelid and a.amname = 'brin')`,
  );
};
