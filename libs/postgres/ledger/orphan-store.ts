import type { Queryable } from '../connection/database.js';

/** A postback that waits: for a click (`clickId`, with the time an own id holds), or for a conversion with its transaction id. */
export type Orphan = {
  postbackId: string;
  receivedAtMs: number;
  clickId: string | null;
  clickedAtMs: number | null;
  transactionId: string | null;
  networkKey: string | null;
  sinceMs: number;
  checkAtMs: number;
};

export const insertOrphans = async (db: Queryable, orphans: readonly Orphan[]): Promise<void> => {
  if (orphans.length === 0) return;
  await db.query({
    name: 'insert-orphans',
    text: `insert into orphans (postback_id, received_at, click_id, clicked_at, transaction_id, network_key, since, check_at)
      select o.id, to_timestamp(o.at / 1000.0), o.click, to_timestamp(o.clicked / 1000.0), o.transaction, o.network,
        to_timestamp(o.since / 1000.0), to_timestamp(o.check_at / 1000.0)
      from unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::bigint[])
        as o (id, at, click, clicked, transaction, network, since, check_at)
      on conflict (postback_id) do update set click_id = excluded.click_id, clicked_at = excluded.clicked_at,
        transaction_id = excluded.transaction_id, network_key = excluded.network_key`,
    values: [
      orphans.map((orphan) => orphan.postbackId),
      orphans.map((orphan) => orphan.receivedAtMs),
      orphans.map((orphan) => orphan.clickId),
      orphans.map((orphan) => orphan.clickedAtMs),
      orphans.map((orphan) => orphan.transactionId),
      orphans.map((orphan) => orphan.networkKey),
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
export type Waiting = { id: string; receivedAtMs: number; sinceMs: number };
type WaitingRow = { postback_id: string; received_at: Date; since: Date };
const waitingOf = (rows: readonly WaitingRow[]): Waiting[] =>
  rows.map((row) => ({
    id: row.postback_id,
    receivedAtMs: row.received_at.getTime(),
    sinceMs: row.since.getTime(),
  }));

/** The orphans that waited for these clicks or transaction ids. */
export const findOrphans = async (
  db: Queryable,
  { clickIds, transactionIds }: { clickIds: readonly string[]; transactionIds: readonly string[] },
): Promise<Waiting[]> => {
  if (clickIds.length + transactionIds.length === 0) return [];
  const { rows } = await db.query<WaitingRow>({
    name: 'find-orphans',
    text: `select postback_id, received_at, since from orphans where click_id = any($1::text[])
      union select postback_id, received_at, since from orphans where transaction_id = any($2::text[])
      order by received_at, postback_id`,
    values: [clickIds, transactionIds],
  });
  return waitingOf(rows);
};

/** Takes orphans whose check is due, and sets their next one: `schedule` in ms by the number of checks so far, its last entry for
 *  ever after. Nobody else takes them until then, so a process that dies with them loses nothing. */
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
      returning o.postback_id, o.received_at, o.since`,
    values: [nowMs, limit, schedule],
  });
  return waitingOf(rows.toSorted((a, b) => a.received_at.getTime() - b.received_at.getTime()));
};

/** How many wait, and since when the oldest does (ms of age at `nowMs`). */
export const countOrphans = async (db: Queryable, nowMs: number): Promise<{ waiting: number; oldestMs: number }> => {
  const { rows } = await db.query<{ waiting: bigint; oldest: Date | null }>(
    'select count(*) as waiting, min(received_at) as oldest from orphans',
  );
  const oldest = rows[0]?.oldest;
  return { waiting: Number(rows[0]?.waiting ?? 0n), oldestMs: oldest ? Math.max(0, nowMs - oldest.getTime()) : 0 };
};
