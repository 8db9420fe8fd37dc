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
        expect(mac(text, 'hex')).toBe(expected);
      }),
    );
  });

  it('is right for a long text after a short one and a short one after a long one', () => {
    const [secret, mac] = [Buffer.from('secret'), createMac(Buffer.from('secret'))];
    for (const length of [5, 341, 342, 1_024, 1_025, 100_000, 3])
      for (const text of ['a'.repeat(length), 'é€💶'.repeat(length)])
        expect(mac(text, 'base64')).toBe(createHmac('sha256', secret).update(text).digest('base64'));
  });
});
