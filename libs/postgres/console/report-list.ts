import { bucketNames, type Buckets, type FigureRow } from '#domain';
import type { Queryable } from '../connection/database.js';
import { createFilter } from './list-filter.js';
import { bookFigures, type Books } from './report-books.js';

/** Figures by what somebody asks for. Without `books` from the hourly ones, which attribution writes in the transaction that changes the
 *  ledger, so their sum is that of the entries at every moment; with it from the ledger itself, which takes longer and knows more: what
 *  was known as of a moment, and by which of its times a conversion is counted. */
export const reportGroups = ['day', 'hour', 'campaign', 'source', 'offer', 'network', 'event'] as const;
/** `token.zone`: by the values of one token. */
export type ReportGroup = (typeof reportGroups)[number] | `token.${string}`;
export type ReportFilter = {
  from: Date;
  to: Date;
  campaignKey?: string;
  sourceKey?: string;
  offerKey?: string;
  networkKey?: string;
  event?: string;
  token?: { name: string; value: string };
};
export type ReportRequest = { groups: readonly ReportGroup[]; timeZone: string; books: Books | null };

type Row = Record<string, string | number | null> & { currency: string; rateDay: string };

/** A group is chosen by name; what comes from outside (a token's name, a zone) is a parameter. An empty text stands for "none". */
const expressionOf = (group: ReportGroup, timeZone: string, value: (given: unknown) => string): string => {
  // Written as a text, an offset would be read with its sign the other way round.
  if (group === 'day')
    return `to_char(f.hour at time zone ${value(timeZone)}${/^[+-]/.test(timeZone) ? '::interval' : '::text'}, 'YYYY-MM-DD')`;
  if (group === 'hour') return `to_char(date_trunc('hour', f.hour) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  if (group.startsWith('token.')) return `f.tokens ->> ${value(group.slice('token.'.length))}::text`;
  return `nullif(f.${group === 'event' ? 'event' : `${group}_key`}, '')`;
};

const countColumns = ['clicks', 'unique_clicks', ...bucketNames.map((name) => `${name}_count`), 'unknown_count'];
const moneyColumns = [...bucketNames.map((name) => `${name}_nanos`), 'cost_nanos'];
const sums = [
  ...countColumns.map((name) => `sum(f.${name})::float8 as ${name}`),
  ...moneyColumns.map((name) => `sum(f.${name})::text as ${name}`),
].join(', ');

/** One row per group, currency and day of its rate, in the order of the groups. */
export const listReport = async (
  db: Queryable,
  { groups, timeZone, books }: ReportRequest,
  filter: ReportFilter,
  limit: number,
): Promise<FigureRow[]> => {
  const where = createFilter()
    .and('f.hour >= $?', filter.from)
    .and('f.hour < $?', filter.to)
    .and('f.campaign_key = $?', filter.campaignKey)
    .and('f.source_key = $?', filter.sourceKey)
    .and('f.offer_key = $?', filter.offerKey)
    .and('f.network_key = $?', filter.networkKey)
    .and('f.event = $?', filter.event)
    .and('f.tokens @> $?::jsonb', filter.token && JSON.stringify({ [filter.token.name]: filter.token.value }));
  const value = (given: unknown): string => `$${where.values.push(given)}`;
  const columns = groups.map((group, at) => `${expressionOf(group, timeZone, value)} as g${at}`);
  const source = books ? `(${bookFigures(books, filter, value)})` : 'rollups';
  const places = [...groups, 'currency', 'rateDay'].map((_, at) => at + 1).join(', ');
  const { rows } = await db.query<Row>(
    `select ${[...columns, 'f.currency', `to_char(f.hour at time zone 'UTC', 'YYYY-MM-DD') as "rateDay"`, sums].join(', ')}
     from ${source} f where ${where.where()} group by ${places} order by ${places} limit ${limit}`,
    where.values,
  );
  return rows.map((row) => figureRowOf(row, groups.length));
};

const figureRowOf = (row: Row, groups: number): FigureRow => {
  const nanos = (column: string) => BigInt(row[column] ?? 0);
  const count = (column: string) => Number(row[column] ?? 0);
  return {
    key: Array.from({ length: groups }, (_, at) => (row[`g${at}`] as string | null) ?? null),
    rateDay: row.rateDay,
    currency: row.currency,
    counts: {
      clicks: count('clicks'),
      uniqueClicks: count('unique_clicks'),
      pending: count('pending_count'),
      approved: count('approved_count'),
      rejected: count('rejected_count'),
      reversed: count('reversed_count'),
      moneyUnknown: count('unknown_count'),
    },
    money: Object.fromEntries(bucketNames.map((name) => [name, nanos(`${name}_nanos`)])) as Buckets,
    costNanos: nanos('cost_nanos'),
  };
};
