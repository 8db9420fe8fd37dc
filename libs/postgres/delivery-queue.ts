import type { ConversionFacts, ConversionState } from '#domain';
import type { Queryable } from './database.js';
import { wasSent, type LeasedDelivery } from './delivery-store.js';

/** The queue of deliveries: who has which, and which are due. A delivery is `sending` while it is in a process's memory, and the lease holds
 *  as long as that process renews its one row in `dispatch_processes`. */

/** Says that this process lives. `held` is false when its lease had run out before: others may have taken what it holds. `processes` counts
 *  those that live, this one included: they share the caps of the destinations. @param first nothing is held yet, so nothing can be lost. */
export const renewLease = async (
  db: Queryable,
  owner: string,
  leaseMs: number,
  first: boolean,
): Promise<{ held: boolean; processes: number }> => {
  const { rows } = await db.query<{ held: boolean; others: bigint }>({
    name: 'renew-lease',
    text: `
      with before as (select alive_until > now() as held from dispatch_processes where owner = $1)
      insert into dispatch_processes (owner, alive_until) values ($1, now() + $2 * interval '1 millisecond')
      on conflict (owner) do update set alive_until = excluded.alive_until
      returning
        coalesce((select held from before), $3) as held,
        (select count(*) from dispatch_processes where owner <> $1 and alive_until > now()) as others`,
    values: [owner, leaseMs, first],
  });
  return { held: rows[0]?.held ?? false, processes: Number(rows[0]?.others ?? 0n) + 1 };
};

/** Frees what dead processes held, so that it is due again, and forgets them. Any of it may have been sent. Answers how many deliveries that
 *  were. */
export const takeOverLeases = async (db: Queryable): Promise<number> => {
  const { rows } = await db.query<{ owner: string }>(
    'select owner from dispatch_processes where alive_until < now() for update skip locked',
  );
  if (rows.length === 0) return 0;
  const owners = rows.map(({ owner }) => owner);
  const freed = await db.query(
    `update deliveries set state = 'waiting', lease_owner = null, maybe_sent = true where state = 'sending' and lease_owner = any($1)`,
    [owners],
  );
  await db.query('delete from dispatch_processes where owner = any($1) and alive_until < now()', [owners]);
  await db.query('delete from destination_states where owner = any($1)', [owners]);
  return freed.rowCount ?? 0;
};

/** Gives back what this process holds and will not send: at a clean stop (all of it), or when a destination is paused (its own).
 *  They keep their due time, so they stand where they stood. */
export const giveBackDeliveries = async (db: Queryable, owner: string, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await db.query({
    name: 'give-back-deliveries',
    text: `
      update deliveries d set state = 'waiting', lease_owner = null
      from unnest($2::uuid[]) as n (id)
      where d.id = n.id and d.state = 'sending' and d.lease_owner = $1`,
    values: [owner, ids],
  });
};

/** The ids of all that is leased to this process, by Postgres' word. */
export const leasedDeliveries = async (db: Queryable, owner: string): Promise<string[]> => {
  const { rows } = await db.query<{ id: string }>({
    name: 'leased-deliveries',
    text: `select id from deliveries where state = 'sending' and lease_owner = $1`,
    values: [owner],
  });
  return rows.map(({ id }) => id);
};

/** After the last outcome of a clean stop: the process holds nothing any more, but for calls that did not end in time. */
export const endLease = async (db: Queryable, owner: string): Promise<void> => {
  await db.query(
    `update deliveries set state = 'waiting', lease_owner = null, maybe_sent = true where state = 'sending' and lease_owner = $1`,
    [owner],
  );
  await db.query('delete from dispatch_processes where owner = $1', [owner]);
  await db.query('delete from destination_states where owner = $1', [owner]);
};

export type DueDestination = { destinationKey: string; dueAtMs: number };

/** Each destination that has something waiting, with the time of the first. A walk from key to key over the index of the queue: its cost
 *  is the number of destinations, not of deliveries. */
export const destinationsWaiting = async (db: Queryable): Promise<DueDestination[]> => {
  const { rows } = await db.query<{ destination_key: string; due_at: Date }>({
    name: 'destinations-waiting',
    text: `
      with recursive walk (destination_key) as (
        (select destination_key from deliveries where state = 'waiting' order by destination_key limit 1)
        union all
        select (
          select destination_key from deliveries where state = 'waiting' and destination_key > walk.destination_key
          order by destination_key limit 1)
        from walk where walk.destination_key is not null
      )
      select w.destination_key, f.due_at
      from walk w
      cross join lateral (
        select due_at from deliveries d where d.state = 'waiting' and d.destination_key = w.destination_key order by due_at limit 1
      ) f
      where w.destination_key is not null`,
  });
  return rows.map((row) => ({ destinationKey: row.destination_key, dueAtMs: row.due_at.getTime() }));
};

/** What stands as the reason of a delivery that somebody wants sent whatever it tells. */
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
  heard: ConversionState | null;
};

/** Leases what is due, up to so many per destination: each has a share of its own, so a destination with a million waiting takes nothing
 *  from one with three (P7). One whose conversion has an earlier open delivery to the same destination stays (P6). Oldest due first. */
export const claimDue = async (
  db: Queryable,
  owner: string,
  rooms: readonly { destinationKey: string; room: number }[],
): Promise<LeasedDelivery[]> => {
  if (rooms.length === 0) return [];
  const { rows } = await db.query<ClaimedRow>({
    name: 'claim-due',
    text: `
      with due as (
        select d.conversion_id, d.destination_key, d.once
        from unnest($2::text[], $3::int[]) as r (destination_key, room)
        cross join lateral (
          select w.conversion_id, w.destination_key, w.once
          from deliveries w
          where w.destination_key = r.destination_key and w.state = 'waiting' and w.due_at <= now()
            and not exists (
              select from deliveries e
              where e.conversion_id = w.conversion_id and e.destination_key = w.destination_key
                and e.revision < w.revision and e.state in ('waiting', 'sending'))
          order by w.due_at limit r.room
          for update skip locked
        ) d
      ), claimed as (
        update deliveries d set state = 'sending', lease_owner = $1
        from due
        where d.conversion_id = due.conversion_id and d.destination_key = due.destination_key and d.once = due.once
        returning d.id, d.conversion_id, d.destination_key, d.once, d.cause, d.revision, d.attempts, d.facts, d.created_at, d.due_at,
          d.maybe_sent, d.reason
      )
      select c.*, (
        select d.cause from deliveries d
        where c.revision > 1 and d.conversion_id = c.conversion_id and d.revision < c.revision and ${wasSent}
        order by d.revision desc limit 1) as heard
      from claimed c order by c.due_at`,
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
    heard: row.heard,
    forced: row.reason === forcedReason,
  }));
};

/** A destination has recovered: what waited for its next try goes now, in the order in which it was owed. */
export const bringForward = async (db: Queryable, destinationKey: string): Promise<number> => {
  const { rowCount } = await db.query(
    `update deliveries set due_at = created_at where destination_key = $1 and state = 'waiting' and due_at > now()`,
    [destinationKey],
  );
  return rowCount ?? 0;
};
