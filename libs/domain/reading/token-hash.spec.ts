import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createTokenHash } from './token-hash.js';

const today = 'the secret of today, long enough';
const before = 'the secret of before, long enough';
const token = 'kQ3xw8ZpR1yTn5VbG7mHs2LcD4fJ6aE9';

describe('the hash of a network’s token', () => {
  it('is the same each time, and says nothing of the token without the secret', () => {
    const { of } = createTokenHash([today]);
    expect(of(token)).toBe(of(token));
    expect(of(token)).toMatch(/^hash:1:[0-9a-f]{8}:[\w-]{43}$/);
    expect(of(token)).not.toBe(of(`${token}x`));
    const plain = createHash('sha256').update(token);
    expect(of(token)).not.toContain(plain.digest('base64url'));
    expect(createTokenHash([before]).of(token).slice(-43)).not.toBe(of(token).slice(-43));
  });

  it('is found by every secret that is listed, so that secrets can be rotated', () => {
    const stored = createTokenHash([before]).of(token);
    expect(createTokenHash([today, before]).all(token)).toContain(stored);
    expect(createTokenHash([before, today]).all(token)).toContain(stored);
    expect(createTokenHash([today]).all(token)).not.toContain(stored);
    expect(createTokenHash([today, before]).of(token)).toBe(createTokenHash([today]).of(token));
  });

  it('says by which secret it was made', () => {
    const { of, stateOf } = createTokenHash([today, before]);
    expect([of(token), createTokenHash([before]).of(token), 'hash:1:00000000:AAAA', token].map(stateOf)).toEqual([
      'current',
      'former',
      'unknown',
      'unknown',
    ]);
  });

  it('takes a token of any length and of any characters', () => {
    const { of } = createTokenHash([today]);
    const hashes = ['', 'é💶\ud800', 'x'.repeat(100_000), 'x'.repeat(100_001)].map(of);
    expect(new Set(hashes).size).toBe(4);
  });
});
