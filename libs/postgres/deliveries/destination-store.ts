import type { Queryable } from '../connection/database.js';

/** Destinations as they are run: paused by hand, and what each dispatch process sees of them.
 *  Their settings are in the catalog. */

/** Pauses or resumes by hand; dispatch takes it up within about a second. A pause keeps what is
 *  owed (P8). */
export const setDestinationPaused = async (
  db: Queryable,
  destinationKey: string,
  paused: boolean,
  actor: string,
): Promise<void> => {
  await db.query(
    `insert into destination_controls (destination_key, paused, changed_by) values ($1, $2, $3)
     on conflict (destination_key) do update set paused = excluded.paused, changed_by = excluded.changed_by, changed_at = now()`,
    [destinationKey, paused, actor],
  );
};

export const pausedDestinations = async (db: Queryable): Promise<Set<string>> => {
  const { rows } = await db.query<{ destination_key: string }>({
    name: 'paused-destinations',
    text: 'select destination_key from destination_controls where paused',
  });
  return new Set(rows.map((row) => row.destination_key));
};

export type DestinationReport = {
  destinationKey: string;
  breaker: 'closed' | 'open' | 'half-open';
  breakerSinceMs: number | null;
  probeAtMs: number | null;
  failingShare: number;
  inFlight: number;
};

const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms));

export const reportDestinations = async (
  db: Queryable,
  owner: string,
  reports: readonly DestinationReport[],
): Promise<void> => {
  if (reports.length === 0) return;
  await db.query({
    name: 'report-destinations',
    text: `
      insert into destination_states
        (owner, destination_key, breaker, breaker_since, probe_at, failing_share, in_flight, reported_at)
      select $1, r.*, now()
      from unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::real[], $7::int[]) as r
      on conflict (destination_key, owner) do update set breaker = excluded.breaker, breaker_since = excluded.breaker_since,
        probe_at = excluded.probe_at, failing_share = excluded.failing_share, in_flight = excluded.in_flight,
        reported_at = excluded.reported_at`,
    values: [
      owner,
      reports.map((report) => report.destinationKey),
      reports.map((report) => report.breaker),
      reports.map((report) => dateOf(report.breakerSinceMs)),
      reports.map((report) => dateOf(report.probeAtMs)),
      reports.map((report) => report.failingShare),
      reports.map((report) => report.inFlight),
    ],
  });
};

export type Backlog = { destinationKey: string; waiting: number; parked: number; oldestAtMs: number | null };

/** What waits and what is parked, per destination. Reads only the two partial indexes, so it costs
 *  what is open, not what was ever sent. */
export const deliveryBacklog = async (db: Queryable): Promise<Backlog[]> => {
  const { rows } = await db.query<{ destination_key: string; waiting: bigint; parked: bigint; oldest_at: Date | null }>(
    {
      name: 'delivery-backlog',
      text: `
      select destination_key, sum(waiting)::int8 as waiting, sum(parked)::int8 as parked, min(oldest_at) as oldest_at
      from (
        select destination_key, count(*) as waiting, 0 as parked, min(created_at) as oldest_at
        from deliveries where queue = 'waiting' group by destination_key
        union all
        select destination_key, 0, count(*), null from deliveries where queue = 'parked' group by destination_key
      ) each_state
      group by destination_key`,
    },
  );
  return rows.map((row) => ({
    destinationKey: row.destination_key,
    waiting: Number(row.waiting),
    parked: Number(row.parked),
    oldestAtMs: row.oldest_at?.getTime() ?? null,
  }));
};
