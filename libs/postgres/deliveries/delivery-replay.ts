import { needlessReasons, type ConversionState, type DeliveryState } from '#domain';
import type { Queryable } from '../connection/database.js';
import { createFilter, placeText } from '../lists/list-filter.js';
import { forcedReason } from './delivery-queue.js';
import { mayHaveBeenReceived } from './delivery-store.js';

type ReplayFilter = {
  ids?: readonly string[] | undefined;
  conversionIds?: readonly string[] | undefined;
  destinationKey?: string | undefined;
  states?: readonly DeliveryState[] | undefined;
  reason?: string | undefined;
  cause?: ConversionState | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** `replayed`: put back into the queue, or would be. `delivered`: left alone because the
 *  destination has accepted it already. `overtaken`: left alone because a later state of the same
 *  conversion was delivered, is on its way or made it needless (to send the earlier one now would
 *  undo it, or send it twice: all destinations of a conversion are one ad network), or
 *  because it says nothing itself. `open`: about to be sent anyway. `sample`: ids of the first
 *  that are replayed. */
export type ReplayResult = {
  matched: number;
  replayed: number;
  delivered: number;
  overtaken: number;
  open: number;
  sample: string[];
};

const maxPerReplay = 100_000;
/** Of a delivery `d`: it failed for now, and its next try may be a day away. */
const waitsForATry = `(d.state = 'waiting' and d.due_at > now())`;

/** Sends deliveries again by the template of today, with the same delivery id. Without `force`
 *  only what was parked or superseded; what waits for its next try is tried now and keeps its
 *  place in the schedule. With `dryRun` nothing is changed.
 *  @param most at once; what can be sent again comes first, so that delivered ones do not hide it.
 */
export const replayDeliveries = async (
  db: Queryable,
  filter: ReplayFilter,
  { force, dryRun, most = maxPerReplay }: { force: boolean; dryRun: boolean; most?: number },
): Promise<ReplayResult> => {
  const { rows } = await db.query<{ result: string; n: bigint; sample: string[] }>(
    `with matched as (
       select d.conversion_id, d.destination_key, d.once, d.id, d.created_at,
         case
           when ${waitsForATry} then 'replayed'
           when d.state in ('waiting', 'sending') then 'open'
           when $10 then 'replayed'
           when d.state = 'delivered' then 'delivered'
           when d.state = 'superseded' and d.reason = any ($11) then 'overtaken'
           when exists (
             select from deliveries l
             where l.conversion_id = d.conversion_id and l.revision > d.revision
               and (l.state in ('waiting', 'sending', 'delivered') or l.state = 'superseded' and l.reason = any ($11))) then 'overtaken'
           else 'replayed'
         end as result
       from deliveries d
       where ($1::uuid[] is null or d.id = any ($1)) and ($2::uuid[] is null or d.conversion_id = any ($2))
         and ($3::text is null or d.destination_key = $3) and ($4::text[] is null or d.state = any ($4))
         and ($5::text is null or d.reason = $5) and ($6::text is null or d.cause = $6)
         and ($7::timestamptz is null or d.created_at >= $7) and ($8::timestamptz is null or d.created_at < $8)
       order by case when $10 or d.state = 'parked' then 0 when ${waitsForATry} then 1 when d.state = 'superseded' then 2 else 3 end,
         d.created_at, d.id limit $12
     ), replayed as (
       update deliveries d
       set state = 'waiting', due_at = now(), replays = d.replays + 1, finished_at = null, maybe_sent = ${mayHaveBeenReceived},
         reason = case when d.state = 'waiting' then d.reason when $10 then '${forcedReason}' end,
         attempts = case when d.state = 'waiting' then d.attempts else 0 end
       from matched m
       where not $9 and m.result = 'replayed' and d.conversion_id = m.conversion_id and d.destination_key = m.destination_key
         and d.once = m.once and (d.state not in ('waiting', 'sending') or ${waitsForATry})
       returning d.id
     )
     select result, count(*) as n, (array_agg(id::text order by created_at, id))[1:20] as sample from matched group by result`,
    [
      filter.ids ?? null,
      filter.conversionIds ?? null,
      filter.destinationKey ?? null,
      filter.states ?? null,
      filter.reason ?? null,
      filter.cause ?? null,
      filter.from ?? null,
      filter.to ?? null,
      dryRun,
      force,
      needlessReasons,
      most,
    ],
  );
  const count = (result: string) => Number(rows.find((row) => row.result === result)?.n ?? 0n);
  const results = {
    replayed: count('replayed'),
    delivered: count('delivered'),
    overtaken: count('overtaken'),
    open: count('open'),
  };
  return {
    ...results,
    matched: Object.values(results).reduce((sum, n) => sum + n, 0),
    sample: rows.find((row) => row.result === 'replayed')?.sample ?? [],
  };
};

/** Deliveries of a filter by the time they were made, oldest first, after a place.
 *  @param after the place of the last one of the page before, with microseconds */
export const deliveriesToReplay = async (
  db: Queryable,
  filter: ReplayFilter,
  after: { at: string; id: string } | null,
  limit: number,
): Promise<{ at: string; id: string }[]> => {
  const where = createFilter()
    .and('id = any ($?::uuid[])', filter.ids)
    .and('conversion_id = any ($?::uuid[])', filter.conversionIds)
    .and('destination_key = $?', filter.destinationKey)
    .and('state = any ($?::text[])', filter.states)
    .and('reason = $?', filter.reason)
    .and('cause = $?', filter.cause)
    .and('created_at >= $?', filter.from)
    .and('created_at < $?', filter.to);
  if (after) {
    where.values.push(after.at);
    where.and(`(created_at, id) > ($${where.values.length}::timestamptz, $?::uuid)`, after.id);
  }
  where.values.push(limit);
  const { rows } = await db.query<{ at: string; id: string }>(
    `select id, ${placeText('created_at')} as at from deliveries
     where ${where.where()} order by created_at, id limit $${where.values.length}`,
    where.values,
  );
  return rows;
};
