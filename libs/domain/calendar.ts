/** Days, hours and the clocks of time zones. Pure: every function takes its instants as arguments,
 *  in unix ms. */

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

export type WallClock = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
/** Answers what a zone's clock shows at an instant. */
type ZoneReader = (atMs: number) => WallClock;

/** Making a formatter costs about a hundred times as much as using it, so each zone has one for the
 *  life of the process. */
const maxReaders = 1000;
const readers = new Map<string, ZoneReader>();

/** The clock of an IANA zone or an offset (`+08:00`). Null: there is no such zone. */
export const zoneReader = (zone: string): ZoneReader | null => {
  const known = readers.get(zone);
  if (known) return known;
  const reader = makeReader(zone);
  if (reader && readers.size >= maxReaders) readers.clear();
  if (reader) readers.set(zone, reader);
  return reader;
};

const makeReader = (zone: string): ZoneReader | null => {
  const numeric = 'numeric' as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
  } catch {
    return null;
  }
  return (atMs) => {
    const clock: WallClock = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(atMs))
      if (type in clock) clock[type as keyof WallClock] = Number(value);
    return clock;
  };
};

/** How far the zone's clock is ahead of UTC at an instant, in ms. A zone that does not exist counts
 *  as UTC. */
const zoneOffsetAt = (atMs: number, zone: string): number => {
  const clock = zoneReader(zone)?.(atMs);
  if (!clock) return 0;
  const { year, month, day, hour, minute, second } = clock;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
};

/** The instant at which a zone's clock shows a time. In the hour that a change of clocks repeats it
 *  is the earlier of the two instants; a time that the change skips counts on from before it.
 *  @param wallMs the time on the clock as if it were UTC */
export const instantOfWallClock = (wallMs: number, zone: string): number => {
  if (zone === 'UTC') return wallMs;
  const before = wallMs - zoneOffsetAt(wallMs - dayMs, zone);
  const after = wallMs - zoneOffsetAt(wallMs + dayMs, zone);
  if (before === after || showsWall(before, wallMs, zone)) return before;
  return showsWall(after, wallMs, zone) ? after : before;
};

const showsWall = (atMs: number, wallMs: number, zone: string): boolean => wallMs - zoneOffsetAt(atMs, zone) === atMs;

/** The later instant at which a zone's clock shows the same time again, because it was put back in
 *  between. Null: the clock shows it once. */
export const repeatedInstant = (atMs: number, zone: string): number | null => {
  const setBackMs = zoneOffsetAt(atMs, zone) - zoneOffsetAt(atMs + dayMs / 4, zone);
  if (setBackMs <= 0) return null;
  const later = atMs + setBackMs;
  return later - atMs === zoneOffsetAt(atMs, zone) - zoneOffsetAt(later, zone) ? later : null;
};

/** A calendar day of a zone: from its first instant to that of the next day. */
export const dayRange = (day: string, zone: string): { fromMs: number; toMs: number } => {
  const wallMs = Date.parse(`${day}T00:00:00Z`);
  return { fromMs: instantOfWallClock(wallMs, zone), toMs: instantOfWallClock(wallMs + dayMs, zone) };
};
