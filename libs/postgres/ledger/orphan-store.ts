import type { Queryable } from '../connection/database.js';

/** A postback that waits: for a click (`clickId`, with the time that an own id holds), or for a
 * conversion with its transaction id. */
type Orphan = {
  postbackId: string;
  receivedAtMs: number;
  clickId: string | null;
  clickedAtMs: number | null;
  transactionId: string | null;
  networkKey: string | null;
  /** Of a call without proof; null: it has one. */
  address: string | null;
  sinceMs: number;
  checkAtMs: number;
};

export const insertOrphans = async (db: Queryable, orphans: readonly Orphan[]): Promise<void> => {
  if (orphans.length === 0) return;
  await db.query({
    name: 'insert-orphans',
    text: `insert into orphans (postback_id, received_at, click_id, clicked_at, transaction_id, network_key, address, since,
        check_at)
      select o.id, to_timestamp(o.at / 1000.0), o.click, to_timestamp(o.clicked / 1000.0), o.transaction, o.network, o.address,
        to_timestamp(o.since / 1000.0), to_timestamp(o.check_at / 1000.0)
      from unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[],
        $9::bigint[]) as o (id, at, click, clicked, transaction, network, address, since, check_at)
      on conflict (postback_id) do update set click_id = excluded.click_id, clicked_at = excluded.clicked_at,
        transaction_id = excluded.transaction_id, network_key = excluded.network_key`,
    values: [
      orphans.map((orphan) => orphan.postbackId),
      orphans.map((orphan) => orphan.receivedAtMs),
      orphans.map((orphan) => orphan.clickId),
      orphans.map((orphan) => orphan.clickedAtMs),
      orphans.map((orphan) => orphan.transactionId),
      orphans.map((orphan) => orphan.networkKey),
      orphans.map((orphan) => orphan.address),
      orphans.map((orphan) => orphan.sinceMs),
      orphans.map((orphan) => orphan.checkAtMs),
    ],
  });
};

export const deleteOrphans = async (db: Queryable, postbackIds: readonly string[]): Promise<void> => {
  if (postbackIds.length === 0) return;
  await db.query({
    name: 'delete-orphans',
    text: 'delete from orphans where postback_id = any($1::uuid[])',
    values: [postbackIds],
  });
};

/** `sinceMs`: when attribution first saw it. */
type Waiting = {
  id: string;
  receivedAtMs: number;
  sinceMs: number;
  clickId: string | null;
  transactionId: string | null;
};
type WaitingRow = {
  postback_id: string;
  received_at: Date;
  since: Date;
  click_id: string | null;
  transaction_id: string | null;
};
const waitingOf = (rows: readonly WaitingRow[]): Waiting[] =>
  rows.map((row) => ({
    id: row.postback_id,
    receivedAtMs: row.received_at.getTime(),
    sinceMs: row.since.getTime(),
    clickId: row.click_id,
    transactionId: row.transaction_id,
  }));

type WaitedFor = { clickIds: readonly string[]; transactionIds: readonly string[] };
const columns = 'postback_id, received_at, since, click_id, transaction_id';

/** The orphans that wait for these clicks or transaction ids, the oldest first. @param after the
 * last of the page before. */
export const findOrphans = async (
  db: Queryable,
  { clickIds, transactionIds }: WaitedFor,
  { after, limit }: { after: Pick<Waiting, 'id' | 'receivedAtMs'> | null; limit: number },
): Promise<Waiting[]> => {
  if (clickIds.length + transactionIds.length === 0) return [];
  const { rows } = await db.query<WaitingRow>({
    name: 'find-orphans',
    text: `select * from (
        select ${columns} from orphans where click_id = any($1::text[])
        union select ${columns} from orphans where transaction_id = any($2::text[])) o
      where (received_at, postback_id) > (to_timestamp($3::bigint / 1000.0), $4::uuid)
      order by received_at, postback_id limit $5`,
    values: [
      clickIds,
      transactionIds,
      after?.receivedAtMs ?? 0,
      after?.id ?? '00000000-0000-0000-0000-000000000000',
      limit,
    ],
  });
  return waitingOf(rows);
};

/** Makes the next look at these orphans due now: more of them wait than are released at once. */
export const wakeOrphans = async (
  db: Queryable,
  { clickIds, transactionIds }: WaitedFor,
  nowMs: number,
): Promise<void> => {
  await db.query({
    name: 'wake-orphans',
    text: `update orphans set check_at = to_timestamp($3::bigint / 1000.0)
      where postback_id in (select postback_id from orphans where click_id = any($1::text[])
        union select postback_id from orphans where transaction_id = any($2::text[]))
      and check_at > to_timestamp($3::bigint / 1000.0)`,
    values: [clickIds, transactionIds, nowMs],
  });
};

/** Takes orphans whose check is due, and sets their next one: `schedule` in ms by the number of
 * checks so far, its last entry repeats. No other process takes them until then, so one that dies
 * loses nothing. */
export const claimDueOrphans = async (
  db: Queryable,
  { nowMs, limit, schedule }: { nowMs: number; limit: number; schedule: readonly number[] },
): Promise<Waiting[]> => {
  const { rows } = await db.query<WaitingRow>({
    name: 'claim-due-orphans',
    text: `update orphans o set checks = o.checks + 1,
        check_at = to_timestamp($1::bigint / 1000.0)
          + ($3::bigint[])[least(o.checks + 2, array_length($3::bigint[], 1))] * interval '1 millisecond'
      where o.postback_id in (
        select postback_id from orphans where check_at <= to_timestamp($1::bigint / 1000.0)
        order by check_at limit $2 for update skip locked)
      returning o.postback_id, o.received_at, o.since, o.click_id, o.transaction_id`,
    values: [nowMs, limit, schedule],
  });
  return waitingOf(rows.toSorted((a, b) => a.received_at.getTime() - b.received_at.getTime()));
};

/** Makes due what the schedule would have looked at by now: a look that is further ahead than the
 * schedule ever sets it was written while a clock ran ahead. Reads the whole table, for a start and
 * for a step of the clock, so it has no name: its plan is not kept. */
export const wakeOrphansSetAhead = async (
  db: Queryable,
  { nowMs, schedule }: { nowMs: number; schedule: readonly number[] },
): Promise<number> => {
  const { rowCount } = await db.query({
    text: `update orphans set check_at = to_timestamp($1::bigint / 1000.0)
      where check_at > to_timestamp($1::bigint / 1000.0)
        + ($2::bigint[])[least(checks + 1, array_length($2::bigint[], 1))] * interval '1 millisecond'`,
    values: [nowMs, schedule],
  });
  return rowCount ?? 0;
};

/** How many wait already for these ids and from these addresses, each counted up to its limit. */
export const countOrphansOf = async (
  db: Queryable,
  wanted: { ids: readonly string[]; addresses: readonly string[]; maxPerId: number; maxPerAddress: number },
): Promise<{ ids: Map<string, number>; addresses: Map<string, number> }> => {
  const { rows } = await db.query<{ kind: 'id' | 'address'; word: string; waiting: bigint }>({
    name: 'count-orphans-of',
    text: `select 'id' as kind, w.word, (select count(*) from (
          (select 1 from orphans o where o.click_id = w.word limit $3)
          union all (select 1 from orphans o where o.transaction_id = w.word limit $3)) o) as waiting
        from unnest($1::text[]) as w (word)
      union all
      select 'address', w.word, (select count(*) from (select 1 from orphans o where o.address = w.word limit $4) o)
        from unnest($2::text[]) as w (word)`,
    values: [wanted.ids, wanted.addresses, wanted.maxPerId, wanted.maxPerAddress],
  });
  const of = (kind: 'id' | 'address') =>
    new Map(rows.filter((row) => row.kind === kind).map((row) => [row.word, Number(row.waiting)]));
  return { ids: of('id'), addresses: of('address') };
};

/** Counts further than this are estimates of Postgres. */
const countedUpTo = 10_000;

/** How many wait, and since when the oldest does (ms of age at `nowMs`). */
export const countOrphans = async (db: Queryable, nowMs: number): Promise<{ waiting: number; oldestMs: number }> => {
  const { rows } = await db.query<{ waiting: bigint; estimate: number; oldest: Date | null }>({
    name: 'count-orphans',
    text: `select (select count(*) from (select 1 from orphans order by since limit ${countedUpTo}) o) as waiting,
      (select reltuples from pg_class where oid = 'orphans'::regclass) as estimate,
      (select since from orphans order by since limit 1) as oldest`,
  });
  const [row] = rows;
  const counted = Number(row?.waiting ?? 0n);
  const oldest = row?.oldest;
  return {
    waiting: counted < countedUpTo ? counted : Math.max(counted, Math.round(row?.estimate ?? 0)),
    oldestMs: oldest ? Math.max(0, nowMs - oldest.getTime()) : 0,
  };
};
