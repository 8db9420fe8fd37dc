import { dayMs, addUpFigures, formatNanos, ratesOfReturn, readTime, type FigureLine } from '#domain';
import { currencyCode, timeZone } from '#contracts';
import { findRates, listReport, reportGroups, type Books, type ReportGroup } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Problem } from '../http/problem.js';
import { refuseBeforeHorizon } from '../log/horizon.js';
import { conversionsBehind } from './report-drill-down.js';
import { tokenFilter } from '../http/page.js';

/** Which campaigns convert, and where the budget goes. Each line is explained by the conversions that it names (P10). */

const mostLines = 5_000;
/** Before they are added up: a line has a row per currency, and where it is converted per day. */
const mostRows = 100_000;
const key = z.string().max(63).optional();
const group = z.union([z.enum(reportGroups), z.templateLiteral(['token.', z.string().regex(/^[a-zA-Z0-9_]{1,40}$/)])]);
const reportQuery = z.strictObject({
  /** Comma separated, in the order of the columns; `token.zone` by the values of a token. */
  groupBy: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(group).min(1).max(4))
    .refine((groups) => new Set(groups).size === groups.length, 'names a column twice')
    .prefault('campaign'),
  /** An instant, or a day or a time in `timeZone`. From is in the report, to is not. */
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  timeZone: timeZone.default('UTC'),
  /** Converts everything into this currency. */
  currency: currencyCode.optional(),
  /** The books as they were: what was recorded until then. */
  asOf: z.iso.datetime({ offset: true }).optional(),
  /** By which of its times a conversion is counted: when it was first recorded, clicked, or said to have happened. */
  timeBy: z.enum(['recorded', 'clicked', 'occurred']).default('recorded'),
  campaignKey: key,
  sourceKey: key,
  offerKey: key,
  networkKey: key,
  event: z.string().max(100).optional(),
  token: tokenFilter,
});
type ReportQuery = z.infer<typeof reportQuery>;

const money = z.object({ pending: z.string(), approved: z.string(), rejected: z.string(), reversed: z.string() });
const reportAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timeZone: z.string(),
  asOf: z.iso.datetime().nullable(),
  groupBy: z.array(z.string()),
  items: z.array(
    z.looseObject({
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
      unconverted: z.array(z.object({ currency: z.string(), money, cost: z.string() })),
      conversionsAt: z.string().nullable(),
    }),
  ),
});

const showMoney = ({ pending, approved, rejected, reversed }: FigureLine['money']) => ({
  pending: formatNanos(pending),
  approved: formatNanos(approved),
  rejected: formatNanos(rejected),
  reversed: formatNanos(reversed),
});

/** Revenue is what is approved, profit that less the cost. Money that is not known is in neither; `moneyUnknown` counts the conversions of
 *  which it is not (P5). */
const show = (line: FigureLine, groups: readonly ReportGroup[]) => {
  const { clicks, uniqueClicks, moneyUnknown, pending, approved, rejected, reversed } = line.counts;
  return {
    ...Object.fromEntries(groups.map((each, at) => [each, line.key[at] ?? null])),
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

@Controller('api/v1/reports')
export class ReportsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'now'>) {}

  @Get()
  @Operation({
    summary:
      'Adds up clicks, conversions, money and cost by day, hour, campaign, source, offer, network, event or token; the last seven days ' +
      'unless told. Amounts of different currencies stand in lines of their own, unless `currency` converts them, each at the rate of ' +
      'its day. `conversionsAt` lists the conversions behind a line.',
    role: 'viewer',
    query: reportQuery,
    answer: reportAnswer,
  })
  async report(@Input() { query }: Given<unknown, ReportQuery>) {
    const { groupBy, timeZone: zone, currency, asOf, timeBy, from: _from, to: _to, ...filter } = query;
    const { from, to } = this.range(query);
    const books: Books | null =
      asOf === undefined && timeBy === 'recorded' ? null : { asOf: asOf ? new Date(asOf) : null, by: timeBy };
    await refuseBeforeHorizon(this.ports, books?.asOf ?? undefined);
    const request = { groups: groupBy, timeZone: zone, books };
    const rows = await listReport(this.ports.pool, request, { ...filter, from, to }, mostRows + 1);
    const lines = addUpFigures(rows, currency === undefined ? null : await this.into(currency, rows));
    if (rows.length > mostRows || lines.length > mostLines)
      throw new Problem(
        422,
        'too_many_rows',
        `this report has more than ${mostLines} rows: shorten the time or group by less`,
      );
    const items = lines.map((line) => ({
      ...show(line, groupBy),
      conversionsAt: conversionsBehind(line.key, groupBy, { ...filter, from, to, timeZone: zone, asOf, timeBy }),
    }));
    return { from, to, timeZone: zone, asOf: asOf ? new Date(asOf) : null, groupBy, items };
  }

  private range({ from, to, timeZone: zone }: ReportQuery): { from: Date; to: Date } {
    const read = (path: 'from' | 'to', text: string | undefined, otherwise: number): Date => {
      const atMs = text === undefined ? otherwise : readTime(text, zone);
      if (atMs !== null) return new Date(atMs);
      throw new Problem(422, 'time_unreadable', `"${text}" is not a day such as 2026-01-31, nor a time`, [
        { path, code: 'time_unreadable', message: 'is not a day such as 2026-01-31, nor a time' },
      ]);
    };
    const end = read('to', to, this.ports.now().getTime() + dayMs);
    return { from: read('from', from, end.getTime() - 8 * dayMs), to: end };
  }

  /** The rates that these rows are converted by. */
  private async into(currency: string, rows: readonly { currency: string; rateDay: string }[]) {
    const days = new Set(rows.map(({ rateDay }) => rateDay));
    const foreign = new Set(
      [currency, ...rows.map((row) => row.currency)].filter((each) => each !== 'EUR' && each !== ''),
    );
    const wanted = [...days].flatMap((day) => [...foreign].map((each) => ({ day, currency: each })));
    const rates = await findRates(this.ports.pool, wanted);
    return { currency, rateOf: (day: string, each: string) => rates.get(`${day} ${each}`) ?? null };
  }
}
