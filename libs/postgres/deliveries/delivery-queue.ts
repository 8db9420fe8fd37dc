import type { ConversionFacts, ConversionState, LeasedDelivery } from '#domain';
import type { Queryable } from '../connection/database.js';
import { sameDestination, mayHaveBeenReceived } from './delivery-store.js';
import { unflushed } from '../connection/unflushed.js';

/** The queue of deliveries: who has which, and which are due. A delivery is `sending` while it is
 *  in a process's memory, and the lease holds as long as that process renews its one row in
 *  `dispatch_processes`. What a process holds is what it has claimed, and of the batches that it
 *  made (`dispatch_batches`) what is still sending. */

type RenewedLease = {
  /** False when the lease had run out before: others may have taken what this process holds. */
  held: boolean;
  /** Postgres has crashed since the last renewal: commits that did not wait for the disk may be
   *  lost. */
  crashed: boolean;
  /** The processes alive, this one included, and how many of them come before it: they share the
   *  caps. */
  processes: number;
  rank: number;
  /** Every process that was here before has made room for this one. */
  admitted: boolean;
};

/** A process that has not renewed for this long sends nothing that a newcomer has to wait for. */
const silentAfterMs = 3_000;
/** A renewal that began before the newcomer's row was visible does not count it. */
const joinMarginMs = 100;

/** Says that this process is alive, and learns who else is.
 *  @param first nothing is held yet, so nothing can be lost.
 *  @param settled since the last renewal this process keeps to the share that it was given there.
 */
export const renewLease = async (
  db: Queryable,
  owner: string,
  leaseMs: number,
  { first, settled }: { first: boolean; settled: boolean },
): Promise<RenewedLease> => {
  type Row = { held: boolean; crashed: boolean; others: bigint; before: bigint; admitted: boolean };
  const { rows } = await db.query<Row>({
    name: 'renew-lease',
    text: `
      with before as (select alive_until > now() as held from dispatch_processes where owner = $1)
      insert into dispatch_processes as own (owner, alive_until, keeps_batches)
      values ($1, now() + $2 * interval '1 millisecond', true)
      on conflict (owner) do update set alive_until = excluded.alive_until, renewed_at = now(),
        settled_at = case when $4 then own.renewed_at else own.settled_at end
      returning
        coalesce((select held from before), $3) as held,
        not exists (select from dispatch_witnesses where owner = $1 and for_lease) as crashed,
        (select count(*) from dispatch_processes where owner <> $1 and alive_until > now()) as others,
        (select count(*) from dispatch_processes where owner < $1 and alive_until > now()) as before,
        not exists (
          select from dispatch_processes o
          where o.owner <> $1 and o.alive_until > now() and (o.started_at, o.owner) < (own.started_at, own.owner)
            and o.renewed_at > now() - interval '${silentAfterMs} milliseconds'
            and o.settled_at <= own.started_at + interval '${joinMarginMs} milliseconds') as admitted`,
    values: [owner, leaseMs, first, settled],
  });
  const [row] = rows;
  return {
    held: row?.held ?? false,
    crashed: row?.crashed ?? false,
    processes: Number(row?.others ?? 0n) + 1,
    rank: Number(row?.before ?? 0n),
    admitted: row?.admitted ?? false,
  };
};

/** The keys of what the owners `$1` hold. Batch by batch, each by its moment: left to itself the
 *  planner may read every delivery instead. */
const heldBy = `
  select conversion_id, destination_key, once, id from deliveries where queue = 'claimed' and lease_owner = any ($1::uuid[])
  union all
  select made.* from dispatch_batches b cross join lateral (
    select conversion_id, destination_key, once, id from deliveries d
    where d.created_at = b.made_at and d.state = 'sending' and not d.claimed and d.lease_owner = b.owner offset 0) made
  where b.owner = any ($1::uuid[])`;

/** Makes due again what the owners hold, all of which may have been sent. */
const freeHeldBy = async (db: Queryable, owners: readonly string[]): Promise<number> => {
  const freed = await db.query(
    `update deliveries d set state = 'waiting', maybe_sent = true from (${heldBy}) held
     where d.conversion_id = held.conversion_id and ${sameDestination('d', 'held')} and d.once = held.once
       and coalesce(d.state = 'sending', false) and coalesce(d.lease_owner = any ($1::uuid[]), false)`,
    [owners],
  );
  return freed.rowCount ?? 0;
};

/** Frees what dead processes held, so that it is due again. Answers how many deliveries that were.
 *  The dead are remembered for an hour and looked at each time: one who was only thought dead
 *  makes and claims more until it hears of it, and may die before that. */
export const takeOverLeases = async (db: Queryable): Promise<number> => {
  const { rows } = await db.query<{ owner: string; keeps_batches: boolean }>(
    'select owner, keeps_batches from dispatch_processes where alive_until < now()',
  );
  if (rows.length === 0) return 0;
  const owners = rows.map(({ owner }) => owner);
  let freed = await freeHeldBy(db, owners);
  const older = rows.flatMap(({ owner, keeps_batches }) => (keeps_batches ? [] : [owner]));
  if (older.length > 0) {
    const sql = `update deliveries set state = 'waiting', maybe_sent = true where state = 'sending' and lease_owner = any ($1)`;
    freed += (await db.query(sql, [older])).rowCount ?? 0;
  }
  await db.query(
    `delete from dispatch_processes where owner = any($1) and (not keeps_batches or alive_until < now() - interval '1 hour')`,
    [owners],
  );
  await deleteOwners(db, owners);
  return freed;
};

/** Deletes the records of processes. A batch with a delivery that is still sending stays: a process
 *  that seemed dead may have made it after its other deliveries were freed. */
const deleteOwners = async (db: Queryable, owners: readonly string[]): Promise<void> => {
  await db.query(
    `delete from dispatch_batches b where owner = any($1) and not exists (
       select from deliveries d
       where d.created_at = b.made_at and d.state = 'sending' and not d.claimed and d.lease_owner = b.owner offset 0)`,
    [owners],
  );
  await db.query('delete from destination_states where owner = any($1)', [owners]);
  await db.query('delete from dispatch_witnesses where owner = any($1)', [owners]);
};

/** Returns deliveries to the queue that are leased to this process and not in its memory. They keep
 *  their due time, so their order stays, and are marked as maybe sent: the lost record may have
 *  been an outcome. */
export const returnToQueue = async (db: Queryable, owner: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await db.query({
    name: 'give-back-deliveries',
    text: `
      update deliveries d set state = 'waiting', maybe_sent = true
      from unnest($2::uuid[]) as n (id)
      where d.id = n.id and d.state = 'sending' and d.lease_owner = $1`,
    values: [owner, ids],
  });
};

/** The ids of all deliveries that Postgres has leased to this process. Deletes batches that have
 *  none left: this statement sees a batch with all of its deliveries, and none is added later. */
export const leasedDeliveries = async (db: Queryable, owner: string): Promise<string[]> => {
  const { rows } = await db.query<{ id: string }>({
    name: 'leased-deliveries',
    text: `
      with held as materialized (
        select b.made_at, made.id from dispatch_batches b left join lateral (
          select id from deliveries d
          where d.created_at = b.made_at and d.state = 'sending' and not d.claimed and d.lease_owner = b.owner offset 0) made on true
        where b.owner = $1
      ), ended as (
        delete from dispatch_batches where owner = $1 and made_at in (select made_at from held where id is null)
      )
      select id from held where id is not null
      union all
      select id from deliveries where queue = 'claimed' and lease_owner = $1`,
    values: [owner],
  });
  return rows.map(({ id }) => id);
};

/** After the last outcome of a clean stop: the process holds nothing any more, but for calls that
 *  did not end in time. */
export const endLease = async (db: Queryable, owner: string): Promise<void> => {
  await freeHeldBy(db, [owner]);
  await db.query('delete from dispatch_processes where owner = $1', [owner]);
  await deleteOwners(db, [owner]);
};

export type DueDestination = { destinationKey: string; dueInMs: number };

/** Each destination that has something waiting, with the time of the first. A walk from key to key
 *  over the index of the queue: its cost is the number of destinations, not of deliveries. */
export const destinationsWaiting = async (db: Queryable): Promise<DueDestination[]> => {
  const { rows } = await db.query<{ destination_key: string; due_in: number }>({
    name: 'destinations-waiting',
    text: `
      with recursive walk (destination_key) as (
        (select destination_key from deliveries where queue = 'waiting' order by destination_key limit 1)
        union all
        select (
          select destination_key from deliveries where queue = 'waiting' and destination_key > walk.destination_key
          order by destination_key limit 1)
        from walk where walk.destination_key is not null
      )
      select w.destination_key, (extract(epoch from f.due_at - now()) * 1000)::float8 as due_in
      from walk w
      cross join lateral (
        select due_at from deliveries d where d.queue = 'waiting' and d.destination_key = w.destination_key order by due_at limit 1
      ) f
      where w.destination_key is not null`,
  });
  return rows.map((row) => ({ destinationKey: row.destination_key, dueInMs: row.due_in }));
};

/** The reason of a delivery that an operator wants sent even if it says nothing new. */
export const forcedReason = 'forced';

type ClaimedRow = {
  id: string;
  conversion_id: string;
  destination_key: string;
  once: string;
  cause: ConversionState;
  revision: number;
  attempts: number;
  facts: ConversionFacts;
  created_at: Date;
  maybe_sent: boolean;
  reason: string | null;
  lastReceived: ConversionState | null;
};

/** Leases what is due, oldest first, up to so many per destination: one with a million waiting
 *  takes nothing from one with three (P7). Holds P6 over all destinations of a conversion
 *  (decision 0017): one that has an earlier open delivery stays, and one whose later state was
 *  delivered is superseded. */
export const claimDue = async (
  db: Queryable,
  owner: string,
  rooms: readonly { destinationKey: string; room: number }[],
): Promise<LeasedDelivery[]> => {
  if (rooms.length === 0) return [];
  const { rows } = await db.query<ClaimedRow>({
    name: 'claim-due',
    text: `
      with unflushed as materialized (${unflushed}), due as (
        select d.conversion_id, d.destination_key, d.once, d.revision
        from unnest($2::text[], $3::int[]) as r (destination_key, room)
        cross join lateral (
          select w.conversion_id, w.destination_key, w.once, w.revision
          from deliveries w
          where w.destination_key = r.destination_key and w.queue = 'waiting' and w.due_at <= now()
            and not exists (
              select from deliveries e
              where e.conversion_id = w.conversion_id
                and (e.revision < w.revision and e.state in ('waiting', 'sending')
                  or e.revision > w.revision and e.state = 'sending'))
          order by w.due_at limit r.room
          for update skip locked
        ) d
      ), judged as (
        select due.*, exists (
          select from deliveries l
          where l.conversion_id = due.conversion_id and l.revision > due.revision and l.state = 'delivered'
        ) as overtaken
        from due
      ), claimed as (
        update deliveries d set claimed = true, lease_owner = $1,
          state = case when due.overtaken and d.reason is distinct from '${forcedReason}' then 'superseded' else 'sending' end,
          reason = case when due.overtaken and d.reason is distinct from '${forcedReason}' then 'newer_state' else d.reason end,
          finished_at = case when due.overtaken and d.reason is distinct from '${forcedReason}' then now() end
        from judged due cross join unflushed
        where d.conversion_id = due.conversion_id and ${sameDestination('d', 'due')} and d.once = due.once
        returning d.id, d.conversion_id, d.destination_key, d.once, d.cause, d.revision, d.attempts, d.facts, d.created_at, d.due_at,
          d.maybe_sent, d.reason, d.state
      )
      select c.*, (
        select d.cause from deliveries d
        where c.revision > 1 and d.conversion_id = c.conversion_id and d.revision < c.revision and ${mayHaveBeenReceived}
        order by d.revision desc limit 1) as "lastReceived"
      from claimed c where c.state = 'sending' order by c.due_at`,
    values: [owner, rooms.map(({ destinationKey }) => destinationKey), rooms.map(({ room }) => room)],
  });
  return rows.map((row) => ({
    id: row.id,
    conversionId: row.conversion_id,
    destinationKey: row.destination_key,
    once: row.once,
    cause: row.cause,
    revision: row.revision,
    attempts: row.attempts,
    facts: row.facts,
    createdAtMs: row.created_at.getTime(),
    maybeSent: row.maybe_sent,
    lastReceived: row.lastReceived,
    forced: row.reason === forcedReason,
  }));
};

/** A destination has recovered: what failed since it went down goes now, in the order in which it
 *  was owed. Its wait was not waited out, so the try that starts it again does not count: however
 *  often a destination falls and rises, the schedule is as long. What failed before fails for
 *  reasons of its own, and in front of the others it would only open the breaker again. */
export const bringForward = async (db: Queryable, destinationKey: string, failedWithinMs: number): Promise<number> => {
  const { rowCount } = await db.query(
    `update deliveries d set due_at = least(created_at, now()), attempts = greatest(attempts - 1, 1)
     where destination_key = $1 and queue = 'waiting' and due_at > now() and attempts > 0
       and exists (select from delivery_attempts a where a.delivery_id = d.id and a.at >= now() - $2 * interval '1 millisecond')`,
    [destinationKey, failedWithinMs],
  );
  return rowCount ?? 0;
};
