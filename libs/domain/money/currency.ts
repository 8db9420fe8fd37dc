/** Currency codes as networks write them → ISO 4217. */

const isoCodes = new Set(Intl.supportedValuesOf('currency'));

/** Codes in which networks pay in crypto, with the decimals of the coin. They are no ISO 4217
 * codes; an amount in one stays in it. */
const coins: Record<string, number> = {
  BTC: 8,
  ETH: 18,
  LTC: 8,
  BCH: 8,
  DOGE: 8,
  XRP: 6,
  BNB: 18,
  SOL: 9,
  TRX: 6,
  TON: 9,
  USDT: 6,
  USDC: 6,
  DAI: 18,
  BUSD: 18,
  TUSD: 18,
};

/** Whether a code names a currency in which money is kept: ISO 4217, or one of the coins above. */
export const isCurrencyCode = (code: string): boolean =>
  (/^[A-Z]{3}$/.test(code) && isoCodes.has(code)) || Object.hasOwn(coins, code);

/** Signs that belong to one currency. */
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
  '৳': 'BDT',
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
  // Names still in use for currencies that were renamed, and the numeric codes of the four
  // commonest.
  RUR: 'RUB',
  '840': 'USD',
  '978': 'EUR',
  '826': 'GBP',
  '643': 'RUB',
  EURO: 'EUR',
  EUROS: 'EUR',
};

const dollars = 'USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP BBD BMD BSD BZD FJD GYD JMD KYD LRD NAD SBD TTD XCD'.split(
  ' ',
);
const crowns = 'SEK NOK DKK ISK CZK'.split(' ');
const rupees = 'INR PKR LKR NPR MUR SCR'.split(' ');
const yens = ['JPY', 'CNY'];
/** Signs that belong to several currencies: alone they say nothing for certain (P5), but they rule
 *  all others out. */
const sharedSigns: Record<string, readonly string[]> = {
  $: dollars,
  '¥': yens,
  '￥': yens,
  KR: crowns,
  'KR.': crowns,
  '₨': rupees,
  RS: rupees,
  'RS.': rupees,
};

export type CurrencyReading =
  { code: string } | { problem: 'currency_unreadable' } | { problem: 'currency_ambiguous'; among: readonly string[] };

/** Reads a code, a sign or a number of a currency, in any case. */
export const readCurrency = (text: string): CurrencyReading => {
  const word = text.trim().toUpperCase();
  const among = Object.hasOwn(sharedSigns, word) ? sharedSigns[word] : undefined;
  if (among) return { problem: 'currency_ambiguous', among };
  const code = Object.hasOwn(signs, word) ? signs[word] : word;
  if (code !== undefined && isCurrencyCode(code)) return { code };
  return { problem: 'currency_unreadable' };
};

const noMinorUnit = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const thousandths = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Whether money of a currency has no decimals, so that a separator before three digits can only
 * group thousands. IDR has a minor unit that is out of use. */
export const hasNoDecimals = (code: string | null): boolean =>
  code !== null && (noMinorUnit.has(code) || code === 'IDR');

/** How many decimals the minor unit of a currency has (ISO 4217): for networks that send whole
 *  cents. */
export const minorUnitDigits = (code: string | null): number => {
  if (code !== null && noMinorUnit.has(code)) return 0;
  if (code !== null && Object.hasOwn(coins, code)) return coins[code] ?? 2;
  return code !== null && thousandths.has(code) ? 3 : 2;
};
