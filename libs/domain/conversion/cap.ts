import { zoneReader } from '../calendar.js';
import { valueNanosOf } from './conversion.js';
import type { Change, SetOutcome, ConversionSnapshot } from './conversion-set.js';
import { parseNanos } from '../money/money.js';
import { convertNanos, type RateOf } from '../money/rates.js';
import type { Mark } from '../settings.js';

/** An offer's cap: so many conversions, or so much payout, per day or month of its time zone, or in
 *  all. A conversion over the cap is kept with the mark `over_cap` and is not sent until there is
 *  room (the cap is raised). */
export type Cap = {
  per: 'day' | 'month' | 'total';
  conversions?: number | undefined;
  payout?: string | undefined;
  /** Payout is counted in this currency, foreign money at the rate of the day on which its
   *  conversion came. Null: none is set. */
  currency: string | null;
  timeZone: string;
};

/** What a period has taken in already, of what is not over the cap. It keeps the currency that the
 *  cap had when the period began: a change of the cap's currency does not recount it. */
export type CapUse = { conversions: number; payoutNanos: bigint; currency: string | null };

export const noUse = (cap: Cap): CapUse => ({ conversions: 0, payoutNanos: 0n, currency: cap.currency });

/** The money of a conversion that counts towards a cap. Unknown money takes no room: it is not
 *  guessed (P5). */
const worthOf = ({ state, money, currency }: ConversionSnapshot): { nanos: bigint; currency: string | null } => ({
  nanos: state === null ? 0n : (valueNanosOf({ state, money }) ?? 0n),
  currency,
});

/** The period a moment falls in: `2026-03-05`, `2026-03` or `total`, by the calendar of the cap's
 *  time zone. */
export const capPeriodOf = (cap: Cap, atMs: number): string => {
  if (cap.per === 'total') return 'total';
  const clock = zoneReader(cap.timeZone)?.(atMs);
  const month = `${clock?.year}-${String(clock?.month).padStart(2, '0')}`;
  return cap.per === 'day' ? `${month}-${String(clock?.day).padStart(2, '0')}` : month;
};

type Room = { kind: 'fits'; use: CapUse } | { kind: 'full' } | { kind: 'rate_unknown' };

const converted = (nanos: bigint, from: string | null, to: string | null, rateOf: RateOf): bigint | null => {
  if (nanos === 0n) return 0n;
  return from === null || to === null ? null : convertNanos(nanos, from, to, rateOf);
};

/** Whether one more fits, and what is taken in then. Money of which no rate says what it is in the
 *  cap's currency waits until one does. */
export const roomFor = (cap: Cap, use: CapUse, snapshot: ConversionSnapshot, rateOf: RateOf): Room => {
  const conversions = use.conversions + 1;
  if (cap.conversions !== undefined && conversions > cap.conversions) return { kind: 'full' };
  const { nanos, currency } = worthOf(snapshot);
  const taken = converted(nanos, currency, use.currency, rateOf);
  const maxNanos = cap.payout === undefined ? null : parseNanos(cap.payout);
  const fits = { kind: 'fits', use: { ...use, conversions, payoutNanos: use.payoutNanos + (taken ?? 0n) } } as const;
  if (maxNanos === null) return fits;
  if (taken === null) return { kind: 'rate_unknown' };
  const total = converted(use.payoutNanos + taken, use.currency, cap.currency, rateOf);
  if (total === null) return { kind: 'rate_unknown' };
  return total > maxNanos ? { kind: 'full' } : fits;
};

/** Whether nothing more can fit, whatever its amount. False where only a rate could decide that. */
export const isCapFull = (cap: Cap, use: CapUse): boolean => {
  if (cap.conversions !== undefined && use.conversions >= cap.conversions) return true;
  if (cap.payout === undefined || use.currency !== cap.currency) return false;
  const maxNanos = parseNanos(cap.payout);
  return maxNanos !== null && use.payoutNanos > maxNanos;
};

/** Why a conversion waits. */
export const capMarks = (room: Room): Mark[] =>
  room.kind === 'fits' ? [] : room.kind === 'full' ? ['over_cap'] : ['over_cap', 'rate_unknown'];

const isBorn = ({ before, after }: Change): boolean =>
  ((before?.state ?? null) === null || before?.marks.includes('test') === true) &&
  after.state !== null &&
  !after.marks.includes('test');

/** Counts the conversions that a report makes against their offer's cap, once each, and marks those
 *  that do not fit. What is rejected later gives no room back: a cap is about how many were taken
 *  in, and who came next must not depend on what became of them. */
export const countAgainstCap = (
  outcome: SetOutcome,
  cap: Cap,
  use: CapUse,
  rateOf: RateOf,
): { outcome: SetOutcome; use: CapUse } => {
  let used = use;
  const snapshots = new Map(outcome.set.snapshots);
  const changes = outcome.changes.map((change): Change => {
    const { after } = change;
    if (!isBorn(change) || after.state === null) return change;
    const room = roomFor(cap, used, after, rateOf);
    if (room.kind === 'fits') {
      used = room.use;
      return change;
    }
    const marked: ConversionSnapshot = { ...after, marks: [...after.marks, ...capMarks(room)] };
    snapshots.set(after.member, marked);
    const entries = change.entries.map((entry) => ({ ...entry, marks: marked.marks }));
    return { ...change, after: marked, entries };
  });
  return { outcome: { ...outcome, set: { ...outcome.set, snapshots }, changes }, use: used };
};
