import type { FigureRow } from '#domain';
import type { Queryable } from '../connection/database.js';
import { createFilter, type Choice } from '../lists/list-filter.js';
import type { TokenChoice } from '../lists/conversion-filter.js';
import { groupExpression, tokenOf, type ReportGroup } from './report-groups.js';
import { bookFigures, type Books } from './report-books.js';
import { figureRowOf, type ReportRow } from './report-row.js';
import { orderOf, type ReportSort } from './report-sort.js';
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

/** What a click and a conversion are asked for themselves, so that no other is read. */
const keysOf = (filter: ReportFilter, place: (given: unknown) => string, alias: string): string => {
  const names = ['campaignKey', 'sourceKey', 'offerKey', 'networkKey'] as const;
  const conditions = names.flatMap((name) => {
    const choice = filter[name];
    if (!choice || choice.not || choice.values.includes('')) return [];
    return [`${alias}.${filterColumns[name]} = any(${place(choice.values)}::text[])`];
  });
  return conditions.join(' and ') || 'true';
};

/** What a report reads: its groups as expressions, its rows with their conditions, and the
 *  parameters of both. */
type ReportText = { keys: readonly string[]; from: string; values: unknown[]; place: (given: unknown) => string };

const reportText = ({ groups, timeZone, books, currency }: ReportRequest, filter: ReportFilter): ReportText => {
  const named = [...groups.flatMap((group) => tokenOf(group) ?? []), ...(filter.tokens ?? []).map(({ name }) => name)];
  const tokens = [...new Set(named)];
  const where = whereOf(filter, tokens, books);
  const place = (given: unknown): string => `$${where.values.push(given)}`;
  const ofToken = (token: string): string => `f.v${tokens.indexOf(token)}`;
  const keys = groups.map((group) => groupExpression(group, timeZone, ofToken, { at: 'f.at', alias: 'f', place }));
  const withinDays = groups.includes('hour') || (groups.includes('day') && !utc.test(timeZone));
  const byDays = groups.includes('day') || currency !== undefined;
  const byPlace =
    groups.some((group) => tokenOf(group) === null && group !== 'day' && group !== 'hour') ||
    (Object.keys(filterColumns) as FilterName[]).some((name) => filter[name] !== undefined);
  const { from, to } = filter;
  const choice = tokens.length === 1 ? filter.tokens?.[0] : undefined;
  const values = choice && !choice.not && !choice.values.includes('') ? choice.values : null;
  const source = books
    ? withTokenValues(
        bookFigures(books, filter, place, (alias) => keysOf(filter, place, alias)),
        tokens,
        place,
      )
    : rollupFigures({ from, to, tokens, withinDays, byDays, byPlace, values }, place);
  return { keys, from: `(${source}) f where ${where.where()}`, values: where.values, place };
};

const isFigure = (column: string): string => `${column} <> 0`;
/** A sum of floats holds counts exactly (below 2^53) in eight bytes per group. One of decimals
 *  needs hundreds, so it is begun only for what has money. */
const sumOf = (name: string): string =>
  name.endsWith('_nanos') ? `coalesce(sum(f.${name}) filter (where f.${name} <> 0), 0)` : `sum(f.${name}::float8)`;
/** What `figureRowOf` reads of figures: money exactly, as a text. */
const shown = (expression: (name: string) => string): string =>
  figureColumns
    .map((name) => `${expression(name)}::${name.endsWith('_nanos') ? 'text' : 'float8'} as ${name}`)
    .join(', ');

/** One row per group and currency, in the order of the groups; a foreign currency has one for
 *  each day of its rate. */
export const listReport = async (
  db: Queryable,
  request: ReportRequest,
  filter: ReportFilter,
  limit: number,
): Promise<FigureRow[]> => {
  const { keys, from, values, place } = reportText(request, filter);
  const { currency, groups } = request;
  const ownCurrency = currency === undefined ? 'true' : `f.currency in ('', ${place(currency)})`;
  const rateDay = `case when ${ownCurrency} then '' else to_char(f.at at time zone 'UTC', 'YYYY-MM-DD') end as "rateDay"`;
  const columns = [...keys.map((key, at) => `${key} as g${at}`), 'f.currency', rateDay];
  const places = columns.map((_, at) => at + 1).join(', ');
  const { rows } = await db.query<ReportRow>(
    `select ${[...columns, shown(sumOf)].join(', ')}
     from ${from} group by ${places}
     having ${figureColumns.map((name) => isFigure(sumOf(name))).join(' or ')} order by ${places} limit ${limit}`,
    values,
  );
  return rows.map((row) => figureRowOf(row, groups.length));
};

type ReportPage = {
  rows: FigureRow[];
  /** The sum of all lines by currency, and how many of its lines there are. */
  totals: (FigureRow & { lines: number })[];
};

/** One page of the lines, sorted and added up by Postgres: a token may have any number of values.
 *  As in `addUpFigures`, what has no currency joins the only one of its key. */
export const readReportPage = async (
  db: Queryable,
  request: Omit<ReportRequest, 'currency'>,
  filter: ReportFilter,
  { sort, skip, limit }: { sort: ReportSort; skip: number; limit: number },
): Promise<ReportPage> => {
  const { keys, from, values } = reportText(request, filter);
  const names = keys.map((_, at) => `g${at}`);
  const groups = names.join(', ');
  const sums = (of: (name: string) => string): string =>
    figureColumns.map((name) => `${of(name)} as ${name}`).join(', ');
  const { rows } = await db.query<ReportRow & { part: 'line' | 'total'; lines: number }>(
    `with apart as (
       select ${keys.map((key, at) => `${key} as g${at}`).join(', ')}, f.currency, ${sums(sumOf)} from ${from}
       group by ${names.map((_, at) => at + 1).join(', ')}, f.currency
     ), placed as (
       select *, min(nullif(currency, '')) over own as one, max(nullif(currency, '')) over own as other
       from apart where ${figureColumns.map(isFigure).join(' or ')} window own as (partition by ${groups})
     ), lines as materialized (
       select ${groups}, case when currency = '' and one = other then one else currency end as currency, ${sums((name) => `sum(placed.${name})`)}
       from placed group by ${groups}, ${names.length + 1}
     ), page as (
       select * from lines order by ${orderOf(sort, [...names, 'currency'])} limit ${limit} offset ${skip}
     )
     select 'line' as part, row_number() over () as n, 0::float8 as lines, ${groups}, currency, ${shown((name) => name)} from page
     union all
     select 'total', 0, count(*)::float8, ${names.map(() => 'null').join(', ')}, currency, ${shown((name) => `sum(${name})`)}
     from lines group by currency order by n, currency`,
    values,
  );
  const read = (row: ReportRow) => figureRowOf({ ...row, rateDay: '' }, names.length);
  return {
    rows: rows.filter(({ part }) => part === 'line').map(read),
    totals: rows.filter(({ part }) => part === 'total').map((row) => ({ ...read(row), key: [], lines: row.lines })),
  };
};
