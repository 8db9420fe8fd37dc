import type { ConversionChangedV1 } from '#contracts';
import {
  isOfOneRevision,
  needlessReason,
  type ConversionState,
  type DeliveryDecision,
  type Destination,
  type OwedDelivery,
  type RateLookup,
} from '#domain';
import { deliveryHistoryKey, type NewDelivery, type OpenDelivery } from '#domain';
import type { Window } from './sending/send-window.js';

/** What of a batch goes at once, what waits, and what takes whose place (P6). No I/O: it runs within the transaction that holds the earlier
 *  deliveries, and again when that is tried again. */

export type Owed = Extract<DeliveryDecision, { kind: 'owed' }> & {
  change: ConversionChangedV1;
  /** The template cannot be read. */
  broken: boolean;
  destination: Destination | null;
};
/** `earlier`: open deliveries of the same conversions, to whichever of their destinations, under lock or locked by another. `lastReceived`: by `deliveryHistoryKey`,
 *  what was told before. */
export type Before = { earlier: readonly OpenDelivery[]; lastReceived: ReadonlyMap<string, ConversionState> };
export type Arranged = { superseded: OpenDelivery[]; rows: NewDelivery[] };
type Ports = { window: Pick<Window, 'room' | 'lane'>; owner: string; rates: RateLookup };

/** @param behind takes the ids of those that go behind one that this process has in its hands. */
export const arrange = (
  owed: readonly Owed[],
  { earlier, lastReceived }: Before,
  behind: Set<string>,
  { window, owner, rates }: Ports,
): Arranged => {
  const superseded: OpenDelivery[] = [];
  const room = new Map<string, number>();
  const inBatch = new Map<string, NewDelivery[]>();
  const rows = owed.map(({ delivery, unsendable, change, broken, destination }): NewDelivery => {
    const others = inBatch.get(delivery.conversionId) ?? [];
    const inFront = others.filter((each) => isOpen(each) && each.revision < delivery.revision);
    const before = earlier.filter((each) => isBefore(each, delivery));
    const stands = standsBeside(delivery, destination);
    const replaced = delivery.follows ? [] : before.filter((each) => isUnsent(each) && !stands(each));
    const open = before.filter((each) => !replaced.includes(each));
    const settled = open.length === 0 && (inFront.length === 0 || !delivery.follows);
    const needless =
      destination && settled
        ? needlessReason(destination, change, lastReceived.get(deliveryHistoryKey(delivery)) ?? null, rates)
        : null;
    const parkedFor = needless ? null : broken ? 'template_error' : unsendable;
    const row = (state: NewDelivery['state'], reason: string | null): NewDelivery => {
      const made = { ...delivery, state, reason, facts: factsOf(change) };
      inBatch.set(delivery.conversionId, [...others, made]);
      return made;
    };
    // Read again behind a later one: as a rule it was made long ago, and this says nothing.
    if (others.some(({ revision }) => revision > delivery.revision)) return row('superseded', 'newer_state');
    if (parkedFor) return row('parked', parkedFor);
    superseded.push(...replaced);
    if (!delivery.follows)
      for (const each of inFront)
        if (!stands(each)) Object.assign(each, { state: 'superseded', reason: 'newer_state' });
    if (needless) return row('superseded', needless);
    const mine =
      open.every((each) => each.isLocked && each.state === 'sending' && each.leaseOwner === owner) &&
      // What goes behind a delivery in memory, goes behind one of its own destination.
      [...open, ...inFront.filter(isOpen)].every((each) => each.destinationKey === delivery.destinationKey);
    const left = room.get(delivery.destinationKey) ?? freeRoom(window, delivery.destinationKey);
    room.set(delivery.destinationKey, left - 1);
    if (!mine || left <= 0) return row('waiting', null);
    if (open.length > 0) behind.add(delivery.id);
    return row('sending', null);
  });
  return { superseded, rows };
};

/** A restatement that was not sent yet stands when nothing but marks or the like has changed since: what comes then by the sale's own template
 *  tells nothing of the money. */
const standsBeside =
  (delivery: OwedDelivery, destination: Destination | null) =>
  (earlier: Pick<OwedDelivery, 'once' | 'cause'>): boolean =>
    destination?.rules.frequency !== 'change' &&
    isOfOneRevision(earlier) &&
    (delivery.once === 'first' || earlier.cause === delivery.cause);
const isOpen = ({ state }: NewDelivery): boolean => state === 'waiting' || state === 'sending';
/** One that another has locked may be changing: what comes after it waits behind it, in Postgres. */
const isUnsent = ({ state, attempts, maybeSent, isLocked }: OpenDelivery): boolean =>
  isLocked && state === 'waiting' && attempts === 0 && !maybeSent;
const isBefore = (each: OpenDelivery, { conversionId, destinationKey, once, revision }: OwedDelivery): boolean =>
  each.conversionId === conversionId &&
  (each.destinationKey !== destinationKey || each.once !== once) &&
  each.revision < revision;

/** While something waits in Postgres for a destination, what is new goes behind it. */
const freeRoom = (window: Ports['window'], key: string): number => (window.lane(key).backlogged ? 0 : window.room(key));

/** What a delivery keeps of the change: everything a macro may stand for. */
const factsOf = (change: ConversionChangedV1): NewDelivery['facts'] => ({
  conversionId: change.conversionId,
  revision: change.revision,
  networkKey: change.networkKey,
  campaignKey: change.campaignKey,
  sourceKey: change.sourceKey,
  offerKey: change.offerKey,
  clickId: change.clickId,
  clickedAtMs: change.clickedAtMs,
  externalId: change.externalId,
  externalIdRaw: change.externalIdRaw,
  tokens: change.tokens,
  visitor: change.visitor,
  event: change.event,
  transactionId: change.transactionId,
  state: change.state,
  previousState: change.previousState,
  previousValue: change.previousValue,
  restored: change.restored,
  marks: change.marks,
  currency: change.currency,
  value: change.value,
  occurredAtMs: change.occurredAtMs,
  suppressDelivery: change.suppressDelivery,
});
