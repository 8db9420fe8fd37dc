import type { ConversionChangedV1 } from '#contracts';
import {
  dependsOnHistory,
  placementOf,
  planDeliveries,
  receivedBefore,
  type NewDelivery,
  type Owed,
  type Verdict,
} from '#domain';
import { failPoint } from '#runtime';
import type { Later, Made } from './claiming/make-deliveries.js';
import type { DispatchPorts } from './dispatch.ports.js';
import { matchChanges } from './match-changes.js';
import type { CatalogKey } from './sending/destinations.js';
import { isFlood, maxPieceSize } from './sending/lane.js';
import type { Incoming } from './sending/send-window.js';

/** Dispatch. Reads `carom.conversions.v1`; writes deliveries, then calls the ad networks. Holds
 *  P6, P7, P8.
 *
 *  1. learn   campaigns and sources that the catalog topic has not brought yet, from Postgres
 *  2. match   each change with its destination (match-changes.ts, libs/domain)
 *  3. wait    for room, where a destination is quick enough
 *  4. plan    what is sent now, what waits, what replaces what (libs/domain), and insert it in the
 *             same transaction; what has room is leased to this process
 *  5. send    from memory, each destination in a lane of its own (sending/), and record (claiming/)
 *  6. commit  the offset, when what was inserted is on disk (docs/decisions/0009); a call does not
 *             wait for that
 *
 *  What finds no room, has failed, or belonged to a dead process is claimed again by due time.
 *
 *  | it dies            | then |
 *  | ------------------ | --- |
 *  | before 4 commits   | The batch comes again. |
 *  | after 4            | The batch comes again and finds its deliveries by their ids. What was |
 *  |                    | leased to the dead process is due again when its lease has run out. |
 *  | call, no record    | The call is made again with the same delivery id. |
 *  | Postgres, 4 to 6   | Some deliveries may be lost with it. The batch comes again and makes  |
 *  |                    | them again; their calls may be repeated. | */
export const dispatchConversions =
  (ports: DispatchPorts) =>
  async (changes: readonly ConversionChangedV1[]): Promise<Verdict[]> => {
    const verdicts: Verdict[] = [];
    for (const piece of piecesOf(changes)) {
      await learnUnknown(piece, ports);
      const matched = matchChanges(piece, ports);
      verdicts.push(...matched.verdicts);
      if (matched.owed.length === 0) continue;
      await waitForRoom(matched.owed, ports);
      const { epoch } = ports.lease;
      const made = await makeDeliveries(matched.owed, ports);
      await failPoint('dispatch.inserted');
      ports.window.add(sendable(made, ports), epoch);
    }
    return verdicts;
  };

/** Equal pieces, so that a long batch is not one long transaction. */
const piecesOf = <Each>(all: readonly Each[]): Each[][] => {
  const size = Math.ceil(all.length / Math.ceil(all.length / maxPieceSize));
  const pieces: Each[][] = [];
  for (let from = 0; from < all.length; from += size) pieces.push(all.slice(from, from + size));
  return pieces;
};

/** A new campaign may come over its topic later than its first conversion comes over another. */
const learnUnknown = async (
  changes: readonly ConversionChangedV1[],
  { destinations, learn }: DispatchPorts,
): Promise<void> => {
  const wanted = new Map<string, CatalogKey>();
  for (const { campaignKey, sourceKey } of changes)
    for (const each of destinations.unknown(campaignKey, sourceKey)) wanted.set(`${each.kind}:${each.key}`, each);
  if (wanted.size > 0) await learn([...wanted.values()]);
};

const maxWaitMs = 250;
/** What arrives in a flood is late anyway; queued in Postgres, each delivery of it would cost
 *  twice. */
const maxFloodWaitMs = 1_000;
const waitStepMs = 10;

/** Waits only when the whole batch goes to one destination, and that one is quick. Among several,
 *  what finds no room goes to Postgres, which costs it twice and the others nothing (P7). */
const waitForRoom = async (owed: readonly Owed[], { window, time }: DispatchPorts): Promise<void> => {
  const [key, ...others] = new Set(owed.map(({ delivery }) => delivery.destinationKey));
  if (key === undefined || others.length > 0) return;
  const maxMs = isFlood(owed.length) ? maxFloodWaitMs : maxWaitMs;
  for (let waitedMs = 0; waitedMs < maxMs; waitedMs += waitStepMs) {
    if (!window.shouldWaitForRoom(key, owed.length)) return;
    await time.wait(waitStepMs);
  }
};

/** Only a conversion's later states can have earlier deliveries. */
const makeDeliveries = (owed: readonly Owed[], { make, window, lease, rates }: DispatchPorts): Promise<Made> => {
  const later = owed.filter(({ delivery }) => delivery.revision > 1);
  const needHistory = later.filter(
    ({ facts, destination }) => destination && dependsOnHistory(destination.rules, facts),
  );
  const ids = (of: readonly Owed[]) => of.map(({ delivery }) => delivery);
  const wanted: Later = { following: ids(later), needHistory: ids(needHistory) };
  const roomFor = (key: string) => window.roomForNew(key);
  const isInMemory = (id: string) => window.has(id);
  return make(wanted, (earlier) => planDeliveries(owed, earlier, { owner: lease.owner, isInMemory, roomFor, rates }));
};

/** Those of the inserted deliveries that are leased to this process. */
const sendable = ({ deliveries, states, lastReceived }: Made, { metrics, time }: DispatchPorts): Incoming[] => {
  const createdAtMs = time.nowMs();
  return deliveries.flatMap(({ row, outcome }) => {
    const state = states.get(row.id);
    if (state === undefined) return [];
    metrics.made(state, row.reason);
    if (state !== 'sending') return [];
    const known = receivedBefore(lastReceived, row);
    return [{ delivery: leased(row, createdAtMs, known), placement: placementOf(outcome) }];
  });
};

const leased = (row: NewDelivery, createdAtMs: number, lastReceived: Incoming['delivery']['lastReceived']) => ({
  ...row,
  attempts: 0,
  createdAtMs,
  maybeSent: false,
  lastReceived,
  forced: false,
});
