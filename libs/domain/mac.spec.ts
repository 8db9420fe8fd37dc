import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMac } from './mac.js';

describe('a MAC', () => {
  it('is what every other maker of HMAC-SHA256 gets, whatever the length of the secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.string({ unit: 'grapheme' }), (secret, text) => {
        const expected = createHmac('sha256', secret).update(text).digest('hex');
        const mac = createMac(secret);
        expect(mac(text).toString('hex')).toBe(expected);
        expect(mac(Buffer.from(text)).toString('hex')).toBe(expected);
      }),
    );
  });
});
