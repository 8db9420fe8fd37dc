import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { safeText } from './text.js';

describe('a text that enters a record', () => {
  it('is cut before it is repaired, so that a cut leaves no half of a character', () => {
    const text = safeText(`${'a'.repeat(1_999)}😀`, 2_000);
    expect([text.length, text.isWellFormed(), text.at(-1)]).toEqual([2_000, true, '\ufffd']);
  });

  it('can be held by every store, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat({ max: 30 }), (given, maxLength) => {
        const text = safeText(given, maxLength);
        expect(text.isWellFormed() && !text.includes('\0') && text.length <= maxLength).toBe(true);
      }),
    );
  });

  it('stays as it is where it was safe already', () => {
    expect(safeText('Größe 😀', 100)).toBe('Größe 😀');
  });
});
