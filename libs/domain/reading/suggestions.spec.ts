import { describe, expect, it } from '@jest/globals';
import { suggestSettings, type SeenCall } from './suggestions.js';

const settings = {
  amountFormat: 'auto',
  defaultCurrency: 'USD',
  params: {},
  security: { requireToken: true },
} as const;
const call = (given: Partial<SeenCall> = {}): SeenCall => ({
  id: 'one',
  amountRaw: '12.50',
  hasAmount: true,
  currency: 'USD',
  statusRaw: null,
  refusal: null,
  authenticatedBy: 'token',
  problems: [],
  ...given,
});
const of = (number: number, given: Partial<SeenCall>): SeenCall[] => Array.from({ length: number }, () => call(given));
const doubtful = of(17, {
  amountRaw: '1.250',
  hasAmount: false,
  problems: [{ code: 'amount_ambiguous', param: 'amount' }],
});

describe('what the calls of a network suggest', () => {
  it('is the decimal point that its other calls write, and which calls to replay', () => {
    expect(suggestSettings([...doubtful, ...of(1203, {})], settings)).toMatchObject([
      {
        message: '1,203 calls of this network write the decimal point: set amountFormat to dot and replay 17.',
        affected: 17,
        change: { amountFormat: 'dot' },
        replay: { problem: 'amount_ambiguous' },
      },
    ]);
  });

  it('is the decimal comma where the others write that', () => {
    const found = suggestSettings([...doubtful, ...of(2, { amountRaw: '1.250,50' })], settings);
    expect(found).toMatchObject([{ change: { amountFormat: 'comma' }, evidence: 2 }]);
  });

  it.each([
    ['nothing shows it', of(3, { amountRaw: '12' })],
    ['the calls differ', [...of(3, {}), ...of(1, { amountRaw: '0,91' })]],
    ['only yen show it', of(3, { amountRaw: '17,000', currency: 'JPY' })],
  ])('is left to a person where %s', (_what, others) => {
    expect(suggestSettings([...doubtful, ...others], settings)).toMatchObject([{ change: null, affected: 17 }]);
  });

  it('is nothing where the format is set, or nothing is in doubt', () => {
    expect(suggestSettings([...doubtful, ...of(9, {})], { ...settings, amountFormat: 'dot' })).toEqual([]);
    expect(suggestSettings(of(9, {}), settings)).toEqual([]);
  });

  it('is the one currency that is ever stated', () => {
    const seen = [...of(4, { currency: null }), ...of(6, { currency: 'EUR' })];
    const none = { ...settings, defaultCurrency: null };
    expect(suggestSettings(seen, none)).toMatchObject([
      { code: 'default_currency', change: { defaultCurrency: 'EUR' } },
    ]);
    expect(suggestSettings([...seen, call()], none)).toMatchObject([{ change: null }]);
    expect(suggestSettings(of(4, { currency: null }), none)).toMatchObject([{ change: null, affected: 4 }]);
  });

  it('names each word and each parameter that a person has to judge', () => {
    const found = suggestSettings(
      [
        ...of(2, { statusRaw: 'gezahlt', refusal: 'status_unmapped' }),
        ...of(3, { amountRaw: null, hasAmount: false, problems: [{ code: 'amount_ambiguous_name', param: 'price' }] }),
      ],
      settings,
    );
    expect(found).toMatchObject([
      { code: 'status_word', about: 'gezahlt', affected: 2, change: null },
      { code: 'amount_parameter', about: 'price', affected: 3, change: { params: { amount: ['price'] } } },
    ]);
  });

  it('is to require the token where every call has it', () => {
    const open = { ...settings, security: { requireToken: false } };
    expect(suggestSettings(of(20, {}), open)).toMatchObject([{ change: { security: { requireToken: true } } }]);
    expect(suggestSettings([...of(20, {}), call({ authenticatedBy: 'click' })], open)).toEqual([]);
  });
});
