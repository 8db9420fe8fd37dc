import { capPeriodOf, fitsCap, liftCap, valueNanosOf, type CapUse, type FamilyOutcome, type Standing } from '#domain';
import type { AttributionPorts, LedgerTransaction, OverCap } from './attribution.pipeline.js';
import { changedMessage } from './changed-message.js';

/** Lets conversions in that were over their offer's cap when they came and have room now, because the cap was raised or taken away:
 *  the oldest first, each in the period in which it came. Published before the commit, like every change without an offset. */
export type CapPorts = Pick<AttributionPorts, 'catalog' | 'conversions' | 'ledger' | 'now'>;

const liftedAtOnce = 2_000;

/** One pass over the oldest. Answers how many were let in. */
export const liftCaps = (ports: CapPorts): Promise<number> =>
  ports.ledger.inOneTransaction(async (ledger) => {
    const nowMs = ports.now();
    const over = await ledger.overCap(liftedAtOnce);
    if (over.length === 0) return 0;
    const families = await ledger.lockFamilies([...new Set(over.map(({ baseId }) => baseId))]);
    const places = over.flatMap((each) => placeOf(ports, each) ?? []);
    const unique = [...new Map(places.map((place) => [nameOf(place), place])).values()];
    const use = unique.length > 0 ? await ledger.lockCapUse(unique) : new Map<string, CapUse>();
    const lifted: FamilyOutcome[] = [];
    for (const each of over) {
      const family = families.get(each.baseId);
      if (!family || !takeRoom(ports, each, family.standings.get(each.member), use)) continue;
      const outcome = liftCap(family, each.member, nowMs);
      families.set(each.baseId, outcome.family);
      lifted.push(outcome);
    }
    await write(ledger, lifted, unique, use, nowMs);
    await ports.conversions.publish(
      lifted.flatMap(({ family, changes }) => changes.map((change) => changedMessage(family, change, null))),
    );
    return lifted.length;
  });

const nameOf = ({ offerKey, period }: { offerKey: string; period: string }) => `${offerKey} ${period}`;
const placeOf = (ports: CapPorts, { offerKey, recordedAtMs }: OverCap) => {
  const cap = ports.catalog.offer(offerKey)?.cap;
  return cap ? { offerKey, period: capPeriodOf(cap, recordedAtMs) } : null;
};

/** Whether there is room, and takes it. Without a cap there is always room. */
const takeRoom = (
  ports: CapPorts,
  each: OverCap,
  standing: Standing | undefined,
  use: Map<string, CapUse>,
): boolean => {
  const cap = ports.catalog.offer(each.offerKey)?.cap;
  const place = placeOf(ports, each);
  if (!standing?.marks.includes('over_cap')) return false;
  if (!cap || !place) return true;
  const held = use.get(nameOf(place)) ?? { conversions: 0, payoutNanos: 0n };
  const { state, money } = standing;
  const payoutNanos = state === null ? 0n : (valueNanosOf({ state, money }) ?? 0n);
  if (!fitsCap(cap, held, payoutNanos)) return false;
  use.set(nameOf(place), { conversions: held.conversions + 1, payoutNanos: held.payoutNanos + payoutNanos });
  return true;
};

const write = (
  ledger: LedgerTransaction,
  lifted: readonly FamilyOutcome[],
  places: readonly { offerKey: string; period: string }[],
  use: ReadonlyMap<string, CapUse>,
  nowMs: number,
): Promise<void> => {
  const families = [...new Map(lifted.map(({ family }) => [family.baseId, family])).values()];
  return ledger.write({
    inserted: [],
    updated: [],
    families,
    knownConversions: new Set(
      families.flatMap(({ standings }) => [...standings.values()].map((each) => each.conversionId)),
    ),
    entries: lifted.flatMap(({ changes }) => changes.flatMap(({ entries }) => entries)),
    rollups: [],
    flips: [],
    orphans: [],
    settled: [],
    capUse: places.flatMap((place) => {
      const held = use.get(nameOf(place));
      return held ? [{ ...place, ...held }] : [];
    }),
    recordedAtMs: nowMs,
  });
};
