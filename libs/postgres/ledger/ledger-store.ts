import {
  holdEndsAt,
  mayHaveMembers,
  restoreReport,
  storeReport,
  type Attribution,
  type ConversionRules,
  type Entry,
  type EntryRule,
  type ConversionSet,
  type ConversionSnapshot,
  type StoredReport,
} from '#domain';
import type { Queryable } from '../connection/database.js';

/** Conversions and their ledger entries. A conversion set (all conversions of one identity) is
 * read, changed and written as one; the row of the identity's own conversion is its lock. */

type ConversionRow = {
  id: string;
  base_id: string;
  member: string;
  identity: string;
  network_key: string;
  event: string | null;
  transaction_id: string | null;
  click_id: string | null;
  state: ConversionSnapshot['state'];
  marks: ConversionSnapshot['marks'];
  currency: string | null;
  money_known: boolean;
  pending_nanos: string;
  approved_nanos: string;
  rejected_nanos: string;
  reversed_nanos: string;
  payout_from: ConversionSnapshot['payoutFrom'];
  occurred_at: Date;
  recorded_at: Date;
  changed_at: Date;
  revision: number;
  restored: number;
  rules: ConversionRules;
  reports: StoredReport[];
  attributions: Record<string, Attribution>;
};

const columns = `c.id, c.base_id, c.member, c.identity, c.network_key, c.event, c.transaction_id, c.click_id, c.state, c.marks,
  c.currency, c.money_known, c.pending_nanos, c.approved_nanos, c.rejected_nanos, c.reversed_nanos, c.payout_from, c.occurred_at,
  c.recorded_at, c.changed_at, c.revision, c.restored, c.rules, c.reports, c.attributions`;

const at = (ms: number): string => new Date(ms).toISOString();

const snapshotOf = (row: ConversionRow): ConversionSnapshot => ({
  conversionId: row.id,
  member: row.member,
  revision: row.revision,
  state: row.state,
  event: row.event,
  transactionId: row.transaction_id,
  currency: row.currency,
  money: row.money_known
    ? {
        pending: BigInt(row.pending_nanos),
        approved: BigInt(row.approved_nanos),
        rejected: BigInt(row.rejected_nanos),
        reversed: BigInt(row.reversed_nanos),
      }
    : null,
  marks: row.marks,
  payoutFrom: row.payout_from,
  clickId: row.click_id,
  occurredAtMs: row.occurred_at.getTime(),
  recordedAtMs: row.recorded_at.getTime(),
  changedAtMs: row.changed_at.getTime(),
  restored: row.restored,
});

const setsOf = (rows: readonly ConversionRow[]): Map<string, ConversionSet> => {
  const sets = new Map<string, ConversionSet>();
  for (const row of rows)
    if (row.member === '')
      sets.set(row.id, {
        baseId: row.id,
        identity: row.identity,
        networkKey: row.network_key,
        event: row.event,
        transactionId: row.transaction_id,
        rules: row.rules,
        reports: row.reports.map(restoreReport),
        attributions: row.attributions,
        snapshots: new Map(),
      });
  for (const row of rows) sets.get(row.base_id)?.snapshots.set(row.member, snapshotOf(row));
  return sets;
};

/** Conversion sets by the ids of their own conversions, locked in the order of the ids until the
 * transaction ends. One that does not exist is not in the answer: `writeSets` makes it, and notices
 * when another process made it meanwhile. */
export const lockConversionSets = (db: Queryable, baseIds: readonly string[]): Promise<Map<string, ConversionSet>> =>
  findConversionSets(db, baseIds, 'lock-conversion-sets', 'for update');

/** The same, without those that another process has locked. */
export const lockFreeConversionSets = (
  db: Queryable,
  baseIds: readonly string[],
): Promise<Map<string, ConversionSet>> =>
  findConversionSets(db, baseIds, 'lock-free-conversion-sets', 'for update skip locked');

/** The same without a lock, to look only. */
export const readConversionSetsById = (
  db: Queryable,
  baseIds: readonly string[],
): Promise<Map<string, ConversionSet>> => findConversionSets(db, baseIds, 'find-conversion-sets', '');

const findConversionSets = async (
  db: Queryable,
  baseIds: readonly string[],
  name: string,
  lock: '' | 'for update' | 'for update skip locked',
): Promise<Map<string, ConversionSet>> => {
  if (baseIds.length === 0) return new Map();
  const { rows } = await db.query<ConversionRow>({
    name,
    text: `select ${columns} from conversions c where c.id = any($1::uuid[]) order by c.id ${lock}`,
    values: [[...baseIds].sort()],
  });
  const adding = rows.filter((row) => mayHaveMembers(row.rules)).map((row) => row.id);
  if (adding.length > 0) {
    const members = await db.query<ConversionRow>({
      name: 'read-members',
      text: `select ${columns} from conversions c where c.base_id = any($1::uuid[]) and c.member <> ''`,
      values: [adding],
    });
    rows.push(...members.rows);
  }
  return setsOf(rows);
};

/** Conversion sets read without a lock, for verification. */
export const readConversionSets = async (
  db: Queryable,
  afterId: string,
  limit: number,
): Promise<Map<string, ConversionSet>> => {
  const heads = await db.query<ConversionRow>({
    text: `select ${columns} from conversions c where c.id > $1 and c.member = '' order by c.id limit $2`,
    values: [afterId, limit],
  });
  const members = await db.query<ConversionRow>({
    text: `select ${columns} from conversions c where c.base_id = any($1::uuid[]) and c.member <> ''`,
    values: [heads.rows.map((row) => row.id)],
  });
  return setsOf([...heads.rows, ...members.rows]);
};

type EndedHold = { baseId: string; dueAtMs: number };

/** Conversion sets in which a hold has ended by then, the oldest first. Not locked: the caller
 * locks them and looks again. @param after the last one of the page before. */
export const findEndedHolds = async (
  db: Queryable,
  nowMs: number,
  { after, limit }: { after: EndedHold | null; limit: number },
): Promise<EndedHold[]> => {
  const { rows } = await db.query<{ base_id: string; due_at: Date }>({
    name: 'find-ended-holds',
    text: `select c.base_id, c.due_at from conversions c
      where c.due_at <= $1 and c.due_at >= $2::timestamptz and (c.due_at, c.base_id) > ($2::timestamptz, $3::uuid)
      order by c.due_at, c.base_id limit $4`,
    values: [at(nowMs), at(after?.dueAtMs ?? 0), after?.baseId ?? firstUuid, limit],
  });
  return rows.map((row) => ({ baseId: row.base_id, dueAtMs: row.due_at.getTime() }));
};
const firstUuid = '00000000-0000-0000-0000-000000000000';

type KnownTransaction = {
  networkKey: string;
  transactionId: string;
  clickId: string | null;
  /** Whether a call that was proven to come from its network says so. */
  proven: boolean;
};
type KnownTransactionRow = {
  network_key: string;
  transaction_id: string;
  click_id: string | null;
  proven: boolean;
};
const knownOf = (rows: readonly KnownTransactionRow[]): KnownTransaction[] =>
  rows.map((row) => ({
    networkKey: row.network_key,
    transactionId: row.transaction_id,
    clickId: row.click_id,
    proven: row.proven,
  }));

const findNamed = async (db: Queryable, transactionIds: readonly string[]): Promise<KnownTransaction[]> => {
  const { rows } = await db.query<KnownTransactionRow>({
    name: 'find-named-transactions',
    text: `select network_key, transaction_id, click_id, bool_or(coalesce(proof, authenticated_by) <> 'none'
        and (proof is not null or authenticated_by in ('token', 'operator'))) as proven
      from postbacks where transaction_id = any($1::text[])
      and state in ('applied', 'duplicate') and click_id is not null and network_key is not null
      and coalesce(read -> 'reversalOf' ->> 'value', '') = '' group by 1, 2, 3`,
    values: [transactionIds],
  });
  return knownOf(rows);
};

/** Which networks and clicks have a conversion with these transaction ids. Where conversions are
 *  recognised by their click, a row holds only the first id; the log knows the others. A report
 *  without `z` is proven (libs/domain/conversion/report.ts). */
export const findTransactions = async (
  db: Queryable,
  transactionIds: readonly string[],
): Promise<KnownTransaction[]> => {
  if (transactionIds.length === 0) return [];
  const { rows } = await db.query<KnownTransactionRow>({
    name: 'find-transactions',
    text: `select c.network_key, c.transaction_id, c.click_id,
        bool_or(b.reports @? '$[*] ? (!exists(@.z) && !exists(@.b))') as proven
      from conversions c join conversions b on b.id = c.base_id
      where c.transaction_id = any($1::text[]) and c.state is not null group by 1, 2, 3`,
    values: [transactionIds],
  });
  const found = knownOf(rows);
  const carried = new Set(found.map(({ transactionId }) => transactionId));
  const others = transactionIds.filter((id) => !carried.has(id));
  return others.length === 0 ? found : [...found, ...(await findNamed(db, others))];
};

type Row = { set: ConversionSet; snapshot: ConversionSnapshot };

const rowValues = (rows: readonly Row[]): unknown[] => {
  const column = <Value>(of: (row: Row) => Value): Value[] => rows.map(of);
  const click = ({ set, snapshot }: Row) => set.attributions[snapshot.clickId ?? ''];
  const isHead = ({ snapshot }: Row) => snapshot.member === '';
  return [
    column(({ snapshot }) => snapshot.conversionId),
    column(({ snapshot }) => snapshot.clickId),
    column((row) => click(row)?.campaignKey ?? null),
    column((row) => click(row)?.sourceKey ?? null),
    column((row) => click(row)?.offerKey ?? null),
    column((row) => click(row)?.externalId ?? null),
    column(({ snapshot }) => snapshot.state),
    column(({ snapshot }) => `{${snapshot.marks.join(',')}}`),
    column(({ snapshot }) => snapshot.currency),
    column(({ snapshot }) => snapshot.money !== null),
    column(({ snapshot }) => (snapshot.money?.pending ?? 0n).toString()),
    column(({ snapshot }) => (snapshot.money?.approved ?? 0n).toString()),
    column(({ snapshot }) => (snapshot.money?.rejected ?? 0n).toString()),
    column(({ snapshot }) => (snapshot.money?.reversed ?? 0n).toString()),
    column(({ snapshot }) => snapshot.payoutFrom),
    column((row) => click(row)?.from ?? null),
    column((row) => (click(row) ? at(click(row)?.clickedAtMs ?? 0) : null)),
    column(({ snapshot }) => at(snapshot.occurredAtMs)),
    column(({ snapshot }) => at(snapshot.changedAtMs)),
    column(({ snapshot }) => snapshot.revision),
    column(dueAt),
    column(({ snapshot }) => snapshot.event),
    column(({ snapshot }) => snapshot.transactionId),
    column(({ snapshot }) => snapshot.restored),
    // JSON goes as one array of all rows, see postback-store.ts.
    JSON.stringify(column(({ set }) => set.rules)),
    JSON.stringify(column((row) => (isHead(row) ? row.set.reports.map(storeReport) : []))),
    JSON.stringify(column((row) => row.set.attributions)),
  ];
};

/** When the hold of a pending conversion ends. */
const dueAt = ({ set, snapshot }: Row): string | null => {
  const endsAtMs = holdEndsAt(set, snapshot);
  return endsAtMs === null ? null : at(endsAtMs);
};

const columnsHeld = `id, click_id, campaign_key, source_key, offer_key, external_id, state, marks, currency, money_known, pending_nanos,
  approved_nanos, rejected_nanos, reversed_nanos, payout_from, attributed_by, clicked_at, occurred_at, changed_at, revision, due_at,
  event, transaction_id, restored, rules, reports, attributions`;
const rowsHeld = `unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
  $10::boolean[], $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[], $15::text[], $16::text[], $17::timestamptz[],
  $18::timestamptz[], $19::timestamptz[], $20::integer[], $21::timestamptz[], $22::text[], $23::text[], $24::integer[]),
  jsonb_array_elements($25::jsonb), jsonb_array_elements($26::jsonb), jsonb_array_elements($27::jsonb)`;

const insertConversions = `
insert into conversions (${columnsHeld}, base_id, member, identity, network_key, recorded_at)
select v.id, v.click_id, v.campaign_key, v.source_key, v.offer_key, v.external_id, v.state, v.marks::text[], v.currency, v.money_known,
  v.pending_nanos, v.approved_nanos, v.rejected_nanos, v.reversed_nanos, v.payout_from, v.attributed_by, v.clicked_at, v.occurred_at,
  v.changed_at, v.revision, v.due_at, v.event, v.transaction_id, v.restored, v.rules, v.reports,
  v.attributions, v.base_id, v.member, v.identity, v.network_key, v.recorded_at
from rows from (${rowsHeld}, unnest($28::uuid[], $29::text[], $30::text[], $31::text[], $32::timestamptz[]))
  as v (${columnsHeld}, base_id, member, identity, network_key, recorded_at)
on conflict (id) do nothing`;

const updateConversions = `
update conversions c set click_id = v.click_id, campaign_key = v.campaign_key, source_key = v.source_key, offer_key = v.offer_key,
  external_id = v.external_id, state = v.state, marks = v.marks::text[], currency = v.currency, money_known = v.money_known,
  pending_nanos = v.pending_nanos, approved_nanos = v.approved_nanos, rejected_nanos = v.rejected_nanos,
  reversed_nanos = v.reversed_nanos, payout_from = v.payout_from, attributed_by = v.attributed_by, clicked_at = v.clicked_at,
  occurred_at = v.occurred_at, changed_at = v.changed_at, revision = v.revision, rules = v.rules, reports = v.reports,
  attributions = v.attributions, due_at = v.due_at, event = v.event, transaction_id = v.transaction_id,
  restored = v.restored
from rows from (${rowsHeld}) as v (${columnsHeld})
where c.id = v.id`;

/** A conversion set that is new here was made by another node between our reading and our writing.
 * The transaction has to be rolled back and its batch tried again; then the conversion set is
 * found. */
export class ConcurrentWrite extends Error {}

/** Writes the current conversion sets. `known`: the ids of the conversions that were read
 * under lock; all others are new. Throws ConcurrentWrite. */
export const writeSets = async (
  db: Queryable,
  sets: readonly ConversionSet[],
  known: ReadonlySet<string>,
): Promise<void> => {
  const rows = sets
    .flatMap((set) => [...set.snapshots.values()].map((snapshot) => ({ set, snapshot })))
    .sort((a, b) => (a.snapshot.conversionId < b.snapshot.conversionId ? -1 : 1));
  const fresh = rows.filter(({ snapshot }) => !known.has(snapshot.conversionId));
  const held = rows.filter(({ snapshot }) => known.has(snapshot.conversionId));
  if (fresh.length > 0) {
    const { rowCount } = await db.query({
      name: 'insert-conversions',
      text: insertConversions,
      values: [
        ...rowValues(fresh),
        fresh.map(({ set }) => set.baseId),
        fresh.map(({ snapshot }) => snapshot.member),
        fresh.map(({ set }) => set.identity),
        fresh.map(({ set }) => set.networkKey),
        fresh.map(({ snapshot }) => at(snapshot.recordedAtMs)),
      ],
    });
    if (rowCount !== fresh.length) throw new ConcurrentWrite('a conversion was made by another node meanwhile');
  }
  if (held.length > 0) await db.query({ name: 'update-conversions', text: updateConversions, values: rowValues(held) });
};

const byItself: readonly EntryRule[] = ['hold_ended', 'cap_raised', 'rate_known'];

/** Appends entries. `recordedAtMs` is one for the whole transaction. */
export const appendEntries = async (db: Queryable, entries: readonly Entry[], recordedAtMs: number): Promise<void> => {
  if (entries.length === 0) return;
  const column = <Value>(of: (entry: Entry) => Value): Value[] => entries.map(of);
  await db.query({
    name: 'append-entries',
    text: `insert into ledger_entries (recorded_at, id, conversion_id, revision, postback_id, rule, from_bucket, to_bucket, amount_nanos,
        currency, state, occurred_at, marks)
      select $1::timestamptz, e.id, e.conversion, e.revision, e.postback, e.rule, e.from_bucket, e.to_bucket, e.amount, e.currency,
        e.state, e.occurred, e.marks::text[]
      from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[],
        $11::text[], $12::timestamptz[], $13::text[])
        as e (id, conversion, revision, postback, rule, from_bucket, to_bucket, amount, currency, state, occurred, marks)`,
    values: [
      at(recordedAtMs),
      column((entry) => entry.id),
      column((entry) => entry.conversionId),
      column((entry) => entry.revision),
      // A hold that ended, a cap that was raised and a rate that came have no postback behind them.
      column((entry) => (byItself.includes(entry.rule) ? null : entry.causeId)),
      column((entry) => entry.rule),
      column((entry) => entry.from),
      column((entry) => entry.to),
      column((entry) => entry.amountNanos.toString()),
      column((entry) => entry.currency),
      column((entry) => entry.state),
      column((entry) => at(entry.occurredAtMs)),
      column((entry) => `{${entry.marks.join(',')}}`),
    ],
  });
};
