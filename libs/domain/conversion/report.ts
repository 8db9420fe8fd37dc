import type { PayoutSource } from '../money/payout.js';
import type { ConversionState } from '../settings.js';

/** What one postback says of one conversion, with everything that the rules need and nothing else. A conversion is the fold over
 *  the *set* of its reports (P4), so they are kept with it, compactly. */
export type Report = {
  /** The postback, or for a rule of time (a hold that ended) an id derived from the conversion and the rule. */
  causeId: string;
  /** The time that counts: the network's own where it states one, else when we received the call. Unix ms. */
  atMs: number;
  stated: boolean;
  state: ConversionState;
  /** Null: nothing was said about money, or it could not be read (`amountUnreadable`). Negative: takes back that much. */
  amountNanos: bigint | null;
  amountUnreadable: boolean;
  currency: string | null;
  /** A reversal with an id of its own, so that two equal refunds are two. */
  refundId: string | null;
  clickId: string | null;
  /** What the identity does not say by itself: the event, where conversions are not kept apart by it, and the transaction id, where they
   *  are recognised by their click. Null: it does, or the call named none. */
  event: string | null;
  transactionId: string | null;
  payoutFrom: PayoutSource | null;
  test: boolean;
  /** Made by a rule of time, not by the network. */
  byRule: boolean;
  /** Of a rule's report where an identity may hold several conversions: the one whose amount this is (and whose transaction id the report
   *  has), null for the one of no amount of its own. Not there: it speaks of all. */
  ofNanos?: bigint | null;
};

const rank: Record<ConversionState, number> = { pending: 0, approved: 1, rejected: 2, reversed: 3 };

const compare = <Value>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
const smallest = -(2n ** 63n);

/** What two reports of one stated time say, compared: the larger amount comes last and wins. It is no better than the smaller one, but
 *  it is the same one in whichever order the two arrive. */
const compareWords = (a: Report, b: Report): number =>
  compare(a.amountNanos ?? smallest, b.amountNanos ?? smallest) ||
  compare(a.currency ?? '', b.currency ?? '') ||
  compare(a.event ?? '', b.event ?? '') ||
  compare(a.transactionId ?? '', b.transactionId ?? '') ||
  compare(a.refundId ?? '', b.refundId ?? '') ||
  compare(a.clickId ?? '', b.clickId ?? '') ||
  compare(a.payoutFrom ?? '', b.payoutFrom ?? '') ||
  compare(a.amountUnreadable, b.amountUnreadable) ||
  compare(a.test, b.test);

/** The canonical order: older first; at equal times reversed > rejected > approved > pending, so the weightier word comes last
 *  and wins; then, of times that the network states, by what is said, so that the order of arrival cannot show (P4); and where we only
 *  know when it came in, by postback id, which a UUID v7 makes the order of arrival. Total, so every permutation sorts to one list. */
export const compareReports = (a: Report, b: Report): number =>
  a.atMs - b.atMs ||
  rank[a.state] - rank[b.state] ||
  compare(b.stated, a.stated) ||
  (a.stated ? compareWords(a, b) : 0) ||
  compare(a.causeId, b.causeId);

const saysTheSame = (a: Report, b: Report): boolean =>
  a.state === b.state &&
  a.amountNanos === b.amountNanos &&
  a.amountUnreadable === b.amountUnreadable &&
  a.currency === b.currency &&
  a.refundId === b.refundId &&
  a.clickId === b.clickId &&
  a.event === b.event &&
  a.transactionId === b.transactionId &&
  a.stated === b.stated &&
  (!a.stated || a.atMs === b.atMs || (a.amountNanos ?? 0n) >= 0n) &&
  a.test === b.test &&
  a.byRule === b.byRule &&
  a.ofNanos === b.ofNanos;

/** Drops what can never matter: of a run of reports that say the same, only the first and the last can be separated by another
 *  that is put between them later. So a network that retries a thousand times leaves two reports, not a thousand.
 *  Takes and gives back canonical order. */
export const compactReports = (sorted: readonly Report[]): Report[] =>
  sorted.filter((report, at) => {
    const before = sorted[at - 1];
    const after = sorted[at + 1];
    return !before || !after || !saysTheSame(before, report) || !saysTheSame(report, after);
  });

/** As it stands in the conversion's row: short keys, defaults left out, money as text because JSON numbers are floats. */
export type StoredReport = {
  id: string;
  at: number;
  s: ConversionState;
  t?: 1;
  a?: string;
  u?: 1;
  c?: string;
  r?: string;
  k?: string;
  e?: string;
  n?: string;
  p?: PayoutSource;
  x?: 1;
  b?: 1;
  /** An empty text: null. */
  o?: string;
};

export const storeReport = (report: Report): StoredReport => ({
  id: report.causeId,
  at: report.atMs,
  s: report.state,
  ...(report.stated ? { t: 1 } : {}),
  ...(report.amountNanos === null ? {} : { a: report.amountNanos.toString() }),
  ...(report.amountUnreadable ? { u: 1 } : {}),
  ...(report.currency === null ? {} : { c: report.currency }),
  ...(report.refundId === null ? {} : { r: report.refundId }),
  ...(report.clickId === null ? {} : { k: report.clickId }),
  ...(report.event === null ? {} : { e: report.event }),
  ...(report.transactionId === null ? {} : { n: report.transactionId }),
  ...(report.payoutFrom === null ? {} : { p: report.payoutFrom }),
  ...(report.test ? { x: 1 } : {}),
  ...(report.byRule ? { b: 1 } : {}),
  ...(report.ofNanos === undefined ? {} : { o: report.ofNanos === null ? '' : report.ofNanos.toString() }),
});

export const restoreReport = (stored: StoredReport): Report => ({
  causeId: stored.id,
  atMs: stored.at,
  state: stored.s,
  stated: stored.t === 1,
  amountNanos: stored.a === undefined ? null : BigInt(stored.a),
  amountUnreadable: stored.u === 1,
  currency: stored.c ?? null,
  refundId: stored.r ?? null,
  clickId: stored.k ?? null,
  event: stored.e ?? null,
  transactionId: stored.n ?? null,
  payoutFrom: stored.p ?? null,
  test: stored.x === 1,
  byRule: stored.b === 1,
  ...(stored.o === undefined ? {} : { ofNanos: stored.o === '' ? null : BigInt(stored.o) }),
});
