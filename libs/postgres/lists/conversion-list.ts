import type { ConversionState, Mark } from '#domain';
import type { Queryable } from '../connection/database.js';
import { conversionWhere, type ConversionFilter } from './conversion-filter.js';
import { runList, type List, type Page } from './run-list.js';

/** Conversions and their ledger entries, as the API reads them. Amounts are nanos as decimal
 *  text: totals outgrow bigint columns and floats alike. Written by attribution. */
export type ConversionRow = {
  id: string;
  networkKey: string;
  clickId: string | null;
  externalId: string | null;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  event: string | null;
  transactionId: string | null;
  state: ConversionState;
  marks: Mark[];
  currency: string | null;
  moneyKnown: boolean;
  pendingNanos: string;
  approvedNanos: string;
  rejectedNanos: string;
  reversedNanos: string;
  payoutFrom: string | null;
  attributedBy: string | null;
  clickAt: Date | null;
  occurredAt: Date;
  recordedAt: Date;
  changedAt: Date;
  revision: number;
};

const columns = `id, network_key as "networkKey", click_id as "clickId", external_id as "externalId",
  campaign_key as "campaignKey", source_key as "sourceKey", offer_key as "offerKey", event,
  transaction_id as "transactionId", state, marks, currency, money_known as "moneyKnown",
  pending_nanos as "pendingNanos", approved_nanos as "approvedNanos", rejected_nanos as "rejectedNanos",
  reversed_nanos as "reversedNanos", payout_from as "payoutFrom", attributed_by as "attributedBy",
  clicked_at as "clickAt", occurred_at as "occurredAt", recorded_at as "recordedAt", changed_at as "changedAt", revision`;

export const conversionList = (filter: ConversionFilter): List => ({
  columns,
  from: 'conversions',
  time: 'recorded_at',
  id: 'id',
  filter: conversionWhere(filter),
});

/** Newest first, by when they were first recorded. A row without a state is no conversion: all
 *  its reports are refused. */
export const listConversions = (db: Queryable, filter: ConversionFilter, page: Page) =>
  runList<ConversionRow>(db, conversionList(filter), page);

export type EntryRow = {
  id: string;
  postbackId: string | null;
  rule: string;
  from: string;
  to: string;
  amountNanos: string;
  currency: string | null;
  state: ConversionState | null;
  marks: Mark[];
  occurredAt: Date;
  recordedAt: Date;
  revision: number;
};

/** The entries of conversions in the order in which they were made; `asOf` leaves out what was
 *  recorded later. */
export const listEntries = async (
  db: Queryable,
  conversionIds: readonly string[],
  asOf: Date | null,
): Promise<(EntryRow & { conversionId: string })[]> => {
  const { rows } = await db.query<EntryRow & { conversionId: string }>(
    `select id, conversion_id as "conversionId", postback_id as "postbackId", rule, from_bucket as "from", to_bucket as "to", amount_nanos as "amountNanos",
       currency, state, marks, occurred_at as "occurredAt", recorded_at as "recordedAt", revision
     from ledger_entries
     where conversion_id = any($1::uuid[]) and ($2::timestamptz is null or recorded_at <= $2)
     order by recorded_at, revision, id`,
    [conversionIds, asOf],
  );
  return rows;
};

/** The conversions that carry these transaction ids, of one network or of any; where several do,
 *  the newest. */
export const findConversionsByTransaction = async (
  db: Queryable,
  transactionIds: readonly string[],
  networkKey: string | null,
): Promise<Map<string, { id: string; state: ConversionState }>> => {
  if (transactionIds.length === 0) return new Map();
  const { rows } = await db.query<{ transactionId: string; id: string; state: ConversionState }>(
    `select distinct on (transaction_id) transaction_id as "transactionId", id, state from conversions
     where transaction_id = any($1) and state is not null and ($2::text is null or network_key = $2)
     order by transaction_id, recorded_at desc`,
    [transactionIds, networkKey],
  );
  return new Map(rows.map(({ transactionId, ...conversion }) => [transactionId, conversion]));
};
