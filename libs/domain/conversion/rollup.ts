import { hash } from 'node:crypto';
import type { Change, ConversionSet, ConversionSnapshot } from './conversion-set.js';
import { bucketNames, type Buckets } from '../money/buckets.js';
import { divideHalfEven, scaleNanos } from '../money/money.js';
import type { CostModel } from '../settings.js';

/** Figures by the minute, written in the same transaction as what they count, so that their sum is
 *  the sum of the ledger at every commit and a cell of a report leads to exactly its conversions
 *  (P10).
 *
 *  - A click counts in the minute in which it happened.
 *  - A conversion always counts in the minute in which it was first recorded.
 *  - Anything marked `test` counts nowhere. */
type RollupKey = {
  /** The minute. */
  atMs: number;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  networkKey: string;
  event: string | null;
  /** The campaign's report tokens, name and value. */
  tokens: Record<string, string>;
  /** Empty for counts of anything that has no money. */
  currency: string;
};
type RollupFigures = {
  clicks: number;
  uniqueClicks: number;
  pendingCount: number;
  approvedCount: number;
  rejectedCount: number;
  reversedCount: number;
  /** Conversions of which the money is unknown (P5): counted apart, never as zero. */
  unknownCount: number;
  money: Buckets;
  costNanos: bigint;
};
export type RollupDelta = RollupKey & RollupFigures;

/** What a click costs by what its source's settings say; the amount of `revshare` is nanos of a
 *  percent. */
type ClickCost = { model: CostModel; amountNanos: string | null; currency: string };

/** A visitor as a number: address and browser, which is all that a redirect knows, on one campaign.
 *  Null: neither is known. Of 64 bits, because there is one for every click: two of a
 *  million visitors of a day are the same once in 37 million days. */
export const visitorOf = (click: {
  campaignKey: string;
  visitor: { ip: string | null; userAgent: string | null };
}): bigint | null => {
  const { ip, userAgent } = click.visitor;
  if (ip === null && userAgent === null) return null;
  const text = `${click.campaignKey} ${ip ?? ''} ${userAgent ?? ''}`;
  return hash('sha1', text, 'buffer').readBigInt64BE();
};

const minuteMs = 60_000;
const minuteOf = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs;

/** Cost that falls due with the click itself: `cpc` whole, `cpm` a thousandth. */
const costOfClick = (cost: ClickCost | null): bigint => {
  if (!cost || cost.amountNanos === null) return 0n;
  if (cost.model === 'cpc') return BigInt(cost.amountNanos);
  return cost.model === 'cpm' ? divideHalfEven(BigInt(cost.amountNanos), 1000n) : 0n;
};

/** Cost that falls due with a conversion, while it is pending or approved: `cpa` per piece,
 *  `revshare` a share of what is approved. In the currency of the cost for `cpa`, of the conversion
 *  for `revshare`. */
const costOfConversion = (
  cost: ClickCost | null,
  snapshot: Pick<ConversionSnapshot, 'state' | 'money' | 'currency'>,
): { nanos: bigint; currency: string } => {
  const none = { nanos: 0n, currency: '' };
  if (!cost || cost.amountNanos === null) return none;
  if (cost.model === 'cpa' && (snapshot.state === 'pending' || snapshot.state === 'approved'))
    return { nanos: BigInt(cost.amountNanos), currency: cost.currency };
  if (cost.model === 'revshare' && snapshot.money && snapshot.currency !== null)
    return {
      nanos: divideHalfEven(scaleNanos(snapshot.money.approved, BigInt(cost.amountNanos)), 100n),
      currency: snapshot.currency,
    };
  return none;
};

const noFigures = (): RollupFigures => ({
  clicks: 0,
  uniqueClicks: 0,
  pendingCount: 0,
  approvedCount: 0,
  rejectedCount: 0,
  reversedCount: 0,
  unknownCount: 0,
  money: { pending: 0n, approved: 0n, rejected: 0n, reversed: 0n },
  costNanos: 0n,
});

/** A sum of deltas by their key: a batch writes one row per key, not one per postback. */
export class RollupSum {
  private readonly deltas = new Map<string, RollupDelta>();

  private at(key: RollupKey): RollupDelta {
    const { atMs, campaignKey, sourceKey, offerKey, networkKey, event, currency } = key;
    const tokens = Object.fromEntries(Object.entries(key.tokens).sort(([a], [b]) => (a < b ? -1 : 1)));
    const name = JSON.stringify([atMs, campaignKey, sourceKey, offerKey, networkKey, event, tokens, currency]);
    const held = this.deltas.get(name) ?? { ...key, tokens, ...noFigures() };
    this.deltas.set(name, held);
    return held;
  }

  addClick(click: {
    clickedAtMs: number;
    campaignKey: string;
    sourceKey: string;
    offerKey: string;
    networkKey: string;
    reportTokens: Record<string, string>;
    unique: boolean;
    cost: ClickCost | null;
  }): void {
    const { clickedAtMs, reportTokens, unique, cost, campaignKey, sourceKey, offerKey, networkKey } = click;
    const place = { campaignKey, sourceKey, offerKey, networkKey, event: null };
    const key = { ...place, atMs: minuteOf(clickedAtMs), tokens: reportTokens, currency: '' };
    const counted = this.at(key);
    counted.clicks += 1;
    if (unique) counted.uniqueClicks += 1;
    const nanos = costOfClick(cost);
    if (nanos !== 0n) this.at({ ...key, currency: cost?.currency ?? '' }).costNanos += nanos;
  }

  /** Subtracts what the conversion counted before the change and adds what it counts after it. The
   *  two have different keys if the change credits another click. */
  addChange(set: ConversionSet, { before, after }: Change): void {
    if (before) this.addSnapshot(set, before, -1);
    this.addSnapshot(set, after, 1);
  }

  private addSnapshot(set: ConversionSet, snapshot: ConversionSnapshot, sign: 1 | -1): void {
    if (snapshot.state === null || snapshot.marks.includes('test')) return;
    const click = set.attributions[snapshot.clickId ?? ''];
    const key = {
      atMs: minuteOf(snapshot.recordedAtMs),
      campaignKey: click?.campaignKey ?? null,
      sourceKey: click?.sourceKey ?? null,
      offerKey: click?.offerKey ?? null,
      networkKey: set.networkKey,
      event: snapshot.event,
      tokens: click?.reportTokens ?? {},
      currency: snapshot.money && snapshot.currency !== null ? snapshot.currency : '',
    };
    const delta = this.at(key);
    delta[`${snapshot.state}Count`] += sign;
    if (snapshot.money === null) delta.unknownCount += sign;
    for (const name of bucketNames) delta.money[name] += BigInt(sign) * (snapshot.money?.[name] ?? 0n);
    const { nanos, currency } = costOfConversion(click?.cost ?? null, snapshot);
    if (nanos !== 0n) this.at({ ...key, currency }).costNanos += BigInt(sign) * nanos;
  }

  /** Those that are not nothing. */
  list(): RollupDelta[] {
    return [...this.deltas.values()].filter(
      ({ money, costNanos, clicks, pendingCount, approvedCount, rejectedCount, reversedCount, unknownCount }) =>
        [clicks, pendingCount, approvedCount, rejectedCount, reversedCount, unknownCount].some(
          (count) => count !== 0,
        ) ||
        costNanos !== 0n ||
        bucketNames.some((name) => money[name] !== 0n),
    );
  }
}
