import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { valueNanosOf } from './conversion.js';
import type { ConversionRules } from './fold-state.js';
import { changeReport, type Entry, type ConversionSet } from './conversion-set.js';
import { conversionIdOf } from './identity.js';
import { bucketNames, emptyBuckets } from '../money/buckets.js';
import { sumMovements } from './ledger.js';
import { compactReports, compareReports, maxEqualReports, restoreReport, storeReport, type Report } from './report.js';
import { conversionStates, duplicateModes } from '../settings.js';

const identity = 'the identity of a test';
const setWith = (rules: ConversionRules): ConversionSet => ({
  baseId: conversionIdOf(identity),
  identity,
  networkKey: 'acme',
  event: null,
  transactionId: 'T1',
  rules,
  reports: [],
  attributions: {},
  snapshots: new Map(),
});

/** Few values, so that equal times, equal amounts and clashes happen often. */
const report = fc.record({
  minute: fc.integer({ min: 0, max: 6 }),
  stated: fc.boolean(),
  state: fc.constantFrom(...conversionStates),
  amount: fc.constantFrom(null, null, 0n, 3n, 5n, 10n, -3n, -5n, -10n),
  amountUnreadable: fc.boolean(),
  currency: fc.constantFrom(null, null, null, 'USD', 'EUR'),
  refundId: fc.constantFrom(null, null, null, 'R1', 'R2'),
  lineId: fc.constantFrom(null, null, null, null, 'L1', 'L2'),
  proven: fc.constantFrom(true, true, false),
  /** Minutes from the stated time to the receipt. */
  receivedLater: fc.integer({ min: 0, max: 3 }),
  clickId: fc.constantFrom('a', 'a', 'a', 'b', null),
  event: fc.constantFrom(null, 'order', 'upsell'),
  transactionId: fc.constantFrom(null, null, 'T1', 'T2'),
  test: fc.constantFrom(false, false, false, true),
  /** Now and then the end of a hold: of all, of the one without an amount, or of the one with this
   *  amount. */
  hold: fc.constantFrom(null, null, null, null, null, { ofNanos: undefined }, { ofNanos: null }, { ofNanos: 5n }),
});
const reports = fc.array(report, { minLength: 1, maxLength: 9 }).map((list) =>
  list.map(({ minute, amount, amountUnreadable, hold, receivedLater, ...rest }, index): Report => {
    const said: Report = {
      ...rest,
      causeId: `p${index}`,
      atMs: minute * 60_000,
      receivedAtMs: (minute + (rest.stated ? receivedLater : 0)) * 60_000,
      occurredAtMs: minute * 60_000,
      amountNanos: amount,
      amountUnreadable: amount === null && amountUnreadable,
      payoutFrom: amount === null ? null : 'postback',
      byRule: false,
    };
    return hold === null ? said : endOfHold(said, hold.ofNanos);
  }),
);
const endOfHold = (said: Report, ofNanos: bigint | null | undefined): Report => ({
  ...said,
  stated: false,
  proven: false,
  lineId: null,
  state: 'approved',
  amountNanos: null,
  amountUnreadable: false,
  currency: null,
  refundId: null,
  clickId: null,
  event: null,
  payoutFrom: null,
  byRule: true,
  ...(ofNanos === undefined ? { transactionId: null } : { ofNanos }),
});
const rules: fc.Arbitrary<ConversionRules> = fc.record({
  duplicates: fc.constantFrom(...duplicateModes),
  eventDuplicates: fc.constantFrom({}, ...duplicateModes.map((mode) => ({ upsell: mode }))),
  reopens: fc.boolean(),
  locksOnApproval: fc.boolean(),
  defaultCurrency: fc.constantFrom(null, 'USD'),
});

const putAll = (start: ConversionSet, list: readonly Report[]): { set: ConversionSet; entries: Entry[] } => {
  let set = start;
  const entries: Entry[] = [];
  for (const each of list) {
    const result = changeReport(set, { causeId: each.causeId, report: each, nowMs: 1_000 });
    set = result.set;
    entries.push(...result.changes.flatMap((change) => change.entries));
  }
  return { set, entries };
};

/** What P4 promises to be the same: everything but how often it changed, and came back, on the
 *  way. */
const seen = (set: ConversionSet) =>
  [...set.snapshots.values()]
    .filter(({ state }) => state !== null)
    .map(({ revision: _revision, restored: _restored, ...snapshot }) => snapshot)
    .sort((a, b) => (a.member < b.member ? -1 : 1));

const shuffled = reports.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
);
const many = { numRuns: 600 };

const plainRules: ConversionRules = {
  duplicates: 'update',
  reopens: false,
  locksOnApproval: false,
  defaultCurrency: 'USD',
};
const saidAt = (causeId: string, minute: number, rest: Partial<Report>): Report => ({
  causeId,
  atMs: minute * 60_000,
  stated: true,
  receivedAtMs: minute * 60_000,
  occurredAtMs: minute * 60_000,
  proven: true,
  lineId: null,
  state: 'approved',
  amountNanos: 10n,
  amountUnreadable: false,
  currency: 'USD',
  refundId: null,
  clickId: 'a',
  event: null,
  transactionId: null,
  payoutFrom: 'postback',
  test: false,
  byRule: false,
  ...rest,
});

describe('a set of conversions, whatever its reports', () => {
  it('is the same in whichever order its reports are put in (P4)', () => {
    fc.assert(
      fc.property(rules, shuffled, (given, [list, other]) => {
        expect(seen(putAll(setWith(given), other).set)).toEqual(seen(putAll(setWith(given), list).set));
      }),
      many,
    );
  });

  it('is the same in whichever order its reports arrive, where the network states times that differ (P4)', () => {
    fc.assert(
      fc.property(rules, shuffled, (given, [list, other]) => {
        const arriving = (all: readonly Report[]) =>
          all.map((each, index) => ({ ...each, stated: true, causeId: `p${index}`, atMs: timeOf.get(each) ?? 0 }));
        const timeOf = new Map(list.map((each, index) => [each, index * 60_000]));
        const [first, second] = [list, other].map((all) => putAll(setWith(given), arriving(all)).set);
        // When it happened goes by the report received first, so that later ones do not move it.
        const undated = (set: ConversionSet | undefined) =>
          set && seen(set).map(({ occurredAtMs: _, ...snapshot }) => snapshot);
        expect(undated(second)).toEqual(undated(first));
      }),
      many,
    );
  });

  it('is the same wherever a batch is split, and whatever was written to its row between (P3)', () => {
    fc.assert(
      fc.property(rules, reports, fc.nat(), (given, list, where) => {
        const cut = where % (list.length + 1);
        const { set: half } = putAll(setWith(given), list.slice(0, cut));
        const stored = half.reports.map((each) => restoreReport(JSON.parse(JSON.stringify(storeReport(each)))));
        const again = putAll({ ...half, reports: stored }, list.slice(cut));
        const whole = putAll(setWith(given), list);
        expect(again.set).toEqual(whole.set);
      }),
      many,
    );
  });

  it('does not change when all its reports are put in again, in any order (P3)', () => {
    fc.assert(
      fc.property(rules, shuffled, (given, [list, other]) => {
        const { set } = putAll(setWith(given), list);
        const { set: again, entries } = putAll(set, other);
        expect(entries).toEqual([]);
        expect(seen(again)).toEqual(seen(set));
      }),
      many,
    );
  });

  it('has entries that add up to its money, and never a bucket below zero', () => {
    fc.assert(
      fc.property(rules, shuffled, (given, [, list]) => {
        const { set, entries } = putAll(setWith(given), list);
        for (const snapshot of set.snapshots.values()) {
          const sums = sumMovements(entries.filter(({ conversionId }) => conversionId === snapshot.conversionId));
          for (const [currency, sum] of sums) {
            const stands = currency === snapshot.currency ? (snapshot.money ?? emptyBuckets()) : emptyBuckets();
            expect(sum).toEqual(stands);
          }
          for (const name of bucketNames) expect((snapshot.money?.[name] ?? 0n) >= 0n).toBe(true);
        }
      }),
      many,
    );
  });

  it('does not change when a report is put in a second time (P3)', () => {
    fc.assert(
      fc.property(rules, reports, fc.nat(), (given, list, which) => {
        const { set } = putAll(setWith(given), list);
        const again = list[which % list.length] as Report;
        const { changes } = changeReport(set, { causeId: again.causeId, report: again, nowMs: 2_000 });
        expect(changes).toEqual([]);
      }),
      many,
    );
  });

  it('forgets a report that is withdrawn as if it had never come', () => {
    fc.assert(
      fc.property(rules, reports, fc.nat(), (given, list, which) => {
        const gone = list[which % list.length] as Report;
        const { set } = putAll(setWith(given), list);
        // A report that was left out as one of a run of equals has nothing to withdraw.
        fc.pre(set.reports.some(({ causeId }) => causeId === gone.causeId));
        fc.pre(set.reports.length === list.length);
        const without = changeReport(set, { causeId: gone.causeId, report: null, nowMs: 1_000 }).set;
        const never = putAll(
          setWith(given),
          list.filter((each) => each !== gone),
        ).set;
        const plain = (each: ConversionSet) =>
          seen(each).map(({ recordedAtMs: _, changedAtMs: __, clickId: ___, ...rest }) => rest);
        expect(plain(without)).toEqual(plain(never));
      }),
      many,
    );
  });

  it('survives being written to its row and read again after every report', () => {
    fc.assert(
      fc.property(rules, reports, (given, list) => {
        let set = setWith(given);
        for (const each of list) {
          const { set: next } = changeReport(set, { causeId: each.causeId, report: each, nowMs: 1_000 });
          set = { ...next, reports: JSON.parse(JSON.stringify(next.reports.map(storeReport))).map(restoreReport) };
        }
        expect(seen(set)).toEqual(seen(putAll(setWith(given), list).set));
      }),
      many,
    );
  });

  it('counts what comes late between equal reports, on both sides of one of them', () => {
    const [sold, soldAgain, soldLast] = [1, 3, 5].map((minute) => saidAt(`p${minute}`, minute, { amountNanos: 10n }));
    const reversed = saidAt('p2', 2, { state: 'reversed', amountNanos: null });
    const refund = saidAt('p4', 4, { amountNanos: -3n });
    const inOrder = [sold, reversed, soldAgain, refund, soldLast] as Report[];
    const late = [sold, soldAgain, soldLast, reversed, refund] as Report[];
    const rulesOfTest: ConversionRules = { ...plainRules, duplicates: 'update' };
    const expected = seen(putAll(setWith(rulesOfTest), inOrder).set);
    expect(expected).toMatchObject([{ state: 'approved', money: { approved: 7n } }]);
    expect(seen(putAll(setWith(rulesOfTest), late).set)).toEqual(expected);
  });

  it('keeps of a thousand equal reports the first and the last fifteen', () => {
    const list = Array.from({ length: 1_000 }, (_, index) => ({
      ...saidAt(`p${index}`, 0, { stated: false }),
      ...{ atMs: index, receivedAtMs: index, occurredAtMs: index },
    }));
    const kept = compactReports(list.toSorted(compareReports)).map(({ atMs }) => atMs);
    expect(kept).toEqual([0, ...Array.from({ length: maxEqualReports - 1 }, (_, at) => 985 + at)]);
  });

  it('has the value of what is pending and approved, or of what it lost', () => {
    fc.assert(
      fc.property(rules, reports, (given, list) => {
        for (const { state, money } of putAll(setWith(given), list).set.snapshots.values()) {
          if (state === null) continue;
          const value = valueNanosOf({ state, money });
          expect(value === null).toBe(money === null);
          if (money && (state === 'pending' || state === 'approved'))
            expect(value).toBe(money.pending + money.approved);
        }
      }),
    );
  });
});

describe('how often a conversion came back', () => {
  const said = (causeId: string, minute: number, state: Report['state']): Report =>
    saidAt(causeId, minute, { state, amountNanos: state === 'reversed' ? null : 5n, transactionId: 'T1' });
  const snapshot = (...list: Report[]) => putAll(setWith(plainRules), list).set.snapshots.get('');
  const [sold, reversed, again] = [said('1', 1, 'approved'), said('2', 2, 'reversed'), said('3', 3, 'approved')];
  it('is counted when it is approved again after a reversal', () => {
    expect(snapshot(sold, reversed)).toMatchObject({ state: 'reversed', restored: 0 });
    expect(snapshot(sold, reversed, again)).toMatchObject({ state: 'approved', restored: 1 });
    const more = [said('4', 4, 'reversed'), said('5', 5, 'approved')];
    expect(snapshot(sold, reversed, again, ...more)).toMatchObject({ state: 'approved', restored: 2 });
  });
  it('is not counted for a reversal that was never published, because it came when it was already undone', () => {
    expect(snapshot(sold, again, reversed)).toMatchObject({ state: 'approved', restored: 0 });
  });
  it('is counted when all its reports were taken back, and one is put in again', () => {
    const { set } = putAll(setWith(plainRules), [sold]);
    const gone = changeReport(set, { causeId: sold.causeId, report: null, nowMs: 2_000 }).set;
    const back = changeReport(gone, { causeId: sold.causeId, report: sold, nowMs: 3_000 }).set;
    expect(back.snapshots.get('')).toMatchObject({ state: 'approved', restored: 1 });
  });
});
