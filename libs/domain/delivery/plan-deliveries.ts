import {
  isOfOneRevision,
  needlessReason,
  type DeliveryDecision,
  type NeedlessReason,
  type OwedDelivery,
  type UnsendableReason,
} from './delivery.js';
import { receivedBefore, type NewDelivery, type OpenDelivery } from './delivery-record.js';
import type { ConversionFacts, Destination } from './destination.js';
import type { Placement } from './held-deliveries.js';
import type { RateLookup } from '../money/rates.js';
import type { ConversionState } from '../settings.js';

/** What a batch of owed deliveries becomes: sent now, queued, replaced or not sent at all (P6).
 *  Pure: it runs inside the transaction that locks the earlier deliveries, and again when that is
 *  retried. */

export type Owed = Extract<DeliveryDecision, { kind: 'owed' }> & {
  facts: ConversionFacts;
  /** Null: its template cannot be read. */
  destination: Destination | null;
};

/** What Postgres knows of the same conversions. `lastReceived` is by `deliveryHistoryKey`. */
export type EarlierDeliveries = {
  open: readonly OpenDelivery[];
  lastReceived: ReadonlyMap<string, ConversionState>;
};
export const noEarlier: EarlierDeliveries = { open: [], lastReceived: new Map() };

/** What becomes of one owed delivery.
 *  - `send`: no earlier one is open and there is room.
 *  - `send_after_earlier`: the earlier one is in this process's memory. `replaces`: it is dropped
 *    if it was never sent.
 *  - `queue`: no room, or an earlier one is open elsewhere; Postgres keeps the order.
 *  - `overtaken`: a newer state of its conversion is in the batch.
 *  - `needless`: it would say nothing new to the ad network.
 *  - `park`: it cannot be sent as things are. */
type PlannedOutcome =
  | { kind: 'send' }
  | { kind: 'send_after_earlier'; replaces: boolean }
  | { kind: 'queue' }
  | { kind: 'overtaken' }
  | { kind: 'needless'; reason: NeedlessReason }
  | { kind: 'park'; reason: UnsendableReason | 'template_error' };

export type PlannedDelivery = { owed: Owed; outcome: PlannedOutcome };
export type Plan = {
  planned: readonly PlannedDelivery[];
  /** Earlier deliveries that were never sent and that a newer state replaces. */
  superseded: readonly OpenDelivery[];
};

type PlanContext = {
  /** The dispatch process that plans, as the owner of leases. */
  owner: string;
  /** Whether it has a delivery in memory. One that is leased to it may be in neither, when the
   *  answer to its insert was lost. */
  isInMemory: (id: string) => boolean;
  /** How many more deliveries this process takes into memory for a destination now. */
  roomFor: (destinationKey: string) => number;
  rates: RateLookup;
};

export const planDeliveries = (owed: readonly Owed[], earlier: EarlierDeliveries, context: PlanContext): Plan => {
  const superseded: OpenDelivery[] = [];
  const inBatch = new Map<string, PlannedDelivery[]>();
  const openOf = Map.groupBy(earlier.open, ({ conversionId }) => conversionId);
  const roomLeft = new Map<string, number>();
  const takeRoom = (destinationKey: string): boolean => {
    const left = roomLeft.get(destinationKey) ?? context.roomFor(destinationKey);
    roomLeft.set(destinationKey, left - 1);
    return left > 0;
  };
  const planned = owed.map((each): PlannedDelivery => {
    const { conversionId } = each.delivery;
    const beside = inBatch.get(conversionId) ?? none;
    const known = {
      beside,
      open: openOf.get(conversionId) ?? none,
      lastReceived: receivedBefore(earlier.lastReceived, each.delivery),
    };
    const step = planOne(each, known, context, takeRoom);
    superseded.push(...step.replaced);
    for (const overtaken of step.overtaken) overtaken.outcome = { kind: 'overtaken' };
    const one = { owed: each, outcome: step.outcome };
    if (beside === none) inBatch.set(conversionId, [one]);
    else beside.push(one);
    return one;
  });
  return { planned, superseded };
};

const none: never[] = [];

type Known = {
  /** Of the same conversion, earlier in the batch. */
  beside: readonly PlannedDelivery[];
  open: readonly OpenDelivery[];
  lastReceived: ConversionState | null;
};
type Step = {
  outcome: PlannedOutcome;
  replaced: readonly OpenDelivery[];
  overtaken: readonly PlannedDelivery[];
};

const planOne = (
  owed: Owed,
  { beside, open, lastReceived }: Known,
  { owner, isInMemory, rates }: PlanContext,
  takeRoom: (destinationKey: string) => boolean,
): Step => {
  const { delivery, destination } = owed;
  const only = (outcome: PlannedOutcome): Step => ({ outcome, replaced: none, overtaken: none });
  // What most deliveries are: with nothing before them, nothing is compared.
  if (beside.length === 0 && open.length === 0)
    return only(endedAtOnce(owed, lastReceived, rates) ?? (takeRoom(delivery.destinationKey) ? sent : queued));
  // Read again after a later one: it was inserted long ago.
  if (beside.some((each) => each.owed.delivery.revision > delivery.revision)) return only({ kind: 'overtaken' });

  const mayReplace = replaces(delivery, destination);
  const before = open.filter((each) => isBefore(each, delivery));
  const replaced = before.filter((each) => isUnsent(each) && mayReplace(each));
  const stillOpen = before.filter((each) => !replaced.includes(each));
  const inFront = beside.filter((each) => isOpen(each) && each.owed.delivery.revision < delivery.revision);

  const isSettled = stillOpen.length === 0 && (inFront.length === 0 || !delivery.follows);
  const ended = isSettled ? endedAtOnce(owed, lastReceived, rates) : unsent(owed);
  if (ended?.kind === 'park') return only(ended);

  const overtaken = inFront.filter((each) => mayReplace(each.owed.delivery));
  const step = (outcome: PlannedOutcome): Step => ({ outcome, replaced, overtaken });
  if (ended) return step(ended);

  const ahead = inFront.filter((each) => !overtaken.includes(each));
  const hasRoom = takeRoom(delivery.destinationKey);
  const isOwn = ({ id, isLocked, state, leaseOwner }: OpenDelivery) =>
    isLocked && state === 'sending' && leaseOwner === owner && isInMemory(id);
  // A delivery goes behind one in memory only at its own destination: a chain is of one
  // destination.
  const followsOwn =
    stillOpen.every((each) => isOwn(each) && each.destinationKey === delivery.destinationKey) &&
    ahead.every((each) => isSent(each) && each.owed.delivery.destinationKey === delivery.destinationKey);
  if (!hasRoom || !followsOwn) return step(queued);
  if (stillOpen.length === 0 && ahead.length === 0) return step(sent);
  return step({ kind: 'send_after_earlier', replaces: ahead.length === 0 && stillOpen.every(mayReplace) });
};

const sent: PlannedOutcome = { kind: 'send' };
const queued: PlannedOutcome = { kind: 'queue' };

const unsent = ({ destination, unsendable }: Owed): PlannedOutcome | null => {
  const reason = destination ? unsendable : 'template_error';
  return reason && { kind: 'park', reason };
};

/** What becomes of a delivery that waits for none, other than being sent. */
const endedAtOnce = (owed: Owed, lastReceived: ConversionState | null, rates: RateLookup): PlannedOutcome | null => {
  const { destination, facts } = owed;
  const reason = destination && needlessReason(destination, facts, lastReceived, rates);
  return reason ? { kind: 'needless', reason } : unsent(owed);
};

/** Whether a delivery takes the place of an earlier one that was never sent. A restatement does
 *  not, and a restatement of the money stays valid when only marks have changed since: what comes
 *  then by the main template says nothing of the money. */
const replaces =
  (delivery: OwedDelivery, destination: Destination | null) =>
  (earlier: Pick<OwedDelivery, 'once' | 'cause'>): boolean => {
    if (delivery.follows) return false;
    if (destination?.rules.frequency === 'change' || !isOfOneRevision(earlier)) return true;
    return delivery.once !== 'first' && earlier.cause !== delivery.cause;
  };

const isBefore = (each: OpenDelivery, { destinationKey, once, revision }: OwedDelivery): boolean =>
  (each.destinationKey !== destinationKey || each.once !== once) && each.revision < revision;

/** One that another transaction has locked may be changing: what comes after it waits behind it. */
const isUnsent = ({ state, attempts, maybeSent, isLocked }: OpenDelivery): boolean =>
  isLocked && state === 'waiting' && attempts === 0 && !maybeSent;

const isSent = ({ outcome: { kind } }: PlannedDelivery): boolean => kind === 'send' || kind === 'send_after_earlier';
const isOpen = (each: PlannedDelivery): boolean => isSent(each) || each.outcome.kind === 'queue';

export const rowOf = ({ owed, outcome }: PlannedDelivery): NewDelivery => ({
  ...owed.delivery,
  ...stateOf(outcome),
  facts: keptFacts(owed.facts),
});

/** Where a delivery that is sent now joins those in memory. */
export const placementOf = (outcome: PlannedOutcome): Placement => {
  if (outcome.kind !== 'send_after_earlier') return 'first';
  return outcome.replaces ? 'replacing_earlier' : 'after_earlier';
};

const stateOf = (outcome: PlannedOutcome): Pick<NewDelivery, 'state' | 'reason'> => {
  switch (outcome.kind) {
    case 'send':
    case 'send_after_earlier':
      return { state: 'sending', reason: null };
    case 'queue':
      return { state: 'waiting', reason: null };
    case 'overtaken':
      return { state: 'superseded', reason: 'newer_state' };
    case 'needless':
      return { state: 'superseded', reason: outcome.reason };
    case 'park':
      return { state: 'parked', reason: outcome.reason };
  }
};

/** What a delivery keeps of a change: everything that a macro can name, and nothing else. */
const keptFacts = (facts: ConversionFacts): ConversionFacts => ({
  conversionId: facts.conversionId,
  revision: facts.revision,
  networkKey: facts.networkKey,
  campaignKey: facts.campaignKey,
  sourceKey: facts.sourceKey,
  offerKey: facts.offerKey,
  clickId: facts.clickId,
  clickedAtMs: facts.clickedAtMs,
  externalId: facts.externalId,
  externalIdRaw: facts.externalIdRaw,
  tokens: facts.tokens,
  visitor: facts.visitor,
  event: facts.event,
  transactionId: facts.transactionId,
  state: facts.state,
  previousState: facts.previousState,
  previousValue: facts.previousValue,
  restored: facts.restored,
  marks: facts.marks,
  currency: facts.currency,
  value: facts.value,
  occurredAtMs: facts.occurredAtMs,
  suppressDelivery: facts.suppressDelivery,
});
