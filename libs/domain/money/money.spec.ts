import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  divideHalfEven,
  formatFixed,
  formatNanos,
  largestAmountNanos,
  parseNanos,
  roundNanos,
  scaleNanos,
} from './money.js';

const amounts = fc.bigInt({ min: -largestAmountNanos, max: largestAmountNanos });

describe('money', () => {
  it('reads and writes any amount without losing a billionth', () => {
    fc.assert(fc.property(amounts, (nanos) => parseNanos(formatNanos(nanos)) === nanos));
  });

  it('writes an amount in its shortest form', () => {
    expect([12_500_000_000n, 3_000_000_000n, -50_000_000n, 1n, 0n].map(formatNanos)).toEqual([
      '12.5',
      '3',
      '-0.05',
      '0.000000001',
      '0',
    ]);
  });

  it.each(['', '1,5', '1.', '.5', '+1', '1e3', '0x10', ' 1', '1.0000000001', '9000000000.1', 'NaN'])(
    'does not take "%s" for an amount',
    (text) => {
      expect(parseNanos(text)).toBeNull();
    },
  );

  it('rounds a half to the even neighbour, on both sides of zero', () => {
    expect([5n, 15n, 25n, -5n, -15n, 24n, 26n].map((n) => divideHalfEven(n, 10n))).toEqual([
      0n,
      2n,
      2n,
      0n,
      -2n,
      2n,
      3n,
    ]);
    expect(divideHalfEven(15n, -10n)).toBe(-2n);
  });

  it('never rounds by more than half a step', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 9 }), (nanos, decimals) => {
        const off = roundNanos(nanos, decimals) - nanos;
        return (off < 0n ? -off : off) * 2n <= 10n ** BigInt(9 - decimals);
      }),
    );
  });

  it('takes a share of an amount', () => {
    expect(scaleNanos(12_500_000_000n, 800_000_000n)).toBe(10_000_000_000n);
  });

  it('writes a fixed number of decimals', () => {
    expect(formatFixed(2_345_000_000n, 2)).toBe('2.34');
    expect(formatFixed(2_500_000_000n, 0)).toBe('2');
    expect(formatFixed(3_000_000_000n, 2)).toBe('3.00');
    expect(formatFixed(-5_000_000n, 2)).toBe('0.00');
  });
});
