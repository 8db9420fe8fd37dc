import { bucketNames, emptyBuckets, type Buckets } from './buckets.js';
import { divideHalfEven, formatNanos, nanosPerUnit } from './money.js';
import { convertNanos } from './rates.js';

/** Figures of a report, from the rows that Postgres adds up to the lines of the answer. Amounts of
 *  different currencies are never added: they have lines of their own, or all are converted into
 *  one currency at the rate of the day in which their conversion is counted. That day never
 *  changes, so a later reversal nets to zero. */
type Counts = {
  clicks: number;
  uniqueClicks: number;
  pending: number;
  approved: number;
  rejected: number;
  reversed: number;
  moneyUnknown: number;
};
const countNames = ['clicks', 'uniqueClicks', 'pending', 'approved', 'rejected', 'reversed', 'moneyUnknown'] as const;

/** `currency` empty: what has no money, clicks above all. `rateDay`: the day (UTC) of which the
 *  rate counts. */
export type FigureRow = {
  key: readonly (string | null)[];
  rateDay: string;
  currency: string;
  counts: Counts;
  money: Buckets;
  costNanos: bigint;
};
type Amounts = { money: Buckets; costNanos: bigint };
/** `unconverted`: amounts that are in no sum, because there is no rate for them (P5). */
export type FigureLine = Amounts & {
  key: readonly (string | null)[];
  currency: string;
  counts: Counts;
  unconverted: ({ currency: string } & Amounts)[];
};

const noCounts = (): Counts => ({
  clicks: 0,
  uniqueClicks: 0,
  pending: 0,
  approved: 0,
  rejected: 0,
  reversed: 0,
  moneyUnknown: 0,
});
const emptyLine = (key: FigureRow['key'], currency: string): FigureLine => ({
  key,
  currency,
  counts: noCounts(),
  money: emptyBuckets(),
  costNanos: 0n,
  unconverted: [],
});

const addCounts = (to: Counts, more: Counts): void => {
  for (const name of countNames) to[name] += more[name];
};
const addAmounts = (to: Amounts, { money, costNanos }: Amounts): void => {
  for (const name of bucketNames) to.money[name] += money[name];
  to.costNanos += costNanos;
};
const isNothing = ({ money, costNanos }: Amounts): boolean =>
  costNanos === 0n && bucketNames.every((name) => money[name] === 0n);

const converted = (
  row: FigureRow,
  into: string,
  rateOf: (day: string, currency: string) => bigint | null,
): Amounts | null => {
  const convert = (nanos: bigint) =>
    convertNanos(nanos, row.currency, into, (currency) => rateOf(row.rateDay, currency));
  const costNanos = convert(row.costNanos);
  if (costNanos === null) return null;
  const money = emptyBuckets();
  for (const name of bucketNames) money[name] = convert(row.money[name]) ?? 0n;
  return { money, costNanos };
};

type Into = { currency: string; rateOf: (day: string, currency: string) => bigint | null };

/** Adds rows up to lines, in the order in which their keys come. Without `into` a key has a line
 *  per currency; what has no currency joins the only one there is. */
export const addUpFigures = (rows: readonly FigureRow[], into: Into | null): FigureLine[] => {
  const byKey = Map.groupBy(rows, ({ key }) => JSON.stringify(key));
  return [...byKey.values()].flatMap((own) => (into ? [inOneCurrency(own, into)] : byCurrency(own)));
};

const inOneCurrency = (rows: readonly FigureRow[], { currency, rateOf }: Into): FigureLine => {
  const line = emptyLine(rows[0]?.key ?? [], currency);
  for (const row of rows) {
    addCounts(line.counts, row.counts);
    if (isNothing(row)) continue;
    const amounts = converted(row, currency, rateOf);
    if (amounts) {
      addAmounts(line, amounts);
      continue;
    }
    let apart = line.unconverted.find((each) => each.currency === row.currency);
    if (!apart) line.unconverted.push((apart = { currency: row.currency, money: emptyBuckets(), costNanos: 0n }));
    addAmounts(apart, row);
  }
  return line;
};

const byCurrency = (rows: readonly FigureRow[]): FigureLine[] => {
  const currencies = [...new Set(rows.map(({ currency }) => currency).filter((each) => each !== ''))];
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const lines = new Map<string, FigureLine>();
  for (const row of rows) {
    const currency = row.currency === '' && only !== undefined ? only : row.currency;
    const line = lines.get(currency) ?? emptyLine(row.key, currency);
    lines.set(currency, line);
    addCounts(line.counts, row.counts);
    addAmounts(line, row);
  }
  return [...lines.values()];
};

/** With six decimals. */
const ratio = (dividend: bigint, divisor: bigint): string | null =>
  divisor === 0n ? null : formatNanos(divideHalfEven(dividend * 1_000_000n, divisor) * 1_000n);

/** What a media buyer looks at first; null where there is nothing to divide by. `cr`:
 *  conversions pending or approved, per click. `epc`: approved money per click. `roi`: profit
 *  per unit of cost. `approvalRate`: approved conversions among the decided ones.
 *  `averagePayout`: approved money per approved conversion. */
export const ratesOfReturn = ({ counts, money, costNanos }: Pick<FigureLine, 'counts' | 'money' | 'costNanos'>) => {
  const [clicks, approved] = [BigInt(counts.clicks), BigInt(counts.approved)];
  return {
    cr: ratio(BigInt(counts.pending + counts.approved), clicks),
    epc: ratio(money.approved, clicks * nanosPerUnit),
    roi: ratio(money.approved - costNanos, costNanos),
    approvalRate: ratio(approved, BigInt(counts.approved + counts.rejected + counts.reversed)),
    averagePayout: ratio(money.approved, approved * nanosPerUnit),
  };
};
