import { readTime } from '../reading/time.js';

/** Dates of report files. Day or month first is decided for a column, never for a single value (P5
 * holds for time too: a conversion that is dated wrongly falls out of its window). */

export const dateOrders = ['ymd', 'dmy', 'mdy', 'unix'] as const;
export type DateOrder = (typeof dateOrders)[number];

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Zone abbreviations with one meaning in the trade; `IST` and `CST` of China have several and are
 * not read. */
const zoneOffsets: Record<string, string> = {
  z: 'Z',
  utc: 'Z',
  gmt: 'Z',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
  cet: '+01:00',
  cest: '+02:00',
  bst: '+01:00',
  eet: '+02:00',
  eest: '+03:00',
  msk: '+03:00',
  jst: '+09:00',
};

const clock = /\b(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([ap])?\.?m?\.?(?![a-z])/i;
const zone = /^\s*\(?(Z|[A-Z]{3,4}|[+-]\d{2}:?\d{2})\)?$/i;

type Day = { year: number; month: number; day: number };

const fullYear = (text: string): number => (text.length === 2 ? 2000 + Number(text) : Number(text));

const byName = (text: string): Day | null => {
  const name = /[a-z]{3,}/i.exec(text)?.[0].slice(0, 3).toLowerCase();
  const month = name === undefined ? -1 : monthNames.indexOf(name);
  const [first, second] = text.match(/\d+/g) ?? [];
  if (month < 0 || first === undefined || second === undefined) return null;
  const [year, day] = first.length === 4 ? [first, second] : [second, first];
  return { year: fullYear(year), month: month + 1, day: Number(day) };
};

const byOrder = (text: string, order: DateOrder): Day | null => {
  const parts = text.match(/\d+/g) ?? [];
  if (parts.length !== 3 || !/^\d{1,4}([-/. ])\s?\d{1,2}\1\s?\d{1,4}\.?,?$/.test(text)) return null;
  const [a = '', b = '', c = ''] = parts;
  if (order === 'ymd') return a.length === 4 ? { year: Number(a), month: Number(b), day: Number(c) } : null;
  if (a.length > 2 || (c.length !== 2 && c.length !== 4)) return null;
  if (order === 'dmy') return { year: fullYear(c), month: Number(b), day: Number(a) };
  // The month is never written first with points.
  return text.includes('.') ? null : { year: fullYear(c), month: Number(a), day: Number(b) };
};

const two = (value: number): string => String(value).padStart(2, '0');

type Parts = { date: string; clock: string; zone: string };

/** Takes date, clock and zone apart. The zone follows the clock; a date may come before or after
 * both. */
const partsOf = (text: string): Parts | null => {
  const found = clock.exec(text);
  if (!found) return { date: text, clock: '00:00:00', zone: '' };
  const [whole, hours = '', minutes = '', seconds = '00', half] = found;
  const given = Number(hours);
  if (half && (given < 1 || given > 12)) return null;
  const hour = half ? (given % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : given;
  const before = text.slice(0, found.index).trim();
  const after = text.slice(found.index + whole.length).trim();
  const [date, rest] = before === '' ? [after, ''] : [before, after];
  return { date: date.replace(/,$/, ''), clock: `${two(hour)}:${minutes}:${seconds}`, zone: rest };
};

/** ISO 8601 offset of what follows the clock; '' for nothing, null for what we do not know. */
const offsetNamed = (text: string): string | null => {
  if (text === '') return '';
  const name = zone.exec(text)?.[1];
  if (name === undefined) return null;
  return /^[+-]/.test(name) ? name : (zoneOffsets[name.toLowerCase()] ?? null);
};

/** A time of a report file → unix ms, or null. `timeZone` is used where the text names none; a date
 * without a time is the beginning of its day. */
export const readReportTime = (text: string, order: DateOrder, timeZone: string): number | null => {
  const given = text.trim().replace(/\s+/g, ' ');
  if (given.length > 64) return null;
  if (order === 'unix') return /^\d{9,13}(?:\.\d+)?$/.test(given) ? readTime(given, timeZone) : null;
  const iso = order === 'ymd' ? readTime(given, timeZone) : null;
  if (iso !== null) return iso;
  const parts = partsOf(given.replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i, '').replace(/(\d)T(\d)/, '$1 $2'));
  const offset = parts && offsetNamed(parts.zone);
  if (!parts || offset === null) return null;
  const day = byName(parts.date) ?? byOrder(parts.date, order);
  if (!day) return null;
  return readTime(`${day.year}-${two(day.month)}-${two(day.day)} ${parts.clock}${offset}`, timeZone);
};

/** Hints in title lines, such as `(dd/MM/yy)`. */
const statedOrder = (preamble: string): DateOrder | null => {
  const found = /\b(d{1,2}|m{1,2}|y{2,4})[-/.](d{1,2}|m{1,2})[-/.](d{1,2}|y{2,4})\b/i.exec(preamble);
  const order = found
    ?.slice(1)
    .map((part) => part[0]?.toLowerCase())
    .join('');
  return dateOrders.find((known) => known === order) ?? null;
};

export type DateFinding = { order: DateOrder | null; candidates: DateOrder[] };

/** The order of a column's dates: the only one that reads all values and puts none after `nowMs`.
 * Several candidates mean that the file does not decide; the mapping then has to state it. */
export const detectDateOrder = (values: readonly string[], preamble: string, nowMs: number): DateFinding => {
  const filled = values.filter((value) => value !== '');
  if (filled.length === 0) return { order: null, candidates: [] };
  const latestMs = nowMs + 2 * 86_400_000;
  const readsAll = (order: DateOrder): boolean =>
    filled.every((value) => {
      const atMs = readReportTime(value, order, 'UTC');
      return atMs !== null && atMs <= latestMs;
    });
  const candidates = dateOrders.filter(readsAll);
  const sameReading = candidates.every((order) =>
    filled.every(
      (value) => readReportTime(value, order, 'UTC') === readReportTime(value, candidates[0] as DateOrder, 'UTC'),
    ),
  );
  const stated = statedOrder(preamble);
  if (stated && candidates.includes(stated)) return { order: stated, candidates: [stated] };
  return { order: candidates.length > 0 && sameReading ? (candidates[0] ?? null) : null, candidates };
};
