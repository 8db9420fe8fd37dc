import type { Resolved } from './attribution.js';
import { changeReport, type ConversionSet } from './conversion-set.js';
import { conversionSetFor } from './set-for-call.js';
import { conversionIdOf } from './identity.js';
import { bucketNames, emptyBuckets, type Buckets } from '../money/buckets.js';
import { conversionStates, type ConversionState } from '../settings.js';

/** What a replay would move: how many conversions would be in each state more or less, and how much
 *  money in each bucket. */
export type Moves = {
  conversionsChanged: number;
  states: Record<ConversionState, number>;
  money: { currency: string; buckets: Buckets }[];
};

/** Plays a replay through without writing: it applies the same rules to copies of the current
 *  conversion sets. */
export const createWhatIf = () => {
  const before = new Map<string, ConversionSet>();
  const now = new Map<string, ConversionSet>();
  return {
    /** Which of these sets the caller still has to pass to `load`. */
    missing: (baseIds: readonly string[]): string[] => [...new Set(baseIds)].filter((id) => !now.has(id)),
    load(sets: ReadonlyMap<string, ConversionSet>): void {
      for (const [id, set] of sets) {
        before.set(id, set);
        now.set(id, set);
      }
    },
    /** Moves a call from the set `currentBaseId` to the one that it resolves to now. Null: it is
     *  refused or waits, so its report is removed. */
    replay(call: { id: string; currentBaseId: string | null; resolved: Resolved | null; nowMs: number }): void {
      const { id: causeId, currentBaseId, resolved, nowMs } = call;
      const baseId = resolved && conversionIdOf(resolved.identity);
      const left = currentBaseId !== null && currentBaseId !== baseId ? now.get(currentBaseId) : undefined;
      if (left) now.set(left.baseId, changeReport(left, { causeId, report: null, nowMs }).set);
      if (!resolved || baseId === null) return;
      const set = conversionSetFor(now.get(baseId), resolved, true);
      now.set(baseId, changeReport(set, { causeId, report: resolved.report, nowMs }).set);
    },
    moves: (): Moves => movesBetween(before, now),
  };
};

type Snapshots = ReadonlyMap<string, ConversionSet>;

const movesBetween = (before: Snapshots, now: Snapshots): Moves => {
  const states = Object.fromEntries(conversionStates.map((state) => [state, 0])) as Moves['states'];
  const money = new Map<string, Buckets>();
  const add = (sets: Snapshots, sign: 1 | -1) => {
    for (const set of sets.values())
      for (const { state, marks, money: held, currency } of set.snapshots.values()) {
        if (state === null || marks.includes('test')) continue;
        states[state] += sign;
        if (!held || currency === null) continue;
        const buckets = money.get(currency) ?? emptyBuckets();
        for (const name of bucketNames) buckets[name] += BigInt(sign) * held[name];
        money.set(currency, buckets);
      }
  };
  add(before, -1);
  add(now, 1);
  const revisions = (set: ConversionSet | undefined, member: string) => set?.snapshots.get(member)?.revision ?? 0;
  const changed = [...now].flatMap(([id, set]) =>
    [...set.snapshots.keys()].filter((member) => revisions(set, member) !== revisions(before.get(id), member)),
  );
  const moved = [...money].filter(([, buckets]) => bucketNames.some((name) => buckets[name] !== 0n));
  return {
    conversionsChanged: changed.length,
    states,
    money: moved.map(([currency, buckets]) => ({ currency, buckets })),
  };
};
