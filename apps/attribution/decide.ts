import type { ConversionChangedV1, PostbackReceivedV1 } from '#contracts';
import {
  changeReport,
  conversionIdOf,
  countAgainstCap,
  conversionSetFor,
  RollupSum,
  type Cap,
  type CapUse,
  type ConversionSet,
  type SetOutcome,
  type RateOf,
  type Resolution,
  type Resolved,
} from '#domain';
import type { DecidedPostback, KnownPostback, LedgerChanges, Occasion } from './attribution.pipeline.js';
import { changedMessage } from './ledger/changed-message.js';

/** What becomes of a batch of resolved calls, given what the ledger holds: no reads, no writes, so it can be done again from the start
 *  when another node was faster. */

/** By offer, the cap and what its period has taken in so far. */
export type Caps = Map<string, { cap: Cap; offerKey: string; period: string; use: CapUse; rateOf: RateOf }>;
export type Item = { message: PostbackReceivedV1; resolution: Resolution };
type Held = {
  known: Map<string, KnownPostback>;
  sets: Map<string, ConversionSet>;
  caps: Caps;
  occasion: Occasion;
  nowMs: number;
};

const valueOf = (message: PostbackReceivedV1, field: keyof PostbackReceivedV1['read']) =>
  message.read[field]?.value ?? null;

const noChanges = (knownConversions: ReadonlySet<string>, recordedAtMs: number): LedgerChanges => ({
  inserted: [],
  updated: [],
  sets: [],
  knownConversions,
  entries: [],
  rollups: [],
  flips: [],
  orphans: [],
  settled: [],
  capUse: [],
  recordedAtMs,
});

/** The log's row of a postback that is set aside. */
export const parkedOnly = (message: PostbackReceivedV1, nowMs: number): LedgerChanges => ({
  ...noChanges(new Set(), nowMs),
  inserted: [
    {
      message,
      networkKey: message.networkKey,
      state: 'parked',
      refusal: null,
      clickId: valueOf(message, 'clickId'),
      transactionId: valueOf(message, 'transactionId'),
      event: valueOf(message, 'event'),
      baseId: null,
      conversionId: null,
      outcome: [],
    },
  ],
});

/** Changes the conversion sets by the reports, in the order in which they came. */
export const decideAll = (items: readonly Item[], { known, sets, caps, occasion, nowMs }: Held): LedgerChanges => {
  const knownConversions = new Set(
    [...sets.values()].flatMap((set) => [...set.snapshots.values()].map(({ conversionId }) => conversionId)),
  );
  const changes = noChanges(knownConversions, nowMs);
  const touched = new Set<string>();
  const sum = new RollupSum();
  const seen = new Set<string>();
  for (const { message, resolution } of items) {
    const before = known.get(message.id);
    if (seen.has(message.id)) continue;
    // A postback that is in the log is not decided again, unless it waits or somebody asked for a replay.
    if (before && message.channel !== 'replay' && !(occasion === 'waiting' && before.state === 'orphan')) continue;
    seen.add(message.id);
    const decided = decideOne(message, resolution, before, { sets, touched, changes, sum, caps, nowMs });
    (before ? changes.updated : changes.inserted).push(decided);
    if (resolution.kind === 'orphan') changes.orphans.push({ message, ...resolution });
    else if (before) changes.settled.push(message.id);
  }
  changes.rollups = sum.list();
  changes.capUse = [...caps.values()].map(({ offerKey, period, use }) => ({ offerKey, period, ...use }));
  changes.sets = [...touched].flatMap((id) => sets.get(id) ?? []);
  return changes;
};

type Work = {
  sets: Map<string, ConversionSet>;
  touched: Set<string>;
  changes: LedgerChanges;
  sum: RollupSum;
  caps: Caps;
  nowMs: number;
};

const decideOne = (
  message: PostbackReceivedV1,
  resolution: Exclude<Resolution, { kind: 'reread' }> | Resolution,
  before: KnownPostback | undefined,
  work: Work,
): DecidedPostback => {
  const baseId = resolution.kind === 'conversion' ? conversionIdOf(resolution.identity) : null;
  const outcome: ConversionChangedV1[] = [];
  if (before?.baseId && before.baseId !== baseId) outcome.push(...change(message, before.baseId, null, work).published);
  const record = {
    message,
    clickId: valueOf(message, 'clickId'),
    transactionId: valueOf(message, 'transactionId'),
    event: valueOf(message, 'event'),
    baseId,
    conversionId: null,
    outcome,
  };
  if (resolution.kind !== 'conversion' || baseId === null) {
    const networkKey =
      resolution.kind === 'reread'
        ? resolution.network.key
        : resolution.kind === 'conversion'
          ? null
          : resolution.networkKey;
    const refusal = resolution.kind === 'refused' ? resolution.code : null;
    return { ...record, networkKey, state: resolution.kind === 'orphan' ? 'orphan' : 'refused', refusal };
  }
  work.sets.set(baseId, conversionSetFor(work.sets.get(baseId), resolution, message.channel === 'replay'));
  const { effect, published, conversionId } = change(message, baseId, resolution, work);
  outcome.push(...published);
  const refusal = effect.kind === 'refused' ? effect.code : null;
  return {
    ...record,
    networkKey: resolution.network.key,
    clickId: resolution.clickId,
    conversionId,
    // What a call did before it was read again, it still does when the reading changes nothing.
    state: refusal ? 'refused' : published.length > 0 || isStill(before, baseId) ? 'applied' : 'duplicate',
    refusal,
  };
};

const isStill = (before: KnownPostback | undefined, baseId: string): boolean =>
  before?.state === 'applied' && before.baseId === baseId;

/** Puts a postback's report into its conversion set, or takes it out of it, and notes what that changed. */
const change = (message: PostbackReceivedV1, baseId: string, resolved: Resolved | null, work: Work) => {
  const set = work.sets.get(baseId);
  if (!set) return { effect: { kind: 'nothing' as const }, published: [], conversionId: null };
  const report = resolved?.report ?? null;
  const result = capped(changeReport(set, { causeId: message.id, report, nowMs: work.nowMs }), resolved, work);
  work.sets.set(baseId, result.set);
  work.touched.add(baseId);
  work.changes.entries.push(...result.changes.flatMap((each) => each.entries));
  for (const each of result.changes) work.sum.addChange(result.set, each);
  const published = result.changes
    .filter(({ before, after }) => after.state !== null || (before !== null && before.state !== null))
    .map((each) => changedMessage(result.set, each, message));
  const spoken = result.changes.at(-1)?.after.conversionId;
  const stands = result.set.snapshots.get('');
  const conversionId = spoken ?? (stands?.state != null ? stands.conversionId : null);
  work.changes.flips.push(...result.flips.map(({ causeId, refusal }) => ({ id: causeId, refusal, conversionId })));
  return { effect: result.effect, published, conversionId };
};

/** Counts what was made against the cap of its offer. */
const capped = (outcome: SetOutcome, resolved: Resolved | null, { caps }: Work): SetOutcome => {
  const held = caps.get(resolved?.attribution?.offerKey ?? '');
  if (!held) return outcome;
  const counted = countAgainstCap(outcome, held.cap, held.use, held.rateOf);
  held.use = counted.use;
  return counted.outcome;
};
