import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseNanos } from './money.js';
import { convertNanos, readRatesCsv } from './rates.js';

describe('exchange rates', () => {
  it('reads the history as the European Central Bank publishes it', () => {
    const { rates, problems } = readRatesCsv(
      'Date,USD,JPY,CYP,\r\n2026-01-05,1.0921,158.14,N/A,\r\n2026-01-02,1.0956,155.33,N/A,\r\n',
    );
    expect(problems).toEqual([]);
    expect(rates).toEqual([
      { day: '2026-01-05', currency: 'USD', perEuroNanos: 1_092_100_000n },
      { day: '2026-01-05', currency: 'JPY', perEuroNanos: 158_140_000_000n },
      { day: '2026-01-02', currency: 'USD', perEuroNanos: 1_095_600_000n },
      { day: '2026-01-02', currency: 'JPY', perEuroNanos: 155_330_000_000n },
    ]);
  });

  it('reads the daily file with its written-out date', () => {
    expect(readRatesCsv('Date, USD, GBP, \n05 January 2026, 1.0921, 0.86, \n').rates).toEqual([
      { day: '2026-01-05', currency: 'USD', perEuroNanos: 1_092_100_000n },
      { day: '2026-01-05', currency: 'GBP', perEuroNanos: 860_000_000n },
    ]);
  });

  it('names what it cannot read and keeps the rest', () => {
    const { rates, problems } = readRatesCsv('Date,USD,JPY\nyesterday,1.1,150\n2026-01-05,-1,150\n');
    expect(rates).toEqual([{ day: '2026-01-05', currency: 'JPY', perEuroNanos: 150_000_000_000n }]);
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'day_unreadable'],
      [3, 'rate_unreadable'],
    ]);
    expect(readRatesCsv('day;usd\n').problems).toMatchObject([{ code: 'header_missing' }]);
  });

  const rateOf = (currency: string) => ({ USD: parseNanos('1.1'), JPY: parseNanos('160') })[currency] ?? null;

  it('converts through the euro, and not at all where a rate is missing', () => {
    expect(convertNanos(11_000_000_000n, 'USD', 'EUR', rateOf)).toBe(10_000_000_000n);
    expect(convertNanos(10_000_000_000n, 'EUR', 'JPY', rateOf)).toBe(1_600_000_000_000n);
    expect(convertNanos(11_000_000_000n, 'USD', 'JPY', rateOf)).toBe(1_600_000_000_000n);
    expect(convertNanos(1n, 'USD', 'XXX', rateOf)).toBeNull();
  });

  it('nets an amount and its reversal to zero at one rate', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), (nanos) => {
        const there = convertNanos(nanos, 'USD', 'JPY', rateOf) ?? 0n;
        const back = convertNanos(-nanos, 'USD', 'JPY', rateOf) ?? 0n;
        expect(there + back).toBe(0n);
      }),
    );
  });
});
