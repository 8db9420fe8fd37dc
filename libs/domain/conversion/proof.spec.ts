import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldReports, type Folded } from './conversion.js';
import { changeReport, maxReports, maxUnprovenReports, type ConversionSet } from './conversion-set.js';
import type { ConversionRules } from './fold-state.js';
import { conversionIdOf } from './identity.js';
import { asksForProof, isAllowedWithoutProof } from './proof.js';
import type { Report } from './report.js';
import { conversionStates, duplicateModes } from '../settings.js';

const rules: ConversionRules = {
  duplicates: 'update',
  reopens: false,
  locksOnApproval: false,
  defaultCurrency: 'USD',
};
const blank: Report = {
  ...{ causeId: 'p', atMs: 0, stated: false, receivedAtMs: 0, occurredAtMs: 0, proven: true, state: 'approved' },
  ...{ amountNanos: null, amountUnreadable: false, currency: 'USD', refundId: null, lineId: null, clickId: 'a' },
  ...{ event: null, transactionId: null, payoutFrom: 'postback', test: false, byRule: false },
};
let received = 0;
const said = (more: Partial<Report>): Report => {
  received += 1;
  const at = { atMs: received, receivedAtMs: received, occurredAtMs: received };
  return { ...blank, ...at, causeId: `p${String(received).padStart(5, '0')}`, ...more };
};
const stranger = (more: Partial<Report>): Report => said({ proven: false, ...more });
const emptySet = (by: ConversionRules = rules): ConversionSet => ({
  ...{ baseId: conversionIdOf('i'), identity: 'i', networkKey: 'n', event: null, transactionId: 'T', rules: by },
  ...{ reports: [], attributions: {}, snapshots: new Map() },
});

/** The conversion, and what became of the last report. */
const outcome = (list: readonly Report[], by: ConversionRules = rules) => {
  const { members, effects } = foldReports(list, by);
  const conversion = members.get('');
  const last = effects.get((list.at(-1) as Report).causeId);
  const money = conversion?.money;
  return {
    state: conversion?.state ?? null,
    nanos: money ? money.pending + money.approved : null,
    clickId: conversion?.clickId ?? null,
    last: last?.kind === 'refused' ? last.code : last?.kind,
  };
};

describe('what a call without proof may do to a conversion that another such call opened', () => {
  const pending = () => stranger({ state: 'pending', amountNanos: 5n });
  it.each<[string, Partial<Report>, string, string, bigint]>([
    ['confirm it', { amountNanos: 5n }, 'applied', 'approved', 5n],
    ['raise it', { state: 'pending', amountNanos: 8n }, 'applied', 'pending', 8n],
    ['not lower it', { state: 'pending', amountNanos: 3n }, 'proof_required', 'pending', 5n],
    ['not reject it', { state: 'rejected' }, 'proof_required', 'pending', 5n],
    ['not reverse it', { state: 'reversed' }, 'proof_required', 'pending', 5n],
    ['not take a part of it back', { amountNanos: -1n }, 'proof_required', 'pending', 5n],
    ['not move it to another click', { clickId: 'b', amountNanos: 9n }, 'transaction_on_other_click', 'pending', 5n],
  ])('%s', (_what, more, last, state, nanos) => {
    expect(outcome([pending(), stranger(more)])).toEqual({ state, nanos, clickId: 'a', last });
  });
});

describe('what is never done without proof, whatever the conversion', () => {
  const harmless = {
    ...{ state: 'approved' as const, amountNanos: 5n, namesClick: true },
    ...{ reversesOther: false, test: false, suppressDelivery: false },
  };
  it.each<[string, Partial<typeof harmless> | { state: 'rejected' | 'reversed' }]>([
    ['to report without naming a click', { namesClick: false }],
    ['to reverse a sale by its number', { reversesOther: true }],
    ['to mark as a test', { test: true }],
    ['to suppress the delivery', { suppressDelivery: true }],
    ['to reject', { state: 'rejected' }],
    ['to reverse', { state: 'reversed' }],
    ['to take a part back', { amountNanos: -1n }],
  ])('%s', (_what, more) => {
    expect([asksForProof(harmless), asksForProof({ ...harmless, ...more })]).toEqual([false, true]);
  });

  it('to state another currency, even where there is no money yet', () => {
    const reports = [
      stranger({ state: 'pending', amountNanos: 0n }),
      stranger({ state: 'pending', amountNanos: 5n, currency: 'EUR' }),
    ];
    expect(outcome(reports)).toMatchObject({ nanos: 0n, last: 'proof_required' });
  });

  it('to take an approval back to pending, where a network reopens', () => {
    const reports = [stranger({ amountNanos: 5n }), stranger({ state: 'pending', amountNanos: 5n })];
    const expected = { state: 'approved', nanos: 5n, clickId: 'a', last: 'proof_required' };
    expect(outcome(reports, { ...rules, reopens: true })).toEqual(expected);
  });
});

describe('the states that a call without proof may lead to', () => {
  const facts = { grossNanos: 5n, takenNanos: 0n, currency: 'USD', hasProof: false };
  const upward = ['null pending', 'null approved', 'pending pending', 'pending approved', 'approved approved'];
  const fromFallen = ['rejected', 'reversed'].flatMap((state) => [`${state} pending`, `${state} approved`]);

  it('are pending and approved, each only from a state that is not above it', () => {
    const allowed = [null, ...conversionStates].flatMap((before) =>
      [null, ...conversionStates]
        .filter((after) => isAllowedWithoutProof({ ...facts, state: before }, { ...facts, state: after }))
        .map((after) => `${before} ${after}`),
    );
    expect(allowed.sort()).toEqual([...upward, ...fromFallen].sort());
  });
});

describe('what a call without proof may do to a conversion that a proven call stated', () => {
  it.each<[string, Partial<Report>]>([
    ['confirm', { amountNanos: 5n }],
    ['raise', { state: 'pending', amountNanos: 8n }],
    ['lower', { state: 'pending', amountNanos: 3n }],
    ['reject', { state: 'rejected' }],
    ['reverse', { state: 'reversed' }],
    ['take back', { amountNanos: -1n }],
    ['restate in another currency', { state: 'pending', amountNanos: 5n, currency: 'EUR' }],
  ])('nothing: it cannot %s', (_what, more) => {
    const sale = said({ state: 'pending', amountNanos: 5n });
    const expected = { state: 'pending', nanos: 5n, clickId: 'a', last: 'proof_required' };
    expect(outcome([sale, stranger(more)])).toEqual(expected);
  });

  it('repeat what is known, as a duplicate', () => {
    const sale = said({ amountNanos: 5n });
    expect(outcome([sale, stranger({ amountNanos: 5n })])).toMatchObject({ nanos: 5n, last: 'nothing' });
  });
});

describe('a transaction id that a stranger took first', () => {
  it.each(duplicateModes.filter((mode) => mode !== 'add'))('leaves the real sale as it is under %s', (duplicates) => {
    for (const locksOnApproval of [false, true]) {
      const by = { ...rules, duplicates, locksOnApproval };
      const squat = stranger({ clickId: 'mine', amountNanos: 1n, currency: 'EUR' });
      const real = said({ state: 'pending', amountNanos: 10n });
      expect(outcome([squat, real], by)).toEqual({ state: 'pending', nanos: 10n, clickId: 'a', last: 'applied' });
    }
  });

  it('is no longer on the click of the stranger once the real sale names its own', () => {
    const squat = stranger({ clickId: 'mine', amountNanos: 1n });
    const { set } = changeReport(emptySet(), { causeId: squat.causeId, report: squat, nowMs: 1 });
    const real = said({ amountNanos: 10n });
    const { flips } = changeReport(set, { causeId: real.causeId, report: real, nowMs: 2 });
    expect(flips).toEqual([{ causeId: squat.causeId, refusal: 'transaction_on_other_click' }]);
  });
});

describe('calls without proof, whatever they say', () => {
  const any = fc.record({
    state: fc.constantFrom(...conversionStates),
    amountNanos: fc.constantFrom(null, 0n, 1n, 5n, 9n, -5n),
    currency: fc.constantFrom(null, 'USD', 'EUR'),
    clickId: fc.constantFrom('a', 'b', null),
    lineId: fc.constantFrom(null, null, 'L1'),
  });
  const anyRules = fc.record({
    duplicates: fc.constantFrom('update' as const, 'ignore' as const, 'increment' as const),
    reopens: fc.boolean(),
    locksOnApproval: fc.boolean(),
    defaultCurrency: fc.constantFrom(null, 'USD'),
  });

  it('change nothing of a conversion of proven calls that came before them', () => {
    fc.assert(
      fc.property(anyRules, fc.array(any, { minLength: 1, maxLength: 4 }), any, (by, proven, unproven) => {
        const before = proven.map((each) => said({ ...each, lineId: null }));
        const alone = foldReports(before, by).members.get('');
        fc.pre(alone !== undefined && alone.proven);
        const with1 = foldReports([...before, stranger({ ...unproven, lineId: null })], by).members.get('');
        const facts = (each: Folded | undefined) => each && [each.state, each.money, each.currency, each.clickId];
        expect(facts(with1)).toEqual(facts(alone?.clickId === null ? with1 : alone));
      }),
      { numRuns: 600 },
    );
  });

  it('never lower what calls without proof have stated', () => {
    fc.assert(
      fc.property(anyRules, fc.array(any, { minLength: 1, maxLength: 6 }), (by, list) => {
        const reports = list.map((each) => stranger({ ...each, clickId: 'a', lineId: null }));
        let least = 0n;
        for (let count = 1; count <= reports.length; count += 1) {
          const nanos = outcome(reports.slice(0, count), by).nanos ?? 0n;
          expect(nanos >= least).toBe(true);
          least = nanos;
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('a conversion with very many reports', () => {
  const putAll = (list: readonly Report[]) => {
    let set = emptySet();
    const refusals: unknown[] = [];
    for (const report of list) {
      const result = changeReport(set, { causeId: report.causeId, report, nowMs: 1 });
      set = result.set;
      if (result.effect.kind === 'refused') refusals.push(result.effect.code);
    }
    return { set, refusals };
  };

  it('refuses one more than it may have, and strangers fill only their share', () => {
    const strangers = Array.from({ length: maxUnprovenReports + 2 }, (_, at) =>
      stranger({ amountNanos: BigInt(at + 1) }),
    );
    const proven = Array.from({ length: maxReports }, (_, at) => said({ amountNanos: BigInt(at + 1) }));
    const { set, refusals } = putAll([...strangers, ...proven]);
    expect(set.reports).toHaveLength(maxReports);
    expect(set.reports.filter(({ proven }) => !proven)).toHaveLength(maxUnprovenReports);
    expect(new Set(refusals)).toEqual(new Set(['too_many_reports']));
    expect(refusals).toHaveLength(2 + maxUnprovenReports);
  });

  it('gives the same whether each report continues the fold or all are folded again', () => {
    const list = Array.from({ length: 60 }, (_, at) =>
      said({ amountNanos: BigInt((at % 7) + 1), state: at % 9 === 8 ? 'reversed' : 'approved' }),
    );
    const continued = putAll(list).set.snapshots.get('');
    const folded = foldReports(list, rules).members.get('');
    expect([continued?.state, continued?.money]).toEqual([folded?.state, folded?.money]);
  });
});
