import { memberKeyOf } from './conversion.js';
import type { ConversionSet, ConversionSnapshot } from './conversion-set.js';
import { derivedUuid } from '../derived-uuid.js';
import type { Report } from './report.js';

/** Holds: a pending conversion of an offer with `holdDays` approves by itself when they are over
 *  and no other word has come. Each conversion of an identity has its own, counted from when it
 *  happened. */

const causeOf = (set: ConversionSet, known: ReturnType<typeof memberKeyOf>): string =>
  known === undefined
    ? derivedUuid('hold', set.baseId)
    : derivedUuid('hold', set.baseId, `${known.amountNanos}`, known.transactionId ?? '');

const holdOf = (set: ConversionSet, snapshot: ConversionSnapshot) => {
  const holdMs = set.attributions[snapshot.clickId ?? '']?.holdMs ?? null;
  if (holdMs === null || snapshot.state !== 'pending') return null;
  const known = memberKeyOf(set.reports, set.rules, snapshot.member);
  const causeId = causeOf(set, known);
  // It has ended before, and the network took the conversion back to pending (`reopens`): now it is
  // for the network to say more.
  if (set.reports.some((report) => report.causeId === causeId)) return null;
  return { causeId, known, endsAtMs: snapshot.occurredAtMs + holdMs };
};

/** When the hold of a conversion ends; null: it is in none. */
export const holdEndsAt = (set: ConversionSet, snapshot: ConversionSnapshot): number | null =>
  holdOf(set, snapshot)?.endsAtMs ?? null;

/** The reports by which holds end that are over: as if the network had approved then. Their ids are
 *  derived, so two sweepers say the same. */
export const endsOfHolds = (set: ConversionSet, nowMs: number): Report[] =>
  [...set.snapshots.values()].flatMap((snapshot): Report[] => {
    const hold = holdOf(set, snapshot);
    if (!hold || hold.endsAtMs > nowMs) return [];
    const { causeId, known, endsAtMs } = hold;
    return [
      {
        causeId,
        atMs: endsAtMs,
        stated: false,
        receivedAtMs: endsAtMs,
        occurredAtMs: endsAtMs,
        proven: false,
        state: 'approved',
        amountNanos: null,
        amountUnreadable: false,
        currency: null,
        refundId: null,
        lineId: null,
        clickId: null,
        event: null,
        transactionId: known?.transactionId ?? null,
        payoutFrom: null,
        test: set.reports.every((report) => report.test),
        byRule: true,
        ...(known === undefined ? {} : { ofNanos: known.amountNanos }),
      },
    ];
  });
