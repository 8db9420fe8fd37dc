import { instantOfWallClock } from '../calendar.js';

/** Times as networks write them → unix ms. Pure: no clock, so a time in the future is read like any
 *  other. */

const earliestMs = Date.UTC(2005, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

const local =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s{0,3}(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const compact = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

const offsetOf = (zone: string): number => {
  if (/^[a-z]+$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};

const plausible = (ms: number): number | null => (ms >= earliestMs && ms < latestMs ? ms : null);

/** Reads unix seconds or ms (with or without decimals), ISO 8601, `YYYY-MM-DD HH:MM:SS`,
 *  `YYYYMMDDHHMMSS`; a time without a zone is in `timeZone`. Null: unreadable, as are dates with
 *  the day or the month first, which look alike. */
export const readTime = (text: string, timeZone: string): number | null => {
  const given = text.trim();
  const packed = compact.exec(given);
  if (/^\d{9,10}(?:\.\d+)?$/.test(given)) return plausible(Math.floor(Number(given) * 1000));
  if (/^\d{12,13}(?:\.\d+)?$/.test(given)) return plausible(Math.floor(Number(given)));
  const found = packed ?? local.exec(given);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const wallMs = Date.UTC(
    year,
    month - 1,
    day,
    hour,
    minute,
    second,
    Number((found[7] ?? '0').slice(0, 3).padEnd(3, '0')),
  );
  const back = new Date(wallMs);
  const isDate =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isDate) return null;
  return plausible(found[8] ? wallMs - offsetOf(found[8]) : instantOfWallClock(wallMs, timeZone));
};

/** Clocks of networks and ours differ a little, and stated times are often cut to seconds. */
const maxClockSkewMs = 60_000;

/** What is wrong with a stated time: after our receipt, or before the click that it is about. Null:
 *  nothing. */
export const problemOfTime = (
  statedAt: string | null,
  clickedAtMs: number | null,
  receivedAtMs: number,
): 'time_in_future' | 'time_before_click' | null => {
  if (statedAt === null) return null;
  const statedMs = Date.parse(statedAt);
  if (statedMs > receivedAtMs + maxClockSkewMs) return 'time_in_future';
  return clickedAtMs !== null && statedMs < clickedAtMs - maxClockSkewMs ? 'time_before_click' : null;
};
