import type { Resolved } from './attribution.js';
import { changeReport, type Family } from './conversion-set.js';
import { conversionIdOf } from './identity.js';
import { bucketNames, emptyBuckets, type Buckets } from './ledger.js';
import { conversionStates, type ConversionState } from '../settings.js';

/** The family that a resolved call changes: with the click it is credited to and, if the call is read anew, under the rules of today. An
 *  ordinary report goes by those under which its conversion was made. */
export const familyFor = (held: Family | undefined, resolved: Resolved, isReplay: boolean): Family => {
  const { identity, network, event, transactionId, clickId, attribution } = resolved;
  const family: Family = held ?? {
    baseId: conversionIdOf(identity),
    identity,
    networkKey: network.key,
    event,
    transactionId,
    rules: resolved.rules,
    reports: [],
    attributions: {},
    standings: new Map(),
  };
  const attributions =
    attribution && !(clickId in family.attributions)
      ? { ...family.attributions, [clickId]: attribution }
      : family.attributions;
  const hadMembers = family.standings.size > 1 ? { hadMembers: true } : {};
  return { ...family, attributions, rules: isReplay ? { ...resolved.rules, ...hadMembers } : family.rules };
};

/** What a replay would move: how many conversions would be in each state more or less, and how much money in each bucket. */
export type Moves = {
  conversionsChanged: number;
  states: Record<ConversionState, number>;
  money: { currency: string; buckets: Buckets }[];
};

/** Plays a replay through without writing anything: the same rules on copies of the families as they stand. */
export const createWhatIf = () => {
  const before = new Map<string, Family>();
  const now = new Map<string, Family>();
  return {
    /** Which of these are still to be told of. */
    missing: (baseIds: readonly string[]): string[] => [...new Set(baseIds)].filter((id) => !now.has(id)),
    tell(families: ReadonlyMap<string, Family>): void {
      for (const [id, family] of families) {
        before.set(id, family);
        now.set(id, family);
      }
    },
    /** A call that stood with `standsAt` and is resolved anew; null: it is refused or waits, so its report is taken back. */
    replay(call: { id: string; standsAt: string | null; resolved: Resolved | null; nowMs: number }): void {
      const { id: causeId, standsAt, resolved, nowMs } = call;
      const baseId = resolved && conversionIdOf(resolved.identity);
      const left = standsAt !== null && standsAt !== baseId ? now.get(standsAt) : undefined;
      if (left) now.set(left.baseId, changeReport(left, { causeId, report: null, nowMs }).family);
      if (!resolved || baseId === null) return;
      const family = familyFor(now.get(baseId), resolved, true);
      now.set(baseId, changeReport(family, { causeId, report: resolved.report, nowMs }).family);
    },
    moves: (): Moves => movesBetween(before, now),
  };
};

type Standings = ReadonlyMap<string, Family>;

const movesBetween = (before: Standings, now: Standings): Moves => {
  const states = Object.fromEntries(conversionStates.map((state) => [state, 0])) as Moves['states'];
  const money = new Map<string, Buckets>();
  const add = (families: Standings, sign: 1 | -1) => {
    for (const family of families.values())
      for (const { state, marks, money: stands, currency } of family.standings.values()) {
        if (state === null || marks.includes('test')) continue;
        states[state] += sign;
        if (!stands || currency === null) continue;
        const buckets = money.get(currency) ?? emptyBuckets();
        for (const name of bucketNames) buckets[name] += BigInt(sign) * stands[name];
        money.set(currency, buckets);
      }
  };
  add(before, -1);
  add(now, 1);
  const revisions = (family: Family | undefined, member: string) => family?.standings.get(member)?.revision ?? 0;
  const changed = [...now].flatMap(([id, family]) =>
    [...family.standings.keys()].filter((member) => revisions(family, member) !== revisions(before.get(id), member)),
  );
  const moved = [...money].filter(([, buckets]) => bucketNames.some((name) => buckets[name] !== 0n));
  return {
    conversionsChanged: changed.length,
    states,
    money: moved.map(([currency, buckets]) => ({ currency, buckets })),
  };
};
