import { dayMs, readTime, type FigureLine } from '#domain';
import { currencyCode, timeZone } from '#contracts';
import { quarterMs, reportCalls, reportDetails, reportGroups, type Books, type ReportGroup } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { keys, listPattern, texts, tokens } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { decodeCursor, encodeCursor } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { refuseBeforeHorizon } from '../log/horizon.js';
import { lagReader, type LagReader } from '../overview/lag.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { conversionsBehind } from './report-drill-down.js';
import { figuresAnswer, showFigures, sortNames } from './report-line.js';
import { readAllLines, readLinePage, type AskedReport } from './report-lines.js';

/** Which campaigns convert, and where the budget goes. Each line is explained by the conversions
 *  that it names (P10). */

const group = z.union([z.enum(reportGroups), z.templateLiteral(['token.', z.string().regex(/^[a-zA-Z0-9_]{1,40}$/)])]);
const reportQuery = z.strictObject({
  /** Comma separated, in the order of the columns; `token.zone` by the values of a token. */
  groupBy: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(group).min(1).max(5))
    .refine((groups) => new Set(groups).size === groups.length, 'names a column twice')
    .prefault('campaign')
    .meta({ pattern: listPattern(`${reportGroups.join('|')}|token\\.[a-zA-Z0-9_]{1,40}`) }),
  /** An instant, or a day or a time in `timeZone`. From is in the report, to is not. */
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  timeZone: timeZone.default('UTC'),
  /** Converts everything into this currency, each amount at the rate of its day. */
  currency: currencyCode.optional(),
  /** The books as they were: what was recorded until then. */
  /** Answered in UTC, as all times of the API are. */
  asOf: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text).toISOString())
    .optional(),
  /** By which of its times a conversion counts: first recorded, clicked, or occurred. */
  timeBy: z.enum(['recorded', 'clicked', 'occurred']).default('recorded'),
  /** A figure, or `key`; `-` in front for the largest first. */
  sort: z
    .string()
    .transform((text) => ({ by: text.replace(/^-/, ''), descending: text.startsWith('-') }))
    .pipe(z.object({ by: z.enum(sortNames), descending: z.boolean() }))
    .prefault('key')
    .meta({ pattern: `^-?(?:${sortNames.join('|')})$` }),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
  cursor: z.string().max(500).optional(),
  /** `previous`: beside each line its figures of the same time before. */
  compare: z.enum(['previous']).optional(),
  /** Adds figures that are made of the conversions themselves, which takes longer. */
  details: z.enum(['true', 'false']).optional(),
  campaignKey: keys,
  sourceKey: keys,
  offerKey: keys,
  networkKey: keys,
  event: texts(100),
  token: tokens,
});
type ReportQuery = z.infer<typeof reportQuery>;

const detailsAnswer = z.object({
  convertedClicks: z.int(),
  medianSecondsToConvert: z.number().nullable(),
  owed: z.int(),
  delivered: z.int(),
  /** Of a network, a day or an hour; of others null: a refused call has no campaign. Null with
   *  `asOf` too: what a call was at an earlier moment is not kept. */
  calls: z.object({ received: z.int(), refused: z.int(), waiting: z.int() }).nullable(),
});
const lineAnswer = figuresAnswer
  .extend({
    key: z.array(z.string().nullable()),
    conversionsAt: z.record(z.string(), z.string()),
    previous: figuresAnswer.nullable(),
    details: detailsAnswer.nullable(),
  })
  .meta({ id: 'ReportLine' });
const reportAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  timeZone: z.string(),
  asOf: z.iso.datetime().nullable(),
  groupBy: z.array(z.string()),
  items: z.array(lineAnswer),
  /** One for each currency that is not converted. */
  totals: z.array(figuresAnswer),
  /** The lines that are not among the items, summed; null: there are none. */
  rest: z.object({ lines: z.int(), figures: z.array(figuresAnswer) }).nullable(),
  next: z.string().nullable(),
  behindSeconds: z.int().nullable(),
});

type Asked = AskedReport & { query: ReportQuery };

@Controller('api/v1/reports')
export class ReportsController {
  private readonly lag: LagReader;

  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'now' | 'kafka' | 'log'>) {
    this.lag = lagReader(ports);
  }

  @Get()
  @Operation({
    summary:
      'Adds up clicks, conversions, money and cost by day, hour, campaign, source, offer, network, event or token; the last seven days ' +
      'unless `from` is given. Amounts of different currencies have lines of their own, unless `currency` converts them. ' +
      '`conversionsAt` has the filters with which `GET /conversions` lists the conversions behind a line.',
    role: 'viewer',
    query: reportQuery,
    answer: reportAnswer,
    errors: ['compare_by_time', 'time_unreadable', 'too_many_lines', 'as_of_before_horizon'],
  })
  async readReport(@Input() { query }: Given<unknown, ReportQuery>): Promise<z.infer<typeof reportAnswer>> {
    const asked = this.ask(query);
    const { filter } = asked;
    const { books } = asked.request;
    await refuseBeforeHorizon(this.ports, books?.asOf ?? undefined);
    const skip = Number(decodeCursor(query.cursor, z.string().regex(/^\d{1,9}$/))?.[0] ?? 0);
    const { groupBy, asOf, timeBy, timeZone: zone, sort, limit } = query;
    const { page, totals, rest, hasMore } = await readLinePage(this.ports.pool, asked, { sort, skip, limit });
    const [previous, details, behindSeconds] = await Promise.all([
      query.compare ? this.previous(asked) : null,
      query.details === 'true' ? this.details(asked) : null,
      this.lag.secondsBehind(),
    ]);
    return {
      from: filter.from.toISOString(),
      to: filter.to.toISOString(),
      timeZone: zone,
      asOf: asOf ?? null,
      groupBy,
      items: page.map((line) => ({
        key: [...line.key],
        ...showFigures(line),
        conversionsAt: conversionsBehind(line.key, groupBy, { ...filter, timeZone: zone, asOf, timeBy }),
        previous: previous?.(line) ?? null,
        details: details?.(line) ?? null,
      })),
      totals: totals.map(showFigures),
      rest: rest && { lines: rest.lines, figures: rest.figures.map(showFigures) },
      next: hasMore ? encodeCursor([String(skip + limit)]) : null,
      behindSeconds,
    };
  }

  private ask(query: ReportQuery): Asked {
    const { asOf, timeBy, campaignKey, sourceKey, offerKey, networkKey, event, token } = query;
    const books: Books | null =
      asOf === undefined && timeBy === 'recorded' ? null : { asOf: asOf ? new Date(asOf) : null, by: timeBy };
    const range = this.range(query, books === null ? quarterMs : 1);
    const filter = { ...range, campaignKey, sourceKey, offerKey, networkKey, event, tokens: token };
    const { groupBy: groups, timeZone: zone, currency } = query;
    return { query, filter, request: { groups, timeZone: zone, books }, currency };
  }

  /** The lines of the same time before, found by key and currency. */
  private async previous(asked: Asked) {
    const { from, to } = asked.filter;
    if (asked.query.groupBy.some((each) => each === 'day' || each === 'hour'))
      throw new Problem(422, 'compare_by_time', 'days and hours of the time before have other names: group by less', [
        { path: 'compare', code: 'compare_by_time', message: 'goes with groups other than day and hour' },
      ]);
    const before = new Date(from.getTime() - (to.getTime() - from.getTime()));
    const earlier = { ...asked, filter: { ...asked.filter, from: before, to: from } };
    const lines = await readAllLines(this.ports.pool, earlier);
    const nameOf = ({ key, currency }: FigureLine) => JSON.stringify([key, currency]);
    const byName = new Map(lines.map((line) => [nameOf(line), line]));
    return (line: FigureLine) => {
      const found = byName.get(nameOf(line));
      return found ? showFigures(found) : null;
    };
  }

  private async details({ query, filter, request: { books } }: Asked) {
    const { groupBy, timeZone: zone, timeBy } = query;
    const { pool } = this.ports;
    const asOf = books?.asOf ?? undefined;
    const found = await reportDetails(pool, { groups: groupBy, timeZone: zone, timeBy }, { ...filter, asOf });
    const isOfCalls = (each: ReportGroup) => each === 'network' || each === 'day' || each === 'hour';
    const { campaignKey, sourceKey, offerKey, event, tokens: token, networkKey } = filter;
    const hasCalls =
      asOf === undefined &&
      groupBy.every(isOfCalls) &&
      !networkKey?.not &&
      [campaignKey, sourceKey, offerKey, event, token].every((each) => !each);
    const calls = hasCalls
      ? await reportCalls(
          pool,
          { groups: groupBy as ('network' | 'day' | 'hour')[], timeZone: zone },
          { from: filter.from, to: filter.to, networkKeys: networkKey?.values ?? null },
        )
      : [];
    const byKey = new Map(found.map(({ key, ...rest }) => [JSON.stringify(key), rest]));
    const callsByKey = new Map(calls.map(({ key, ...rest }) => [JSON.stringify(key), rest]));
    const none = { convertedClicks: 0, medianSecondsToConvert: null, owed: 0, delivered: 0 };
    return ({ key }: FigureLine) => {
      const name = JSON.stringify(key);
      const noCalls = hasCalls ? { received: 0, refused: 0, waiting: 0 } : null;
      return { ...(byKey.get(name) ?? none), calls: callsByKey.get(name) ?? noCalls };
    };
  }

  /** @param grainMs times are rounded down to it. */
  private range({ from, to, timeZone: zone }: ReportQuery, grainMs: number): { from: Date; to: Date } {
    const read = (path: 'from' | 'to', text: string | undefined, otherwise: number): Date => {
      const atMs = text === undefined ? otherwise : readTime(text, zone);
      if (atMs !== null) return new Date(Math.floor(atMs / grainMs) * grainMs);
      throw new Problem(422, 'time_unreadable', `"${text}" is not a day such as 2026-01-31, nor a time`, [
        { path, code: 'time_unreadable', message: 'is not a day such as 2026-01-31, nor a time' },
      ]);
    };
    const end = read('to', to, this.ports.now().getTime() + dayMs);
    return { from: read('from', from, end.getTime() - 8 * dayMs), to: end };
  }
}
