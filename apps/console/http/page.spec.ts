import { describe, expect, it } from '@jest/globals';
import { moment } from './page.js';

describe('a moment that a request names', () => {
  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T12:30:00Z', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01T12:30:00.5+02:00', '2026-03-01T10:30:00.500Z'],
  ])('is a day or a time: %s', (text, at) => expect(moment.parse(text).toISOString()).toBe(at));

  it.each([
    null,
    5,
    '',
    '5',
    'yesterday',
    '2026-13-01',
    '2026-03-01T12:00 o’clock',
    '-271821-04-20',
    '0000-01-01',
    '+010000-01-01',
  ])('is not guessed from %p, which would make a replay of everything of it', (value) => {
    const read = moment.safeParse(value);
    expect(read.success).toBe(false);
    expect(read.error?.issues).toHaveLength(1);
  });
});
