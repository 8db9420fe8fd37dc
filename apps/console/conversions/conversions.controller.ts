import {
  bucketNames,
  conversionStates,
  emptyBuckets,
  formatNanos,
  marks,
  sumMovements,
  type LedgerSide,
} from '#domain';
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
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { refuseBeforeHorizon } from '../log/horizon.js';
import { notFound } from '../http/problem.js';
import { deliveryAnswer, showDelivery } from '../deliveries/deliveries.controller.js';
import { postbackAnswer, showPostback } from '../log/log.controller.js';
import {
  decodeCursor,
  listOf,
  moment,
  pageOf,
  pageQuery,
  placeOf,
  timeAndId,
  timeRange,
  tokenFilter,
} from '../http/page.js';
import { Problem } from '../http/problem.js';

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
  /** `true`: those that reports count. */
  counted: z
    .literal('true')
    .transform(() => true)
    .optional(),
  token: tokenFilter,
  /** Which of its times `from` and `to` are of. */
  timeBy: z.enum(['recorded', 'clicked', 'occurred']).optional(),
  /** As it was: with the state, the marks and the money of then, those that came later left out. */
  asOf: moment.optional(),
  ...timeRange,
});
const byId = z.object({ id: z.uuid() });
const historyQuery = z.strictObject({ asOf: moment.optional() });
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
  marks: z.array(z.string()),
  occurredAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
  revision: z.int(),
});
const historyAnswer = conversionAnswer.extend({
  state: z.enum(conversionStates).nullable(),
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

/** A conversion as its entries until a moment leave it; null: it was none then. */
const asEntriesSay = (row: ConversionRow & { at: string }, entries: readonly EntryRow[]) => {
  const last = entries.at(-1);
  if (!last || last.state === null) return null;
  const sums = sumMovements(
    entries.map(({ from, to, amountNanos, currency }) => ({
      from: from as LedgerSide,
      to: to as LedgerSide,
      amountNanos: BigInt(amountNanos),
      currency,
    })),
  );
  const standing = [...sums].find(([, buckets]) => bucketNames.some((name) => buckets[name] !== 0n));
  const isUnknown = !standing && last.marks.includes('money_unknown');
  const buckets = standing?.[1] ?? emptyBuckets();
  const { state, marks: marksThen, revision } = last;
  const money = Object.fromEntries(bucketNames.map((name) => [name, formatNanos(buckets[name])]));
  return {
    ...showConversion(row),
    state,
    marks: marksThen,
    revision,
    changedAt: last.recordedAt,
    currency: standing?.[0] ?? last.currency,
    money: isUnknown ? null : money,
  };
};

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
    if (filter.asOf && (filter.state || filter.mark))
      throw new Problem(422, 'as_of_with_state', 'states and marks are found as they are now: leave out asOf, or them');
    await refuseBeforeHorizon(this.ports, filter.asOf);
    const rows = await listConversions(this.ports.pool, filter, { before, limit: limit + 1 });
    if (filter.asOf) return this.listAsOf(rows, limit, filter.asOf);
    return pageOf(rows, limit, ({ at, id }) => [at, id], showConversion);
  }

  private async listAsOf(rows: readonly (ConversionRow & { at: string })[], limit: number, asOf: Date) {
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
    );
    return { ...page, items: page.items.filter((item) => item !== null) };
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one conversion with its postbacks, ledger entries and deliveries; with asOf as it stood then.',
    role: 'viewer',
    params: byId,
    query: historyQuery,
    answer: historyAnswer,
  })
  async read(@Input() { params: { id }, query }: Given<{ id: string }, z.infer<typeof historyQuery>>) {
    const { pool } = this.ports;
    const page = { before: null, limit: historyLimit };
    const { asOf } = query;
    await refuseBeforeHorizon(this.ports, asOf);
    const [[row], entries, postbacks, deliveries] = await Promise.all([
      listConversions(pool, { id }, { before: null, limit: 1 }),
      listEntries(pool, [id], asOf ?? null),
      listPostbacks(pool, { conversionId: id }, page),
      listDeliveries(pool, { conversionId: id }, page),
    ]);
    if (!row) throw notFound('conversion', id);
    // Before its first entry it was none: it is told of without a state.
    const none = { ...showConversion(row), state: null, marks: [], currency: null, money: null };
    const shown = asOf ? (asEntriesSay(row, entries) ?? none) : showConversion(row);
    return {
      ...shown,
      entries: entries.map(showEntry),
      postbacks: postbacks.toReversed().map(showPostback),
      deliveries: deliveries.toReversed().map(showDelivery),
    };
  }
}
