import { capPeriodOf, noUse, type Cap, type CapUse, type RateOf } from '#domain';
import type { CapPlace, CatalogPort, Item, LedgerTransaction } from './ports.js';

/** By offer, its cap and what the cap's period has taken in so far. */
export type Caps = Map<string, CapPlace & { cap: Cap; use: CapUse; rateOf: RateOf }>;

export const capPlaceName = ({ offerKey, period }: CapPlace): string => `${offerKey} ${period}`;

/** What a period of a cap has taken in. Counts from before they had a currency are in the cap's. */
export const usedBy = (place: CapPlace & { cap: Cap }, use: ReadonlyMap<string, CapUse>): CapUse => {
  const held = use.get(capPlaceName(place)) ?? noUse(place.cap);
  return { ...held, currency: held.currency ?? place.cap.currency };
};

/** Locks the caps of the offers that the batch is about. Most offers have none; then no process
 * waits for another here. */
export const lockCaps = async (
  catalog: Pick<CatalogPort, 'offer'>,
  ledger: Pick<LedgerTransaction, 'lockCapUse' | 'rates'>,
  items: readonly Item[],
  nowMs: number,
): Promise<Caps> => {
  const caps: Caps = new Map();
  for (const { resolution } of items) {
    const offerKey = resolution.kind === 'conversion' ? resolution.attribution?.offerKey : null;
    const cap = offerKey && !caps.has(offerKey) ? catalog.offer(offerKey)?.cap : null;
    if (offerKey && cap)
      caps.set(offerKey, { cap, offerKey, period: capPeriodOf(cap, nowMs), use: noUse(cap), rateOf: () => null });
  }
  if (caps.size === 0) return caps;
  const [use, rates] = await Promise.all([ledger.lockCapUse([...caps.values()]), ledger.rates([nowMs])]);
  for (const held of caps.values()) {
    held.use = usedBy(held, use);
    held.rateOf = (currency) => rates(currency, nowMs);
  }
  return caps;
};
