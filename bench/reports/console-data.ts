/** What a console has after years: lines of the audit, parked records, jobs, rates and sessions, of
 * which two values of each column share the rows. */

const rows = 200_000;
const numbers = `generate_series(1, ${rows}) n`;
const half = (even: string, odd: string): string => `case when n % 2 = 0 then '${even}' else '${odd}' end`;

/** Who asks; all lines and sessions are of this user or of another. */
export const consoleUser = '00000000-0000-7000-8000-000000000001';
const otherUser = '00000000-0000-7000-8000-000000000002';

/** One statement per table; users come first. @param endMs the end of the data */
export const consoleRows = (endMs: number): string[] => {
  const end = `'${new Date(endMs).toISOString()}'::timestamptz`;
  const ago = `${end} - n * interval '1 minute'`;
  const user = `(${half(consoleUser, otherUser)})::uuid`;
  const users = `insert into users (id, name, role) values ('${consoleUser}', 'name-1', 'admin'), ('${otherUser}', 'name-2', 'admin')
    on conflict do nothing;`;
  return [
    `${users} insert into audit (id, at, user_id, action, kind, key)
     select gen_random_uuid(), ${ago}, ${user}, ${half('created', 'updated')}, ${half('network', 'offer')}, 'key-' || n % 100 from ${numbers}`,
    `insert into parked_records (topic, partition, record_offset, consumer, headers, reason, value, parked_at, resolved_at)
     select ${half('carom.clicks.v1', 'carom.postbacks.v1')}, 0, n, ${half('attribution', 'dispatch')}, '{}', ${half('schema', 'handler')},
       decode(repeat('00', 400), 'hex'), ${ago}, ${ago} from ${numbers}`,
    `insert into jobs (id, kind, state, params, created_at, finished_at)
     select gen_random_uuid(), ${half('postbacks.replay', 'export')}, ${half('done', 'failed')}, '{}', ${ago}, ${ago} from ${numbers}`,
    `insert into rates (day, currency, per_euro_nanos, origin)
     select (${end})::date - 40 - n / 26, repeat(chr(65 + n % 26), 3), 1000000000, ${half('ecb', 'typed')} from ${numbers}`,
    `${users} insert into sessions (id, hash, user_id, created_at, seen_at, expires_at)
     select gen_random_uuid(), sha256(n::text::bytea), ${user}, ${ago}, ${ago}, ${ago} from ${numbers}`,
  ];
};
