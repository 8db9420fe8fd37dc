/** Currency codes as networks write them → ISO 4217. */

const isoCodes = new Set(Intl.supportedValuesOf('currency'));

/** Signs that belong to one currency. `$`, `¥` and `kr` belong to several, so they say nothing for certain (P5). */
const signs: Record<string, string> = {
  '€': 'EUR',
  '£': 'GBP',
  '₽': 'RUB',
  '₹': 'INR',
  '₴': 'UAH',
  '₸': 'KZT',
  '₺': 'TRY',
  '₫': 'VND',
  '฿': 'THB',
  '₱': 'PHP',
  '₪': 'ILS',
  '₩': 'KRW',
  '₦': 'NGN',
  '₼': 'AZN',
  '₾': 'GEL',
  '₲': 'PYG',
  '₡': 'CRC',
  US$: 'USD',
  $US: 'USD',
  USD$: 'USD',
  $USD: 'USD',
  R$: 'BRL',
  A$: 'AUD',
  AU$: 'AUD',
  C$: 'CAD',
  CA$: 'CAD',
  NZ$: 'NZD',
  HK$: 'HKD',
  MX$: 'MXN',
  S$: 'SGD',
  NT$: 'TWD',
  ZŁ: 'PLN',
  KČ: 'CZK',
  РУБ: 'RUB',
  'РУБ.': 'RUB',
  ГРН: 'UAH',
  'ГРН.': 'UAH',
  RP: 'IDR',
  RM: 'MYR',
  // Names still in use for currencies that were renamed, and the numeric codes of the four commonest.
  RUR: 'RUB',
  '840': 'USD',
  '978': 'EUR',
  '826': 'GBP',
  '643': 'RUB',
  EURO: 'EUR',
  EUROS: 'EUR',
};
const ambiguous = new Set(['$', '¥', '￥', 'KR', 'KR.', '₨', 'RS', 'RS.', '৳']);

export type CurrencyReading = { code: string } | { problem: 'currency_unreadable' | 'currency_ambiguous' };

/** Reads a code, a sign or a number of a currency, in any case. */
export const readCurrency = (text: string): CurrencyReading => {
  const word = text.trim().toUpperCase();
  if (ambiguous.has(word)) return { problem: 'currency_ambiguous' };
  const code = Object.hasOwn(signs, word) ? signs[word] : word;
  if (code !== undefined && /^[A-Z]{3}$/.test(code) && isoCodes.has(code)) return { code };
  return { problem: 'currency_unreadable' };
};

const noMinorUnit = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const thousandths = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** How many decimals the minor unit of a currency has (ISO 4217): for networks that send whole cents. */
export const minorUnitDigits = (code: string | null): number => {
  if (code !== null && noMinorUnit.has(code)) return 0;
  return code !== null && thousandths.has(code) ? 3 : 2;
};
