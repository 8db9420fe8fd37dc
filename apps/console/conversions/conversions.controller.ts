import { conversionStates } from '#domain';
import {
  conversionList,
  estimateList,
  listConversions,
  listEntries,
  listWholeDeliveries,
  listWholePostbacks,
  only,
} from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { refuseBeforeHorizon } from '../log/horizon.js';
import { notFound, Problem } from '../http/problem.js';
import { deliveryAnswer, showDelivery } from '../deliveries/delivery-answer.js';
import { postbackAnswer, showPostback } from '../log/postback-answer.js';
import {
  asEntriesSay,
  conversionAnswer,
  conversionFilters,
  entryAnswer,
  showConversion,
  showEntry,
} from './conversion-answer.js';
import { decodeCursor, moment, pageOf, placeOf, sizedListOf, sizedPageQuery, timeAndId } from '../http/page.js';

/** Conversions, and one with its whole history: the calls that made it, the entries that moved
 *  its money, what was sent (P10). */

export const conversionQuery = z.strictObject({ ...sizedPageQuery, ...conversionFilters });
const byId = z.object({ id: z.uuid() });
const historyQuery = z.strictObject({ asOf: moment.optional() });
/** How many calls and deliveries of one conversion are answered; `truncated` says when it has
 *  more. */
const historyLimit = 1000;

const historyAnswer = conversionAnswer
  .extend({
    state: z.enum(conversionStates).nullable(),
    entries: z.array(entryAnswer),
    postbacks: z.array(postbackAnswer),
    deliveries: z.array(deliveryAnswer),
    /** There are more calls or deliveries than these; the lists have all of them by
     *  `conversionId`. */
    truncated: z.boolean(),
  })
  .meta({ id: 'ConversionHistory' });

@Controller('api/v1/conversions')
export class ConversionsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool'>) {}

  @Get()
  @Operation({
    summary: 'Lists conversions, newest first.',
    role: 'viewer',
    query: conversionQuery,
    answer: sizedListOf(conversionAnswer),
    errors: ['as_of_with_state', 'as_of_before_horizon'],
  })
  async list(@Input() { query }: Pick<Given<unknown, z.infer<typeof conversionQuery>>, 'query'>) {
    const { limit, cursor, estimate, token, ...rest } = query;
    const filter = { ...rest, tokens: token };
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    if (filter.asOf && (filter.state || filter.mark))
      throw new Problem(422, 'as_of_with_state', 'states and marks are found as they are now: leave out asOf, or them');
    await refuseBeforeHorizon(this.ports, filter.asOf);
    const list = await listConversions(this.ports.pool, filter, { before, limit: limit + 1 });
    const page = filter.asOf
      ? await this.listAsOf(list, limit, filter.asOf)
      : pageOf(list.rows, limit, ({ at, id }) => [at, id], showConversion, list.stoppedAt);
    return {
      ...page,
      estimate: estimate === 'true' ? await estimateList(this.ports.pool, conversionList(filter)) : null,
    };
  }

  private async listAsOf({ rows, stoppedAt }: Awaited<ReturnType<typeof listConversions>>, limit: number, asOf: Date) {
    const entries = await listEntries(
      this.ports.pool,
      rows.map(({ id }) => id),
      asOf,
    );
    const byConversion = Map.groupBy(entries, ({ conversionId }) => conversionId);
    const page = pageOf(
      rows,
      limit,
      ({ at, id }) => [at, id],
      (row) => asEntriesSay(row, byConversion.get(row.id) ?? []),
      stoppedAt,
    );
    return { ...page, items: page.items.filter((item) => item !== null) };
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one conversion with its postbacks, ledger entries and deliveries; with asOf as it was then.',
    role: 'viewer',
    params: byId,
    query: historyQuery,
    answer: historyAnswer,
    errors: ['as_of_before_horizon'],
  })
  async read(@Input() { params: { id }, query }: Given<{ id: string }, z.infer<typeof historyQuery>>) {
    const { pool } = this.ports;
    const page = { before: null, limit: historyLimit + 1 };
    const { asOf } = query;
    await refuseBeforeHorizon(this.ports, asOf);
    const [conversions, entries, postbacks, deliveries] = await Promise.all([
      listConversions(pool, { id: only(id) }, { before: null, limit: 1 }),
      listEntries(pool, [id], asOf ?? null),
      listWholePostbacks(pool, { conversionId: only(id) }, page),
      listWholeDeliveries(pool, { conversionId: only(id) }, page),
    ]);
    const [row] = conversions.rows;
    if (!row) throw notFound('conversion', id);
    // Before its first entry there was no conversion: it is shown without a state.
    const none = { ...showConversion(row), state: null, marks: [], currency: null, money: null };
    const shown = asOf ? (asEntriesSay(row, entries) ?? none) : showConversion(row);
    return {
      ...shown,
      entries: entries.map(showEntry),
      postbacks: postbacks.rows.slice(0, historyLimit).toReversed().map(showPostback),
      deliveries: deliveries.rows.slice(0, historyLimit).toReversed().map(showDelivery),
      truncated: Math.max(postbacks.rows.length, deliveries.rows.length) > historyLimit,
    };
  }
}
