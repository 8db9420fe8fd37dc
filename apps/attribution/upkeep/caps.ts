import {
  capMarks,
  capPeriodOf,
  liftCap,
  noUse,
  roomFor,
  type Cap,
  type CapUse,
  type SetOutcome,
  type Mark,
  type RateLookup,
  type ConversionSnapshot,
} from '#domain';
import { usedBy, type AttributionPorts, type LedgerTransaction, type OverCap } from '../attribution.pipeline.js';
import { changedMessage } from '../ledger/changed-message.js';

/** Lets conversions in that were over their offer's cap when they came and have room now, because the cap was raised or taken away, or
 *  because the rate is known that says how much room they take: the oldest first, each in the period in which it came. Published before
 *  the commit, like every change without an offset. */
export type CapPorts = Pick<AttributionPorts, 'catalog' | 'conversions' | 'ledger' | 'now'>;

const liftedAtOnce = 2_000;

type Place = { offerKey: string; period: string; cap: Cap };
type Uses = Map<string, CapUse>;

/** One pass over the oldest. Answers how many were let in. */
export const liftCaps = (ports: CapPorts): Promise<number> =>
  ports.ledger.inOneTransaction(async (ledger) => {
    const nowMs = ports.now();
    const over = await ledger.overCap(liftedAtOnce);
    if (over.length === 0) return 0;
    const sets = await ledger.lockConversionSets([...new Set(over.map(({ baseId }) => baseId))]);
    const places = [
      ...new Map(over.flatMap((each) => placeOf(ports, each) ?? []).map((place) => [nameOf(place), place])).values(),
    ];
    const uses = await lockUses(ledger, places);
    const rates = places.length > 0 ? await ledger.rates(over.map(({ recordedAtMs }) => recordedAtMs)) : () => null;
    const lifted: SetOutcome[] = [];
    for (const each of over) {
      const set = sets.get(each.baseId);
      const snapshot = set?.snapshots.get(each.member);
      if (!set || !snapshot) continue;
      const outcome = liftCap(set, each.member, marksNow(each, placeOf(ports, each), snapshot, uses, rates), nowMs);
      if (outcome.changes.length === 0) continue;
      sets.set(each.baseId, outcome.set);
      lifted.push(outcome);
    }
    await write(ledger, lifted, places, uses, nowMs);
    const changes = lifted.flatMap(({ set, changes: own }) => own.map((change) => changedMessage(set, change, null)));
    await ports.conversions.publish(changes);
    return changes.filter(({ marks }) => !marks.includes('over_cap')).length;
  });

const nameOf = ({ offerKey, period }: { offerKey: string; period: string }) => `${offerKey} ${period}`;
const placeOf = (ports: CapPorts, { offerKey, recordedAtMs }: OverCap): Place | null => {
  const cap = ports.catalog.offer(offerKey)?.cap;
  return cap ? { offerKey, period: capPeriodOf(cap, recordedAtMs), cap } : null;
};

const lockUses = async (ledger: LedgerTransaction, places: readonly Place[]): Promise<Uses> => {
  const held = places.length > 0 ? await ledger.lockCapUse(places) : new Map<string, CapUse>();
  return new Map(places.map((place) => [nameOf(place), usedBy(place, held)]));
};

/** The marks that a conversion which was over its cap has by the cap as it is today; takes the room when there is some. Without a cap there
 *  always is. */
const marksNow = (
  { recordedAtMs }: OverCap,
  place: Place | null,
  snapshot: ConversionSnapshot,
  uses: Uses,
  rates: RateLookup,
): Mark[] => {
  if (!place || !snapshot.marks.includes('over_cap')) return [];
  const use = uses.get(nameOf(place)) ?? noUse(place.cap);
  const room = roomFor(place.cap, use, snapshot, (currency) => rates(currency, recordedAtMs));
  if (room.kind === 'fits') uses.set(nameOf(place), room.use);
  return capMarks(room);
};

const write = (
  ledger: LedgerTransaction,
  lifted: readonly SetOutcome[],
  places: readonly Place[],
  uses: Uses,
  nowMs: number,
): Promise<void> => {
  const sets = [...new Map(lifted.map(({ set }) => [set.baseId, set])).values()];
  return ledger.write({
    inserted: [],
    updated: [],
    sets,
    knownConversions: new Set(
      sets.flatMap(({ snapshots }) => [...snapshots.values()].map((each) => each.conversionId)),
    ),
    entries: lifted.flatMap(({ changes }) => changes.flatMap(({ entries }) => entries)),
    rollups: [],
    flips: [],
    orphans: [],
    settled: [],
    capUse: places.flatMap(({ offerKey, period }) => {
      const use = uses.get(nameOf({ offerKey, period }));
      return use ? [{ offerKey, period, ...use }] : [];
    }),
    recordedAtMs: nowMs,
  });
};
