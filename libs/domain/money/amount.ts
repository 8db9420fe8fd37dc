import { hasNoDecimals, minorUnitDigits, readCurrency, type CurrencyReading } from './currency.js';
import { divideHalfEven, formatNanos, largestAmountNanos, nanosPerUnit } from './money.js';
import type { AmountFormat } from '../settings.js';

/** Amounts as networks write them → an exact decimal. What can be read in two ways is not read
 *  (P5): the network's `amountFormat` says which it is, and a replay reads the kept call again. */

type AmountReading =
  /** `currency`: the one written beside the number, if any; `$` means one of several. */
  | { value: string; currency: CurrencyReading | null; problem: 'amount_rounded' | null }
  | { value: null; problem: 'amount_unreadable' | 'amount_ambiguous' | 'amount_too_large' };

const unreadable = { value: null, problem: 'amount_unreadable' } as const;
const ambiguous = { value: null, problem: 'amount_ambiguous' } as const;

type Figure = { digits: string; exponent: number } | 'unreadable' | 'ambiguous';

const grouped = (text: string, separator: string): boolean => {
  const groups = text.split(separator);
  const [first = '', ...rest] = groups;
  const last = rest.at(-1) ?? '';
  // 1,234,567 and the Indian 12,34,567: the last group has three digits, those between two or
  // three, all alike.
  if (!/^\d{1,3}$/.test(first) || first === '0' || last.length !== 3) return false;
  const between = rest.slice(0, -1);
  return between.every((group) => group.length === 3) || between.every((group) => group.length === 2);
};

const figure = (whole: string, fraction: string, exponent = 0): Figure => ({
  digits: `${whole}${fraction}`,
  exponent: exponent - fraction.length,
});

/** One kind of separator, standing once or more often. */
const readOneSeparator = (text: string, separator: '.' | ',', format: AmountFormat): Figure => {
  const parts = text.split(separator);
  const decimal = format === 'comma' ? ',' : '.';
  const canGroup = grouped(text, separator);
  if (parts.length > 2) {
    if (format !== 'auto' && separator === decimal) return 'unreadable';
    return canGroup ? figure(parts.join(''), '') : 'unreadable';
  }
  const [whole = '', fraction = ''] = parts;
  if (format === 'dot' || format === 'comma') {
    if (separator === decimal) return figure(whole, fraction);
    return canGroup ? figure(whole + fraction, '') : 'unreadable';
  }
  // 1.234 and 1,234 are a thousand and something to one half of the world, one and a bit to the
  // other.
  return canGroup ? 'ambiguous' : figure(whole, fraction);
};

const readTwoSeparators = (text: string, format: AmountFormat): Figure => {
  const decimal = text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
  const other = decimal === '.' ? ',' : '.';
  if ((format === 'dot' && decimal !== '.') || (format === 'comma' && decimal !== ',')) return 'unreadable';
  const [whole = '', fraction, ...more] = text.split(decimal);
  if (fraction === undefined || more.length > 0 || fraction.includes(other)) return 'unreadable';
  return grouped(whole, other) ? figure(whole.replaceAll(other, ''), fraction) : 'unreadable';
};

/** Two numbers of which one is empty, as CPA and revenue share are joined by one family of
 *  platforms: `12.5,` and `,3.20`. */
const withoutEmptyNeighbour = (text: string, format: AmountFormat): string => {
  if (/^[^,]*\d,$/.test(text)) return text.slice(0, -1);
  if (/^,\d+\.\d+$/.test(text) || (format === 'dot' && /^,\d+$/.test(text))) return text.slice(1);
  return text;
};

const readFigure = (given: string, format: AmountFormat): Figure => {
  const scientific = /^(\d+)(?:\.(\d*))?e([+-]?\d{1,3})$/i.exec(given);
  if (scientific) return figure(scientific[1] ?? '', scientific[2] ?? '', Number(scientific[3]));
  const text = withoutEmptyNeighbour(given.replace(/(?<=\d)[ '’_](?=\d{3}(?!\d))/g, ''), format);
  if (!/^[\d.,]+$/.test(text) || !/\d/.test(text)) return 'unreadable';
  if (/^,\d+$/.test(text) && format === 'auto') return 'ambiguous';
  const dots = text.includes('.');
  const commas = text.includes(',');
  if (dots && commas) return readTwoSeparators(text, format);
  if (dots || commas) return readOneSeparator(text, dots ? '.' : ',', format);
  return figure(text, '');
};

const toNanos = ({
  digits,
  exponent,
}: {
  digits: string;
  exponent: number;
}): { nanos: bigint; rounded: boolean } | null => {
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return { nanos: 0n, rounded: false };
  if (significant.length + exponent > 10 || significant.length > 400) return null;
  const shift = exponent + 9;
  if (shift >= 0) return { nanos: BigInt(significant) * 10n ** BigInt(shift), rounded: false };
  const divisor = 10n ** BigInt(-shift);
  const nanos = divideHalfEven(BigInt(significant), divisor);
  return { nanos, rounded: nanos * divisor !== BigInt(significant) };
};

const signOf = (text: string): { negative: boolean; rest: string } => {
  const plain = text.replace(/[−–﹣－]/g, '-').trim();
  const bracketed = /^\((.+)\)$/.exec(plain);
  if (bracketed) return { negative: true, rest: (bracketed[1] ?? '').trim() };
  if (plain.startsWith('-')) return { negative: true, rest: plain.slice(1).trim() };
  if (plain.startsWith('+')) return { negative: false, rest: plain.slice(1).trim() };
  if (/\d-$/.test(plain)) return { negative: true, rest: plain.slice(0, -1).trim() };
  return { negative: false, rest: plain };
};

const aroundNumber = /^([^\d.,+()-]*)([\d.,][\d., '’_]*?(?:e[+-]?\d{1,3})?)\s*([^\d.,]*\.?)$/iu;

/** Takes signs and the words around the number apart: `-$12.50`, `$-12.50`, `12.5 USD`. Null: it is
 *  no number with a currency. */
const dissect = (text: string): { negative: boolean; number: string; words: string } | null => {
  const outer = signOf(text);
  const symbolFirst = /^([^\d.,+()-]+)(-.*)$/u.exec(outer.rest);
  const inner = symbolFirst ? signOf(symbolFirst[2] ?? '') : { negative: false, rest: outer.rest };
  const found = aroundNumber.exec(inner.rest);
  if (!found) return null;
  const words = [symbolFirst?.[1], found[1], found[3]].map((word) => (word ?? '').trim()).filter((word) => word !== '');
  if (words.length > 1) return null;
  return { negative: outer.negative !== inner.negative, number: (found[2] ?? '').trim(), words: words[0] ?? '' };
};

/** In a currency without decimals `17,000` and `17.000` can only be seventeen thousand. */
const withoutGroups = (number: string): string => {
  for (const separator of [',', '.']) if (grouped(number, separator)) return number.replaceAll(separator, '');
  return number;
};

/** The commonest form by far, read without ceremony: "12.5", "3". Three decimals are left to the
 *  careful way. */
const plain = /^(\d{1,9})(?:\.(\d|\d\d))?$/;

/** Longer texts are no amounts: no money of this world has so many digits. */
const maxAmountLength = 200;

/** Reads an amount. `minorDigits`: how many decimals the minor unit has, for networks that send
 *  whole cents (`minor`). `value` is a decimal string in our own form; half a billionth of a unit
 *  is the most that reading ever rounds away. */
export const readAmount = (text: string, format: AmountFormat, minorDigits = 2, noDecimals = false): AmountReading => {
  if ((format === 'auto' || format === 'dot') && plain.test(text)) {
    const [whole = '', fraction = ''] = text.split('.');
    const nanos = BigInt(whole) * nanosPerUnit + BigInt(fraction.padEnd(9, '0'));
    return { value: formatNanos(nanos), currency: null, problem: null };
  }
  if (text.length > maxAmountLength) return unreadable;
  if (text.includes(';')) return readJoined(text, format, minorDigits, noDecimals);
  const parts = dissect(text.normalize('NFKC'));
  if (!parts) return unreadable;
  const currency = parts.words === '' ? null : readCurrency(parts.words);
  if (currency && 'problem' in currency && currency.problem === 'currency_unreadable') return unreadable;
  const groupsOnly = currency && 'code' in currency ? hasNoDecimals(currency.code) : noDecimals;
  const read = readFigure(groupsOnly ? withoutGroups(parts.number) : parts.number, format === 'minor' ? 'dot' : format);
  if (read === 'ambiguous') return ambiguous;
  if (read === 'unreadable' || (format === 'minor' && read.exponent !== 0)) return unreadable;
  const digits = currency && 'code' in currency ? minorUnitDigits(currency.code) : minorDigits;
  const exact = toNanos(format === 'minor' ? { digits: read.digits, exponent: -digits } : read);
  if (!exact || exact.nanos > largestAmountNanos) return { value: null, problem: 'amount_too_large' };
  const value = formatNanos(parts.negative ? -exact.nanos : exact.nanos);
  return { value, currency, problem: exact.rounded ? 'amount_rounded' : null };
};

/** Two amounts of which one is empty or nothing, `12.5;` and `0;3.20`, for networks that pay by one
 *  of two models and send both. No number contains a semicolon, so unlike a comma (`50,20`) it
 *  cannot be taken for a decimal point. Two that both pay are not added. */
const readJoined = (text: string, format: AmountFormat, minorDigits: number, noDecimals: boolean): AmountReading => {
  const [first = '', second = '', ...more] = text.split(';').map((part) => part.trim());
  if (more.length > 0) return unreadable;
  if (first === '' || second === '') return readAmount(first + second, format, minorDigits, noDecimals);
  const both = [
    readAmount(first, format, minorDigits, noDecimals),
    readAmount(second, format, minorDigits, noDecimals),
  ] as const;
  if (both[0].value === '0') return both[1];
  return both[1].value === '0' ? both[0] : unreadable;
};
