import { repeatedInstant } from '../calendar.js';

/** The time that a network states, as far as it can be true: not before the click, not after the
 *  call was received. */

export type TimeProblem = 'time_in_future' | 'time_before_click';

export type StatedTime = {
  /** What orders the report. Unix ms. */
  atMs: number;
  /** Whether `atMs` is the network's own time. */
  stated: boolean;
  /** When the conversion happened. */
  occurredAtMs: number;
  problems: TimeProblem[];
};

/** A network's clock may be ahead of ours by this much without a remark. */
const clockToleranceMs = 60_000;
/** A date without a time, `2026-03-05`: the whole day is meant, so its midnight is no mistake. */
const dateOnly = /^\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}\s*$/;
/** A time that says its zone, or counts seconds since 1970. */
const zoned = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|^\s*[\d.]{9,})\s*$/i;

type Bounds = {
  receivedAtMs: number;
  clickedAtMs: number | null;
  timeZone: string;
  /** Whether the stated time may order reports. */
  orders: boolean;
};

/** @param stated the time as it was read, and as it was written; null: none was stated. */
export const stateTime = (stated: { atMs: number; raw: string } | null, bounds: Bounds): StatedTime => {
  const { receivedAtMs, clickedAtMs, orders } = bounds;
  if (stated === null || Number.isNaN(stated.atMs))
    return { atMs: receivedAtMs, stated: false, occurredAtMs: receivedAtMs, problems: [] };
  const meantMs = meant(stated, bounds);
  const problems: TimeProblem[] = [];
  if (meantMs > receivedAtMs + clockToleranceMs) problems.push('time_in_future');
  if (clickedAtMs !== null && meantMs < clickedAtMs && !dateOnly.test(stated.raw)) problems.push('time_before_click');
  const occurredAtMs = Math.min(Math.max(meantMs, clickedAtMs ?? meantMs), receivedAtMs);
  return { atMs: orders ? occurredAtMs : receivedAtMs, stated: orders, occurredAtMs, problems };
};

/** In the hour that a change of clocks repeats, a time without a zone is read as the earlier of the
 *  two instants. Where that is before the click and the later one is possible, the later one is
 *  meant. */
const meant = (
  { atMs, raw }: { atMs: number; raw: string },
  { clickedAtMs, receivedAtMs, timeZone }: Bounds,
): number => {
  if (clickedAtMs === null || atMs >= clickedAtMs || zoned.test(raw)) return atMs;
  const later = repeatedInstant(atMs, timeZone);
  return later !== null && later >= clickedAtMs && later <= receivedAtMs ? later : atMs;
};
