import type { Queryable } from './database.js';
import { createFilter } from './list-filter.js';

/** Figures by hour, added up by what somebody asks for. Written by attribution in the transaction that changes the ledger, so their sum
 *  is that of the entries at every moment. */
export const reportGroups = ['day', 'hour', 'campaign', 'source', 'offer', 'network', 'event'] as const;
export type ReportGroup = (typeof reportGroups)[number];
export type ReportFilter = {
  from: Date;
  to: Date;
  campaignKey?: string;
  sourceKey?: string;
  offerKey?: string;
  networkKey?: string;
  event?: string;
  currency?: string;
};
/** Money and counts as decimal text: sums outgrow what JavaScript counts exactly. */
export type ReportRow = { [Group in ReportGroup]?: string | null } & {
  currency: string;
  clicks: number;
  uniqueClicks: number;
  pending: number;
  approved: number;
  rejected: number;
  reversed: number;
  moneyUnknown: number;
  pendingNanos: string;
  approvedNanos: string;
  rejectedNanos: string;
  reversedNanos: string;
  costNanos: string;
};

/** Texts of this file only: a group is chosen by name and never spliced in from outside. An empty text stands for "none". */
const expressions: Record<ReportGroup, string> = {
  day: `to_char(hour at time zone 'UTC', 'YYYY-MM-DD')`,
  hour: `to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:00:00"Z"')`,
  campaign: `nullif(campaign_key, '')`,
  source: `nullif(source_key, '')`,
  offer: `nullif(offer_key, '')`,
  network: `nullif(network_key, '')`,
  event: `nullif(event, '')`,
};

const sums = `coalesce(sum(clicks), 0)::float8 as clicks, coalesce(sum(unique_clicks), 0)::float8 as "uniqueClicks",
  coalesce(sum(pending_count), 0)::float8 as pending, coalesce(sum(approved_count), 0)::float8 as approved,
  coalesce(sum(rejected_count), 0)::float8 as rejected, coalesce(sum(reversed_count), 0)::float8 as reversed,
  coalesce(sum(unknown_count), 0)::float8 as "moneyUnknown", coalesce(sum(pending_nanos), 0)::text as "pendingNanos",
  coalesce(sum(approved_nanos), 0)::text as "approvedNanos", coalesce(sum(rejected_nanos), 0)::text as "rejectedNanos",
  coalesce(sum(reversed_nanos), 0)::text as "reversedNanos", coalesce(sum(cost_nanos), 0)::text as "costNanos"`;

/** One row per group and currency, in the order of the groups: amounts of different currencies are never added up. */
export const listReport = async (
  db: Queryable,
  groups: readonly ReportGroup[],
  filter: ReportFilter,
  limit: number,
): Promise<ReportRow[]> => {
  const where = createFilter()
    .and('hour >= $?', filter.from)
    .and('hour < $?', filter.to)
    .and('campaign_key = $?', filter.campaignKey)
    .and('source_key = $?', filter.sourceKey)
    .and('offer_key = $?', filter.offerKey)
    .and('network_key = $?', filter.networkKey)
    .and('event = $?', filter.event)
    .and('currency = $?', filter.currency);
  const columns = groups.map((group) => `${expressions[group]} as "${group}", `).join('');
  const places = [...groups, 'currency'].map((_, index) => index + 1).join(', ');
  const { rows } = await db.query<ReportRow>(
    `select ${columns}currency, ${sums} from rollups where ${where.where()}
     group by ${places} order by ${places} limit ${limit}`,
    where.values,
  );
  return rows;
};
