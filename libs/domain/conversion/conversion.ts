import type { Buckets } from '../money/buckets.js';
import type { PayoutSource } from '../money/payout.js';
import { bucketsOf } from './ledger.js';
import { compareReports, type Report } from './report.js';
import type { ConversionState, DuplicateMode } from '../settings.js';

/** A conversion as its reports say it is: the fold over their set in canonical order. Because the whole set is folded anew with
 *  every report, the order in which they were processed cannot show in the result (P4), and a report that was refused where it
 *  stood then may be right where it stands now: a refund that came before its approval is refused until the approval is there.
 *
 *  The seven rules are those of docs/CONVERSIONS.md; each effect names the one that made it. */
export type ConversionRules = {
  duplicates: DuplicateMode;
  /** Events with a mode of their own, where conversions are not kept apart by their event: an upsell that adds to its sale. */
  eventDuplicates?: Record<string, DuplicateMode>;
  /** It has had further conversions under other rules (a replay changed them), which are still to be read with it. */
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
  /** What its first report that names one says; the identity's own is in the conversion set. */
  event: string | null;
  transactionId: string | null;
  test: boolean;
  payoutFrom: PayoutSource | null;
  /** When the first report says that it happened: what windows are counted to. Unix ms. */
  occurredAtMs: number;
};

type Walk = {
  state: ConversionState | null;
  grossNanos: bigint | null;
  /** The part of the gross that increments made; the rest is the amount that an update replaces. */
  addedNanos: bigint;
  baseKnown: boolean;
  /** The gross is a rejection's own 0: any amount that follows replaces it, in every mode. */
  soft: boolean;
  takenNanos: bigint;
  refunds: Set<string>;
  amounts: Set<string>;
  currency: string | null;
  doubt: boolean;
  payoutFrom: PayoutSource | null;
};

const nothing: Effect = { kind: 'nothing' };
const applied = (rule: RuleName): Effect => ({ kind: 'applied', rule });
const refused = (code: RuleRefusal): Effect => ({ kind: 'refused', code });

const modeOf = ({ event }: Report, rules: ConversionRules): DuplicateMode =>
  (event === null ? undefined : rules.eventDuplicates?.[event]) ?? rules.duplicates;

/** What tells an amount that is counted from a retry of it: a transaction id of its own, where the identity is not by that id. */
const amountKey = (report: Report): string => `${report.amountNanos} ${report.transactionId ?? ''}`;

/** Rules 3 and 4 for a report that is pending or approved: what its amount does. Changes the walk; refuses before it changes. */
const takeAmount = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  const said = report.amountNanos;
  if (said === null) {
    if (report.amountUnreadable && walk.grossNanos !== null) walk.doubt = true;
    return nothing;
  }
  const mode = modeOf(report, rules);
  if (walk.grossNanos === null || walk.soft) {
    if (said < walk.takenNanos) return refused('amount_exceeds_balance');
    const adds = mode === 'increment';
    Object.assign(walk, { grossNanos: said, addedNanos: adds ? said : 0n, baseKnown: !adds, soft: false });
    walk.payoutFrom = report.payoutFrom;
    walk.amounts.add(amountKey(report));
    return applied('amount_filled_in');
  }
  walk.doubt = false;
  if (mode === 'increment') return increment(walk, report, said);
  const base = walk.grossNanos - walk.addedNanos;
  if (walk.baseKnown && (said === base || mode !== 'update')) return nothing;
  if (said + walk.addedNanos < walk.takenNanos) return refused('amount_exceeds_balance');
  Object.assign(walk, { grossNanos: said + walk.addedNanos, payoutFrom: report.payoutFrom });
  if (walk.baseKnown) return applied('amount_updated');
  walk.baseKnown = true;
  return said === 0n ? nothing : applied('amount_incremented');
};

/** An amount that was counted, or the total itself, is a retry: without an id of its own nothing tells a second equal increment from it. */
const increment = (walk: Walk, report: Report, saidNanos: bigint): Effect => {
  const key = amountKey(report);
  const isTotal = report.transactionId === null && saidNanos === walk.grossNanos;
  if (walk.amounts.has(key) || isTotal || saidNanos === 0n) return nothing;
  walk.amounts.add(key);
  walk.grossNanos = (walk.grossNanos ?? 0n) + saidNanos;
  walk.addedNanos += saidNanos;
  return applied('amount_incremented');
};

/** The currency a report brings, when the conversion has none yet. The network's default only stands in for a missing one. */
const takeCurrency = (walk: Walk, report: Report, rules: ConversionRules, hadMoney: boolean): Effect => {
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
  if (restores) {
    // What was taken back is given again, so a refund of the same amount that follows is a new one.
    Object.assign(walk, { takenNanos: 0n, refunds: new Set() });
    // Where nothing stands the sale may come again in another currency; then the amount that stood is no part of it.
    if (clashes(walk, report))
      Object.assign(walk, { grossNanos: null, addedNanos: 0n, currency: report.currency, amounts: new Set() });
  }
  const money = takeAmount(walk, report, rules);
  if (money.kind === 'refused') return money;
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
      baseKnown: true,
      soft: report.amountNanos === 0n,
      payoutFrom: report.payoutFrom,
    });
    if (!walk.soft) walk.amounts.add(amountKey(report));
    money = applied('amount_filled_in');
  }
  if (before === 'rejected' || before === 'reversed') return money;
  walk.state = before === 'approved' ? 'reversed' : report.state;
  if (before === null) return applied('first_report');
  return applied(walk.state === 'reversed' ? 'reversal' : 'state_changed');
};

const clashes = (walk: Walk, report: Report): boolean =>
  report.currency !== null &&
  walk.currency !== null &&
  report.currency !== walk.currency &&
  walk.grossNanos !== null &&
  walk.grossNanos !== 0n;

/** Rule 5: money stands while it is pending or approved. What was lost and comes back with an amount may come in another currency. */
const isOtherCurrency = (walk: Walk, report: Report): boolean => {
  const lost = walk.state === 'rejected' || walk.state === 'reversed';
  const comesBack = report.state === 'pending' || report.state === 'approved';
  return clashes(walk, report) && !(lost && comesBack && (report.amountNanos ?? -1n) >= 0n);
};

const step = (walk: Walk, report: Report, rules: ConversionRules): Effect => {
  if (isOtherCurrency(walk, report)) return refused('currency_differs');
  // Before the report adds to it: 5 dollars after 0 euros are dollars.
  const hadMoney = walk.currency !== null && walk.grossNanos !== null && walk.grossNanos !== 0n;
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
  const currency = takeCurrency(walk, report, rules, hadMoney);
  return effect.kind === 'nothing' ? currency : effect;
};

const foldOne = (sorted: readonly Report[], rules: ConversionRules): { walk: Walk; effects: Map<string, Effect> } => {
  const walk: Walk = {
    state: null,
    grossNanos: null,
    addedNanos: 0n,
    baseKnown: false,
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

type Member = { name: string; amountNanos: bigint | null; transactionId: string | null };

const accruesAmount = (report: Report): boolean =>
  (report.state === 'pending' || report.state === 'approved') &&
  report.amountNanos !== null &&
  report.amountNanos >= 0n;

/** The mode `add`: each amount (and where ids are told, each id) is a conversion of its own. The first in canonical order is the
 *  identity's own conversion, the others are its further members, named by what they are of, so that the set alone decides which
 *  there are. Amounts of other modes, where events have modes of their own, all are of the identity's own conversion. */
const listMembers = (sorted: readonly Report[], rules: ConversionRules): Member[] => {
  const members: Member[] = [];
  const amounts = sorted.filter(accruesAmount);
  const plain = amounts.find((report) => modeOf(report, rules) !== 'add');
  if (plain) members.push({ name: '', amountNanos: null, transactionId: null });
  for (const report of amounts) {
    const { amountNanos, transactionId } = report;
    const isHeld = (each: Member) => each.amountNanos === amountNanos && each.transactionId === transactionId;
    if (modeOf(report, rules) !== 'add' || members.some(isHeld)) continue;
    const name = members.length === 0 ? '' : `+${amountNanos}${transactionId === null ? '' : `@${transactionId}`}`;
    members.push({ name, amountNanos, transactionId });
  }
  return members.length > 0 ? members : [{ name: '', amountNanos: null, transactionId: null }];
};

/** Which members a report speaks of: those with its id, if there are such; of these the one with its amount, else the first; without an
 *  amount, all of them. */
const spokenOf = (report: Report, members: readonly Member[], rules: ConversionRules): Member[] => {
  const { ofNanos } = report;
  if (ofNanos !== undefined)
    return members.filter((each) => each.amountNanos === ofNanos && each.transactionId === report.transactionId);
  if (accruesAmount(report) && modeOf(report, rules) !== 'add') return members.slice(0, 1);
  const named = members.filter((each) => report.transactionId !== null && each.transactionId === report.transactionId);
  const pool = named.length > 0 ? named : members;
  const { amountNanos } = report;
  if (amountNanos === null) return [...pool];
  const size = amountNanos < 0n ? -amountNanos : amountNanos;
  return [pool.find((each) => each.amountNanos === size) ?? pool[0]].filter((each) => each !== undefined);
};

const adds = ({ duplicates, eventDuplicates }: ConversionRules): boolean =>
  duplicates === 'add' || Object.values(eventDuplicates ?? {}).includes('add');

/** Whether an identity with these rules may hold more than its own conversion. */
export const mayHaveMembers = (rules: ConversionRules): boolean => adds(rules) || rules.hadMembers === true;

const membersOf = (sorted: readonly Report[], rules: ConversionRules): Map<string, Report[]> => {
  if (!adds(rules)) return new Map([['', [...sorted]]]);
  const members = listMembers(sorted, rules);
  const reports = new Map(members.map(({ name }) => [name, [] as Report[]]));
  for (const report of sorted) for (const { name } of spokenOf(report, members, rules)) reports.get(name)?.push(report);
  return reports;
};

type FoldedSet = {
  /** Empty name: the identity's own conversion; a name per further one (`add`). No member where every report is refused. */
  members: Map<string, Folded>;
  effects: Map<string, Effect>;
};

const countingOf = (sorted: readonly Report[]) => {
  const test = sorted.every((report) => report.test);
  const counting = test ? sorted : sorted.filter((report) => !report.test);
  return { test, counting, clickId: counting.find((report) => report.clickId !== null)?.clickId ?? null };
};

/** By what a further conversion of an identity (mode `add`) is known, whatever it is called: its name says only which came first. Undefined
 *  where the rules make one conversion of all reports. */
export const knownBy = (
  reports: readonly Report[],
  rules: ConversionRules,
  name: string,
): Pick<Member, 'amountNanos' | 'transactionId'> | undefined => {
  if (!adds(rules)) return undefined;
  const { counting, clickId } = countingOf(reports.toSorted(compareReports));
  const right = counting.filter((report) => report.clickId === null || report.clickId === clickId);
  return listMembers(right, rules).find((member) => member.name === name);
};

/** Folds all reports of one identity.
 *
 *  The click is that of the first report that names one; a report with another click is refused (`transaction_on_other_click`),
 *  not merged. Test calls count only where there are no real ones, so that a trial cannot move real money. */
export const foldReports = (reports: readonly Report[], rules: ConversionRules): FoldedSet => {
  const sorted = reports.toSorted(compareReports);
  const { test, counting, clickId } = countingOf(sorted);
  const effects = new Map<string, Effect>(sorted.map((report) => [report.causeId, nothing]));
  const right = counting.filter(({ causeId, clickId: named }) => {
    const fits = named === null || named === clickId;
    if (!fits) effects.set(causeId, refused('transaction_on_other_click'));
    return fits;
  });
  const members = new Map<string, Folded>();
  const weight = { refused: 0, nothing: 1, applied: 2 };
  const spoken = new Set<string>();
  for (const [name, own] of membersOf(right, rules)) {
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
      event: own.find((report) => report.event !== null)?.event ?? null,
      transactionId: own.find((report) => report.transactionId !== null)?.transactionId ?? null,
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
