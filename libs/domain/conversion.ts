import { bucketsOf, type Buckets } from './ledger.js';
import { compareReports, type PayoutSource, type Report } from './report.js';
import type { ConversionState, DuplicateMode } from './settings.js';

/** A conversion as its reports say it is: the fold over their set in canonical order. Because the whole set is folded anew with
 *  every report, the order in which they were processed cannot show in the result (P4), and a report that was refused where it
 *  stood then may be right where it stands now: a refund that came before its approval is refused until the approval is there.
 *
 *  The seven rules are those of docs/CONVERSIONS.md; each effect names the one that made it. */
export type ConversionRules = {
  duplicates: DuplicateMode;
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
  | 'taken_back'
  | 'currency_filled_in'
  | 'hold_ended';

/** Refusals that only the rules can decide; part of the closed list in refusal.ts. */
export type RuleRefusal =
  'transaction_on_other_click' | 'currency_differs' | 'amount_exceeds_balance' | 'conversion_locked';

export type Effect = { kind: 'applied'; rule: RuleName } | { kind: 'nothing' } | { kind: 'refused'; code: RuleRefusal };

export type Folded = {
  state: ConversionState;
  currency: string | null;
  /** Null: unknown (P5): no amount was said that could be read, or no currency. */
  money: Buckets | null;
  /** A report said an amount that cannot be read, after one that could be: the money stands, and somebody should look. */
  moneyInDoubt: boolean;
  clickId: string | null;
  test: boolean;
  payoutFrom: PayoutSource | null;
  /** When the first report says that it happened: what windows are counted to. Unix ms. */
  occurredAtMs: number;
};

type Walk = {
  state: ConversionState | null;
  grossNanos: bigint | null;
  /** The gross is a rejection's own 0: any amount that follows replaces it, in every mode. */
  soft: boolean;
  takenNanos: bigint;
  refunds: Set<string>;
  amounts: Set<bigint>;
  currency: string | null;
  doubt: boolean;
  payoutFrom: PayoutSource | null;
};

const nothing: Effect = { kind: 'nothing' };
const applied = (rule: RuleName): Effect => ({ kind: 'applied', rule });
const refused = (code: RuleRefusal): Effect => ({ kind: 'refused', code });

/** Rules 3 and 4 for a report that is pending or approved: what its amount does. Changes the walk; refuses before it changes. */
const takeAmount = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const said = report.amountNanos;
  if (said === null) {
    if (report.amountUnreadable && walk.grossNanos !== null) walk.doubt = true;
    return nothing;
  }
  if (walk.grossNanos === null || walk.soft) {
    if (said < walk.takenNanos) return refused('amount_exceeds_balance');
    Object.assign(walk, { grossNanos: said, soft: false, payoutFrom: report.payoutFrom });
    walk.amounts.add(said);
    return applied('amount_filled_in');
  }
  walk.doubt = false;
  if (said === walk.grossNanos || rules.duplicates === 'ignore' || rules.duplicates === 'add') return nothing;
  if (rules.duplicates === 'increment') {
    // An amount that was counted is a retry: without an id of its own nothing tells a second equal increment from it.
    if (walk.amounts.has(said) || said === 0n) return nothing;
    walk.amounts.add(said);
    walk.grossNanos += said;
    return applied('amount_incremented');
  }
  if (said < walk.takenNanos) return refused('amount_exceeds_balance');
  Object.assign(walk, { grossNanos: said, payoutFrom: report.payoutFrom });
  return applied('amount_updated');
};

/** The currency a report brings, when the conversion has none yet. The network's default only stands in for a missing one. */
const takeCurrency = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const hadMoney = walk.currency !== null && walk.grossNanos !== null && walk.grossNanos !== 0n;
  const said = report.currency ?? walk.currency ?? (report.amountNanos === null ? null : rules.defaultCurrency);
  if (said === null || said === walk.currency) return nothing;
  if (hadMoney) return nothing;
  walk.currency = said;
  return walk.grossNanos === null ? nothing : applied('currency_filled_in');
};

/** Rule 6, a negative amount: takes back that much of what stands. */
const takeBack = (walk: Walk, report: Report, amountNanos: bigint, rules: ConversionRules): Effect => {
  const key = [amountNanos, report.refundId ?? '', report.stated ? report.atMs : ''].join('|');
  if (walk.refunds.has(key)) return nothing;
  if (walk.state === 'reversed' && amountNanos === walk.grossNanos) return nothing;
  const stands = walk.state === 'approved' || walk.state === 'pending' ? (walk.grossNanos ?? 0n) - walk.takenNanos : 0n;
  if (amountNanos > stands) return refused('amount_exceeds_balance');
  if (rules.locksOnApproval && walk.state === 'approved') return refused('conversion_locked');
  walk.refunds.add(key);
  walk.takenNanos += amountNanos;
  if (walk.takenNanos === walk.grossNanos) walk.state = 'reversed';
  return applied('taken_back');
};

/** Rules 1, 2 and 4 for `pending` and `approved`. */
const accrue = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const { state: before } = walk;
  const decided = before !== null && before !== 'pending';
  // A hold ends for what is still pending; it does not argue with the network.
  if (report.byRule && before !== 'pending') return nothing;
  if (report.state === 'pending' && decided && !rules.reopens) return nothing;
  if (before === 'approved' && rules.locksOnApproval) {
    const says = report.amountNanos;
    const differs = says !== null && walk.grossNanos !== null && says !== walk.grossNanos;
    if (report.state !== 'approved' || differs) return refused('conversion_locked');
  }
  const restores = before === 'rejected' || before === 'reversed';
  const taken = walk.takenNanos;
  if (restores) walk.takenNanos = 0n;
  const money = takeAmount(walk, report, rules);
  if (money.kind === 'refused') {
    walk.takenNanos = taken;
    return money;
  }
  if (before === report.state) return money;
  walk.state = report.state === 'pending' ? 'pending' : 'approved';
  if (before === null) return applied('first_report');
  if (report.byRule) return applied('hold_ended');
  if (report.state === 'pending') return applied('reopened');
  return applied(restores ? 'restored' : 'state_changed');
};

/** Rules 2 and 6 for `rejected` and `reversed` with no amount, 0 or a positive one: everything goes. An amount is taken only when
 *  none is known, as what it would have been. */
const undo = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const { state: before } = walk;
  if (before === 'approved' && rules.locksOnApproval) return refused('conversion_locked');
  let money: Effect = nothing;
  if (walk.grossNanos === null && report.amountNanos !== null) {
    Object.assign(walk, {
      grossNanos: report.amountNanos,
      soft: report.amountNanos === 0n,
      payoutFrom: report.payoutFrom,
    });
    if (!walk.soft) walk.amounts.add(report.amountNanos);
    money = applied('amount_filled_in');
  }
  if (before === 'rejected' || before === 'reversed') return money;
  walk.state = before === 'approved' ? 'reversed' : report.state;
  if (before === null) return applied('first_report');
  return applied(walk.state === 'reversed' ? 'reversal' : 'state_changed');
};

const step = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const stands = walk.grossNanos !== null && walk.grossNanos !== 0n;
  if (report.currency !== null && walk.currency !== null && report.currency !== walk.currency && stands)
    return refused('currency_differs');
  const amount = report.amountNanos;
  const effect =
    amount !== null && amount < 0n
      ? takeBack(walk, report, -amount, rules)
      : report.state === 'pending' || report.state === 'approved'
        ? accrue(walk, report, rules)
        : undo(walk, report, rules);
  if (effect.kind === 'refused') return effect;
  // Rule 1 holds for the currency too: a pending that is outranked says nothing.
  if (report.state === 'pending' && walk.state !== 'pending') return effect;
  const currency = takeCurrency(walk, report, rules);
  return effect.kind === 'nothing' ? currency : effect;
};

const foldOne = (sorted: readonly Report[], rules: ConversionRules): { walk: Walk; effects: Map<string, Effect> } => {
  const walk: Walk = {
    state: null,
    grossNanos: null,
    soft: false,
    takenNanos: 0n,
    refunds: new Set(),
    amounts: new Set(),
    currency: null,
    doubt: false,
    payoutFrom: null,
  };
  const effects = new Map(sorted.map((report) => [report.causeId, step(walk, report, rules)] as const));
  return { walk, effects };
};

/** The mode `add`: each amount is a conversion of its own. The first amount in canonical order is the identity's own conversion,
 *  the others are its further members, named by their amount, so that the set alone decides which there are. What carries no
 *  amount speaks of all of them; what takes back speaks of the one with that amount, else of the first. */
const membersOf = (sorted: readonly Report[], mode: DuplicateMode): Map<string, Report[]> => {
  if (mode !== 'add') return new Map([['', [...sorted]]]);
  const accrues = (report: Report) => report.state === 'pending' || report.state === 'approved';
  const amounts: bigint[] = [];
  for (const report of sorted)
    if (
      accrues(report) &&
      report.amountNanos !== null &&
      report.amountNanos >= 0n &&
      !amounts.includes(report.amountNanos)
    )
      amounts.push(report.amountNanos);
  const members = new Map(amounts.map((amount, at) => [at === 0 ? '' : `+${amount}`, [] as Report[]]));
  if (members.size === 0) members.set('', []);
  for (const report of sorted) {
    const size = report.amountNanos === null || report.amountNanos >= 0n ? report.amountNanos : -report.amountNanos;
    const own = size === null ? [...members.keys()] : [amounts[0] !== size && amounts.includes(size) ? `+${size}` : ''];
    for (const member of own) members.get(member)?.push(report);
  }
  return members;
};

export type FoldedFamily = {
  /** Empty name: the identity's own conversion; a name per further one (`add`). No member where every report is refused. */
  members: Map<string, Folded>;
  effects: Map<string, Effect>;
};

/** Folds all reports of one identity.
 *
 *  The click is that of the first report that names one; a report with another click is refused (`transaction_on_other_click`),
 *  not merged. Test calls count only where there are no real ones, so that a trial cannot move real money. */
export const foldReports = (reports: readonly Report[], rules: ConversionRules): FoldedFamily => {
  const sorted = reports.toSorted(compareReports);
  const test = sorted.every((report) => report.test);
  const counting = test ? sorted : sorted.filter((report) => !report.test);
  const clickId = counting.find((report) => report.clickId !== null)?.clickId ?? null;
  const effects = new Map<string, Effect>(sorted.map((report) => [report.causeId, nothing]));
  const right = counting.filter((report) => {
    const fits = report.clickId === null || report.clickId === clickId;
    if (!fits) effects.set(report.causeId, refused('transaction_on_other_click'));
    return fits;
  });
  const members = new Map<string, Folded>();
  const weight = { refused: 0, nothing: 1, applied: 2 };
  const spoken = new Set<string>();
  for (const [name, own] of membersOf(right, rules.duplicates)) {
    const { walk, effects: here } = foldOne(own, rules);
    for (const [causeId, effect] of here) {
      const held = spoken.has(causeId) ? effects.get(causeId) : undefined;
      if (!held || weight[effect.kind] > weight[held.kind]) effects.set(causeId, effect);
      spoken.add(causeId);
    }
    if (walk.state === null) continue;
    const known = walk.grossNanos !== null && walk.currency !== null;
    members.set(name, {
      state: walk.state,
      currency: walk.currency,
      money: known ? bucketsOf(walk.state, walk.grossNanos ?? 0n, walk.takenNanos) : null,
      moneyInDoubt: walk.doubt,
      clickId,
      test,
      payoutFrom: walk.payoutFrom,
      occurredAtMs: own.find((report) => here.get(report.causeId)?.kind === 'applied')?.atMs ?? own[0]?.atMs ?? 0,
    });
  }
  return { members, effects };
};

/** What a destination is told: what is pending plus approved; of a conversion that lost it all, what it lost. Null: unknown. */
export const valueNanosOf = ({ state, money }: Pick<Folded, 'state' | 'money'>): bigint | null => {
  if (!money) return null;
  if (state === 'pending' || state === 'approved') return money.pending + money.approved;
  return state === 'rejected' ? money.rejected : money.reversed;
};
