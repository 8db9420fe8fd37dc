import { conversionStates, formatNanos, marks } from '#domain';
import {
  listConversions,
  listDeliveries,
  listEntries,
  listPostbacks,
  type ConversionRow,
  type EntryRow,
} from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../problem.js';
import { deliveryAnswer, showDelivery } from './deliveries.controller.js';
import { postbackAnswer, showPostback } from './log.controller.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId, timeRange } from './page.js';

/** Conversions, and one with its whole history: the calls that made it, the entries that moved its money, what was sent on (P10). */

const key = z.string().max(63).optional();
const conversionQuery = z.strictObject({
  ...pageQuery,
  id: z.uuid().optional(),
  clickId: z.string().max(200).optional(),
  externalId: z.string().max(2000).optional(),
  transactionId: z.string().max(500).optional(),
  networkKey: key,
  campaignKey: key,
  sourceKey: key,
  offerKey: key,
  event: z.string().max(100).optional(),
  state: z.enum(conversionStates).optional(),
  mark: z.enum(marks).optional(),
  ...timeRange,
});
const byId = z.object({ id: z.uuid() });
const historyQuery = z.strictObject({ asOf: z.coerce.date().optional() });
/** How much of one conversion's history is answered: more than any real one has. */
const historyLimit = 1000;

const text = z.string().nullable();
const conversionAnswer = z.object({
  id: z.uuid(),
  networkKey: z.string(),
  clickId: text,
  externalId: text,
  campaignKey: text,
  sourceKey: text,
  offerKey: text,
  event: text,
  transactionId: text,
  state: z.enum(conversionStates),
  marks: z.array(z.enum(marks)),
  currency: text,
  money: z.object({ pending: z.string(), approved: z.string(), rejected: z.string(), reversed: z.string() }).nullable(),
  payoutFrom: text,
  attributedBy: text,
  clickAt: z.iso.datetime().nullable(),
  occurredAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  revision: z.int(),
});
const entryAnswer = z.object({
  id: z.uuid(),
  postbackId: z.uuid().nullable(),
  rule: z.string(),
  from: z.string(),
  to: z.string(),
  amount: z.string(),
  currency: text,
  state: text,
  occurredAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  revision: z.int(),
});
const historyAnswer = conversionAnswer.extend({
  entries: z.array(entryAnswer),
  postbacks: z.array(postbackAnswer),
  deliveries: z.array(deliveryAnswer),
});

const decimal = (nanos: string): string => formatNanos(BigInt(nanos));

/** Money that is not known is null, never zero (P5). */
const showConversion = (row: ConversionRow & { at: string }) => {
  const { at: _at, moneyKnown, pendingNanos, approvedNanos, rejectedNanos, reversedNanos, ...rest } = row;
  const money = moneyKnown
    ? {
        pending: decimal(pendingNanos),
        approved: decimal(approvedNanos),
        rejected: decimal(rejectedNanos),
        reversed: decimal(reversedNanos),
      }
    : null;
  return { ...rest, money };
};
const showEntry = ({ amountNanos, ...entry }: EntryRow) => ({ ...entry, amount: decimal(amountNanos) });

@Controller('api/v1/conversions')
export class ConversionsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool'>) {}

  @Get()
  @Operation({
    summary: 'Lists conversions, newest first.',
    role: 'viewer',
    query: conversionQuery,
    answer: listOf(conversionAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof conversionQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const rows = await listConversions(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, ({ at, id }) => [at, id], showConversion);
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one conversion with its postbacks, ledger entries (as of a moment, if asked) and deliveries.',
    role: 'viewer',
    params: byId,
    query: historyQuery,
    answer: historyAnswer,
  })
  async read(@Input() { params: { id }, query }: Given<{ id: string }, z.infer<typeof historyQuery>>) {
    const { pool } = this.ports;
    const page = { before: null, limit: historyLimit };
    const [[row], entries, postbacks, deliveries] = await Promise.all([
      listConversions(pool, { id }, { before: null, limit: 1 }),
      listEntries(pool, id, query.asOf ?? null),
      listPostbacks(pool, { conversionId: id }, page),
      listDeliveries(pool, { conversionId: id }, page),
    ]);
    if (!row) throw notFound('conversion', id);
    return {
      ...showConversion(row),
      entries: entries.map(showEntry),
      postbacks: postbacks.toReversed().map(showPostback),
      deliveries: deliveries.toReversed().map(showDelivery),
    };
  }
}
