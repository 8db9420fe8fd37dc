import { describe, expect, it } from '@jest/globals';
import { addUpFigures, ratesOfReturn, type FigureRow } from './figures.js';

const unit = 1_000_000_000n;
const counts = { clicks: 0, uniqueClicks: 0, pending: 0, approved: 0, rejected: 0, reversed: 0, moneyUnknown: 0 };
const money = { pending: 0n, approved: 0n, rejected: 0n, reversed: 0n };
const row = (more: Partial<FigureRow>): FigureRow => ({
  key: ['spring'],
  rateDay: '2026-01-05',
  currency: '',
  counts,
  money,
  costNanos: 0n,
  ...more,
});
const rates: Record<string, bigint> = { '2026-01-05 USD': 1_250_000_000n, '2026-02-05 USD': 2_000_000_000n };
const into = { currency: 'EUR', rateOf: (day: string, currency: string) => rates[`${day} ${currency}`] ?? null };

describe('figures of a report', () => {
  it('put clicks into the line of the only currency there is, so that they can be divided by', () => {
    const [line, ...others] = addUpFigures(
      [
        row({ counts: { ...counts, clicks: 4, uniqueClicks: 3 } }),
        row({ currency: 'USD', counts: { ...counts, approved: 1 }, money: { ...money, approved: 10n * unit } }),
        row({ currency: 'USD', costNanos: 4n * unit }),
      ],
      null,
    );
    expect(others).toEqual([]);
    expect(line).toMatchObject({ currency: 'USD', counts: { clicks: 4, uniqueClicks: 3, approved: 1 } });
    expect(line && ratesOfReturn(line)).toEqual({
      cr: '0.25',
      epc: '2.5',
      roi: '1.5',
      approvalRate: '1',
      averagePayout: '10',
    });
  });

  it('never add up two currencies as they are', () => {
    const lines = addUpFigures(
      [
        row({ currency: 'EUR', money: { ...money, approved: unit } }),
        row({ currency: 'USD', money: { ...money, approved: unit } }),
      ],
      null,
    );
    expect(lines.map(({ currency, money: { approved } }) => [currency, approved])).toEqual([
      ['EUR', unit],
      ['USD', unit],
    ]);
  });

  it('convert each amount at the rate of its own day', () => {
    const [line] = addUpFigures(
      [
        row({ currency: 'USD', money: { ...money, approved: 10n * unit } }),
        row({
          currency: 'USD',
          rateDay: '2026-02-05',
          money: { ...money, approved: 10n * unit },
          costNanos: 2n * unit,
        }),
        row({ currency: 'EUR', money: { ...money, pending: unit } }),
      ],
      into,
    );
    expect(line).toMatchObject({ currency: 'EUR', money: { approved: 13n * unit, pending: unit }, costNanos: unit });
  });

  it('name what they cannot convert instead of guessing it', () => {
    const [line] = addUpFigures(
      [row({ currency: 'GBP', counts: { ...counts, approved: 1 }, money: { ...money, approved: unit } })],
      into,
    );
    expect(line).toMatchObject({
      counts: { approved: 1 },
      money: { approved: 0n },
      unconverted: [{ currency: 'GBP', money: { approved: unit } }],
    });
  });

  it('have no ratio where there is nothing to divide by', () => {
    expect(ratesOfReturn({ counts, money, costNanos: 0n })).toEqual({
      cr: null,
      epc: null,
      roi: null,
      approvalRate: null,
      averagePayout: null,
    });
  });
});
