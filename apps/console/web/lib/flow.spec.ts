import { describe, expect, it } from '@jest/globals';
import { addDecimals, bandsOf, flowOf, moneyOf } from './flow';

const bucket = (
  applied: number,
  delivered: number,
  money: { currency: string; approved: string; pending: string; cost: string }[],
) => ({
  at: '2026-03-01T00:00:00Z',
  clicks: 10,
  conversions: applied,
  refusals: {},
  postbacks: { applied, duplicate: 1, refused: 2, orphan: 0, parked: 0 },
  deliveries: { delivered, waiting: 1, parked: 0, superseded: 0 },
  money,
});

describe('the flow picture', () => {
  it('adds up its buckets, and every call is in exactly one outcome', () => {
    const flow = flowOf([bucket(5, 4, []), bucket(1, 1, [])]);
    expect(flow).toMatchObject({ clicks: 20, calls: 12, owed: 7 });
    expect(Object.values(flow.postbacks).reduce((sum, each) => sum + each, 0)).toBe(flow.calls);
  });

  it('draws a band only where something flowed, and never one too thin to see', () => {
    const bands = bandsOf([1_000_000, 0, 1], 40);
    expect(bands.map(({ to }) => to)).toEqual([0, 2]);
    expect(Math.min(...bands.map(({ width }) => width))).toBeGreaterThanOrEqual(1.5);
    expect(bandsOf([0, 0], 40)).toEqual([]);
  });
});

describe('money of the overview', () => {
  it('is added up exactly, per currency', () => {
    const money = moneyOf([
      bucket(0, 0, [{ currency: 'USD', approved: '0.1', pending: '0', cost: '5' }]),
      bucket(0, 0, [
        { currency: 'USD', approved: '0.2', pending: '1.25', cost: '0' },
        { currency: 'EUR', approved: '7', pending: '0', cost: '0' },
      ]),
    ]);
    expect(money).toEqual([
      { currency: 'USD', approved: '0.3', pending: '1.25', cost: '5' },
      { currency: 'EUR', approved: '7', pending: '0', cost: '0' },
    ]);
  });

  it.each([
    ['0.1', '0.2', '0.3'],
    ['-1', '0.25', '-0.75'],
    ['12345678901234567890.000000001', '1', '12345678901234567891.000000001'],
    ['1', '-1', '0'],
  ])('%s and %s are %s', (a, b, sum) => expect(addDecimals(a, b)).toBe(sum));
});
