import type { ConversionChangedV1 } from '#contracts';
import {
  decideDelivery,
  deliveryIdOf,
  done,
  park,
  skip,
  type DeliveryDecision,
  type OwedDelivery,
  type RateLookup,
  type Verdict,
} from '#domain';
import type { LeasedDelivery, NewDelivery, OpenDelivery } from '#postgres';
import type { CatalogKey, Destinations } from './destinations.js';
import type { DispatchNumbers } from './numbers.js';
import type { Window } from './window.js';

/** Dispatch. Reads carom.conversions.v1; writes deliveries, then calls the ad networks. Holds P6, P7 and P8.
 *
 *  1. learn      of campaigns and sources that the catalog topic has not brought yet, from where they were committed first
 *  2. match      which destination hears of this change, if any (libs/domain, pure)
 *  3. wait       for room, where a destination is quick enough for that to be worth it
 *  4. insert     all deliveries of the batch in one transaction, those with room leased to this process
 *  5. commit     the offset: from here on Postgres owns the deliveries
 *  6. send       from memory, each destination in a lane of its own (window.ts); write down what came of it (recorder.ts)
 *
 *  What finds no room, has failed, or whose process died is claimed again by due time (claim.ts).
 *  Dies before 4 has committed: the batch comes again. Dies after it: the batch comes again and finds its deliveries made (their ids are
 *  derived), and what was leased to the dead process is due again when its lease has run out. Dies between a call and its record: that
 *  call is made again with the same delivery id. */

export type DispatchPorts = {
  destinations: Pick<Destinations, 'of' | 'unknown'>;
  /** Reads entries of the catalog from Postgres into `destinations`. */
  learn: (wanted: readonly CatalogKey[]) => Promise<void>;
  window: Pick<Window, 'room' | 'worthWaiting' | 'add' | 'lane'>;
  /** In one transaction: locks earlier open deliveries, lets `arrange` decide what takes whose place, inserts. Answers the new ids. */
  insert: (later: readonly OwedDelivery[], arrange: Arrange) => Promise<Set<string>>;
  /** This process, as the owner of leases. */
  owner: string;
  rates: RateLookup;
  now: () => number;
  numbers: DispatchNumbers;
  pause: (ms: number) => Promise<void>;
};

export type Arrange = (earlier: readonly OpenDelivery[]) => { superseded: OpenDelivery[]; rows: NewDelivery[] };

type Owed = Extract<DeliveryDecision, { kind: 'owed' }> & { change: ConversionChangedV1; broken: boolean };

/** A batch is handled in pieces, so that a long one does not stand at the database as one long transaction. */
const mostAtOnce = 250;
const longestWaitMs = 250;
const waitStepMs = 10;

export const dispatchConversions =
  (ports: DispatchPorts) =>
  async (changes: readonly ConversionChangedV1[]): Promise<Verdict[]> => {
    const verdicts: Verdict[] = [];
    for (let from = 0; from < changes.length; from += mostAtOnce) {
      const next = changes.slice(from, from + mostAtOnce);
      await learnUnknown(next, ports);
      const piece = match(next, ports);
      if (piece.owed.length > 0) await makeDeliveries(piece.owed, ports);
      verdicts.push(...piece.verdicts);
    }
    return verdicts;
  };

/** A campaign that was made a moment ago may come over its topic later than its first conversion comes over another. */
const learnUnknown = async (
  changes: readonly ConversionChangedV1[],
  { destinations, learn }: DispatchPorts,
): Promise<void> => {
  const wanted = new Map<string, CatalogKey>();
  for (const { campaignKey, sourceKey } of changes)
    for (const each of destinations.unknown(campaignKey, sourceKey)) wanted.set(`${each.kind}:${each.key}`, each);
  if (wanted.size > 0) await learn([...wanted.values()]);
};

const makeDeliveries = async (owed: readonly Owed[], ports: DispatchPorts): Promise<void> => {
  await waitForRoom(owed, ports);
  const behind = new Set<string>();
  let rows: NewDelivery[] = [];
  const later = owed.filter(({ delivery }) => delivery.revision > 1).map(({ delivery }) => delivery);
  const inserted = await ports.insert(later, (earlier) => {
    behind.clear();
    const arranged = arrange(owed, earlier, behind, ports);
    rows = arranged.rows;
    return arranged;
  });
  const made = rows.filter((row) => inserted.has(row.id));
  for (const row of made) ports.numbers.made(row.state, row.reason);
  const createdAtMs = ports.now();
  const leased = made.filter((row) => row.state === 'sending');
  ports.window.add(
    leased.map((row): LeasedDelivery => ({ ...row, attempts: 0, createdAtMs })),
    behind,
  );
};

/** One verdict per change; a change that owes nothing is skipped with its reason. One of a campaign that nobody has heard of is set aside:
 *  whoever restores the catalog releases it. Of several changes of one conversion in the batch that are
 *  one delivery, the newest counts, except where only the first ever does (the first that can be sent). */
const match = (
  changes: readonly ConversionChangedV1[],
  ports: DispatchPorts,
): { owed: Owed[]; verdicts: Verdict[] } => {
  const owed = new Map<string, Owed>();
  const verdicts = changes.map((change): Verdict => {
    const [unknown] = ports.destinations.unknown(change.campaignKey, change.sourceKey);
    if (unknown) {
      ports.numbers.unmatched('catalog_unknown');
      return park('catalog_unknown', `the ${unknown.kind} "${unknown.key}" is not in the catalog`);
    }
    const destination = ports.destinations.of(change.campaignKey, change.sourceKey);
    const decision: DeliveryDecision = !destination
      ? { kind: 'unmatched', reason: 'no_destination' }
      : destination.compiled
        ? decideDelivery(destination.compiled, change, ports.now(), ports.rates)
        : { kind: 'owed', delivery: brokenDelivery(destination.key, change), unsendable: null };
    if (decision.kind === 'unmatched') {
      ports.numbers.unmatched(decision.reason);
      return skip(decision.reason);
    }
    const { id, once } = decision.delivery;
    const before = owed.get(id);
    const newer = before !== undefined && before.delivery.revision < change.revision;
    if (!before || (newer && (once !== 'first' || before.unsendable !== null))) {
      // Deleted first: the map's order is the order of sending.
      owed.delete(id);
      owed.set(id, { ...decision, change, broken: destination !== null && destination.broken !== null });
    }
    return done;
  });
  return { owed: [...owed.values()], verdicts };
};

/** A template that cannot be read owes a delivery for every state: parked, and sent by a replay when it has been mended. */
const brokenDelivery = (
  destinationKey: string,
  { conversionId, revision, state }: ConversionChangedV1,
): OwedDelivery => ({
  id: deliveryIdOf(conversionId, destinationKey, state),
  conversionId,
  destinationKey,
  cause: state,
  once: state,
  revision,
});

/** Room is waited for only where nobody waits along: when all of the batch goes to one destination, which is quick. Among several, what finds
 *  no room goes to Postgres, which costs it twice and the others nothing (P7). Waiting for one of ten that hung took the p99 of the other
 *  nine from 20 to 220 ms. */
const waitForRoom = async (owed: readonly Owed[], { window, pause }: DispatchPorts): Promise<void> => {
  const [key, ...others] = new Set(owed.map(({ delivery }) => delivery.destinationKey));
  if (key === undefined || others.length > 0) return;
  for (let waitedMs = 0; waitedMs < longestWaitMs; waitedMs += waitStepMs) {
    if (!window.worthWaiting(key, owed.length)) return;
    await pause(waitStepMs);
  }
};

/** Which rows are inserted in which state, and which earlier ones they take the place of (P6). */
const arrange = (
  owed: readonly Owed[],
  earlier: readonly OpenDelivery[],
  behind: Set<string>,
  { window, owner }: DispatchPorts,
): { superseded: OpenDelivery[]; rows: NewDelivery[] } => {
  const superseded: OpenDelivery[] = [];
  const room = new Map<string, number>();
  const rows = owed.map(({ delivery, unsendable, change, broken }): NewDelivery => {
    const parkedFor = broken ? 'template_error' : unsendable;
    if (parkedFor) return { ...delivery, state: 'parked', reason: parkedFor, facts: factsOf(change) };
    const before = earlier.filter(
      (each) =>
        each.conversionId === delivery.conversionId &&
        each.destinationKey === delivery.destinationKey &&
        each.once !== delivery.once &&
        each.revision < delivery.revision,
    );
    const replaced = delivery.follows ? [] : before.filter((each) => each.state === 'waiting' && each.attempts === 0);
    superseded.push(...replaced);
    const open = before.filter((each) => !replaced.includes(each));
    const mine = open.every((each) => each.state === 'sending' && each.leaseOwner === owner);
    const left = room.get(delivery.destinationKey) ?? freeRoom(window, delivery.destinationKey);
    room.set(delivery.destinationKey, left - 1);
    if (!mine || left <= 0) return { ...delivery, state: 'waiting', reason: null, facts: factsOf(change) };
    if (open.length > 0) behind.add(delivery.id);
    return { ...delivery, state: 'sending', reason: null, facts: factsOf(change) };
  });
  return { superseded, rows };
};

/** While something waits in Postgres for a destination, what is new goes behind it. */
const freeRoom = (window: DispatchPorts['window'], key: string): number =>
  window.lane(key).backlogged ? 0 : window.room(key);

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
  marks: change.marks,
  currency: change.currency,
  value: change.value,
  occurredAtMs: change.occurredAtMs,
  suppressDelivery: change.suppressDelivery,
});
