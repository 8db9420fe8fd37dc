import {
  capMarks,
  capPeriodOf,
  isCapFull,
  liftCap,
  noUse,
  roomFor,
  type Cap,
  type CapUse,
  type ConversionSnapshot,
  type Mark,
  type RateLookup,
  type SetOutcome,
} from '#domain';
import { failPoint } from '#runtime';
import { capPlaceName, usedBy } from '../ledger/cap-use.js';
import { changedMessage } from '../ledger/changed-message.js';
import { isolate, type Failing } from '../ledger/isolate-faults.js';
import { noChanges, type AttributionPorts, type CapPlace, type LedgerTransaction } from '../ledger/ports.js';

/** Lets conversions in that were over their offer's cap when they came and fit now, because the cap
 * was raised or removed, or because the rate is known that says how much room they take: the oldest
 * first, each in the period in which it came.
 *
 * Each offer is walked through by itself and to its end, in pieces, and only when its cap or a rate
 * has changed: thousands of conversions over one cap cost nothing between, and hold up no other
 * offer. Only pieces with room lock anything. */
type OverCap = { conversionId: string; baseId: string; member: string; recordedAtMs: number };
export type CapPorts = Pick<AttributionPorts, 'catalog' | 'outbox' | 'ledger' | 'time'> & {
  offersOverCap: () => Promise<string[]>;
  overCap: (offerKey: string, page: { after: OverCap | null; limit: number }) => Promise<OverCap[]>;
  ratesChangedAt: () => Promise<number>;
  capUse: (places: readonly CapPlace[]) => Promise<Map<string, CapUse>>;
};

type Place = CapPlace & { cap: Cap };
type Uses = Map<string, CapUse>;

const pieceSize = 200;
/** For what no look at the cap and the rates can show: offers are walked through again after this.
 */
const walkAgainAfterMs = 600_000;

/** By offer, the cap and the state of the rates under which nothing more fitted, and when that was
 * found. */
export type Walked = Map<string, { under: string; atMs: number }>;

/** One pass over all offers. Answers how many conversions were let in. */
export const liftCaps = async (
  ports: CapPorts,
  walked: Walked,
  failing: Failing,
  signal?: AbortSignal,
): Promise<number> => {
  const nowMs = ports.time.nowMs();
  let lifted = 0;
  const offers = await ports.offersOverCap();
  const ratesChangedAtMs = offers.length > 0 ? await ports.ratesChangedAt() : 0;
  for (const offerKey of offers) {
    if (signal?.aborted) break;
    const cap = ports.catalog.offer(offerKey)?.cap ?? null;
    const before = walked.get(offerKey);
    const under = JSON.stringify([cap, ratesChangedAtMs]);
    // Without a cap all of them fit, so whatever is found has to be walked through.
    if (cap && before?.under === under && nowMs - before.atMs < walkAgainAfterMs) continue;
    const walk = await walkThrough(ports, offerKey, cap, failing, signal);
    lifted += walk.lifted;
    if (walk.isComplete) walked.set(offerKey, { under, atMs: nowMs });
  }
  return lifted;
};

const walkThrough = async (
  ports: CapPorts,
  offerKey: string,
  cap: Cap | null,
  failing: Failing,
  signal?: AbortSignal,
): Promise<{ lifted: number; isComplete: boolean }> => {
  let lifted = 0;
  let isComplete = true;
  let after: OverCap | null = null;
  while (!signal?.aborted) {
    const piece: OverCap[] = await ports.overCap(offerKey, { after, limit: pieceSize });
    const fitting = await withRoom(ports, offerKey, cap, piece);
    const { done } = await isolate(
      'lift caps',
      fitting,
      (each) => each.conversionId,
      failing,
      (some) => liftSome(ports, offerKey, cap, some),
    );
    lifted += done.reduce((sum, each) => sum + each.lifted, 0);
    if (done.some((each) => each.locked > 0)) isComplete = false;
    if (piece.length < pieceSize) return { lifted, isComplete };
    after = piece.at(-1) ?? null;
  }
  return { lifted, isComplete: false };
};

/** Those whose period is not full: found out without a lock, as nearly all periods are full. */
const withRoom = async (
  ports: CapPorts,
  offerKey: string,
  cap: Cap | null,
  piece: readonly OverCap[],
): Promise<OverCap[]> => {
  if (!cap || piece.length === 0) return [...piece];
  const places = placesOf(offerKey, cap, piece);
  const uses = await ports.capUse([...places.values()]);
  return piece.filter(({ recordedAtMs }) => {
    const place = { offerKey, period: capPeriodOf(cap, recordedAtMs), cap };
    return !isCapFull(cap, usedBy(place, uses));
  });
};

const placesOf = (offerKey: string, cap: Cap, piece: readonly OverCap[]): Map<string, Place> =>
  new Map(
    piece.map(({ recordedAtMs }) => {
      const place = { offerKey, period: capPeriodOf(cap, recordedAtMs), cap };
      return [capPlaceName(place), place];
    }),
  );

const liftSome = async (
  ports: CapPorts,
  offerKey: string,
  cap: Cap | null,
  some: readonly OverCap[],
): Promise<{ lifted: number; locked: number }> => {
  const result = await ports.ledger.inOneTransaction(async (ledger) => {
    const nowMs = ports.time.nowMs();
    const sets = await ledger.lockFreeConversionSets([...new Set(some.map(({ baseId }) => baseId))]);
    const locked = some.filter(({ baseId }) => !sets.has(baseId)).length;
    const places = cap ? placesOf(offerKey, cap, some) : new Map<string, Place>();
    const uses = await lockUses(ledger, places);
    const rates = cap ? await ledger.rates(some.map(({ recordedAtMs }) => recordedAtMs)) : () => null;
    const changes = noChanges(nowMs, sets.values());
    const outcomes: SetOutcome[] = [];
    for (const each of some) {
      const set = sets.get(each.baseId);
      const snapshot = set?.snapshots.get(each.member);
      if (!set || !snapshot) continue;
      const marks = marksNow(each, offerKey, cap, snapshot, uses, rates);
      const outcome = liftCap(set, each.member, marks, nowMs);
      if (outcome.changes.length === 0) continue;
      sets.set(each.baseId, outcome.set);
      outcomes.push(outcome);
    }
    if (outcomes.length === 0) return { lifted: 0, locked, written: 0 };
    changes.sets = [...new Map(outcomes.map(({ set }) => [set.baseId, set])).values()];
    changes.entries = outcomes.flatMap((each) => each.changes.flatMap(({ entries }) => entries));
    changes.capUse = [...places].flatMap(([name, place]) => {
      const use = uses.get(name);
      return use ? [{ offerKey, period: place.period, ...use }] : [];
    });
    changes.outbox = outcomes.flatMap(({ set, changes: own }) => own.map((each) => changedMessage(set, each, null)));
    await ledger.write(changes);
    await failPoint('attribution.caps.before-commit');
    const lifted = changes.outbox.filter(({ marks }) => !marks.includes('over_cap')).length;
    return { lifted, locked, written: outcomes.length };
  });
  if (result.written === 0) return result;
  await failPoint('attribution.caps.committed');
  await ports.outbox.relay();
  return result;
};

const lockUses = async (ledger: LedgerTransaction, places: ReadonlyMap<string, Place>): Promise<Uses> => {
  if (places.size === 0) return new Map();
  const held = await ledger.lockCapUse([...places.values()]);
  return new Map([...places].map(([name, place]) => [name, usedBy(place, held)]));
};

/** The marks that a conversion over its cap has by the cap as it is today; takes the room if there
 * is some. Without a cap there always is. */
const marksNow = (
  { recordedAtMs }: OverCap,
  offerKey: string,
  cap: Cap | null,
  snapshot: ConversionSnapshot,
  uses: Uses,
  rates: RateLookup,
): Mark[] => {
  if (!cap || !snapshot.marks.includes('over_cap')) return [];
  const name = capPlaceName({ offerKey, period: capPeriodOf(cap, recordedAtMs) });
  const use = uses.get(name) ?? noUse(cap);
  const room = roomFor(cap, use, snapshot, (currency) => rates(currency, recordedAtMs));
  if (room.kind === 'fits') uses.set(name, room.use);
  return capMarks(room);
};
