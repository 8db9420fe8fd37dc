import { addressGroup } from '#domain';
import type { Metrics, Time } from '#runtime';

/** Limits for calls without proof (P11), so that they cannot fill a disk or a log. They
 *  count by network and address, an IPv6 address by its /64.
 *
 *  - A call that names a click of ours is kept up to a rate, and answered 429 beyond it.
 *  - Other calls are garbage: a sample is kept, the rest is counted, and an address that goes on is
 *    answered 429. */

/** `keep`: publish it. `count`: only count it. `hold_off`: answer 429. */
export type Fate = 'keep' | 'count' | 'hold_off';

export type Strangers = {
  admit: (standing: 'names_click' | 'garbage', networkKey: string | undefined, address: string | null) => Fate;
};

export type StrangerLimits = {
  clicksPerSecond: number;
  clicksPerAddressPerSecond: number;
  keptPerSecond: number;
  keptPerAddressPerMinute: number;
  garbagePerAddressPerMinute: number;
  maxAddresses: number;
};

/** A bucket holds tokens for `burstSeconds` of its rate. Its state is two numbers. */
type Bucket = { tokens: number; atMs: number };

const take = (bucket: Bucket, perSecond: number, capacity: number, nowMs: number): boolean => {
  bucket.tokens = Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1_000);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
};

const full = (capacity: number, atMs: number): Bucket => ({ tokens: capacity, atMs });

type AddressState = { clicks: Bucket; kept: Bucket; garbage: Bucket };

/** Each key has the buckets of its own. Beyond `maxAddresses` further keys share one state until
 *  the table is emptied, which happens every minute. */
const addressTable = (make: () => AddressState, maxAddresses: number, time: Pick<Time, 'monotonicMs'>) => {
  let states = new Map<string, AddressState>();
  let shared = make();
  let madeAtMs = time.monotonicMs();
  return {
    of: (key: string): AddressState => {
      const known = states.get(key);
      if (known) return known;
      if (states.size >= maxAddresses) {
        if (time.monotonicMs() - madeAtMs < 60_000) return shared;
        states = new Map();
        shared = make();
        madeAtMs = time.monotonicMs();
      }
      const state = make();
      states.set(key, state);
      return state;
    },
    get size() {
      return states.size;
    },
  };
};

export const limitStrangers = (
  limits: StrangerLimits,
  { time, metrics }: { time: Pick<Time, 'monotonicMs'>; metrics: Metrics },
): Strangers => {
  const burst = { clicks: limits.clicksPerSecond * 2, kept: Math.max(1, limits.keptPerSecond * 30) };
  const perAddress = {
    clicks: limits.clicksPerAddressPerSecond * 2,
    kept: limits.keptPerAddressPerMinute,
    garbage: limits.garbagePerAddressPerMinute,
  };
  const nowMs = () => time.monotonicMs();
  const clicks = full(burst.clicks, nowMs());
  const kept = full(limits.keptPerSecond === 0 ? 0 : burst.kept, nowMs());
  const make = (): AddressState => ({
    clicks: full(perAddress.clicks, nowMs()),
    kept: full(perAddress.kept, nowMs()),
    garbage: full(perAddress.garbage, nowMs()),
  });
  const table = addressTable(make, limits.maxAddresses, time);
  const fates = metrics.counter('carom_ingest_strangers_total', 'Calls without proof, by what became of them', [
    'standing',
    'fate',
  ]);
  metrics.lookup('carom_ingest_stranger_addresses', 'Addresses of calls without proof in memory', () => table.size);

  const ofClick = (state: AddressState, now: number): Fate =>
    take(state.clicks, limits.clicksPerAddressPerSecond, perAddress.clicks, now) &&
    take(clicks, limits.clicksPerSecond, burst.clicks, now)
      ? 'keep'
      : 'hold_off';
  const ofGarbage = (state: AddressState, now: number): Fate => {
    if (!take(state.garbage, perAddress.garbage / 60, perAddress.garbage, now)) return 'hold_off';
    const isSample =
      take(state.kept, perAddress.kept / 60, perAddress.kept, now) && take(kept, limits.keptPerSecond, burst.kept, now);
    return isSample ? 'keep' : 'count';
  };
  return {
    admit: (standing, networkKey, address) => {
      const state = table.of(`${networkKey ?? ''} ${addressGroup(address)}`);
      const fate = standing === 'garbage' ? ofGarbage(state, nowMs()) : ofClick(state, nowMs());
      fates.inc({ standing, fate });
      return fate;
    },
  };
};
