import { isTurnedAway } from './attempt.js';
import type { DeliveryState, LeasedDelivery } from './delivery-record.js';

/** The states of a delivery in the memory of a dispatch process. `docs/deliveries.md` has the
 *  picture. Each transition makes a new object, so an old reference is out of date and `isCurrent`
 *  says so. */
export type Held = Blocked | Queued | Calling | Leaving;

/** An earlier delivery of the same conversion and destination is in memory and has not left it. */
export type Blocked = In<'blocked'>;
/** First of its chain; may be called as soon as its destination has room. */
export type Queued = In<'queued'>;
/** A call is being made. */
export type Calling = In<'calling'>;
/** It has ended here; the ending is being written to Postgres. */
export type Leaving = In<'leaving'> & { readonly ending: Ending };

type In<Kind extends string> = {
  readonly kind: Kind;
  readonly delivery: LeasedDelivery;
  readonly slot: Slot;
};

/** How a delivery leaves memory. `called`: this process made a call for it. */
export type Ending = { state: Exclude<DeliveryState, 'sending'>; reason: string | null; called: boolean };
/** Without a call a delivery can only go back to the queue or be replaced by a newer state. */
type EndingWithoutCall =
  { state: 'waiting'; reason: null; called: false } | { state: 'superseded'; reason: 'newer_state'; called: false };

export const returned: EndingWithoutCall = { state: 'waiting', reason: null, called: false };
export const replaced: EndingWithoutCall = { state: 'superseded', reason: 'newer_state', called: false };

/** The place of one delivery in its chain. `held` is its current state. */
export type Slot = { readonly chain: Chain; held: Held };
/** The deliveries of one conversion to one destination in memory, earliest first. Only the first
 *  may be queued or calling; the others are blocked or leaving. */
export type Chain = { readonly key: string; readonly slots: Slot[] };

/** Every transition there is. What is not listed does not compile. */
type Transition =
  | { from: Blocked; to: 'queued' }
  | { from: Queued; to: 'calling' }
  | { from: Blocked | Queued; to: 'leaving'; ending: EndingWithoutCall }
  | { from: Calling; to: 'leaving'; ending: Ending };

type StateAfter = { queued: Queued; calling: Calling; leaving: Leaving };

/** Throws for a state that is out of date: that is a bug of the caller. */
export const transition = <T extends Transition>(change: T): StateAfter[T['to']] => {
  const { slot, delivery, kind } = change.from;
  if (!isCurrent(change.from)) throw new Error(`delivery ${delivery.id} is no longer ${kind}`);
  const next: Held =
    change.to === 'leaving'
      ? { kind: 'leaving', delivery, slot, ending: change.ending }
      : { kind: change.to, delivery, slot };
  slot.held = next;
  return next as StateAfter[T['to']];
};

export const isCurrent = (held: Held): boolean => held.slot.held === held;

/** Whether a call was made or may have been made before it came into memory. */
export const mayHaveBeenSent = ({ attempts, maybeSent }: Pick<LeasedDelivery, 'attempts' | 'maybeSent'>): boolean =>
  attempts > 0 || maybeSent;

/** Whether the ad network knows of it, or may. The same rule as in Postgres
 *  (`mayHaveBeenReceived`): a single call that was turned away does not count. */
export const mayHaveBeenReceived = ({ delivery, ending }: Leaving): boolean => {
  if (!ending.called) return mayHaveBeenSent(delivery);
  return mayHaveBeenSent(delivery) || !(ending.state === 'parked' && isTurnedAway(ending.reason));
};
