import { bucketNames, emptyBuckets, type Bucket, type Buckets } from '../money/buckets.js';
import type { ConversionState } from '../settings.js';

/** `outside` is the world beyond the conversion: money comes from it when it is first reported and
 *  goes back when an amount shrinks. */
export type LedgerSide = Bucket | 'outside';

/** One movement; `amountNanos` is above zero, except for the one that says that the state changed
 *  while no money moved. */
type Movement = { from: LedgerSide; to: LedgerSide; amountNanos: bigint; currency: string | null };

/** gross: all that was ever reported for it; taken: what partial refunds took back of it (0 ≤ taken
 *  ≤ gross). */
export const bucketsOf = (state: ConversionState, grossNanos: bigint, takenNanos: bigint): Buckets => ({
  ...emptyBuckets(),
  reversed: takenNanos,
  ...(state === 'reversed' ? { reversed: grossNanos } : { [state]: grossNanos - takenNanos }),
});

export type Balance = { currency: string; buckets: Buckets } | null;

/** The fewest movements that lead from one balance to another. A change of currency empties the one
 *  before it fills the other. Unknown money (null) is in no bucket: the former balance moves back
 *  outside. */
export const movementsBetween = (before: Balance, after: Balance): Movement[] => {
  if (before && after && before.currency !== after.currency)
    return [...movementsBetween(before, null), ...movementsBetween(null, after)];
  const currency = (after ?? before)?.currency;
  if (currency === undefined) return [];
  const from = before?.buckets ?? emptyBuckets();
  const to = after?.buckets ?? emptyBuckets();
  const change = bucketNames.map((name) => ({ name, nanos: to[name] - from[name] }));
  const givers = change.filter(({ nanos }) => nanos < 0n).map(({ name, nanos }) => ({ name, left: -nanos }));
  const movements: Movement[] = [];
  for (const taker of change.filter(({ nanos }) => nanos > 0n)) {
    let needed = taker.nanos;
    for (const giver of givers) {
      const amountNanos = giver.left < needed ? giver.left : needed;
      if (amountNanos === 0n) continue;
      movements.push({ from: giver.name, to: taker.name, amountNanos, currency });
      giver.left -= amountNanos;
      needed -= amountNanos;
    }
    if (needed > 0n) movements.push({ from: 'outside', to: taker.name, amountNanos: needed, currency });
  }
  for (const giver of givers)
    if (giver.left > 0n) movements.push({ from: giver.name, to: 'outside', amountNanos: giver.left, currency });
  return movements;
};

/** What entries add up to, per currency: the proof that a conversion's row is the fold of its
 *  entries. */
export const sumMovements = (movements: readonly Movement[]): Map<string, Buckets> => {
  const sums = new Map<string, Buckets>();
  for (const { from, to, amountNanos, currency } of movements) {
    if (currency === null) continue;
    const buckets = sums.get(currency) ?? emptyBuckets();
    if (from !== 'outside') buckets[from] -= amountNanos;
    if (to !== 'outside') buckets[to] += amountNanos;
    sums.set(currency, buckets);
  }
  return sums;
};
