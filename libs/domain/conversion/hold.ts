import { knownBy } from './conversion.js';
import type { Family, Standing } from './conversion-set.js';
import { derivedUuid } from './identity.js';
import type { Report } from './report.js';

/** Holds: a pending conversion of an offer with `holdDays` approves by itself when they are over and no other word has come. Each
 *  conversion of an identity has its own, counted from when it happened. */

const causeOf = (family: Family, known: ReturnType<typeof knownBy>): string =>
  known === undefined
    ? derivedUuid('hold', family.baseId)
    : derivedUuid('hold', family.baseId, `${known.amountNanos}`, known.transactionId ?? '');

const holdOf = (family: Family, standing: Standing) => {
  const holdMs = family.attributions[standing.clickId ?? '']?.holdMs ?? null;
  if (holdMs === null || standing.state !== 'pending') return null;
  const known = knownBy(family.reports, family.rules, standing.member);
  const causeId = causeOf(family, known);
  // It has ended before, and the network took the conversion back to pending (`reopens`): now it is for the network to say more.
  if (family.reports.some((report) => report.causeId === causeId)) return null;
  return { causeId, known, endsAtMs: standing.occurredAtMs + holdMs };
};

/** When the hold of a conversion ends; null: it is in none. */
export const holdEndsAt = (family: Family, standing: Standing): number | null =>
  holdOf(family, standing)?.endsAtMs ?? null;

/** The reports by which holds end that are over: as if the network had approved then. Their ids are derived, so two sweepers say the same. */
export const endsOfHolds = (family: Family, nowMs: number): Report[] =>
  [...family.standings.values()].flatMap((standing): Report[] => {
    const hold = holdOf(family, standing);
    if (!hold || hold.endsAtMs > nowMs) return [];
    const { causeId, known, endsAtMs } = hold;
    return [
      {
        causeId,
        atMs: endsAtMs,
        stated: false,
        state: 'approved',
        amountNanos: null,
        amountUnreadable: false,
        currency: null,
        refundId: null,
        clickId: null,
        event: null,
        transactionId: known?.transactionId ?? null,
        payoutFrom: null,
        test: family.reports.every((report) => report.test),
        byRule: true,
        ...(known === undefined ? {} : { ofNanos: known.amountNanos }),
      },
    ];
  });
