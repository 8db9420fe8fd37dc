import { hkdfSync } from 'node:crypto';
import { createMac, type Mac } from './mac.js';

/** Our click ids: 32 characters of Crockford base32, 160 bits, made in lower case and read in any
 *  case.
 *
 *      5 bits  version, always `k`: no hex digit, so no hash or UUID has our form
 *     41 bits  time of the click, ms since 2020-01-01T00:00Z (lasts until 2089)
 *     22 bits  the campaign's number, 20 bits the offer's: a lost click still credits them
 *     36 bits  randomness, so that two clicks of one millisecond differ and none can be guessed
 *     36 bits  keyed MAC over the 124 bits before it: a made-up or damaged id needs no look-up
 *
 *  32 characters of [0-9a-z] pass every length and character limit known of networks (CAKE 50,
 *  Rakuten 72 alphanumerics). */

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const versionDigit = alphabet.indexOf('k');
const length = 32;
const signedDigits = 25;
const epochMs = Date.UTC(2020, 0, 1);
export const largestCampaignNumber = 2 ** 22 - 1;
export const largestOfferNumber = 2 ** 20 - 1;

const digitOf = new Int8Array(128).fill(-1);
for (const [value, letter] of [...alphabet].entries()) {
  digitOf[letter.charCodeAt(0)] = value;
  digitOf[letter.toUpperCase().charCodeAt(0)] = value;
}
/** Crockford's look-alikes: people and OCR read them so, and some networks "clean" ids. */
for (const [letters, value] of [
  ['oO', 0],
  ['iIlL', 1],
] as const)
  for (const letter of letters) digitOf[letter.charCodeAt(0)] = value;

export type OwnClickId = { id: string; atMs: number; campaignNumber: number; offerNumber: number };

const bitAt = (digits: Uint8Array, position: number): number =>
  ((digits[Math.floor(position / 5)] ?? 0) >> (4 - (position % 5))) & 1;

const putBits = (digits: Uint8Array, start: number, bits: number, value: number): void => {
  let rest = value;
  for (let position = start + bits - 1; position >= start; position -= 1) {
    const digit = Math.floor(position / 5);
    digits[digit] = (digits[digit] ?? 0) | ((rest % 2) << (4 - (position % 5)));
    rest = Math.floor(rest / 2);
  }
};

const takeBits = (digits: Uint8Array, start: number, bits: number): number => {
  let value = 0;
  for (let position = start; position < start + bits; position += 1) value = value * 2 + bitAt(digits, position);
  return value;
};

const label = Buffer.from('carom click id');
const signed = Buffer.concat([label, Buffer.alloc(signedDigits)]);

/** `derived` makes and reads ids; `raw`, keyed with the secret itself, only reads the ids that were
 *  made before the keys were derived. */
type Keys = { derived: Mac; raw: Mac };
const keysBySecret = new Map<string, Keys>();

/** Derived once for each secret (RFC 5869), so that the key of the public ids says nothing about
 *  the key of the sealed secrets. */
const keysOf = (secret: string): Keys => {
  let keys = keysBySecret.get(secret);
  if (!keys) {
    const key = new Uint8Array(hkdfSync('sha256', secret, 'carom', 'click ids', 32));
    keysBySecret.set(secret, (keys = { derived: createMac(key), raw: createMac(Buffer.from(secret)) }));
  }
  return keys;
};

/** The 36 bits of MAC, one digit of base32 to a byte as input. The last signed digit holds four
 *  signed bits and one of the MAC. */
const macOf = (digits: Uint8Array, mac: Mac): number => {
  signed.set(digits.subarray(0, signedDigits), label.length);
  signed[signed.length - 1] = (digits[signedDigits - 1] ?? 0) & 0b11110;
  return mac(signed).readUIntBE(0, 5) % 2 ** 36;
};

/** Makes a click id. `random` needs five bytes or more of cryptographic randomness: this library
 *  has none of its own. Throws RangeError for numbers that do not fit; console never gives such
 *  numbers out. */
export const mintClickId = (
  click: { atMs: number; campaignNumber: number; offerNumber: number; random: Uint8Array },
  secret: string,
): string => {
  if (click.random.length < 5) throw new RangeError('a click id needs five bytes of randomness');
  if (click.campaignNumber > largestCampaignNumber || click.offerNumber > largestOfferNumber)
    throw new RangeError('the number of the campaign or the offer does not fit a click id');
  const digits = new Uint8Array(length);
  digits[0] = versionDigit;
  putBits(digits, 5, 41, Math.max(0, click.atMs - epochMs));
  putBits(digits, 46, 22, click.campaignNumber);
  putBits(digits, 68, 20, click.offerNumber);
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = click.random;
  putBits(digits, 88, 36, (a % 16) * 2 ** 32 + b * 2 ** 24 + c * 2 ** 16 + d * 2 ** 8 + e);
  putBits(digits, 124, 36, macOf(digits, keysOf(secret).derived));
  return writeDigits(digits);
};

const writeDigits = (digits: Uint8Array): string => {
  let text = '';
  for (const digit of digits) text += alphabet.charAt(digit);
  return text;
};

const readDigits = (text: string): Uint8Array | null => {
  if (text.length !== length) return null;
  const digits = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code < 128 ? (digitOf[code] ?? -1) : -1;
    if (digit < 0) return null;
    digits[index] = digit;
  }
  return digits[0] === versionDigit ? digits : null;
};

/** Whether a text has the outer form of our click ids, whatever its MAC says: such a text is no
 *  other tracker's id. */
export const hasClickIdForm = (text: string): boolean => readDigits(text) !== null;

/** Reads one of our click ids, in any case and with look-alikes; `id` is its one canonical,
 *  lower-case form. Null: not ours, cut, damaged or made up. `secrets`: each that may have made it,
 *  so that secrets can be rotated. */
export const readClickId = (text: string, secrets: readonly string[]): OwnClickId | null => {
  const digits = readDigits(text);
  if (!digits) return null;
  // Two numbers of 36 bits are compared in one step: there is no time to be measured.
  const stated = takeBits(digits, 124, 36);
  const isMadeBy = (kind: keyof Keys) => secrets.some((secret) => macOf(digits, keysOf(secret)[kind]) === stated);
  if (!isMadeBy('derived') && !isMadeBy('raw')) return null;
  return {
    id: writeDigits(digits),
    atMs: takeBits(digits, 5, 41) + epochMs,
    campaignNumber: takeBits(digits, 46, 22),
    offerNumber: takeBits(digits, 68, 20),
  };
};
