import { emptyBuckets, type Buckets } from '../money/buckets.js';
import {
  applied,
  nothing,
  refused,
  startOfFold,
  step,
  type ConversionRules,
  type Effect,
  type FoldState,
} from './fold-state.js';
import { bucketsOf } from './ledger.js';
import type { Report } from './report.js';
import type { ConversionState } from '../settings.js';

/** Orders of several lines: the conversion is the sum of its lines. Each line is folded by its own
 *  reports, so a line that is sent again counts once; a negative line lowers the sum. */

export type Totals = {
  state: ConversionState | null;
  money: Buckets | null;
  currency: string | null;
  moneyInDoubt: boolean;
  payoutFrom: FoldState['payoutFrom'];
};

/** Reports about money of a line make the conversion one of lines; then an amount without a line is
 *  the total of the same order and says nothing. */
export const hasLines = (reports: readonly Report[]): boolean =>
  reports.some(({ lineId, amountNanos }) => lineId !== null && amountNanos !== null);

const isNegative = ({ lineId, amountNanos }: Report): boolean =>
  lineId !== null && amountNanos !== null && amountNanos < 0n;

const withoutAmount = (report: Report): Report => ({ ...report, amountNanos: null, amountUnreadable: false });

const weight = { refused: 0, nothing: 1, applied: 2 };

/** Notes the effect that says most: a report may be about several lines. */
export const noteEffect = (effects: Map<string, Effect>, causeId: string, effect: Effect): void => {
  const held = effects.get(causeId);
  if (!held || weight[effect.kind] > weight[held.kind]) effects.set(causeId, effect);
};

/** Reports grouped by line. A line of which every amount is negative takes from the others. */
const groupLines = (sorted: readonly Report[]) => {
  const lines = new Map<string, Report[]>();
  for (const report of sorted)
    if (report.lineId !== null) lines.set(report.lineId, [...(lines.get(report.lineId) ?? []), report]);
  const groups = [...lines].map(([lineId, reports]) => ({ lineId, reports }));
  const takes = ({ reports }: { reports: Report[] }) => reports.some(isNegative) && reports.every(isNegativeOrSilent);
  return { adding: groups.filter((group) => !takes(group)), taking: groups.filter(takes) };
};
const isNegativeOrSilent = (report: Report): boolean => isNegative(report) || report.amountNanos === null;

/** Folds the reports of one conversion that has lines. Takes canonical order. */
export const foldLines = (
  sorted: readonly Report[],
  rules: ConversionRules,
): { totals: Totals; effects: Map<string, Effect> } => {
  const effects = new Map<string, Effect>();
  const judged = sorted.filter((report) => report.proven || !isNegative(report));
  for (const report of sorted) if (!judged.includes(report)) effects.set(report.causeId, refused('proof_required'));
  const { adding, taking } = groupLines(judged);
  const lineRules = { ...rules, duplicates: lineMode(rules), eventDuplicates: {} };
  const foldLine = (lineId: string | null) => {
    const fold = startOfFold();
    for (const report of judged) {
      if (report.lineId !== null && report.lineId !== lineId) continue;
      const own = report.lineId === null && lineId !== null ? withoutAmount(report) : report;
      noteEffect(effects, report.causeId, step(fold, own, lineRules));
    }
    return fold;
  };
  const folds = adding.length === 0 ? [foldLine(null)] : adding.map(({ lineId }) => foldLine(lineId));
  const currency = folds.find((fold) => fold.currency !== null)?.currency ?? null;
  const totals = sumOf(folds, currency);
  for (const [index, { reports }] of adding.entries())
    if ((folds[index]?.currency ?? currency) !== currency)
      for (const { causeId } of reports) effects.set(causeId, refused('currency_differs'));
  takeLines(taking, totals, effects, rules);
  return { totals, effects };
};

/** Under every mode but `ignore` a line's newer amount replaces its older one. */
const lineMode = ({ duplicates }: ConversionRules): 'update' | 'ignore' =>
  duplicates === 'ignore' ? 'ignore' : 'update';

const sumOf = (folds: readonly FoldState[], currency: string | null): Totals => {
  const counted = folds.filter((fold) => fold.state !== null && (fold.currency ?? currency) === currency);
  const money = emptyBuckets();
  for (const { state, grossNanos, takenNanos } of counted)
    for (const [name, nanos] of Object.entries(bucketsOf(state ?? 'pending', grossNanos ?? 0n, takenNanos)))
      money[name as keyof Buckets] += nanos;
  const states = new Set(counted.map(({ state }) => state));
  const state = (['approved', 'pending', 'reversed', 'rejected'] as const).find((each) => states.has(each)) ?? null;
  const isKnown = currency !== null && counted.every(({ grossNanos }) => grossNanos !== null);
  return {
    state,
    money: isKnown ? money : null,
    currency,
    moneyInDoubt: counted.some(({ moneyInDoubt }) => moneyInDoubt),
    payoutFrom: counted[0]?.payoutFrom ?? null,
  };
};

/** Negative lines take from what is approved, then from what is pending, in canonical order. More
 *  than all lines ever held is refused; what a reversal took back already is not taken twice. */
const takeLines = (
  taking: readonly { reports: Report[] }[],
  totals: Totals,
  effects: Map<string, Effect>,
  rules: ConversionRules,
): void => {
  const { money } = totals;
  const { pending, approved, rejected, reversed } = money ?? emptyBuckets();
  let holdable = pending + approved + rejected + reversed;
  for (const { reports } of taking) {
    const last = rules.duplicates === 'ignore' ? reports.find(isNegative) : reports.findLast(isNegative);
    const nanos = -(last?.amountNanos ?? 0n);
    const isOther = last?.currency != null && totals.currency !== null && last.currency !== totals.currency;
    const isLocked = rules.locksOnApproval && totals.state === 'approved';
    const exceeds = !money || nanos > holdable;
    const code = isOther
      ? 'currency_differs'
      : exceeds
        ? 'amount_exceeds_balance'
        : isLocked
          ? 'conversion_locked'
          : null;
    for (const { causeId } of reports)
      effects.set(causeId, code ? refused(code) : causeId === last?.causeId ? applied('line_added') : nothing);
    if (code !== null || !money) continue;
    holdable -= nanos;
    const fromApproved = nanos < money.approved ? nanos : money.approved;
    const fromPending = nanos - fromApproved < money.pending ? nanos - fromApproved : money.pending;
    money.approved -= fromApproved;
    money.pending -= fromPending;
    money.reversed += fromApproved + fromPending;
  }
  const isEmpty = money !== null && money.approved + money.pending === 0n && money.reversed > 0n;
  if (isEmpty && (totals.state === 'approved' || totals.state === 'pending')) totals.state = 'reversed';
};
