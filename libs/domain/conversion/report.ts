import type { PayoutSource } from '../money/payout.js';
import type { ConversionState } from '../settings.js';

/** What one postback says about one conversion, with everything that the rules need and nothing
 *  else. A conversion is the fold over the set of its reports (P4), so they are kept with it. */
export type Report = {
  /** The postback, or for a rule of time (a hold that ended) an id derived from its conversion. */
  causeId: string;
  /** What orders it: the network's own time where it states one that may order, else the receipt.
   *  Unix ms. */
  atMs: number;
  /** Whether `atMs` is the network's own time. */
  stated: boolean;
  /** When the call was received: the order of reports whose `atMs` is the same. */
  receivedAtMs: number;
  /** When the conversion happened, as far as this report says. Dates the conversion. */
  occurredAtMs: number;
  /** Whether the call was proven to come from its network. What a proven report states is changed
   *  by proven reports only. */
  proven: boolean;
  state: ConversionState;
  /** Null: nothing was said about money, or it could not be read (`amountUnreadable`). Negative:
   *  takes back that much. */
  amountNanos: bigint | null;
  amountUnreadable: boolean;
  currency: string | null;
  /** The own id of a reversal, which names the sale by another id; two equal refunds are two. */
  refundId: string | null;
  /** A line of an order: the conversion is the sum of its lines. Null: the report is about the
   *  whole conversion. */
  lineId: string | null;
  clickId: string | null;
  /** What the identity does not hold: the event, where conversions are not kept apart by it, and
   *  the transaction id, where they are recognised by their click. Null: it does, or none was
   *  named. */
  event: string | null;
  transactionId: string | null;
  payoutFrom: PayoutSource | null;
  test: boolean;
  /** Made by a rule of time, not by the network. */
  byRule: boolean;
  /** Of a rule's report where an identity may hold several conversions: the one with this amount
   *  and the report's transaction id, null for the one without an amount. Absent: it is about
   *  all. */
  ofNanos?: bigint | null;
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The canonical order: by time, at equal times by receipt, then by id. Total, so every permutation
 *  sorts to one list (P4). */
export const compareReports = (a: Report, b: Report): number =>
  a.atMs - b.atMs || a.receivedAtMs - b.receivedAtMs || compareText(a.causeId, b.causeId);

const saysTheSame = (a: Report, b: Report): boolean =>
  a.state === b.state &&
  a.proven === b.proven &&
  a.amountNanos === b.amountNanos &&
  a.amountUnreadable === b.amountUnreadable &&
  a.currency === b.currency &&
  a.refundId === b.refundId &&
  a.lineId === b.lineId &&
  a.clickId === b.clickId &&
  a.event === b.event &&
  a.transactionId === b.transactionId &&
  a.stated === b.stated &&
  (!a.stated || a.atMs === b.atMs || (a.amountNanos ?? 0n) >= 0n) &&
  a.test === b.test &&
  a.byRule === b.byRule &&
  a.ofNanos === b.ofNanos;

/** How many equal reports in a row a conversion keeps. The middle of a run matters only when other
 *  reports are put in on both sides of it later: up to this length P4 holds without exception. */
export const maxEqualReports = 16;

/** Shortens long runs of equal reports, so that a thousand retries leave sixteen or seventeen. Kept
 *  are the first, because another may be put in behind it, the last ones, and the one received
 *  first, because it dates the conversion.
 *
 *  @param sorted in canonical order, like the result. */
export const compactReports = (sorted: readonly Report[]): Report[] => {
  if (sorted.length <= maxEqualReports) return [...sorted];
  const kept: Report[] = [];
  let start = 0;
  while (start < sorted.length) {
    let end = start;
    while (end + 1 < sorted.length && saysTheSame(sorted[end] as Report, sorted[end + 1] as Report)) end += 1;
    const run = sorted.slice(start, end + 1);
    if (run.length <= maxEqualReports) kept.push(...run);
    else {
      const earliest = run.reduce((first, each) => (isReceivedBefore(each, first) ? each : first));
      const isLate = (at: number): boolean => at > run.length - maxEqualReports;
      kept.push(...run.filter((each, at) => at === 0 || isLate(at) || each === earliest));
    }
    start = end + 1;
  }
  return kept;
};

export const isReceivedBefore = (a: Report, b: Report): boolean =>
  a.receivedAtMs < b.receivedAtMs || (a.receivedAtMs === b.receivedAtMs && a.causeId < b.causeId);

/** The form in the conversion's row: short keys, defaults left out, money as text because JSON
 *  numbers are floats. */
export type StoredReport = {
  id: string;
  at: number;
  s: ConversionState;
  t?: 1;
  /** Receipt, where it is not `at`. */
  w?: number;
  /** When it happened, where it is not `at`. */
  d?: number;
  /** Without proof. Rows from before proof was kept have none of these and count as proven. */
  z?: 1;
  a?: string;
  u?: 1;
  c?: string;
  r?: string;
  l?: string;
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
  ...(report.receivedAtMs === report.atMs ? {} : { w: report.receivedAtMs }),
  ...(report.occurredAtMs === report.atMs ? {} : { d: report.occurredAtMs }),
  ...(report.proven ? {} : { z: 1 }),
  ...(report.amountNanos === null ? {} : { a: report.amountNanos.toString() }),
  ...(report.amountUnreadable ? { u: 1 } : {}),
  ...(report.currency === null ? {} : { c: report.currency }),
  ...(report.refundId === null ? {} : { r: report.refundId }),
  ...(report.lineId === null ? {} : { l: report.lineId }),
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
  receivedAtMs: stored.w ?? stored.at,
  occurredAtMs: stored.d ?? stored.at,
  proven: stored.z !== 1,
  amountNanos: stored.a === undefined ? null : BigInt(stored.a),
  amountUnreadable: stored.u === 1,
  currency: stored.c ?? null,
  refundId: stored.r ?? null,
  lineId: stored.l ?? null,
  clickId: stored.k ?? null,
  event: stored.e ?? null,
  transactionId: stored.n ?? null,
  payoutFrom: stored.p ?? null,
  test: stored.x === 1,
  byRule: stored.b === 1,
  ...(stored.o === undefined ? {} : { ofNanos: stored.o === '' ? null : BigInt(stored.o) }),
});
