/** Times as networks write them → unix ms. Pure: no clock, so a time in the future is read; whether it is believed is a rule. */

const earliestMs = Date.UTC(2005, 0, 1);
const latestMs = Date.UTC(2100, 0, 1);

const local =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;
const compact = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

const formats = new Map<string, Intl.DateTimeFormat>();
const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...numeric });
    formats.set(timeZone, format);
  }
  return format;
};

/** How far the zone's clock is ahead of UTC at an instant, in ms. */
const offsetAt = (instantMs: number, timeZone: string): number => {
  const part: Record<string, number> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(instantMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000;
};

/** A wall-clock time in a zone → the instant. In the hour that a change of clocks repeats, the later of the two. */
const instantOf = (wallMs: number, timeZone: string): number => {
  if (timeZone === 'UTC') return wallMs;
  const guess = wallMs - offsetAt(wallMs, timeZone);
  return wallMs - offsetAt(guess, timeZone);
};

/** A calendar day of a zone: from its first instant to that of the next day. */
export const dayRange = (day: string, timeZone: string): { fromMs: number; toMs: number } => {
  const wallMs = Date.parse(`${day}T00:00:00Z`);
  return { fromMs: instantOf(wallMs, timeZone), toMs: instantOf(wallMs + 86_400_000, timeZone) };
};

const offsetOf = (zone: string): number => {
  if (/^[a-z]+$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};

const plausible = (ms: number): number | null => (ms >= earliestMs && ms < latestMs ? ms : null);

/** Unix seconds or ms (with or without decimals), ISO 8601, `YYYY-MM-DD HH:MM:SS`, `YYYYMMDDHHMMSS`. A time without a zone is in
 *  the network's `timeZone`. Day-first and month-first dates cannot be told apart, so they are not read. Null: unreadable. */
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
  return plausible(found[8] ? wallMs - offsetOf(found[8]) : instantOf(wallMs, timeZone));
};
