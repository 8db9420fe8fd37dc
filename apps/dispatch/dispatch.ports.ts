import type { EarlierDeliveries, Plan, RateLookup } from '#domain';
import type { Time } from '#runtime';
import type { Lease } from './claiming/lease.js';
import type { Later, Made } from './claiming/make-deliveries.js';
import type { DispatchMetrics } from './metrics.js';
import type { CatalogKey, Destinations } from './sending/destinations.js';
import type { SendWindow } from './sending/send-window.js';

/** What the page of dispatch asks of its surroundings. */
export type DispatchPorts = {
  destinations: Pick<Destinations, 'of' | 'unknown'>;
  /** Reads entries of the catalog from Postgres into `destinations`. */
  learn: (wanted: readonly CatalogKey[]) => Promise<void>;
  window: Pick<SendWindow, 'add' | 'has' | 'roomForNew' | 'shouldWaitForRoom'>;
  /** Locks earlier deliveries, plans and inserts in one transaction. `plan` may run twice. */
  make: (later: Later, plan: (earlier: EarlierDeliveries) => Plan) => Promise<Made>;
  lease: Pick<Lease, 'owner' | 'epoch'>;
  rates: RateLookup;
  time: Time;
  metrics: Pick<DispatchMetrics, 'made' | 'unmatched'>;
};
