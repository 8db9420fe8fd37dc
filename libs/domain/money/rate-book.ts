import { dayMs } from '../calendar.js';
import type { Rate, RateLookup } from './rates.js';

/** Exchange rates in memory: matching and rendering ask for them in the middle of pure rules, and
 *  there are few (some thirty currencies, a row a day). A currency that no rate is known of is not
 *  guessed: the delivery is parked as `rate_unknown` (P5). */
type RateBook = { lookup: RateLookup; replace: (rates: readonly Rate[]) => void };

/** No rate is published on weekends and holidays: the last one before counts, if it is not older.
 *  As in reports. */
export const rateGapDays = 10;

/** How far back rates are held: as old as a conversion may be that a destination still takes, and
 *  the gap before it. */
export const rateBookDays = 365 + rateGapDays;

export const createRateBook = (): RateBook => {
  let perEuro = new Map<string, bigint>();
  return {
    lookup(currency, atMs) {
      for (let back = 0; back <= rateGapDays; back += 1) {
        const day = new Date(atMs - back * dayMs).toISOString().slice(0, 10);
        const found = perEuro.get(`${day} ${currency}`);
        if (found !== undefined) return found;
      }
      return null;
    },
    replace(rates) {
      perEuro = new Map(rates.map((rate) => [`${rate.day} ${rate.currency}`, rate.perEuroNanos]));
    },
  };
};
