import { needlessReasons, type DeliveryState } from '#domain';
import type { Queryable } from '../connection/database.js';
import { narrowToFew } from '../lists/few-conversions.js';
import {
  deliveriesWithConversion,
  deliveriesWithEach,
  deliveryWhere,
  type DeliveryFilter,
} from '../lists/delivery-list.js';
import { only, type ListFilter } from '../lists/list-filter.js';
import { runList, type ListRows, type Page } from '../lists/run-list.js';
import { forcedReason } from './delivery-queue.js';
import { mayHaveBeenReceived } from './delivery-store.js';

/** The filters of the list, and more ids than a text of those holds. */
type ReplayFilter = DeliveryFilter & {
  ids?: readonly string[] | undefined;
  conversionIds?: readonly string[] | undefined;
  states?: readonly DeliveryState[] | undefined;
};

const replayWhere = ({ ids, conversionIds, states, ...filter }: ReplayFilter): ListFilter =>
  deliveryWhere({ ...filter, state: filter.state ?? (states && only(...states)) })
    .andFew('d.id = any ($?::uuid[])', ids)
    .andFew('d.conversion_id = any ($?::uuid[])', conversionIds)
    .and('d.state = any ($?::text[])', filter.state && states);

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
  const where = replayWhere(filter);
  const place = (value: unknown): string => `$${where.values.push(value)}`;
  const [isDryRun, isForced, needless] = [place(dryRun), place(force), place(needlessReasons)];
  const { rows } = await db.query<{ result: string; n: bigint; sample: string[] }>(
    `with matched as (
       select d.conversion_id, d.destination_key, d.once, d.id, d.created_at,
         case
           when ${waitsForATry} then 'replayed'
           when d.state in ('waiting', 'sending') then 'open'
           when ${isForced} then 'replayed'
           when d.state = 'delivered' then 'delivered'
           when d.state = 'superseded' and d.reason = any (${needless}) then 'overtaken'
           when exists (
             select from deliveries l
             where l.conversion_id = d.conversion_id and l.revision > d.revision
               and (l.state in ('waiting', 'sending', 'delivered') or l.state = 'superseded' and l.reason = any (${needless}))) then 'overtaken'
           else 'replayed'
         end as result
       from ${deliveriesWithConversion}
       where ${where.where()}
       order by case when ${isForced} or d.state = 'parked' then 0 when ${waitsForATry} then 1 when d.state = 'superseded' then 2 else 3 end,
         d.created_at, d.id limit ${place(most)}
     ), replayed as (
       update deliveries d
       set state = 'waiting', due_at = now(), replays = d.replays + 1, finished_at = null, maybe_sent = ${mayHaveBeenReceived},
         reason = case when d.state = 'waiting' then d.reason when ${isForced} then '${forcedReason}' end,
         attempts = case when d.state = 'waiting' then d.attempts else 0 end
       from matched m
       where not ${isDryRun} and m.result = 'replayed' and d.conversion_id = m.conversion_id and d.destination_key = m.destination_key
         and d.once = m.once and (d.state not in ('waiting', 'sending') or ${waitsForATry})
       returning d.id
     )
     select result, count(*) as n, (array_agg(id::text order by created_at, id))[1:20] as sample from matched group by result`,
    where.values,
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

/** Deliveries of a filter by the time they were made, oldest first. */
export const deliveriesToReplay = async (
  db: Queryable,
  filter: ReplayFilter,
  page: Page,
): Promise<ListRows<{ id: string }>> => {
  const froms = { from: deliveriesWithConversion, fromEach: deliveriesWithEach, rowsFrom: 'deliveries d' };
  const list = {
    ...{ columns: 'd.id', ...froms, time: 'd.created_at', id: 'd.id' },
    ...{ filter: replayWhere(filter), order: 'oldest' as const },
  };
  return runList(db, await narrowToFew(db, { list, filter, table: 'deliveries d' }), page);
};
