import { formatNanos } from '#domain';
import { listReport, reportGroups, type ReportGroup, type ReportRow } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Problem } from '../problem.js';

/** Which campaigns convert, and where the budget goes. Each row is explained by the conversions that the same filters find (P10). */

const dayMs = 86_400_000;
const mostRows = 5_000;
const key = z.string().max(63).optional();
const reportQuery = z.strictObject({
  /** Comma separated, in the order of the columns. */
  groupBy: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(reportGroups)).min(1).max(4))
    .refine((groups) => new Set(groups).size === groups.length, 'names a column twice')
    .prefault('campaign'),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  campaignKey: key,
  sourceKey: key,
  offerKey: key,
  networkKey: key,
  event: z.string().max(100).optional(),
  currency: z.string().max(3).optional(),
});
const money = z.object({ pending: z.string(), approved: z.string(), rejected: z.string(), reversed: z.string() });
const reportAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  groupBy: z.array(z.enum(reportGroups)),
  items: z.array(
    z.looseObject({
      currency: z.string(),
      clicks: z.int(),
      uniqueClicks: z.int(),
      conversions: z.object({ pending: z.int(), approved: z.int(), rejected: z.int(), reversed: z.int() }),
      moneyUnknown: z.int(),
      money,
      cost: z.string(),
      profit: z.string(),
    }),
  ),
});

const decimal = (nanos: string): string => formatNanos(BigInt(nanos));

/** Profit is what is approved less the cost, in one currency. Money that is not known is not in it; `moneyUnknown` counts how many
 *  conversions that are (P5). */
const show = (row: ReportRow, groups: readonly ReportGroup[]) => ({
  ...Object.fromEntries(groups.map((group) => [group, row[group] ?? null])),
  currency: row.currency,
  clicks: row.clicks,
  uniqueClicks: row.uniqueClicks,
  conversions: { pending: row.pending, approved: row.approved, rejected: row.rejected, reversed: row.reversed },
  moneyUnknown: row.moneyUnknown,
  money: {
    pending: decimal(row.pendingNanos),
    approved: decimal(row.approvedNanos),
    rejected: decimal(row.rejectedNanos),
    reversed: decimal(row.reversedNanos),
  },
  cost: decimal(row.costNanos),
  profit: formatNanos(BigInt(row.approvedNanos) - BigInt(row.costNanos)),
});

@Controller('api/v1/reports')
export class ReportsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'now'>) {}

  @Get()
  @Operation({
    summary:
      'Adds up clicks, conversions, money and cost by day, hour, campaign, source, offer, network or event; the last seven days unless ' +
      'told. Hours are UTC; amounts of different currencies stand in rows of their own.',
    role: 'viewer',
    query: reportQuery,
    answer: reportAnswer,
  })
  async report(@Input() { query }: Given<unknown, z.infer<typeof reportQuery>>) {
    const { groupBy, ...filter } = query;
    const to = filter.to ?? new Date(this.ports.now().getTime() + dayMs);
    const from = filter.from ?? new Date(to.getTime() - 8 * dayMs);
    const rows = await listReport(this.ports.pool, groupBy, { ...filter, from, to }, mostRows + 1);
    if (rows.length > mostRows)
      throw new Problem(
        422,
        'too_many_rows',
        `this report has more than ${mostRows} rows: shorten the time or group by less`,
      );
    return { from, to, groupBy, items: rows.map((row) => show(row, groupBy)) };
  }
}
