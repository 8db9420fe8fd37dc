import {
  deliveryHistoryKey,
  turnedAwayPattern,
  type ConversionState,
  type DeliveryKey,
  type DeliveryState,
  type NewDelivery,
  type OpenDelivery,
  type OwedDelivery,
} from '#domain';
import type { Queryable } from '../connection/database.js';
import { dropPartitionsBefore, ensureDays } from '../connection/partitions.js';
import { unflushed } from '../connection/unflushed.js';

/** Deliveries and their attempts: making them, and writing down what became of them. Claiming is
 *  in `delivery-queue.ts`. */

/** Beside an equal conversion: of the same destination too, said so that no index of destinations
 *  is thought of. The plans of these statements are made once (`planningOptions`), also on empty
 *  tables, where that index looks as good as the key; at a million deliveries it is a scan. */
export const sameDestination = (one: string, other: string): string =>
  `coalesce(${one}.destination_key = ${other}.destination_key, false)`;

const column = <Row, Value>(rows: readonly Row[], read: (row: Row) => Value): Value[] => rows.map(read);

/** The same as Postgres writes an array, for what needs no quotes there: ids, numbers, words of
 *  ours. pg would look into each for what to escape, which was a twentieth of all that dispatch
 *  does. Not for texts of others, and not for the word `null`. */
const words = <Row>(rows: readonly Row[], read: (row: Row) => string | number | null): string =>
  `{${rows.map((row) => read(row) ?? 'NULL').join()}}`;

/** The same for any text. pg goes through each text twice; most hold nothing to escape. */
const texts = <Row>(rows: readonly Row[], read: (row: Row) => string | null): string =>
  `{${rows.map((row) => quoted(read(row))).join()}}`;
const quoted = (text: string | null): string => {
  if (text === null) return 'NULL';
  return `"${escaped.test(text) ? text.replace(allEscaped, '\\$&') : text}"`;
};
const escaped = /["\\]/;
const allEscaped = /["\\]/g;

/** Inserts what is not there yet; `sending` ones are leased to the owner, as one batch. The commit
 *  does not wait for the disk, so nothing may be dropped for it before `flushed` says so.
 *
 *  | what is there already                        | what happens                              |
 *  | -------------------------------------------- | ----------------------------------------- |
 *  | the same delivery, of an earlier reading     | nothing                                   |
 *  | never called, superseded or parked           | it is owed again, with the newest facts   |
 *  | never called, waiting, for the same state    | it keeps its place, with the newest facts |
 *  | a later delivery of the same conversion      | the new one is superseded                 |
 *
 *  @param nowMs differs for every batch of an owner: by it the batch is found when the owner is
 *  dead.
 *  @returns the ids of those that were new or owed again, each with its state. */
export const insertDeliveries = async (
  db: Queryable,
  owner: string,
  rows: readonly NewDelivery[],
  nowMs: number,
): Promise<Map<string, NewDelivery['state']>> => {
  if (rows.length === 0) return new Map();
  const { rows: inserted } = await db.query<{ id: string; state: NewDelivery['state'] }>({
    name: 'insert-deliveries',
    text: `
      with unflushed as materialized (${unflushed}), batch as (
        insert into dispatch_batches (owner, made_at) select $11::uuid, $10::timestamptz where 'sending' = any ($7::text[])
        on conflict do nothing
      )
      insert into deliveries
        (id, conversion_id, destination_key, once, cause, revision, state, reason, facts, due_at, created_at, lease_owner, finished_at)
      select n.id, n.conversion_id, n.destination_key, n.once, n.cause, n.revision, s.state,
        case when s.state = n.state then n.reason else 'newer_state' end, n.facts, now(), $10::timestamptz,
        case when s.state = 'sending' then $11::uuid end, case when s.state in ('parked', 'superseded') then now() end
      from rows from (
        unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[]),
        json_array_elements($9::json)
      ) as n (id, conversion_id, destination_key, once, cause, revision, state, reason, facts)
      cross join lateral (
        select case when n.state in ('waiting', 'sending') and exists (
          select from deliveries l
          where l.conversion_id = n.conversion_id and l.revision > n.revision
        ) then 'superseded' else n.state end as state
        -- Keeps the planner from putting the look-up wherever the state is used, which is four times.
        offset 0
      ) s
      cross join unflushed
      on conflict (conversion_id, destination_key, once) do update
        set cause = excluded.cause, revision = excluded.revision, state = excluded.state, reason = excluded.reason,
          facts = excluded.facts, lease_owner = excluded.lease_owner, finished_at = excluded.finished_at,
          -- What waits keeps its place in the queue.
          due_at = case when deliveries.state = 'waiting' then deliveries.due_at else excluded.due_at end,
          -- It was made in another batch: by that it would not be found.
          claimed = true
        where (deliveries.state in ('superseded', 'parked') or deliveries.state = 'waiting' and deliveries.cause = excluded.cause)
          and deliveries.attempts = 0 and not deliveries.maybe_sent and deliveries.revision < excluded.revision
      returning id, state`,
    values: [
      words(rows, (row) => row.id),
      words(rows, (row) => row.conversionId),
      words(rows, (row) => row.destinationKey),
      words(rows, (row) => row.once),
      words(rows, (row) => row.cause),
      words(rows, (row) => row.revision),
      words(rows, (row) => row.state),
      texts(rows, (row) => row.reason),
      // One text: as elements of an array each quote in it would be escaped here and unescaped
      // there.
      JSON.stringify(column(rows, (row) => row.facts)),
      new Date(nowMs),
      owner,
    ],
  });
  return new Map(inserted.map((row) => [row.id, row.state]));
};

/** Earlier deliveries of the same conversions that are not finished, to whichever of their
 *  destinations, locked until the transaction ends, so that no process claims one while a later
 *  state is being put behind it or in its place. One that another has locked is waited for. */
export const lockOpenEarlier = (db: Queryable, later: readonly OwedDelivery[]): Promise<OpenDelivery[]> =>
  openEarlier(db, later, 'lock-open-earlier', 'for update of d');

/** The same without waiting: one that another transaction has locked is returned as it was last
 *  seen. */
export const lockOpenEarlierOrSee = async (db: Queryable, later: readonly OwedDelivery[]): Promise<OpenDelivery[]> => {
  const locked = await openEarlier(db, later, 'lock-open-earlier-or-skip', 'for update of d skip locked');
  const all = await openEarlier(db, later, 'see-open-earlier', '');
  const keyOf = (row: DeliveryKey) => `${row.conversionId} ${row.destinationKey} ${row.once}`;
  const mine = new Set(locked.map(keyOf));
  return [...locked, ...all.filter((row) => !mine.has(keyOf(row))).map((row) => ({ ...row, isLocked: false }))];
};

const openEarlier = async (db: Queryable, later: readonly OwedDelivery[], name: string, lock: string) => {
  const { rows } = await db.query<OpenDelivery>({
    name,
    text: `
      select d.id, d.conversion_id as "conversionId", d.destination_key as "destinationKey", d.once, d.cause, d.revision, d.state, d.attempts,
        d.maybe_sent as "maybeSent", d.lease_owner as "leaseOwner", true as "isLocked"
      from unnest($1::uuid[], $2::int[]) as n (conversion_id, revision)
      join deliveries d on d.conversion_id = n.conversion_id
        and d.revision < n.revision and d.state in ('waiting', 'sending')
      order by d.conversion_id, d.destination_key, d.once
      ${lock}`,
    values: [column(later, (row) => row.conversionId), column(later, (row) => row.revision)],
  });
  return rows;
};

/** What an ad network has received of a conversion before a change of it: by `deliveryHistoryKey`,
 *  the latest state that a call sent it, or may have sent it. Of every destination, because a
 *  conversion has one ad network, whichever of its destinations sent it. */
export const lastReceivedStates = async (
  db: Queryable,
  changes: readonly Pick<OwedDelivery, 'conversionId' | 'revision'>[],
): Promise<Map<string, ConversionState>> => {
  if (changes.length === 0) return new Map();
  const { rows } = await db.query<{ conversionId: string; revision: number; cause: ConversionState }>({
    name: 'last-received',
    text: `
      select n.conversion_id as "conversionId", n.revision, l.cause
      from unnest($1::uuid[], $2::int[]) as n (conversion_id, revision)
      cross join lateral (
        select cause from deliveries d
        where d.conversion_id = n.conversion_id and d.revision < n.revision and ${mayHaveBeenReceived}
        order by d.revision desc limit 1) l`,
    values: [column(changes, (row) => row.conversionId), column(changes, (row) => row.revision)],
  });
  return new Map(rows.map((row) => [deliveryHistoryKey(row), row.cause]));
};

/** Of a delivery `d`: a call was made, or may have been made. */
const wasSent = `(d.state = 'delivered' or d.attempts > 0 or d.maybe_sent)`;

/** Of a delivery `d`: the ad network has received it, or may have: it was sent, and not by one
 *  call alone that was turned away. */
export const mayHaveBeenReceived = `(${wasSent} and not (d.state = 'parked' and d.attempts = 1 and not d.maybe_sent
  and coalesce(d.reason ~ '${turnedAwayPattern}', false)))`;

/** A later state takes the place of one that was never sent. */
export const supersedeDeliveries = async (db: Queryable, keys: readonly DeliveryKey[]): Promise<void> => {
  if (keys.length === 0) return;
  await db.query({
    name: 'supersede-deliveries',
    text: `
      update deliveries d set state = 'superseded', reason = 'newer_state', finished_at = now()
      from unnest($1::uuid[], $2::text[], $3::text[]) as n (conversion_id, destination_key, once)
      where d.conversion_id = n.conversion_id and ${sameDestination('d', 'n')} and d.once = n.once
        and d.state in ('waiting', 'sending') and not ${wasSent}`,
    values: [
      column(keys, (key) => key.conversionId),
      column(keys, (key) => key.destinationKey),
      column(keys, (key) => key.once),
    ],
  });
};

/** What became of a delivery that this process had. `attempt` is null where no call was made
 *  (superseded in memory, grown too old). */
export type Outcome = DeliveryKey & {
  id: string;
  state: Exclude<DeliveryState, 'sending'>;
  reason: string | null;
  /** For `waiting`: in how many ms it is due again; null keeps its due time. */
  dueInMs: number | null;
  attempt: {
    atMs: number;
    number: number;
    method: string;
    url: string;
    status: number | null;
    ms: number;
    outcome: 'delivered' | 'retry' | 'parked';
    answer: string | null;
    connectMs: number | null;
    headersMs: number | null;
    /** What was sent and answered. Secrets are masked. */
    requestHeaders: Record<string, string> | null;
    requestBody: string | null;
    answerHeaders: Record<string, string> | null;
  } | null;
};

/** Writes attempts and what follows from them, many at once, in one statement. A row that is no
 *  longer leased to the owner keeps its state, but its attempt is recorded, because it was made.
 *  The commit does not wait for the disk (decision 0009).
 *  @returns how many deliveries were changed. */
export const recordOutcomes = async (db: Queryable, owner: string, outcomes: readonly Outcome[]): Promise<number> => {
  if (outcomes.length === 0) return 0;
  const attempted = outcomes.flatMap((outcome) => (outcome.attempt ? [{ ...outcome.attempt, outcome }] : []));
  // It leaves alone what an index has, the owner of the last lease among it, so that what goes
  // straight through is updated in its place (migration 0052). With conditions of which the
  // planner thinks nothing, so that it goes by the key: of a state and an owner it expects one row
  // in all, and then compares every row that is leased with every outcome (1.1 s for 500 outcomes
  // of 10,000 deliveries, against 30 ms).
  const result = await db.query({
    name: 'record-outcomes',
    text: `
      with unflushed as materialized (${unflushed}), attempt as (
        insert into delivery_attempts (delivery_id, at, number, method, url, status, ms, outcome, reason, answer,
          connect_ms, headers_ms, request_headers, request_body, answer_headers)
        select a.delivery_id, to_timestamp(a.at / 1000), a.number, a.method, a.url, a.status, a.ms, a.outcome, a.reason, a.answer, a.connect_ms,
          a.headers_ms, nullif(a.request_headers, 'null'), a.request_body, nullif(a.answer_headers, 'null')
        from rows from (
          unnest($8::uuid[], $9::float8[], $10::int2[], $11::text[], $12::text[], $13::int2[], $14::int[], $15::text[],
            $16::text[], $17::text[], $19::int[], $20::int[], $21::text[]),
          jsonb_array_elements($22::jsonb), jsonb_array_elements($23::jsonb)
        ) as a (delivery_id, at, number, method, url, status, ms, outcome, reason, answer, connect_ms, headers_ms, request_body,
          request_headers, answer_headers)
      )
      update deliveries d set state = o.state, reason = o.reason, due_at = coalesce(now() + o.due_in * interval '1 millisecond', d.due_at),
        attempts = d.attempts + o.made, finished_at = case when o.state <> 'waiting' then now() end
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $18::int2[])
        as o (conversion_id, destination_key, once, state, reason, due_in, made)
      cross join unflushed
      where d.conversion_id = o.conversion_id and ${sameDestination('d', 'o')} and d.once = o.once
        and coalesce(d.state = 'sending', false) and coalesce(d.lease_owner = $1, false)`,
    values: [
      owner,
      words(outcomes, (row) => row.conversionId),
      words(outcomes, (row) => row.destinationKey),
      words(outcomes, (row) => row.once),
      words(outcomes, (row) => row.state),
      texts(outcomes, (row) => row.reason),
      words(outcomes, (row) => row.dueInMs),
      words(attempted, (row) => row.outcome.id),
      words(attempted, (row) => row.atMs),
      words(attempted, (row) => row.number),
      words(attempted, (row) => row.method),
      texts(attempted, (row) => row.url),
      words(attempted, (row) => row.status),
      words(attempted, (row) => row.ms),
      words(attempted, (row) => row.outcome.attempt?.outcome ?? null),
      texts(attempted, (row) => row.outcome.reason),
      texts(attempted, (row) => row.answer),
      words(outcomes, (row) => (row.attempt ? 1 : 0)),
      words(attempted, (row) => row.connectMs),
      words(attempted, (row) => row.headersMs),
      texts(attempted, (row) => row.requestBody),
      // Each one text: as elements of an array each quote in them would be escaped.
      JSON.stringify(column(attempted, (row) => row.requestHeaders)),
      JSON.stringify(column(attempted, (row) => row.answerHeaders)),
    ],
  });
  return result.rowCount ?? 0;
};

/** Partitions of the attempts for today and the week to come; what finds none goes to the default
 *  partition. */
export const ensureAttemptDays = (db: Queryable, nowMs: number): Promise<number> =>
  ensureDays(db, 'delivery_attempts', nowMs, nowMs + 7 * 86_400_000);

/** Drops the partitions of days before the given one. */
export const dropAttemptDays = (db: Queryable, beforeMs: number): Promise<string[]> =>
  dropPartitionsBefore(db, 'delivery_attempts', beforeMs, 0);
