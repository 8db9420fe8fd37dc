import type { Change, FamilyOutcome, Standing } from './family.js';
import { valueNanosOf } from './conversion.js';
import { parseNanos } from './money.js';

/** An offer's cap: so many conversions, or so much payout, per day or month of its time zone, or in all. What is over it is not lost:
 *  it is kept with the mark `over_cap`, which keeps it from being sent on, until there is room (the cap is raised). */
export type Cap = { per: 'day' | 'month' | 'total'; conversions?: number; payout?: string; timeZone: string };

/** What a period has taken in already, of what is not over the cap. */
export type CapUse = { conversions: number; payoutNanos: bigint };

/** The period a moment falls in: `2026-03-05`, `2026-03` or `total`, by the calendar of the cap's time zone. */
export const capPeriodOf = (cap: Cap, atMs: number): string => {
  if (cap.per === 'total') return 'total';
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: cap.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const found = Object.fromEntries(parts.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return cap.per === 'day' ? `${found.year}-${found.month}-${found.day}` : `${found.year}-${found.month}`;
};

/** Whether one more fits. An unknown payout takes no room of a payout cap: it is not guessed (P5). */
export const fitsCap = (cap: Cap, use: CapUse, payoutNanos: bigint): boolean => {
  if (cap.conversions !== undefined && use.conversions + 1 > cap.conversions) return false;
  const most = cap.payout === undefined ? null : parseNanos(cap.payout);
  return most === null || use.payoutNanos + payoutNanos <= most;
};

const isBorn = ({ before, after }: Change): boolean =>
  ((before?.state ?? null) === null || before?.marks.includes('test') === true) &&
  after.state !== null &&
  !after.marks.includes('test');

/** Counts the conversions that a report makes against their offer's cap, once each, and marks those that do not fit. What is
 *  rejected later gives no room back: a cap is about how many were taken in, and who came next must not depend on what became of them. */
export const countAgainstCap = (
  outcome: FamilyOutcome,
  cap: Cap,
  use: CapUse,
): { outcome: FamilyOutcome; use: CapUse } => {
  let used = use;
  const standings = new Map(outcome.family.standings);
  const changes = outcome.changes.map((change): Change => {
    const { after } = change;
    if (!isBorn(change) || after.state === null) return change;
    const payoutNanos = valueNanosOf({ state: after.state, money: after.money }) ?? 0n;
    if (fitsCap(cap, used, payoutNanos)) {
      used = { conversions: used.conversions + 1, payoutNanos: used.payoutNanos + payoutNanos };
      return change;
    }
    const marked: Standing = { ...after, marks: [...after.marks, 'over_cap'] };
    standings.set(after.member, marked);
    const entries = change.entries.map((entry) => ({ ...entry, marks: marked.marks }));
    return { ...change, after: marked, entries };
  });
  return { outcome: { ...outcome, family: { ...outcome.family, standings }, changes }, use: used };
};
