import type { PayoutSource } from '../money/payout.js';
import type { ConversionState, DuplicateMode } from '../settings.js';
import { isAllowedWithoutProof } from './proof.js';
import type { Report } from './report.js';

/** One step of the fold: what one report does to one conversion. The rules are those of
 *  docs/CONVERSIONS.md; each effect names the rule that made it. */

export type ConversionRules = {
  duplicates: DuplicateMode;
  /** Events with a mode of their own, where conversions are not kept apart by their event: an
   *  upsell that adds to its sale. */
  eventDuplicates?: Record<string, DuplicateMode>;
  /** It has had further conversions under other rules (a replay changed them), which are still read
   *  with it. */
  hadMembers?: boolean;
  reopens: boolean;
  locksOnApproval: boolean;
  defaultCurrency: string | null;
};

export type RuleName =
  | 'first_report'
  | 'state_changed'
  | 'reversal'
  | 'restored'
  | 'reopened'
  | 'amount_filled_in'
  | 'amount_updated'
  | 'amount_incremented'
  | 'line_added'
  | 'taken_back'
  | 'currency_filled_in'
  | 'hold_ended';

/** Refusals that only the rules can decide; part of the closed list in `refusal.ts`. */
export type RuleRefusal =
  | 'proof_required'
  | 'transaction_on_other_click'
  | 'currency_differs'
  | 'amount_exceeds_balance'
  | 'conversion_locked'
  | 'too_many_reports';

export type Effect = { kind: 'applied'; rule: RuleName } | { kind: 'nothing' } | { kind: 'refused'; code: RuleRefusal };

/** What only calls without proof have stated so far. A proven report replaces it under every mode
 *  and setting, so that a stranger who comes first blocks nothing. */
type Unproven = 'state' | 'amount' | 'currency';

export type FoldState = {
  state: ConversionState | null;
  grossNanos: bigint | null;
  /** The part of the gross that increments made; the rest is the amount that an update replaces. */
  addedNanos: bigint;
  baseKnown: boolean;
  /** The gross is a rejection's own 0: any amount that follows replaces it, in every mode. */
  provisionalZero: boolean;
  takenNanos: bigint;
  refunds: Set<string>;
  amounts: Set<string>;
  currency: string | null;
  /** An amount that could not be read came after one that could. */
  moneyInDoubt: boolean;
  payoutFrom: PayoutSource | null;
  unproven: Set<Unproven>;
  /** Whether a proven report has counted: from then on a call without proof changes nothing. */
  hasProof: boolean;
};

export const startOfFold = (): FoldState => ({
  state: null,
  grossNanos: null,
  addedNanos: 0n,
  baseKnown: false,
  provisionalZero: false,
  takenNanos: 0n,
  refunds: new Set(),
  amounts: new Set(),
  currency: null,
  moneyInDoubt: false,
  payoutFrom: null,
  unproven: new Set(),
  hasProof: false,
});

export const copyOfState = (fold: FoldState): FoldState => ({
  ...fold,
  refunds: new Set(fold.refunds),
  amounts: new Set(fold.amounts),
  unproven: new Set(fold.unproven),
});

export const nothing: Effect = { kind: 'nothing' };
export const applied = (rule: RuleName): Effect => ({ kind: 'applied', rule });
export const refused = (code: RuleRefusal): Effect => ({ kind: 'refused', code });

export const isAccrual = (state: ConversionState): boolean => state === 'pending' || state === 'approved';

export const modeOf = ({ event }: Report, rules: ConversionRules): DuplicateMode =>
  (event === null ? undefined : rules.eventDuplicates?.[event]) ?? rules.duplicates;

/** Separates an amount that was counted from a retry of it: by a transaction id of its own, where
 *  the identity does not hold that id. */
const amountKey = (report: Report): string => `${report.amountNanos} ${report.transactionId ?? ''}`;

const replacesUnproven = (fold: FoldState, report: Report, what: Unproven): boolean =>
  report.proven && fold.unproven.has(what);

/** Rules 3 and 4 for a report that is pending or approved: what its amount does. Refuses before it
 *  changes anything. */
const takeAmount = (fold: FoldState, report: Report, rules: ConversionRules): Effect => {
  const said = report.amountNanos;
  if (said === null) {
    if (report.amountUnreadable && fold.grossNanos !== null) fold.moneyInDoubt = true;
    return nothing;
  }
  const mode = modeOf(report, rules);
  if (fold.grossNanos === null || fold.provisionalZero || replacesUnproven(fold, report, 'amount')) {
    if (said < fold.takenNanos) return refused('amount_exceeds_balance');
    const isConfirmed = replacesUnproven(fold, report, 'amount') && said === fold.grossNanos;
    const adds = mode === 'increment';
    Object.assign(fold, { grossNanos: said, addedNanos: adds ? said : 0n, baseKnown: !adds, provisionalZero: false });
    fold.payoutFrom = report.payoutFrom;
    if (replacesUnproven(fold, report, 'amount')) fold.amounts.clear();
    fold.amounts.add(amountKey(report));
    return isConfirmed ? nothing : applied('amount_filled_in');
  }
  fold.moneyInDoubt = false;
  if (mode === 'increment') return increment(fold, report, said);
  const base = fold.grossNanos - fold.addedNanos;
  if (fold.baseKnown && (said === base || mode !== 'update')) return nothing;
  if (said + fold.addedNanos < fold.takenNanos) return refused('amount_exceeds_balance');
  Object.assign(fold, { grossNanos: said + fold.addedNanos, payoutFrom: report.payoutFrom });
  if (fold.baseKnown) return applied('amount_updated');
  fold.baseKnown = true;
  return said === 0n ? nothing : applied('amount_incremented');
};

/** An amount that was counted, or the total itself, is a retry: without an id of its own a second
 *  equal increment looks the same. */
const increment = (fold: FoldState, report: Report, saidNanos: bigint): Effect => {
  const key = amountKey(report);
  const isTotal = report.transactionId === null && saidNanos === fold.grossNanos;
  if (fold.amounts.has(key) || isTotal || saidNanos === 0n) return nothing;
  fold.amounts.add(key);
  fold.grossNanos = (fold.grossNanos ?? 0n) + saidNanos;
  fold.addedNanos += saidNanos;
  return applied('amount_incremented');
};

/** The currency a report brings, when the conversion has none yet. The network's default only fills
 *  in for a missing one. */
const takeCurrency = (fold: FoldState, report: Report, rules: ConversionRules, hadMoney: boolean): Effect => {
  const said = report.currency ?? fold.currency ?? (report.amountNanos === null ? null : rules.defaultCurrency);
  if (said === null || said === fold.currency) return nothing;
  if (hadMoney && !replacesUnproven(fold, report, 'currency')) return nothing;
  fold.currency = said;
  return fold.grossNanos === null ? nothing : applied('currency_filled_in');
};

/** Rule 6, a negative amount: takes back that much of what is pending or approved. */
const takeBack = (fold: FoldState, report: Report, amountNanos: bigint, rules: ConversionRules): Effect => {
  const key = [amountNanos, report.refundId ?? '', report.stated ? report.atMs : ''].join('|');
  if (fold.refunds.has(key)) return nothing;
  if (fold.state === 'reversed' && amountNanos === fold.grossNanos) return nothing;
  const left = fold.state !== null && isAccrual(fold.state) ? (fold.grossNanos ?? 0n) - fold.takenNanos : 0n;
  if (amountNanos > left) return refused('amount_exceeds_balance');
  if (isLocked(fold, rules)) return refused('conversion_locked');
  fold.refunds.add(key);
  fold.takenNanos += amountNanos;
  if (fold.takenNanos === fold.grossNanos) fold.state = 'reversed';
  return applied('taken_back');
};

const isLocked = (fold: FoldState, rules: ConversionRules): boolean =>
  rules.locksOnApproval && fold.state === 'approved' && !fold.unproven.has('state');

/** Rules 1, 2 and 4 for `pending` and `approved`. */
const accrue = (fold: FoldState, report: Report, rules: ConversionRules): Effect => {
  const { state: before } = fold;
  const decided = before !== null && before !== 'pending';
  // A hold ends for what is still pending; it does not argue with the network.
  if (report.byRule && before !== 'pending') return nothing;
  const mayReopen = rules.reopens || replacesUnproven(fold, report, 'state');
  if (report.state === 'pending' && decided && !mayReopen) return nothing;
  if (isLocked(fold, rules)) {
    const says = report.amountNanos;
    const isOther = says !== null && fold.grossNanos !== null && says !== fold.grossNanos;
    if (report.state !== 'approved' || (isOther && !replacesUnproven(fold, report, 'amount')))
      return refused('conversion_locked');
  }
  const restores = before === 'rejected' || before === 'reversed';
  if (restores) {
    // The restored sale has no refunds any more, so a later refund of the same amount is a new one.
    Object.assign(fold, { takenNanos: 0n, refunds: new Set() });
    // Where nothing is left the sale may come again in another currency, without the old amount.
    if (clashes(fold, report))
      Object.assign(fold, { grossNanos: null, addedNanos: 0n, currency: report.currency, amounts: new Set() });
  }
  const money = takeAmount(fold, report, rules);
  if (money.kind === 'refused') return money;
  if (before === report.state) return money;
  fold.state = report.state === 'pending' ? 'pending' : 'approved';
  if (before === null) return applied('first_report');
  if (report.byRule) return applied('hold_ended');
  if (report.state === 'pending') return applied('reopened');
  return applied(restores ? 'restored' : 'state_changed');
};

/** Rules 2 and 6 for `rejected` and `reversed` with no amount, 0 or a positive one: takes back
 *  everything. An amount is used only when none is known, as what it would have been. */
const undo = (fold: FoldState, report: Report, rules: ConversionRules): Effect => {
  const { state: before } = fold;
  if (isLocked(fold, rules)) return refused('conversion_locked');
  let money: Effect = nothing;
  if (fold.grossNanos === null && report.amountNanos !== null) {
    Object.assign(fold, {
      grossNanos: report.amountNanos,
      baseKnown: true,
      provisionalZero: report.amountNanos === 0n,
      payoutFrom: report.payoutFrom,
    });
    if (!fold.provisionalZero) fold.amounts.add(amountKey(report));
    money = applied('amount_filled_in');
  }
  if (before === 'rejected' || before === 'reversed') return money;
  fold.state = before === 'approved' ? 'reversed' : report.state;
  if (before === null) return applied('first_report');
  return applied(fold.state === 'reversed' ? 'reversal' : 'state_changed');
};

const clashes = (fold: FoldState, report: Report): boolean =>
  report.currency !== null &&
  fold.currency !== null &&
  report.currency !== fold.currency &&
  fold.grossNanos !== null &&
  fold.grossNanos !== 0n;

/** Rule 5: money has its currency while it is pending or approved. What was lost and comes back
 *  with an amount may come in another currency. */
const isOtherCurrency = (fold: FoldState, report: Report): boolean => {
  const lost = fold.state === 'rejected' || fold.state === 'reversed';
  return clashes(fold, report) && !(lost && isAccrual(report.state) && (report.amountNanos ?? -1n) >= 0n);
};

/** An unproven amount in a currency that a proven report contradicts is worthless: 5 of what? */
const dropUnprovenMoney = (fold: FoldState, report: Report): void => {
  if (!clashes(fold, report) || !replacesUnproven(fold, report, 'currency')) return;
  if (!fold.unproven.has('amount')) return;
  Object.assign(fold, { grossNanos: null, addedNanos: 0n, takenNanos: 0n, baseKnown: false, currency: null });
  Object.assign(fold, { amounts: new Set(), refunds: new Set() });
};

/** Applies one report by the rules alone, proof aside. Changes `fold`, except where it refuses. */
const applyRules = (fold: FoldState, report: Report, rules: ConversionRules): Effect => {
  if (isOtherCurrency(fold, report)) return refused('currency_differs');
  // Before the report adds to it: 5 dollars after 0 euros are dollars.
  const hadMoney = fold.currency !== null && fold.grossNanos !== null && fold.grossNanos !== 0n;
  const amount = report.amountNanos;
  const effect =
    amount !== null && amount < 0n
      ? takeBack(fold, report, -amount, rules)
      : isAccrual(report.state)
        ? accrue(fold, report, rules)
        : undo(fold, report, rules);
  if (effect.kind === 'refused') return effect;
  // Rule 1 holds for the currency too: a pending that is outranked says nothing.
  if (report.state === 'pending' && fold.state !== 'pending') return effect;
  const currency = takeCurrency(fold, report, rules, hadMoney);
  return effect.kind === 'nothing' ? currency : effect;
};

/** Notes which of the conversion's facts rest on calls without proof only. */
const noteProof = (fold: FoldState, report: Report, before: FoldState): void => {
  if (report.byRule) return;
  if (!report.proven) {
    if (fold.state !== before.state) fold.unproven.add('state');
    if (fold.grossNanos !== before.grossNanos) fold.unproven.add('amount');
    if (fold.currency !== before.currency) fold.unproven.add('currency');
    return;
  }
  fold.hasProof = true;
  fold.unproven.delete('state');
  if (report.amountNanos !== null && report.amountNanos >= 0n) fold.unproven.delete('amount');
  if (report.currency !== null || !fold.unproven.has('amount')) fold.unproven.delete('currency');
};

/** One report. Changes `fold`, except where it refuses. */
export const step = (fold: FoldState, report: Report, rules: ConversionRules): Effect => {
  if (!report.proven && !report.byRule) {
    const after = copyOfState(fold);
    const effect = applyRules(after, report, rules);
    if (effect.kind === 'nothing') return effect;
    if (effect.kind === 'refused') return fold.hasProof ? refused('proof_required') : effect;
    if (!isAllowedWithoutProof(fold, after)) return refused('proof_required');
    noteProof(after, report, fold);
    Object.assign(fold, after);
    return effect;
  }
  const rests = fold.unproven.size > 0;
  const before = rests ? copyOfState(fold) : fold;
  if (rests) dropUnprovenMoney(fold, report);
  const effect = applyRules(fold, report, rules);
  if (effect.kind === 'refused') {
    if (rests) Object.assign(fold, before);
    return effect;
  }
  noteProof(fold, report, before);
  return effect;
};
