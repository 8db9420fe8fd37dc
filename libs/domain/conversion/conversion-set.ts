import { foldAdded, foldReports, type Folded } from './conversion.js';
import { refused, type ConversionRules, type Effect, type RuleName, type RuleRefusal } from './fold-state.js';
import { derivedUuid } from '../derived-uuid.js';
import type { Buckets } from '../money/buckets.js';
import { conversionIdOf, entryIdOf } from './identity.js';
import { movementsBetween, type Balance, type LedgerSide } from './ledger.js';
import { compactReports, compareReports, type Report } from './report.js';
import type { ConversionState, CostModel, Mark } from '../settings.js';

/** The click a conversion is credited to, with what its campaign was when it was credited. */
export type Attribution = {
  clickId: string;
  clickedAtMs: number;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  externalId: string | null;
  externalIdRaw: string | null;
  tokens: Record<string, string>;
  visitor: { ip: string | null; userAgent: string | null } | null;
  /** `click`: the record of the click; `click_id`: only what the click id itself says, because the
   *  record was lost or aged out. */
  from: 'click' | 'click_id';
  cost: { model: CostModel; amountNanos: string | null; currency: string } | null;
  /** The tokens that the campaign's reports keep apart, as they were chosen then. */
  reportTokens: Record<string, string>;
  windowMs: number;
  minMs: number;
  holdMs: number | null;
};

/** One conversion as it is now. `state: null`: its reports are all refused or withdrawn, so there
 *  is no conversion (yet). */
export type ConversionSnapshot = {
  conversionId: string;
  member: string;
  revision: number;
  state: ConversionState | null;
  event: string | null;
  transactionId: string | null;
  currency: string | null;
  money: Buckets | null;
  marks: Mark[];
  payoutFrom: Folded['payoutFrom'];
  clickId: string | null;
  occurredAtMs: number;
  recordedAtMs: number;
  changedAtMs: number;
  /** How often it was restored after it had been rejected, reversed or refunded in full. */
  restored: number;
};

/** All that one identity holds: its reports and the conversions they make (more than one only in
 *  the mode `add`). */
export type ConversionSet = {
  baseId: string;
  identity: string;
  networkKey: string;
  /** The identity's own; where it has none, each conversion takes them from its reports. */
  event: string | null;
  transactionId: string | null;
  rules: ConversionRules;
  /** In canonical order, compact. */
  reports: Report[];
  attributions: Record<string, Attribution>;
  snapshots: Map<string, ConversionSnapshot>;
};

export type Entry = {
  id: string;
  conversionId: string;
  revision: number;
  causeId: string;
  rule: EntryRule;
  from: LedgerSide;
  to: LedgerSide;
  amountNanos: bigint;
  currency: string | null;
  state: ConversionState | null;
  marks: Mark[];
  occurredAtMs: number;
};
/** `reordered`: an older report came and changed what younger ones mean; `withdrawn`: a replay took
 *  a report back. */
export type EntryRule = RuleName | 'reordered' | 'withdrawn' | 'cap_raised' | 'rate_known';

export type Change = { before: ConversionSnapshot | null; after: ConversionSnapshot; entries: Entry[] };

/** What became of a report; `flips` are the other reports whose refusal came or went with it. */
export type SetOutcome = {
  set: ConversionSet;
  effect: Effect;
  changes: Change[];
  flips: { causeId: string; refusal: RuleRefusal | null }[];
};

const balanceOf = (snapshot: Pick<ConversionSnapshot, 'money' | 'currency'> | null): Balance =>
  snapshot?.money && snapshot.currency !== null ? { currency: snapshot.currency, buckets: snapshot.money } : null;

const sameBuckets = (a: Buckets | null, b: Buckets | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.pending === b.pending &&
    a.approved === b.approved &&
    a.rejected === b.rejected &&
    a.reversed === b.reversed);

/** Given by the cap and taken by it, whatever the reports say. */
const sticky: readonly Mark[] = ['over_cap', 'rate_unknown'];

/** Marks from the fold and its click. Windows are counted from the click to when the conversion
 *  happened. */
const marksOf = (folded: Folded, click: Attribution | undefined, before: ConversionSnapshot | null): Mark[] => {
  const marks: Mark[] = [];
  const ageMs = click ? folded.judgedAtMs - click.clickedAtMs : null;
  if (click && ageMs !== null && ageMs > click.windowMs) marks.push('late');
  if (click && ageMs !== null && click.minMs > 0 && ageMs < click.minMs) marks.push('too_early');
  if (click && click.holdMs !== null && folded.state === 'pending') marks.push('held');
  if (folded.test) marks.push('test');
  if (folded.money === null || folded.moneyInDoubt) marks.push('money_unknown');
  return [...marks, ...(before?.marks ?? []).filter((mark) => sticky.includes(mark))];
};

const snapshotOf = (
  set: ConversionSet,
  member: string,
  folded: Folded | undefined,
  before: ConversionSnapshot | null,
  nowMs: number,
): ConversionSnapshot => ({
  conversionId: conversionIdOf(set.identity, member),
  member,
  revision: (before?.revision ?? 0) + 1,
  state: folded?.state ?? null,
  event: folded?.event ?? set.event,
  transactionId: folded?.transactionId ?? set.transactionId,
  currency: folded?.currency ?? null,
  money: folded?.money ?? null,
  marks: folded ? marksOf(folded, set.attributions[folded.clickId ?? ''], before) : [],
  payoutFrom: folded?.payoutFrom ?? null,
  clickId: folded ? folded.clickId : (before?.clickId ?? null),
  occurredAtMs: folded?.occurredAtMs ?? before?.occurredAtMs ?? nowMs,
  recordedAtMs: before?.recordedAtMs ?? nowMs,
  changedAtMs: nowMs,
  restored: (before?.restored ?? 0) + Number(comesBack(before, folded?.state ?? null)),
});

/** Counted by what was published: a reversal that was dated back and already undone was never
 *  sent. */
const comesBack = (before: ConversionSnapshot | null, state: ConversionState | null): boolean => {
  if (!before || before.revision === 0 || state === null || state === 'rejected' || state === 'reversed') return false;
  return before.state === null || before.state === 'rejected' || before.state === 'reversed';
};

/** When it happened is not compared: it is kept up to date without a revision of its own. */
const sameSnapshot = (a: ConversionSnapshot, b: ConversionSnapshot): boolean =>
  a.state === b.state &&
  a.currency === b.currency &&
  sameBuckets(a.money, b.money) &&
  a.clickId === b.clickId &&
  a.event === b.event &&
  a.transactionId === b.transactionId &&
  a.payoutFrom === b.payoutFrom &&
  a.marks.length === b.marks.length &&
  a.marks.every((mark) => b.marks.includes(mark));

/** Entries from one snapshot to the next. A change of state without money is an entry of 0, so that
 *  the state at any moment can be read from the entries alone (reports *as of*). */
const entriesOf = (
  before: ConversionSnapshot | null,
  after: ConversionSnapshot,
  causeId: string,
  rule: EntryRule,
): Entry[] => {
  const movements = movementsBetween(balanceOf(before), balanceOf(after));
  if (movements.length === 0)
    movements.push({ from: 'outside', to: 'outside', amountNanos: 0n, currency: after.currency });
  return movements.map((movement, ordinal) => ({
    id: entryIdOf(after.conversionId, causeId, after.revision, ordinal),
    conversionId: after.conversionId,
    revision: after.revision,
    causeId,
    rule,
    ...movement,
    state: after.state,
    marks: after.marks,
    occurredAtMs: after.occurredAtMs,
  }));
};

type ReportChange = {
  /** The postback whose report is put in; a report with the same id is replaced (replay). */
  causeId: string;
  /** Null: the report is withdrawn. */
  report: Report | null;
  nowMs: number;
};

/** The most reports that a set keeps, and how many of them may be without proof. One more is
 *  refused (`too_many_reports`); a report that says what is already known takes no place. */
export const maxReports = 1000;
export const maxUnprovenReports = 50;

const isFull = (others: readonly Report[], report: Report): boolean =>
  others.length >= maxReports ||
  (!report.proven && !report.byRule && others.filter(({ proven }) => !proven).length >= maxUnprovenReports);

/** The reports with one more, in canonical order. One that comes last needs no sorting. */
const withReport = (others: readonly Report[], report: Report): Report[] => {
  const last = others.at(-1);
  const all = [...others, report];
  return last && compareReports(last, report) > 0 ? all.sort(compareReports) : all;
};

/** Puts a report into the set, folds it, and says what changed. Putting the same report in twice
 *  changes nothing (P3), and the order in which reports are put in does not show in the snapshots
 *  (P4). */
export const changeReport = (set: ConversionSet, { causeId, report, nowMs }: ReportChange): SetOutcome => {
  const isHeld = set.reports.some((held) => held.causeId === causeId);
  const others = isHeld ? set.reports.filter((held) => held.causeId !== causeId) : set.reports;
  if (report && !isHeld && isFull(others, report)) {
    const effect = refused('too_many_reports');
    return { set, effect, changes: [], flips: [] };
  }
  const reports = report ? withReport(others, report) : others;
  const kept = compactReports(reports);
  const { members, effects, continued } = foldAdded(isHeld ? [] : others, reports, report, set.rules, kept);
  const effect = effects.get(causeId) ?? { kind: 'nothing' as const };
  const rule = report === null ? 'withdrawn' : effect.kind === 'applied' ? effect.rule : 'reordered';

  const changes: Change[] = [];
  const snapshots = new Map(set.snapshots);
  for (const member of new Set([...members.keys(), ...set.snapshots.keys()])) {
    const before = set.snapshots.get(member) ?? null;
    const after = snapshotOf(set, member, members.get(member), before, nowMs);
    if (before === null && after.state === null) continue;
    if (before && sameSnapshot(before, after)) {
      snapshots.set(member, { ...before, occurredAtMs: after.occurredAtMs });
      continue;
    }
    snapshots.set(member, after);
    changes.push({ before, after, entries: entriesOf(before, after, causeId, rule) });
  }
  // Reports that are all refused make no conversion, yet are kept: a later one may set them right.
  if (!snapshots.has('')) snapshots.set('', { ...snapshotOf(set, '', undefined, null, nowMs), revision: 0 });
  const flips = continued ? [] : flipsBetween(set, others, effects, causeId);
  return { set: { ...set, reports: kept, snapshots }, effect, changes, flips };
};

/** The other reports whose refusal came or went. */
const flipsBetween = (
  set: ConversionSet,
  others: readonly Report[],
  effects: ReadonlyMap<string, Effect>,
  causeId: string,
): SetOutcome['flips'] => {
  const { effects: before } = foldReports(set.reports, set.rules);
  const codeOf = (held: Effect | undefined) => (held?.kind === 'refused' ? held.code : null);
  return others.flatMap(({ causeId: other }) => {
    const refusal = codeOf(effects.get(other));
    return other === causeId || codeOf(before.get(other)) === refusal ? [] : [{ causeId: other, refusal }];
  });
};

/** Gives a member that is over the cap the marks that the cap has for it now: none when there is
 *  room, or another reason. Its cause is a setting, so the id is derived from what it changes. */
export const liftCap = (set: ConversionSet, member: string, capMarks: readonly Mark[], nowMs: number): SetOutcome => {
  const before = set.snapshots.get(member);
  const nothing = { set, effect: { kind: 'nothing' as const }, changes: [], flips: [] };
  if (!before?.marks.includes('over_cap')) return nothing;
  const marks = [...before.marks.filter((mark) => !sticky.includes(mark)), ...capMarks];
  const after: ConversionSnapshot = { ...before, marks, revision: before.revision + 1, changedAtMs: nowMs };
  if (sameSnapshot(before, after)) return nothing;
  const causeId = derivedUuid('cap raised', before.conversionId, `${after.revision}`);
  const entries = entriesOf(before, after, causeId, capMarks.length === 0 ? 'cap_raised' : 'rate_known');
  const snapshots = new Map(set.snapshots).set(member, after);
  return { ...nothing, set: { ...set, snapshots }, changes: [{ before, after, entries }] };
};
