import type { ConversionChangedV1 } from '#contracts';
import {
  decideDelivery,
  deliveryIdOf,
  done,
  dependsOnHistory,
  park,
  skip,
  stateOnce,
  type DeliveryDecision,
  type OwedDelivery,
  type RateLookup,
  type Verdict,
} from '#domain';
import { deliveryHistoryKey, type LeasedDelivery, type NewDelivery } from '#domain';
import { arrange, type Arranged, type Before, type Owed } from './arrange.js';
import type { CatalogKey, Destinations } from './sending/destinations.js';
import { isFlood, maxPieceSize } from './sending/lane.js';
import type { DispatchMetrics } from './metrics.js';
import type { Window } from './sending/send-window.js';

/** Dispatch. Reads carom.conversions.v1; writes deliveries, then calls the ad networks. Holds P6, P7 and P8.
 *
 *  1. learn      of campaigns and sources that the catalog topic has not brought yet, from where they were committed first
 *  2. match      which destination hears of this change, if any (libs/domain, pure)
 *  3. wait       for room, where a destination is quick enough for that to be worth it
 *  4. insert     all deliveries of the batch in one transaction, those with room leased to this process: from here on Postgres owns them
 *  5. send       from memory, each destination in a lane of its own (window.ts); write down what came of it (recorder.ts)
 *  6. commit     the offset, when what was inserted is on disk (docs/decisions/0009): a call does not wait for that
 *
 *  What finds no room, has failed, or whose process died is claimed again by due time (claim.ts).
 *  Dies before 4 has committed: the batch comes again. Dies after it: the batch comes again and finds its deliveries made (their ids are
 *  derived), and what was leased to the dead process is due again when its lease has run out. Dies between a call and its record: that
 *  call is made again with the same delivery id. If Postgres dies between 4 and 6, some of the deliveries may be gone with it: the batch
 *  comes again and makes them anew, and calls that were made for them are made again. */

export type DispatchPorts = {
  destinations: Pick<Destinations, 'of' | 'unknown'>;
  /** Reads entries of the catalog from Postgres into `destinations`. */
  learn: (wanted: readonly CatalogKey[]) => Promise<void>;
  window: Pick<Window, 'room' | 'worthWaiting' | 'add' | 'lane'>;
  /** In one transaction: locks earlier open deliveries, reads what was received, lets `arrange` decide what takes whose place, inserts. Answers
   *  the new ids, each with its state. */
  insert: (later: Later, arrange: (before: Before) => Arranged) => Promise<ReadonlyMap<string, NewDelivery['state']>>;
  /** This process, as the owner of leases. */
  owner: string;
  rates: RateLookup;
  now: () => number;
  numbers: DispatchMetrics;
  pause: (ms: number) => Promise<void>;
};

/** Deliveries that earlier ones may be open for, and those of them that hang on what the ad network has received. */
export type Later = { behind: readonly OwedDelivery[]; asking: readonly OwedDelivery[] };

const longestWaitMs = 250;
/** What arrives in a flood is late anyhow, and so is what is behind it; put aside, each of it would cost twice. */
const longestFloodWaitMs = 1_000;
const waitStepMs = 10;

export const dispatchConversions =
  (ports: DispatchPorts) =>
  async (changes: readonly ConversionChangedV1[]): Promise<Verdict[]> => {
    const verdicts: Verdict[] = [];
    const size = Math.ceil(changes.length / Math.ceil(changes.length / maxPieceSize));
    for (let from = 0; from < changes.length; from += size) {
      const next = changes.slice(from, from + size);
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
  let lastReceived: Before['lastReceived'] = new Map();
  const later = owed.filter(({ delivery }) => delivery.revision > 1);
  const asking = later.filter(({ change, destination }) => destination && dependsOnHistory(destination.rules, change));
  const ids = (of: readonly Owed[]) => of.map(({ delivery }) => delivery);
  const inserted = await ports.insert({ behind: ids(later), asking: ids(asking) }, (before) => {
    behind.clear();
    const arranged = arrange(owed, before, behind, ports);
    ({ rows } = arranged);
    ({ lastReceived } = before);
    return arranged;
  });
  const made = rows.flatMap((row) => {
    const state = inserted.get(row.id);
    return state === undefined ? [] : [{ ...row, state }];
  });
  for (const row of made) ports.numbers.made(row.state, row.reason);
  const createdAtMs = ports.now();
  const leased = made.filter((row) => row.state === 'sending');
  ports.window.add(
    leased.map((row): LeasedDelivery => ({
      ...row,
      attempts: 0,
      createdAtMs,
      maybeSent: false,
      lastReceived: lastReceived.get(deliveryHistoryKey(row)) ?? null,
      forced: false,
    })),
    behind,
  );
};

/** One verdict per change; a change that owes nothing is skipped with its reason. One of a campaign that nobody has received of is set aside:
 *  whoever restores the catalog releases it. Of several changes of one conversion in the batch that are
 *  one delivery, the newest counts, except where only the first ever does (the first state that can be sent, with its newest money). */
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
    const tellsBetter =
      newer && (once !== 'first' || before.unsendable !== null || before.change.state === change.state);
    if (!before || tellsBetter) {
      // Deleted first: the map's order is the order of sending.
      owed.delete(id);
      owed.set(id, {
        ...decision,
        change,
        broken: destination !== null && destination.broken !== null,
        destination: destination?.compiled ?? null,
      });
    }
    return done;
  });
  return { owed: [...owed.values()], verdicts };
};

/** A template that cannot be read owes a delivery for every state: parked, and sent by a replay when it has been mended. */
const brokenDelivery = (
  destinationKey: string,
  { conversionId, revision, state, restored }: ConversionChangedV1,
): OwedDelivery => ({
  id: deliveryIdOf(conversionId, destinationKey, stateOnce({ state, restored })),
  conversionId,
  destinationKey,
  cause: state,
  once: stateOnce({ state, restored }),
  revision,
});

/** Room is waited for only where nobody waits along: when all of the batch goes to one destination, which is quick. Among several, what finds
 *  no room goes to Postgres, which costs it twice and the others nothing (P7). Waiting for one of ten that hung took the p99 of the other
 *  nine from 20 to 220 ms. */
const waitForRoom = async (owed: readonly Owed[], { window, pause }: DispatchPorts): Promise<void> => {
  const [key, ...others] = new Set(owed.map(({ delivery }) => delivery.destinationKey));
  if (key === undefined || others.length > 0) return;
  const longestMs = isFlood(owed.length) ? longestFloodWaitMs : longestWaitMs;
  for (let waitedMs = 0; waitedMs < longestMs; waitedMs += waitStepMs) {
    if (!window.worthWaiting(key, owed.length)) return;
    await pause(waitStepMs);
  }
};
