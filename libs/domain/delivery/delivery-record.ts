import type { OwedDelivery } from './delivery.js';
import type { ConversionFacts } from './destination.js';
import type { ConversionState } from '../settings.js';

/** A delivery as Postgres keeps it, and as a dispatch process holds it while it has the lease. */

export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'parked' | 'superseded';

/** What identifies a delivery row: one delivery per conversion, destination and `once`. */
export type DeliveryKey = Pick<OwedDelivery, 'conversionId' | 'destinationKey' | 'once'>;

/** A delivery that is about to be inserted. */
export type NewDelivery = OwedDelivery & {
  state: Exclude<DeliveryState, 'delivered'>;
  reason: string | null;
  facts: ConversionFacts;
};

/** A delivery that is leased to a dispatch process. */
export type LeasedDelivery = OwedDelivery & {
  attempts: number;
  createdAtMs: number;
  facts: ConversionFacts;
  /** It may have been sent before, although none of its attempts shows it. */
  maybeSent: boolean;
  /** The last earlier state of this conversion that the ad network received or may have received.
   */
  lastReceived: ConversionState | null;
  /** An operator wants it sent even if it says nothing new. */
  forced: boolean;
};

/** An earlier delivery of the same conversion that has not ended yet. */
export type OpenDelivery = DeliveryKey & {
  id: string;
  cause: ConversionState;
  revision: number;
  state: 'waiting' | 'sending';
  attempts: number;
  maybeSent: boolean;
  leaseOwner: string | null;
  /** Locked by this transaction. If false, another transaction may be changing it. */
  isLocked: boolean;
};

/** The key under which the history of a conversion before one of its revisions is looked up. */
export const deliveryHistoryKey = ({
  conversionId,
  revision,
}: Pick<OwedDelivery, 'conversionId' | 'revision'>): string => `${conversionId} ${revision}`;

/** The state that was received last before this revision; null: none. The first revision has no
 *  history, so nothing is looked up for most deliveries. */
export const receivedBefore = (
  lastReceived: ReadonlyMap<string, ConversionState>,
  of: Pick<OwedDelivery, 'conversionId' | 'revision'>,
): ConversionState | null => (of.revision === 1 ? null : (lastReceived.get(deliveryHistoryKey(of)) ?? null));
