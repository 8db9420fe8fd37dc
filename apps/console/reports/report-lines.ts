import { addUpFigures, type FigureLine, type FigureRow } from '#domain';
import {
  findRates,
  listReport,
  readReportPage,
  type Books,
  type ReportFilter,
  type ReportGroup,
  type ReportSort,
} from '#postgres';
import type { Pool } from 'pg';
import { Problem } from '../http/problem.js';
import { sortLines, totalOf } from './report-line.js';

export type AskedReport = {
  request: { groups: readonly ReportGroup[]; timeZone: string; books: Books | null };
  filter: ReportFilter;
  /** Into which everything is converted. */
  currency: string | undefined;
};
type LinePage = {
  page: FigureLine[];
  totals: FigureLine[];
  /** The lines that are not on the page. Null: there are none. */
  rest: { lines: number; figures: FigureLine[] } | null;
  hasMore: boolean;
};
type Cut = { sort: ReportSort; skip: number; limit: number };

/** Before they are added up: a line has a row for each currency, and for each day of a rate. */
const maxRows = 500_000;

/** Every line, in the order of its key.
 *
 *  @throws Problem when there are more rows than can be added up at once. */
export const readAllLines = async (pool: Pool, { request, filter, currency }: AskedReport): Promise<FigureLine[]> => {
  const rows = await listReport(pool, { ...request, currency }, filter, maxRows + 1);
  if (rows.length > maxRows)
    throw new Problem(422, 'too_many_lines', 'this report has too many lines: shorten the time or group by less');
  return addUpFigures(rows, currency === undefined ? null : await ratesInto(pool, currency, rows));
};

/** One page of the lines. Those in their own currencies are sorted and cut by Postgres; converted
 *  ones are known only here. */
export const readLinePage = async (pool: Pool, asked: AskedReport, cut: Cut): Promise<LinePage> =>
  asked.currency === undefined ? ownCurrencies(pool, asked, cut) : converted(pool, asked, cut);

/** What is to be taken away from a sum of all lines. */
const negated = ({ counts, money, costNanos, ...row }: FigureRow): FigureRow => ({
  ...row,
  key: [],
  counts: mapValues(counts, (count) => -count),
  money: mapValues(money, (nanos) => -nanos),
  costNanos: -costNanos,
});
const mapValues = <Name extends string, Value>(of: Record<Name, Value>, change: (value: Value) => Value) =>
  Object.fromEntries(Object.entries<Value>(of).map(([name, value]) => [name, change(value)])) as Record<Name, Value>;

const converted = async (pool: Pool, asked: AskedReport, { sort, skip, limit }: Cut): Promise<LinePage> => {
  const lines = sortLines(await readAllLines(pool, asked), sort);
  const others = [...lines.slice(0, skip), ...lines.slice(skip + limit)];
  return {
    page: lines.slice(skip, skip + limit),
    totals: totalOf(lines, asked.currency),
    rest: others.length === 0 ? null : { lines: others.length, figures: totalOf(others, asked.currency) },
    hasMore: skip + limit < lines.length,
  };
};

const ownCurrencies = async (pool: Pool, { request, filter }: AskedReport, cut: Cut): Promise<LinePage> => {
  const { rows, totals } = await readReportPage(pool, request, filter, cut);
  const lines = totals.reduce((sum, each) => sum + each.lines, 0);
  const onPage = Map.groupBy(rows, ({ currency }) => currency);
  const others = totals.filter(({ currency, lines: all }) => all > (onPage.get(currency)?.length ?? 0));
  const taken = others.flatMap(({ currency }) => onPage.get(currency) ?? []).map(negated);
  return {
    // Each on its own: Postgres has added up and sorted them.
    page: rows.flatMap((row) => addUpFigures([row], null)),
    totals: addUpFigures(totals, null),
    rest:
      others.length === 0 ? null : { lines: lines - rows.length, figures: addUpFigures([...others, ...taken], null) },
    hasMore: cut.skip + cut.limit < lines,
  };
};

/** The rates that these rows are converted by. */
const ratesInto = async (pool: Pool, currency: string, rows: readonly Pick<FigureRow, 'currency' | 'rateDay'>[]) => {
  const foreign = rows.filter((row) => row.rateDay !== '');
  const days = new Set(foreign.map(({ rateDay }) => rateDay));
  const currencies = new Set([currency, ...foreign.map((row) => row.currency)].filter((each) => each !== 'EUR'));
  const wanted = [...days].flatMap((day) => [...currencies].map((each) => ({ day, currency: each })));
  const rates = await findRates(pool, wanted);
  return { currency, rateOf: (day: string, each: string) => rates.get(`${day} ${each}`) ?? null };
};
