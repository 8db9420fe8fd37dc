import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAmount } from './amount.js';
import { formatNanos, largestAmountNanos } from './money.js';
import type { AmountFormat } from '../settings.js';

const value = (text: string, format: AmountFormat = 'auto', minorDigits = 2) =>
  readAmount(text, format, minorDigits).value;

describe('an amount that can be read only one way', () => {
  it.each([
    ['12.50', '12.5'],
    ['12,50', '12.5'],
    ['12', '12'],
    ['0', '0'],
    ['0.00', '0'],
    ['1,234.56', '1234.56'],
    ['1.234,56', '1234.56'],
    ['1 234,56', '1234.56'],
    ['1\u00a0234.56', '1234.56'],
    ["1'234.56", '1234.56'],
    ['12,34,567.00', '1234567'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['-5', '-5'],
    ['−5.25', '-5.25'],
    ['5-', '-5'],
    ['(12.50)', '-12.5'],
    ['+3', '3'],
    ['12.5,', '12.5'],
    [',3.20', '3.2'],
    ['12.5;', '12.5'],
    [';3', '3'],
    ['0;3.20', '3.2'],
    ['50;0.00', '50'],
    ['0;0', '0'],
    ['.5', '0.5'],
    ['0.125', '0.125'],
    ['1234.567', '1234.567'],
    ['1e3', '1000'],
    ['1.5E-4', '0.00015'],
    ['0.0000001', '0.0000001'],
    ['0,0005', '0.0005'],
    ['１２.５', '12.5'],
  ])('%s is %s', (text, expected) => {
    expect(readAmount(text, 'auto')).toEqual({ value: expected, currency: null, problem: null });
  });

  it.each([
    ['€12,50', '12.5', 'EUR'],
    ['12.50 €', '12.5', 'EUR'],
    ['12.5 USD', '12.5', 'USD'],
    ['usd 3', '3', 'USD'],
    ['US$1,234.50', '1234.5', 'USD'],
    ['-€5', '-5', 'EUR'],
    ['€-5', '-5', 'EUR'],
    ['100 руб.', '100', 'RUB'],
  ])('%s carries its currency', (text, expected, code) => {
    expect(readAmount(text, 'auto')).toEqual({ value: expected, currency: { code }, problem: null });
  });

  it('$12 is twelve of one of the dollars', () => {
    const among: unknown = expect.arrayContaining(['USD', 'CAD', 'AUD']);
    const currency = { problem: 'currency_ambiguous', among };
    expect(readAmount('$12', 'auto')).toEqual({ value: '12', currency, problem: null });
  });
});

describe('an amount that can be read two ways', () => {
  it.each(['1,234', '1.234', '12,345', ',50'])('%s is left unknown until the network says how it writes', (text) => {
    expect(readAmount(text, 'auto')).toEqual({ value: null, problem: 'amount_ambiguous' });
  });

  it.each([
    ['1,234', 'dot', '1234'],
    ['1,234', 'comma', '1.234'],
    ['1.234', 'dot', '1.234'],
    ['1.234', 'comma', '1234'],
    [',50', 'comma', '0.5'],
    ['1250', 'minor', '12.5'],
    ['-5', 'minor', '-0.05'],
  ] as const)('%s written with %s is %s', (text, format, expected) => {
    expect(value(text, format)).toBe(expected);
  });

  it('counts the minor unit by its currency', () => {
    expect(value('1250', 'minor', 0)).toBe('1250');
    expect(value('1250', 'minor', 3)).toBe('1.25');
    expect(value('1250 JPY', 'minor', 2)).toBe('1250');
  });
});

describe('an amount that cannot be read', () => {
  it.each([
    'amount',
    'XX',
    'free',
    '1.2.3',
    '12.5,3.20',
    '12.5;3.20',
    '12.5;x',
    '1;2;',
    '1,23,4',
    '--5',
    '12 USD 5',
    '',
    ' ',
    '0x10',
    '1/2',
    'NaN',
    'Infinity',
    '12 dollars',
  ])('%p is left unknown, never zero', (text) => {
    expect(readAmount(text, 'auto')).toEqual({ value: null, problem: 'amount_unreadable' });
  });

  it.each(['9000000001', '1e30', '99999999999999999999'])('%s is more than one report may carry', (text) => {
    expect(readAmount(text, 'auto')).toEqual({ value: null, problem: 'amount_too_large' });
  });

  it('contradicts the way the network writes', () => {
    expect(value('12,50', 'dot')).toBeNull();
    expect(value('12.50', 'comma')).toBeNull();
    expect(value('12.50', 'minor')).toBeNull();
  });
});

describe('reading of amounts', () => {
  it('reads back every amount we write ourselves', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -largestAmountNanos, max: largestAmountNanos }), (nanos) => {
        expect(value(formatNanos(nanos), 'dot')).toBe(formatNanos(nanos));
      }),
      { numRuns: 500 },
    );
  });

  it('rounds only beyond the ninth decimal, and says so', () => {
    expect(readAmount('12.340000000000002', 'auto')).toEqual({
      value: '12.34',
      currency: null,
      problem: 'amount_rounded',
    });
  });

  it('answers something for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const read = readAmount(text, 'auto');
        expect(read.value === null || /^-?\d{1,10}(\.\d{1,9})?$/.test(read.value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
