import type { Buckets } from '../money/buckets.js';
import type { PayoutSource } from '../money/payout.js';
import {
  copyOfState,
  isAccrual,
  nothing,
  refused,
  startOfFold,
  step,
  type ConversionRules,
  type Effect,
  type FoldState,
} from './fold-state.js';
import { bucketsOf } from './ledger.js';
import { foldLines, hasLines, noteEffect, type Totals } from './lines.js';
import { adds, listMembers, reportsByMember, type Member } from './members.js';
import { compareReports, isReceivedBefore, type Report } from './report.js';
import type { ConversionState } from '../settings.js';

/** A conversion is the fold over the set of its reports in canonical order, so the order in which
 *  they were processed cannot show in the result (P4). A report that is refused at its place may be
 *  right once an older one has come: a refund is refused until its approval is there. */

export type Folded = {
  state: ConversionState;
  currency: string | null;
  /** Null: unknown (P5): no readable amount was stated, or no currency. */
  money: Buckets | null;
  /** A report stated an amount that cannot be read, after one that could be: the money stays, and a
   *  person should look. */
  moneyInDoubt: boolean;
  clickId: string | null;
  /** From the first report that names one; the identity's own is in the set. */
  event: string | null;
  transactionId: string | null;
  test: boolean;
  payoutFrom: PayoutSource | null;
  /** When it happened, by the report received first: later reports do not move what was sent on.
   *  Unix ms. */
  occurredAtMs: number;
  /** The earliest that a report states, of the proven ones where there are any: what windows are
   *  counted to. */
  judgedAtMs: number;
  /** Whether any proven report counts. */
  proven: boolean;
};

type FoldedSet = {
  /** Empty name: the identity's own conversion; a name per further one (`add`). No member where
   *  every report is refused. */
  members: Map<string, Folded>;
  effects: Map<string, Effect>;
};

const bringsSale = ({ state, amountNanos }: Report): boolean => isAccrual(state) && (amountNanos ?? 0n) >= 0n;

/** A reversal that names its sale by another id waits for it: it is applied after the first report
 *  that brings the sale. */
const withLateReversals = (sorted: readonly Report[]): readonly Report[] => {
  const first = sorted.findIndex(bringsSale);
  if (first <= 0 || !sorted.slice(0, first).some(({ refundId }) => refundId !== null)) return sorted;
  const before = sorted.slice(0, first);
  return [
    ...before.filter(({ refundId }) => refundId === null),
    sorted[first] as Report,
    ...before.filter(({ refundId }) => refundId !== null),
    ...sorted.slice(first + 1),
  ];
};

const totalsOf = (fold: FoldState): Totals => {
  const { state, currency, grossNanos, takenNanos, moneyInDoubt, payoutFrom } = fold;
  const known = state !== null && grossNanos !== null && currency !== null;
  return { state, currency, money: known ? bucketsOf(state, grossNanos, takenNanos) : null, moneyInDoubt, payoutFrom };
};

type One = { totals: Totals; effects: Map<string, Effect>; fold: FoldState | null };

const foldOne = (sorted: readonly Report[], rules: ConversionRules): One => {
  const ordered = withLateReversals(sorted);
  if (hasLines(ordered)) return { ...foldLines(ordered, rules), fold: null };
  const fold = startOfFold();
  const effects = new Map(ordered.map((report) => [report.causeId, step(fold, report, rules)] as const));
  return { totals: totalsOf(fold), effects, fold };
};

type Counting = { test: boolean; counting: readonly Report[]; clickId: string | null; clickProven: boolean };

/** The reports that count: test calls only where there is no real one, so that a trial cannot move
 *  real money. The click is that of the first proven report that names one, else of the first. */
const countingOf = (sorted: readonly Report[]): Counting => {
  const test = sorted.every((report) => report.test);
  const counting = test ? sorted : sorted.filter((report) => !report.test);
  const naming = counting.filter((report) => report.clickId !== null);
  const proven = naming.find((report) => report.proven);
  return { test, counting, clickId: (proven ?? naming[0])?.clickId ?? null, clickProven: proven !== undefined };
};

/** What identifies a further conversion of an identity (mode `add`), whatever its name. Undefined
 *  where the rules make one conversion of all reports. */
export const memberKeyOf = (
  reports: readonly Report[],
  rules: ConversionRules,
  name: string,
): Pick<Member, 'amountNanos' | 'transactionId'> | undefined => {
  if (!adds(rules)) return undefined;
  const { counting, clickId } = countingOf(reports.toSorted(compareReports));
  const right = counting.filter((report) => report.clickId === null || report.clickId === clickId);
  return hasLines(right) ? undefined : listMembers(right, rules).find((member) => member.name === name);
};

const firstReceived = (reports: readonly Report[]): Report | undefined =>
  reports.reduce<Report | undefined>(
    (first, each) => (!first || isReceivedBefore(each, first) ? each : first),
    undefined,
  );

const earliest = (reports: readonly Report[]): number | undefined =>
  reports.length === 0 ? undefined : Math.min(...reports.map(({ occurredAtMs }) => occurredAtMs));

/** When a conversion happened: by the report received first that was not refused, preferably one
 *  that brings it about. */
const datesOf = (own: readonly Report[], refusedIds: ReadonlySet<string>) => {
  const counted = own.filter(({ causeId, byRule }) => !byRule && !refusedIds.has(causeId));
  const bringing = counted.filter(bringsSale);
  const dating = bringing.length > 0 ? bringing : counted;
  const proven = dating.filter((report) => report.proven);
  const occurredAtMs = (firstReceived(dating) ?? own[0])?.occurredAtMs ?? 0;
  return {
    occurredAtMs,
    judgedAtMs: earliest(proven.length > 0 ? proven : dating) ?? occurredAtMs,
    proven: counted.some((report) => report.proven),
  };
};

const memberOf = (
  own: readonly Report[],
  totals: Totals,
  refusedIds: ReadonlySet<string>,
  { clickId, test }: Counting,
): Folded | null => {
  const { state, ...rest } = totals;
  if (state === null) return null;
  return {
    state,
    ...rest,
    clickId,
    event: own.find((report) => report.event !== null)?.event ?? null,
    transactionId: own.find((report) => report.transactionId !== null)?.transactionId ?? null,
    test,
    ...datesOf(own, refusedIds),
  };
};

const refusedOf = (effects: ReadonlyMap<string, Effect>): ReadonlySet<string> =>
  new Set([...effects].flatMap(([causeId, effect]) => (effect.kind === 'refused' ? [causeId] : [])));

/** Folds all reports of one identity. A report with another click than the identity's is refused
 *  (`transaction_on_other_click`), not merged. */
export const foldReports = (reports: readonly Report[], rules: ConversionRules): FoldedSet =>
  foldSorted(reports.toSorted(compareReports), rules);

const foldSorted = (sorted: readonly Report[], rules: ConversionRules): FoldedSet & { resume: Resume | null } => {
  const counted = countingOf(sorted);
  const { counting, clickId } = counted;
  const effects = new Map<string, Effect>(sorted.map((report) => [report.causeId, nothing]));
  const right = counting.filter(({ causeId, clickId: named }) => {
    const fits = named === null || named === clickId;
    if (!fits) effects.set(causeId, refused('transaction_on_other_click'));
    return fits;
  });
  const own = adds(rules) && !hasLines(right) ? reportsByMember(right, rules) : new Map([['', right]]);
  const members = new Map<string, Folded>();
  const merged = new Map<string, Effect>();
  let only: One | null = null;
  for (const [name, list] of own) {
    only = foldOne(list, rules);
    for (const [causeId, effect] of only.effects) noteEffect(merged, causeId, effect);
    const folded = memberOf(list, only.totals, refusedOf(only.effects), counted);
    if (folded) members.set(name, folded);
  }
  for (const [causeId, effect] of merged) effects.set(causeId, effect);
  const resumable = only?.fold && own.size === 1 && !adds(rules) ? only.fold : null;
  const resume = resumable && { fold: resumable, counted, right, refusedIds: refusedOf(merged), rules };
  return { members, effects, resume };
};

/** Where a fold of one plain conversion ended, so that a report that comes last costs one step. */
type Resume = {
  fold: FoldState;
  counted: Counting;
  right: readonly Report[];
  refusedIds: ReadonlySet<string>;
  rules: ConversionRules;
};
const resumes = new WeakMap<readonly Report[], Resume>();

/** Folds a set to which one report was added. Reports that come last in the canonical order
 *  continue the fold that `before` ended with, so n reports of a conversion do not cost n folds of
 *  n.
 *  @param before the reports without it, in canonical order
 *  @param after the reports with it, in canonical order
 *  @param keptAs the array that the set will keep: the next report looks for the fold under it
 *  @returns `effects` of the added report alone, where the fold was continued */
export const foldAdded = (
  before: readonly Report[],
  after: readonly Report[],
  report: Report | null,
  rules: ConversionRules,
  keptAs: readonly Report[],
): { members: Map<string, Folded>; effects: Map<string, Effect>; continued: boolean } => {
  const resume = resumes.get(before);
  const isLast = report !== null && after.at(-1) === report;
  const next = resume && resume.rules === rules && isLast ? continueFold(resume, report) : null;
  if (next && report) {
    resumes.set(keptAs, next.resume);
    return { members: next.members, effects: new Map([[report.causeId, next.effect]]), continued: true };
  }
  const folded = foldSorted(after, rules);
  if (folded.resume) resumes.set(keptAs, folded.resume);
  return { members: folded.members, effects: folded.effects, continued: false };
};

const continueFold = (
  { fold, counted, right, refusedIds, rules }: Resume,
  report: Report,
): { members: Map<string, Folded>; effect: Effect; resume: Resume } | null => {
  const otherClick = report.clickId !== null && report.clickId !== counted.clickId;
  const isLine = report.lineId !== null && report.amountNanos !== null;
  // What waits for the sale is ordered behind it, so the first report of the sale folds all again.
  const isFirstOfSale = bringsSale(report) && !right.some(bringsSale);
  if (report.test !== counted.test || otherClick || isLine || isFirstOfSale) return null;
  if (report.clickId !== null && report.proven && !counted.clickProven) return null;
  const next = copyOfState(fold);
  const effect = step(next, report, rules);
  const own = [...right, report];
  const refusedNow = effect.kind === 'refused' ? new Set([...refusedIds, report.causeId]) : refusedIds;
  const folded = memberOf(own, totalsOf(next), refusedNow, counted);
  const resume = { fold: next, counted, right: own, refusedIds: refusedNow, rules };
  return { members: new Map(folded ? [['', folded]] : []), effect, resume };
};

/** The value of a conversion for a destination: what is pending plus approved; of a conversion that
 *  lost everything, what it lost. Null: unknown. */
export const valueNanosOf = ({ state, money }: Pick<Folded, 'state' | 'money'>): bigint | null => {
  if (!money) return null;
  if (isAccrual(state)) return money.pending + money.approved;
  return state === 'rejected' ? money.rejected : money.reversed;
};
