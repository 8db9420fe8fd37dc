import type { ConversionState } from '../settings.js';

/** What a call without proof may do to a conversion (design, section 3.1): open it, confirm it, and
 *  raise what only calls without proof have stated. It never lowers, rejects, reverses, moves,
 *  blocks, mutes or marks as a test. */

type Facts = {
  state: ConversionState | null;
  grossNanos: bigint | null;
  takenNanos: bigint;
  currency: string | null;
  hasProof: boolean;
};

const height: Record<ConversionState, number> = { pending: 1, approved: 2, rejected: -1, reversed: -1 };
const heightOf = (state: ConversionState | null): number => (state === null ? 0 : height[state]);

/** Judges what the rules would make of a call without proof.
 *  @param before the conversion as it is
 *  @param after what the rules would make of it */
export const isAllowedWithoutProof = (before: Facts, after: Facts): boolean => {
  if (before.hasProof) return false;
  const isLower = (after.grossNanos ?? 0n) - after.takenNanos < (before.grossNanos ?? 0n) - before.takenNanos;
  const isOtherCurrency = before.currency !== null && before.currency !== after.currency;
  return heightOf(after.state) > 0 && heightOf(after.state) >= heightOf(before.state) && !isLower && !isOtherCurrency;
};

/** What one call asks for, as far as it can be judged without looking at any conversion. */
type Ask = {
  state: ConversionState;
  amountNanos: bigint | null;
  namesClick: boolean;
  reversesOther: boolean;
  test: boolean;
  suppressDelivery: boolean;
};

/** Whether a call asks for something that is never done without proof, whatever conversion it is
 *  about. */
export const asksForProof = (ask: Ask): boolean =>
  !ask.namesClick ||
  ask.reversesOther ||
  ask.test ||
  ask.suppressDelivery ||
  height[ask.state] < 0 ||
  (ask.amountNanos ?? 0n) < 0n;
