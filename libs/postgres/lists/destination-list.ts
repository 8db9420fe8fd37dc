import type { Queryable } from '../connection/database.js';

/** Destinations with something open, a pause, or a dispatch process that speaks of them. */
export type DestinationState = {
  destinationKey: string;
  paused: boolean;
  pausedBy: string | null;
  waiting: number;
  parked: number;
  /** Of the parked, how many for which reason. */
  parkedFor: Record<string, number>;
  oldestAt: Date | null;
  processes: {
    breaker: 'closed' | 'open' | 'half-open';
    since: string | null;
    probeAt: string | null;
    failingShare: number;
    inFlight: number;
    reportedAt: string;
  }[];
};

/** A time inside of JSON, in the form that all times of the API have. */
const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A process that has been silent for a minute has ended: its view of a breaker is ignored.
 *  @param destinationKey one destination; all unless given */
export const listDestinationStates = async (
  db: Queryable,
  destinationKey: string | null = null,
): Promise<DestinationState[]> => {
  const { rows } = await db.query<DestinationState>(
    `with backlog as (
       select destination_key, count(*) filter (where queue = 'waiting')::int as waiting,
         count(*) filter (where queue = 'parked')::int as parked, min(created_at) filter (where queue = 'waiting') as oldest
       from deliveries where queue in ('waiting', 'parked') and ($1::text is null or destination_key = $1) group by destination_key
     ), reasons as (
       select destination_key, jsonb_object_agg(reason, n) as parked_for from (
         select destination_key, coalesce(reason, 'unknown') as reason, count(*) as n from deliveries where queue = 'parked' and ($1::text is null or destination_key = $1) group by 1, 2
       ) r group by destination_key
     ), seen as (
       select destination_key, jsonb_agg(jsonb_build_object('breaker', breaker, 'since', ${utc('breaker_since')}, 'probeAt', ${utc('probe_at')},
         'failingShare', failing_share, 'inFlight', in_flight, 'reportedAt', ${utc('reported_at')}) order by owner) as processes
       from destination_states where reported_at > now() - interval '1 minute' group by destination_key
     )
     select key as "destinationKey", coalesce(c.paused, false) as paused,
       case when c.paused then c.changed_by end as "pausedBy", coalesce(b.waiting, 0) as waiting,
       coalesce(b.parked, 0) as parked, coalesce(r.parked_for, '{}') as "parkedFor", b.oldest as "oldestAt", coalesce(s.processes, '[]') as processes
     from (select destination_key as key from backlog union select destination_key from seen
       union select destination_key from destination_controls where paused) k
     left join backlog b on b.destination_key = key
     left join reasons r on r.destination_key = key
     left join seen s on s.destination_key = key
     left join destination_controls c on c.destination_key = key
     where $1::text is null or key = $1
     order by key`,
    [destinationKey],
  );
  return rows;
};
