import { pageLocale } from './locale';

/** Times on the page: in the person's zone, which is named beside every date that matters. */

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();
const formatIn = (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const name = `${zone} ${JSON.stringify(options)}`;
  const found =
    formats.get(name) ?? new Intl.DateTimeFormat(pageLocale, { timeZone: zone, hourCycle: 'h23', ...options });
  formats.set(name, found);
  return found;
};

/** "14:03:22" today, else "29 Nov, 14:03". */
export const shortTime = (at: string, nowMs: number, zone = browserZone): string => {
  const date = new Date(at);
  const day = formatIn(zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  if (day.format(date) === day.format(nowMs))
    return formatIn(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(date);
  const sameYear = date.getUTCFullYear() === new Date(nowMs).getUTCFullYear();
  return formatIn(zone, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? { hour: '2-digit', minute: '2-digit' } : { year: 'numeric' }),
  }).format(date);
};

/** "29 Nov 2026, 14:03:22.123 (Europe/Berlin)": the instant as exactly as it is known. */
export const exactTime = (at: string, zone = browserZone): string =>
  `${formatIn(zone, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(at))} (${zone})`;

/** An instant as an input of type `datetime-local` takes it, in the browser's zone. */
export const localInput = (at: string): string => {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const units: [name: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** 95 seconds as "1 min 35 s": the two largest units. */
export const duration = (ms: number): string => {
  if (Math.abs(ms) < 1_000) return `${Math.round(ms)} ms`;
  let rest = Math.round(Math.abs(ms) / 1_000);
  const parts: string[] = [];
  for (const [name, seconds] of units) {
    const count = Math.floor(rest / seconds);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${name}`);
    rest -= count * seconds;
  }
  return parts.join(' ');
};

/** How long ago, in its largest unit: "3 min". */
export const age = (at: string, nowMs: number): string => {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1_000));
  const [name, size] = units.find(([, each]) => seconds >= each) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${name}`;
};

/** The calendar day of an instant in a zone: "2026-11-30". */
export const dayIn = (atMs: number, zone: string): string => {
  const parts = formatIn(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(atMs);
  const part = (name: string): string => parts.find(({ type }) => type === name)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
};

/** The day so many days later; days are counted on the calendar, so that a change of clocks moves
 * none. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const maxDays = 1_000;
/** Every day from one to another, both included, as its midnight in UTC. */
export const daysBetween = (from: string, to: string): number[] => {
  const [first, last] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  const count = Math.min(maxDays, Math.floor((last - first) / 86_400_000) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, at) => first + at * 86_400_000);
};
