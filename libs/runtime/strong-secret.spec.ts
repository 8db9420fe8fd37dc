import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOf } from './strong-secret.js';

describe('the strength of a secret', () => {
  it.each([
    ['s3cr-9fK2qLx', 'has fewer than 32 characters'],
    ['0f9d3c2b7a1e4d5f6a7b8c9d0e1f2a3', 'has fewer than 32 characters'],
    ['a'.repeat(64), 'has fewer than 8 different characters'],
    ['abcabcaabbccabcabbacbacbbacbacbaccab', 'has fewer than 8 different characters'],
    ['0123456789abcdef'.repeat(2), 'repeats a shorter text'],
    ['x7Kq0pLw2vRt9mZs'.repeat(3).slice(0, 40), 'repeats a shorter text'],
    ['abcdefghijklmnopqrstuvwxyz0123456789', 'is a sequence of the alphabet'],
    ['9876543210zyxwvutsrqponmlkjihgfedcba', 'is a sequence of the alphabet'],
    ['change-me-to-something-longer-please', 'contains a word of a sample'],
    ['My-Company-Super-Secret-Key-For-2026', 'contains a word of a sample'],
  ])('%s is refused, because it %s', (secret, why) => {
    expect(weaknessOf(secret)).toBe(why);
  });

  it('is enough for whatever a generator makes, as hex or base64', () => {
    for (let round = 0; round < 2_000; round += 1) {
      expect(weaknessOf(randomBytes(32).toString('hex'))).toBeNull();
      expect(weaknessOf(randomBytes(24).toString('base64'))).toBeNull();
    }
  });
});
