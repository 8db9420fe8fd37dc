import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { largestCampaignNumber, largestOfferNumber, mintClickId, readClickId } from './click-id.js';

const secret = 'a secret for the tests, long enough';
const click = fc.record({
  atMs: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2089, 0, 1) }),
  campaignNumber: fc.integer({ min: 0, max: largestCampaignNumber }),
  offerNumber: fc.integer({ min: 0, max: largestOfferNumber }),
  random: fc.uint8Array({ minLength: 5, maxLength: 5 }),
});
const one = { atMs: 1_790_000_000_123, campaignNumber: 7, offerNumber: 9, random: Uint8Array.of(1, 2, 3, 4, 5) };

describe('a click id', () => {
  it('says its time, campaign and offer to a reader with the secret', () => {
    fc.assert(
      fc.property(click, ({ random, ...facts }) => {
        const id = mintClickId({ ...facts, random }, secret);
        expect(id).toMatch(/^k[0-9a-hjkmnp-tv-z]{31}$/);
        expect(readClickId(id, ['another secret', secret])).toEqual({ id, ...facts });
      }),
      { numRuns: 300 },
    );
  });

  it('is read in upper case and with the letters that look like digits', () => {
    const id = mintClickId(one, secret);
    expect(readClickId(id.toUpperCase(), [secret])?.id).toBe(id);
    expect(readClickId(id.replaceAll('0', 'O').replaceAll('1', 'l'), [secret])?.id).toBe(id);
  });

  it('is refused when any character was changed', () => {
    fc.assert(
      fc.property(click, fc.integer({ min: 0, max: 31 }), fc.integer({ min: 1, max: 31 }), (facts, place, step) => {
        const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
        const id = mintClickId(facts, secret);
        const other = alphabet.charAt((alphabet.indexOf(id.charAt(place)) + step) % 32);
        expect(readClickId(id.slice(0, place) + other + id.slice(place + 1), [secret])).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it was cut, made longer, or made with another secret', () => {
    const id = mintClickId(one, secret);
    expect(readClickId(id.slice(0, 31), [secret])).toBeNull();
    expect(readClickId(`${id}0`, [secret])).toBeNull();
    expect(readClickId(id, ['another secret'])).toBeNull();
    expect(readClickId(id, [])).toBeNull();
  });

  it('carries HMAC-SHA256 under a key derived for click ids over its first 124 bits, cut to 36', () => {
    for (const each of [secret, 'k'.repeat(200)]) {
      const key = new Uint8Array(hkdfSync('sha256', each, 'carom', 'click ids', 32));
      const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
      const digits = [...mintClickId(one, each)].map((letter) => alphabet.indexOf(letter));
      const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
      const signed = Uint8Array.from(digits.slice(0, 25));
      signed[24] = (signed[24] ?? 0) & 0b11110;
      const mac = createHmac('sha256', key).update('carom click id').update(signed).digest();
      expect(bits.slice(124)).toBe(mac.readUIntBE(0, 5).toString(2).padStart(40, '0').slice(4));
    }
  });

  it.each([
    [secret, 'k32sf9ghxg000w0014820c20ay39vjyw', one],
    [
      'k'.repeat(200),
      'k32sf9gq4fzzzzzzzzr20c20be78ncag',
      { atMs: 1_790_000_000_456, campaignNumber: largestCampaignNumber, offerNumber: largestOfferNumber },
    ],
  ])('that was made under the secret itself, before keys were derived, is still read', (key, id, facts) => {
    const { atMs, campaignNumber, offerNumber } = facts;
    expect(readClickId(id, [key])).toEqual({ id, atMs, campaignNumber, offerNumber });
    expect(readClickId(id, ['another secret', key])?.id).toBe(id);
    expect(readClickId(id, ['another secret'])).toBeNull();
    expect(readClickId(`${id.slice(0, -1)}x`, [key])).toBeNull();
  });

  it('is no longer made under the secret itself', () => {
    const id = mintClickId(one, secret);
    expect(id.slice(0, 24)).toBe('k32sf9ghxg000w0014820c20');
    expect(id).not.toBe('k32sf9ghxg000w0014820c20ay39vjyw');
  });

  it('differs for two clicks of the same millisecond', () => {
    const other = mintClickId({ ...one, random: Uint8Array.of(1, 2, 3, 4, 6) }, secret);
    expect(other).not.toBe(mintClickId(one, secret));
  });

  it('is not made of numbers that do not fit', () => {
    expect(() => mintClickId({ ...one, campaignNumber: largestCampaignNumber + 1 }, secret)).toThrow(RangeError);
    expect(() => mintClickId({ ...one, random: new Uint8Array(4) }, secret)).toThrow(RangeError);
  });
});
