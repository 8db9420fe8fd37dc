import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lets } from '#postgres';
import { z } from 'zod';
import { choiceOf, keys, readChoice, tokens, writeChoice, writeTokens } from './choice.js';

describe('a list filter', () => {
  it.each([
    ['parked', { not: false, values: ['parked'] }],
    ['parked,waiting', { not: false, values: ['parked', 'waiting'] }],
    ['!delivered', { not: true, values: ['delivered'] }],
    ['!delivered,superseded', { not: true, values: ['delivered', 'superseded'] }],
    ['!delivered,!superseded', { not: true, values: ['delivered', 'superseded'] }],
    ['', { not: false, values: [''] }],
    ['!', { not: true, values: [''] }],
    ['a\\,b,\\!c', { not: false, values: ['a,b', '!c'] }],
  ])('reads %j', (text, choice) => {
    expect(readChoice(text)).toEqual(choice);
  });

  it('refuses a mixture of values that are wanted and values that are not', () => {
    expect(readChoice('a,!b')).toBeNull();
    expect(tokens.safeParse('zone:1,!zone:2').success).toBe(false);
  });

  it('is written so that it reads as the same choice', () => {
    const values = fc.array(fc.string(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.boolean(), values, (not, each) => {
        expect(readChoice(writeChoice({ not, values: each }))).toEqual({ not, values: each });
      }),
    );
  });

  it('names the value that is not allowed', () => {
    const state = choiceOf(z.enum(['parked', 'waiting']));
    expect(state.safeParse('parked,gone').error?.issues[0]?.message).toContain('"gone"');
    expect(state.safeParse('').success).toBe(false);
    expect(keys.parse('')).toEqual({ not: false, values: [''] });
  });

  it('of tokens takes alternatives of one name, and names that must hold together', () => {
    const read = [
      { name: 'zone', not: false, values: ['1', '2'] },
      { name: 'creative', not: true, values: ['b,c'] },
    ];
    expect(tokens.parse('zone:1,zone:2,!creative:b\\,c')).toEqual(read);
    expect(tokens.parse(writeTokens(read))).toEqual(read);
    expect(tokens.parse('zone:')).toEqual([{ name: 'zone', not: false, values: [''] }]);
  });

  it('lets a row through that has none only where that is asked for', () => {
    expect(lets(readChoice('a,b') ?? undefined, null)).toBe(false);
    expect(lets(readChoice('a,') ?? undefined, null)).toBe(true);
    expect(lets(readChoice('!a') ?? undefined, null)).toBe(true);
    expect(lets(readChoice('!a,') ?? undefined, null)).toBe(false);
  });
});
