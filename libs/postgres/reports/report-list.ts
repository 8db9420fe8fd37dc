import { bucketNames, type Buckets, type FigureRow } from '#domain';
import type { Queryable } from '../connection/database.js';
import { createFilter, type Choice } from '../lists/list-filter.js';
import type { TokenChoice } from '../lists/conversion-filter.js';
import { groupExpression, tokenOf, type ReportGroup } from './report-groups.js';
import { bookFigures, type Books } from './report-books.js';
import { figureColumns, rollupFigures, withTokenValues } from './report-source.js';

/** Figures of a report. Without `books` they are those that attribution writes in the
 *  transaction that changes the ledger, so their sum is that of the entries at every commit.
 *  With `books` they are made of the ledger itself: slower, but as of any moment, and by any of
 *  the times of a conversion. */
const filterColumns = {
  campaignKey: 'campaign_key',
  sourceKey: 'source_key',
  offerKey: 'offer_key',
  networkKey: 'network_key',
  event: 'event',
} as const;
type FilterName = keyof typeof filterColumns;
export type ReportFilter = { [Name in FilterName]?: Choice | undefined } & {
  /** Multiples of a quarter of an hour, unless with `books`. From is in the report, to is not. */
  from: Date;
  to: Date;
  tokens?: readonly TokenChoice[] | undefined;
};
type ReportRequest = {
  groups: readonly ReportGroup[];
  timeZone: string;
  books: Books | null;
  /** Into which amounts will be converted: rows of other currencies are then apart for each day
   *  of a rate. */
  currency?: string | undefined;
};

/** Zones in which days are those of UTC. */
const utc = /^(?:UTC|Etc\/UTC|Etc\/GMT|GMT|[+-]00:?00)$/;

const sums = figureColumns
  .map((name) => `sum(f.${name})::${name.endsWith('_nanos') ? 'text' : 'float8'} as ${name}`)
  .join(', ');

/** In figures an empty text is the value of what has none. */
const whereOf = (filter: ReportFilter, tokens: readonly string[], books: Books | null) => {
  // Restated costs of the ledger are of a day; roll-ups are cut to the time already.
  const where = createFilter()
    .and('f.at >= $?', books ? filter.from : undefined)
    .and('f.at < $?', books ? filter.to : undefined);
  for (const name of Object.keys(filterColumns) as FilterName[]) {
    const choice = filter[name];
    where.and(`f.${filterColumns[name]} ${choice?.not ? '<> all' : '= any'}($?::text[])`, choice?.values);
  }
  for (const { name, ...choice } of filter.tokens ?? []) where.choose(`f.v${tokens.indexOf(name)}`, choice);
  return where;
};

type Row = Record<string, string | number | null> & { currency: string; rateDay: string };

/** One row per group and currency, in the order of the groups; a foreign currency has one for
 *  each day of its rate. */
export const listReport = async (
  db: Queryable,
  { groups, timeZone, books, currency }: ReportRequest,
  filter: ReportFilter,
  limit: number,
): Promise<FigureRow[]> => {
  const named = [...groups.flatMap((group) => tokenOf(group) ?? []), ...(filter.tokens ?? []).map(({ name }) => name)];
  const tokens = [...new Set(named)];
  const where = whereOf(filter, tokens, books);
  const place = (given: unknown): string => `$${where.values.push(given)}`;
  const ofToken = (token: string): string => `f.v${tokens.indexOf(token)}`;
  const columns = groups.map(
    (group, at) => `${groupExpression(group, timeZone, ofToken, { at: 'f.at', alias: 'f', place })} as g${at}`,
  );
  const withinDays = groups.includes('hour') || (groups.includes('day') && !utc.test(timeZone));
  const byDays = groups.includes('day') || currency !== undefined;
  const byPlace =
    groups.some((group) => tokenOf(group) === null && group !== 'day' && group !== 'hour') ||
    (Object.keys(filterColumns) as FilterName[]).some((name) => filter[name] !== undefined);
  const { from, to } = filter;
  const choice = tokens.length === 1 ? filter.tokens?.[0] : undefined;
  const values = choice && !choice.not && !choice.values.includes('') ? choice.values : null;
  const source = books
    ? withTokenValues(bookFigures(books, filter, place), tokens, place)
    : rollupFigures({ from, to, tokens, withinDays, byDays, byPlace, values }, place);
  const ownCurrency = currency === undefined ? 'true' : `f.currency in ('', ${place(currency)})`;
  const rateDay = `case when ${ownCurrency} then '' else to_char(f.at at time zone 'UTC', 'YYYY-MM-DD') end as "rateDay"`;
  const places = [...groups, 'currency', 'rateDay'].map((_, at) => at + 1).join(', ');
  const { rows } = await db.query<Row>(
    `select ${[...columns, 'f.currency', rateDay, sums].join(', ')}
     from (${source}) f where ${where.where()} group by ${places}
     having ${figureColumns.map((name) => `sum(f.${name}) <> 0`).join(' or ')} order by ${places} limit ${limit}`,
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
