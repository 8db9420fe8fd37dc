import { addUpFigures, bucketNames, formatNanos, ratesOfReturn, type FigureLine } from '#domain';
import { reportFigures, type ReportFigure, type ReportSort } from '#postgres';
import { z } from 'zod';

/** A line of a report as the API answers it, and how lines are sorted and summed. */

const money = z.object({ pending: z.string(), approved: z.string(), rejected: z.string(), reversed: z.string() });
export const figuresAnswer = z
  .object({
    currency: z.string(),
    clicks: z.int(),
    uniqueClicks: z.int(),
    conversions: z.object({ pending: z.int(), approved: z.int(), rejected: z.int(), reversed: z.int() }),
    moneyUnknown: z.int(),
    money,
    revenue: z.string(),
    cost: z.string(),
    profit: z.string(),
    cr: z.string().nullable(),
    epc: z.string().nullable(),
    roi: z.string().nullable(),
    approvalRate: z.string().nullable(),
    averagePayout: z.string().nullable(),
    unconverted: z.array(z.object({ currency: z.string(), money, cost: z.string() })),
  })
  .meta({ id: 'Figures' });
type Figures = z.infer<typeof figuresAnswer>;

const showMoney = (buckets: FigureLine['money']): z.infer<typeof money> => ({
  pending: formatNanos(buckets.pending),
  approved: formatNanos(buckets.approved),
  rejected: formatNanos(buckets.rejected),
  reversed: formatNanos(buckets.reversed),
});

/** Revenue is what is approved, profit that less the cost. Unknown money is in neither;
 *  `moneyUnknown` counts its conversions (P5). */
export const showFigures = (line: FigureLine): Figures => {
  const { clicks, uniqueClicks, moneyUnknown, pending, approved, rejected, reversed } = line.counts;
  return {
    currency: line.currency,
    clicks,
    uniqueClicks,
    conversions: { pending, approved, rejected, reversed },
    moneyUnknown,
    money: showMoney(line.money),
    revenue: formatNanos(line.money.approved),
    cost: formatNanos(line.costNanos),
    profit: formatNanos(line.money.approved - line.costNanos),
    ...ratesOfReturn(line),
    unconverted: line.unconverted.map((each) => ({
      currency: each.currency,
      money: showMoney(each.money),
      cost: formatNanos(each.costNanos),
    })),
  };
};

/** What lines can be sorted by. Ratios are compared as numbers; what has none comes last. */
const scale = 1_000_000;
const over = (dividend: bigint, divisor: bigint): number | null =>
  divisor === 0n ? null : Number((dividend * BigInt(scale)) / divisor) / scale;
const figures = {
  clicks: ({ counts }) => counts.clicks,
  uniqueClicks: ({ counts }) => counts.uniqueClicks,
  conversions: ({ counts }) => counts.pending + counts.approved,
  pending: ({ counts }) => counts.pending,
  approved: ({ counts }) => counts.approved,
  rejected: ({ counts }) => counts.rejected,
  reversed: ({ counts }) => counts.reversed,
  moneyUnknown: ({ counts }) => counts.moneyUnknown,
  revenue: ({ money: { approved } }) => approved,
  pendingMoney: ({ money: { pending } }) => pending,
  reversedMoney: ({ money: { reversed } }) => reversed,
  cost: ({ costNanos }) => costNanos,
  profit: ({ money: { approved }, costNanos }) => approved - costNanos,
  cr: ({ counts }) => over(BigInt(counts.pending + counts.approved), BigInt(counts.clicks)),
  epc: ({ money: { approved }, counts }) => over(approved, BigInt(counts.clicks)),
  roi: ({ money: { approved }, costNanos }) => over(approved - costNanos, costNanos),
  approvalRate: ({ counts: { approved, rejected, reversed } }) =>
    over(BigInt(approved), BigInt(approved + rejected + reversed)),
  averagePayout: ({ money: { approved }, counts }) => over(approved, BigInt(counts.approved)),
} satisfies Record<ReportFigure, (line: FigureLine) => number | bigint | null>;
export const sortNames = ['key', ...reportFigures] as const;

/** The same order as Postgres gives (`readReportPage`). Lines come ordered by their key; that
 *  order decides between equal figures. */
export const sortLines = (lines: readonly FigureLine[], { by, descending }: ReportSort): FigureLine[] => {
  if (by === 'key') return descending ? lines.toReversed() : [...lines];
  const read = figures[by];
  const sign = descending ? -1 : 1;
  const valued = lines.map((line) => ({ line, value: read(line) }));
  valued.sort((a, b) => {
    if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1;
    return a.value === b.value ? 0 : (a.value < b.value ? -1 : 1) * sign;
  });
  return valued.map(({ line }) => line);
};

/** The sum of lines by currency, or in the one that they were converted into. */
export const totalOf = (lines: readonly FigureLine[], currency: string | undefined): FigureLine[] => {
  const rows = lines.flatMap(({ currency: own, counts, money: held, costNanos, unconverted }) => [
    { key: [], rateDay: '', currency: own, counts, money: held, costNanos },
    ...unconverted.map((each) => ({ key: [], rateDay: '', counts: noCounts, ...each })),
  ]);
  return addUpFigures(rows, currency === undefined ? null : { currency, rateOf: () => null });
};
const noCounts = {
  clicks: 0,
  uniqueClicks: 0,
  moneyUnknown: 0,
  ...(Object.fromEntries(bucketNames.map((name) => [name, 0])) as Record<(typeof bucketNames)[number], number>),
};
