import { describe, expect, it } from '@jest/globals';
import { createRateBook } from './rate-book.js';

const at = (day: string) => Date.parse(`${day}T15:00:00Z`);

describe('rates that dispatch converts values with', () => {
  const book = createRateBook();
  book.replace([
    { day: '2026-01-02', currency: 'USD', perEuroNanos: 1_170_000_000n },
    { day: '2026-01-05', currency: 'USD', perEuroNanos: 1_180_000_000n },
  ]);

  it('are those of the conversion’s own day, or of the last day before that had one', () => {
    expect(book.lookup('USD', at('2026-01-02'))).toBe(1_170_000_000n);
    expect(book.lookup('USD', at('2026-01-04'))).toBe(1_170_000_000n);
    expect(book.lookup('USD', at('2026-01-15'))).toBe(1_180_000_000n);
  });

  it('are none where there is none, instead of one that is too old or another’s', () => {
    expect(book.lookup('USD', at('2026-01-16'))).toBeNull();
    expect(book.lookup('USD', at('2026-01-01'))).toBeNull();
    expect(book.lookup('JPY', at('2026-01-02'))).toBeNull();
  });
});
