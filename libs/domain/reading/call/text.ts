/** From the bytes of a call to text, without ever throwing and without losing a byte (UTF-8, else
 *  latin1). */

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is valid; else each byte becomes the character of its number, which loses nothing
 *  and keeps ASCII. */
export const decodeText = (bytes: Uint8Array): { text: string; encoding: 'utf8' | 'latin1' } => {
  try {
    return { text: strictUtf8.decode(bytes), encoding: 'utf8' };
  } catch {
    return {
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
      encoding: 'latin1',
    };
  }
};

const hexDigit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};

/** Decodes %XX and `+` (a space, as in forms). A `%` that starts no escape is kept: macros like
 *  `%ID%` arrive so. The HTTP parser gives a target with one character per byte; other characters
 *  are taken as UTF-8. */
export const decodePercent = (text: string): string => {
  if (!needsDecoding.test(text)) return text;
  const source = aboveLatin1.test(text) ? Buffer.from(text, 'utf8') : Buffer.from(text, 'latin1');
  const target = Buffer.alloc(source.length);
  let size = 0;
  for (let index = 0; index < source.length; index += 1) {
    let byte = source[index] ?? 0;
    if (byte === 37) {
      const high = hexDigit(source[index + 1] ?? 0);
      const low = hexDigit(source[index + 2] ?? 0);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        index += 2;
      }
    } else if (byte === 43) byte = 32;
    target[size] = byte;
    size += 1;
  }
  return decodeText(target.subarray(0, size)).text;
};

const needsDecoding = /[%+\u0080-\uffff]/;
const aboveLatin1 = /[\u0100-\uffff]/;

declare const safe: unique symbol;
/** A text that every store of ours can hold: no longer than its limit, well-formed, without NUL.
 *  Only `safeText` makes one. */
export type SafeText = string & { readonly [safe]: true };

/** Cuts first and repairs afterwards, because a cut can leave half a surrogate pair, which jsonb
 *  refuses (22P02). A half that is left becomes U+FFFD; NUL, which no text column holds (22P05), is
 *  removed. */
export const safeText = (text: string, maxLength: number): SafeText => {
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text;
  return (cut.includes('\0') ? cut.replaceAll('\0', '') : cut).toWellFormed() as SafeText;
};

/** `T` with every free text in it as `SafeText`. The record types that writers hand over are made
 *  with it, so that a text that did not pass `safeText` does not compile. Literal types stay as
 *  they are. */
export type Safe<T> = T extends string
  ? string extends T
    ? SafeText
    : T
  : T extends readonly (infer Element)[]
    ? Safe<Element>[]
    : T extends object
      ? { [Key in keyof T]: Safe<T[Key]> }
      : T;
