import { divideHalfEven, nanosPerUnit, parseNanos } from './money.js';

/** Exchange rates: billionths of a currency's unit that one euro buys on a day. Against the euro,
 *  because that is how the European Central Bank publishes them; any two currencies meet through
 *  it. Foreign money itself is never touched: a report converts what it shows, at the rate of the
 *  conversion's own day, so that a reversal a month later nets to zero. */
export type Rate = { day: string; currency: string; perEuroNanos: bigint };

type RatesReading = {
  rates: Rate[];
  problems: { line: number; code: 'day_unreadable' | 'rate_unreadable' | 'header_missing'; text: string }[];
};

const months = 'january february march april may june july august september october november december'.split(' ');

/** "2026-01-05" as in the history file, "05 January 2026" as in the daily one. */
const readDay = (text: string): string | null => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  const [, day, month, year] = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text) ?? [];
  const number = months.indexOf((month ?? '').toLowerCase()) + 1;
  if (day === undefined || number === 0) return null;
  return `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
};

/** Reads `eurofxref.csv` and `eurofxref-hist.csv` (https://www.ecb.europa.eu/stats/eurofxref/): a
 *  header `Date, USD, JPY, …`, a line per day, `N/A` or nothing where there is no rate, a comma at
 *  the end of each line. Other lines are named as problems, not guessed. */
export const readRatesCsv = (text: string): RatesReading => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [first = ''] = lines;
  const header = first.split(',').map((cell) => cell.trim());
  if (header[0]?.toLowerCase() !== 'date' || !header.slice(1).some((cell) => /^[A-Z]{3}$/.test(cell)))
    return { rates: [], problems: [{ line: 1, code: 'header_missing', text: first.slice(0, 100) }] };
  const rates: Rate[] = [];
  const problems: RatesReading['problems'] = [];
  lines.slice(1).forEach((line, index) => {
    if (line.trim() === '') return;
    const cells = line.split(',').map((cell) => cell.trim());
    const day = readDay(cells[0] ?? '');
    if (day === null) return void problems.push({ line: index + 2, code: 'day_unreadable', text: line.slice(0, 100) });
    header.forEach((currency, column) => {
      const cell = cells[column] ?? '';
      if (column === 0 || !/^[A-Z]{3}$/.test(currency) || cell === '' || cell === 'N/A') return;
      const perEuroNanos = parseNanos(cell);
      if (perEuroNanos === null || perEuroNanos <= 0n)
        problems.push({ line: index + 2, code: 'rate_unreadable', text: `${currency} ${cell}`.slice(0, 100) });
      else rates.push({ day, currency, perEuroNanos });
    });
  });
  return { rates, problems };
};

/** The rate of a currency to the euro on the day of a moment (unix ms); null: there is none. */
export type RateLookup = (currency: string, atMs: number) => bigint | null;
export const noRates: RateLookup = () => null;

/** The rate of a currency on a day; null: there is none. The euro's is 1. */
export type RateOf = (currency: string) => bigint | null;

/** Converts at two rates of one day. Rounds half to even at the ninth decimal. Null: a rate is
 *  missing, so there is no honest number. */
export const convertNanos = (amountNanos: bigint, from: string, to: string, rateOf: RateOf): bigint | null => {
  if (from === to) return amountNanos;
  const [fromRate, toRate] = [from, to].map((currency) => (currency === 'EUR' ? nanosPerUnit : rateOf(currency)));
  if (fromRate == null || toRate == null) return null;
  return divideHalfEven(amountNanos * toRate, fromRate);
};
