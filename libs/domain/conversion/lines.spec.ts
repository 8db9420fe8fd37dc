import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldReports } from './conversion.js';
import type { ConversionRules } from './fold-state.js';
import type { Report } from './report.js';

const rules: ConversionRules = { duplicates: 'update', reopens: false, locksOnApproval: false, defaultCurrency: 'GBP' };
let received = 0;
const line = (lineId: string | null, amount: number | null, more: Partial<Report> = {}): Report => {
  received += 1;
  return {
    ...{ causeId: `p${received}`, atMs: received, stated: false, receivedAtMs: received, occurredAtMs: received },
    ...{ proven: true, state: 'approved', amountUnreadable: false, currency: null, refundId: null, clickId: 'a' },
    ...{ event: null, transactionId: null, payoutFrom: 'postback', test: false, byRule: false },
    amountNanos: amount === null ? null : BigInt(Math.round(amount * 1000)) * 1_000_000n,
    lineId,
    ...more,
  };
};
const total = (...reports: Report[]) => {
  const folded = foldReports(reports, rules).members.get('');
  const value = folded?.money ? Number(folded.money.approved + folded.money.pending) / 1e9 : null;
  return [folded?.state ?? null, value];
};

describe('an order of several lines', () => {
  it('is the sum of its lines, a voucher that came first included', () => {
    expect(total(line('voucher', -0.187), line('goods', 1.248))).toEqual(['approved', 1.061]);
  });

  it('counts two equal items as two, and an item that is sent again as one', () => {
    expect(total(line('1', 5.1), line('2', 5.1), line('2', 5.1))).toEqual(['approved', 10.2]);
  });

  it('is reversed when a return takes back all of it', () => {
    expect(total(line('1', 6.75), line('2', -6.75))).toEqual(['reversed', 0]);
  });

  it('keeps what two equal corrections leave', () => {
    expect(total(line('9001', 8), line('9002', -2), line('9003', -2))).toEqual(['approved', 4]);
  });

  it('takes the newer amount of a line, and a status for all lines from a call that names none', () => {
    expect(total(line('1', 5), line('1', 4), line('2', 1))).toEqual(['approved', 5]);
    expect(total(line('1', 5), line('2', 1), line(null, null, { state: 'reversed' }))).toEqual(['reversed', 0]);
  });

  it('refuses a correction of more than all lines ever held, until a line makes room for it', () => {
    const [sale, correction, more] = [line('1', 5), line('2', -7), line('3', 4)];
    const { effects } = foldReports([sale, correction], rules);
    expect(effects.get(correction.causeId)).toEqual({ kind: 'refused', code: 'amount_exceeds_balance' });
    expect(total(sale, correction, more)).toEqual(['approved', 2]);
  });

  it('is the same in whichever order its lines come, and when they are sent again', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 40 }), (list, back) => {
        const sum = list.reduce((all, each) => all + each, 0);
        fc.pre(back <= sum);
        const lines = () => [...list.map((each, at) => line(`l${at}`, each)), line('back', -back)];
        const expected = sum - back;
        expect(total(...lines())[1]).toBe(expected);
        expect(total(...lines().reverse())[1]).toBe(expected);
        expect(total(...lines(), ...lines())[1]).toBe(expected);
      }),
    );
  });
});
