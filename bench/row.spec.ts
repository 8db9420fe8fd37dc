import { describe, expect, it } from '@jest/globals';
import { alternately, fromRounds, gradeOf, scoreOf, spreadOf, type BenchRow } from './row.js';

const row = (better: BenchRow['better'], atLeast: number, aim: number): BenchRow => ({
  name: 'row',
  what: '',
  unit: '/s',
  limitIs: null,
  atLeast,
  aim,
  better,
  measure: () => Promise.reject(new Error('not measured here')),
});

describe('grading a figure', () => {
  it('takes the ratio to the limit of the same run, and the figure itself where there is none', () => {
    expect(scoreOf({ ours: 500, limit: 2000, details: {} })).toBe(0.25);
    expect(scoreOf({ ours: 12, details: {} })).toBe(12);
  });

  it('takes the median of the rounds, and says how far they are apart', () => {
    const rounds = [
      { ours: 1, limit: 10 },
      { ours: 9, limit: 10 },
      { ours: 3, limit: 10 },
    ];
    const measured = { ...fromRounds(rounds), details: {} };
    expect(measured).toMatchObject({ ours: 3, limit: 10 });
    expect([scoreOf(measured), spreadOf(measured)]).toEqual([0.3, [0.1, 0.9]]);
    expect(fromRounds([{ ours: 2 }, { ours: 4 }])).toEqual({ ours: 3, rounds: [{ ours: 2 }, { ours: 4 }] });
  });

  it('distinguishes the aim, the minimum and less, for throughput and for latency', () => {
    expect([0.5, 0.49, 0.29].map((score) => gradeOf(row('higher', 0.3, 0.5), score))).toEqual(['aim', 'held', 'below']);
    expect([10, 25, 26].map((score) => gradeOf(row('lower', 25, 10), score))).toEqual(['aim', 'held', 'below']);
  });

  it('measures alternately, so that both sides see the same minutes', async () => {
    const order: string[] = [];
    const side = (name: string, figures: number[]) => async () => {
      order.push(name);
      return figures.shift() ?? 0;
    };
    const rounds = await alternately(2, side('a', [1, 3]), side('b', [10, 20]));
    expect(rounds).toEqual([
      { ours: 1, limit: 10 },
      { ours: 3, limit: 20 },
    ]);
    expect(order).toEqual(['a', 'b', 'a', 'b']);
  });
});
