import {
  bucketNames,
  conversionStates,
  emptyBuckets,
  formatNanos,
  marks,
  sumMovements,
  type LedgerSide,
} from '#domain';
import type { ConversionRow, EntryRow } from '#postgres';
import { z } from 'zod';
import { choiceOf, keys, texts, tokens, uuids, yesOrNo } from '../http/choice.js';
import { moment, timeRange } from '../http/page.js';

/** Requests and answers of the API about conversions. */

/** The filters of every list of conversions; a line of a report names its conversions by them. */
export const conversionFilters = {
  id: uuids,
  clickId: texts(200),
  externalId: texts(2000),
  transactionId: texts(500),
  networkKey: keys,
  campaignKey: keys,
  sourceKey: keys,
  offerKey: keys,
  event: texts(100),
  state: choiceOf(z.enum(conversionStates)),
  mark: choiceOf(z.enum(marks)),
  /** `true`: those that reports count, without test conversions. */
  counted: yesOrNo,
  token: tokens,
  /** Which of its times `from` and `to` are of. */
  timeBy: z.enum(['recorded', 'clicked', 'occurred']).optional(),
  /** As of a moment: with the state, the marks and the money of that moment, without later
   *  conversions. */
  asOf: moment.optional(),
  ...timeRange,
};
const text = z.string().nullable();
export const conversionAnswer = z
  .object({
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
    money: z
      .object({ pending: z.string(), approved: z.string(), rejected: z.string(), reversed: z.string() })
      .nullable(),
    payoutFrom: text,
    attributedBy: text,
    clickAt: z.iso.datetime().nullable(),
    occurredAt: z.iso.datetime(),
    recordedAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    revision: z.int(),
  })
  .meta({ id: 'Conversion' });
export const entryAnswer = z
  .object({
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
  })
  .meta({ id: 'LedgerEntry' });
const decimal = (nanos: string): string => formatNanos(BigInt(nanos));

/** Money that is not known is null, never zero (P5). */
export const showConversion = (row: ConversionRow & { at: string }) => {
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
export const showEntry = ({ amountNanos, conversionId: _of, ...entry }: EntryRow & { conversionId: string }) => ({
  ...entry,
  amount: decimal(amountNanos),
});

/** A conversion as of a moment; null: it did not exist yet. */
export const asEntriesSay = (row: ConversionRow & { at: string }, entries: readonly EntryRow[]) => {
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
  const held = [...sums].find(([, buckets]) => bucketNames.some((name) => buckets[name] !== 0n));
  const isUnknown = !held && last.marks.includes('money_unknown');
  const buckets = held?.[1] ?? emptyBuckets();
  const { state, marks: marksThen, revision } = last;
  const money = Object.fromEntries(bucketNames.map((name) => [name, formatNanos(buckets[name])]));
  return {
    ...showConversion(row),
    state,
    marks: marksThen,
    revision,
    changedAt: last.recordedAt,
    currency: held?.[0] ?? last.currency,
    money: isUnknown ? null : money,
  };
};
