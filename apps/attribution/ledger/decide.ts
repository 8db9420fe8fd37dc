import type { ConversionChangedV1, KnownPostback, PostbackReceivedV1, PostbackRecord } from '#contracts';
import {
  changeReport,
  conversionIdOf,
  conversionSetFor,
  countAgainstCap,
  RollupSum,
  type ConversionSet,
  type RefusalCode,
  type Resolved,
  type SetOutcome,
} from '#domain';
import type { Caps } from './cap-use.js';
import { changedMessage } from './changed-message.js';
import { noChanges, type Item, type LedgerChanges, type OrphanRoom, type WaitingById } from './ports.js';

/** What becomes of a batch of resolved calls, given what the ledger holds. It reads and writes
 * nothing, so it can run again from the start when another process was faster. */

type Held = {
  known: ReadonlyMap<string, KnownPostback>;
  sets: Map<string, ConversionSet>;
  caps: Caps;
  room: OrphanRoom;
  /** Orphans that are looked at again, not a batch of the topic. */
  isWaiting: boolean;
  nowMs: number;
};
type Work = Held & { touched: Set<string>; changes: LedgerChanges; sum: RollupSum };

const valueOf = (message: PostbackReceivedV1, field: keyof PostbackReceivedV1['read']) =>
  message.read[field]?.value ?? null;

const recordOf = (message: PostbackReceivedV1): Omit<PostbackRecord, 'state'> => ({
  message,
  networkKey: message.networkKey,
  refusal: null,
  clickId: valueOf(message, 'clickId'),
  transactionId: valueOf(message, 'transactionId'),
  event: valueOf(message, 'event'),
  baseId: null,
  conversionId: null,
  outcome: [],
});

/** The log's row of a postback that is set aside. */
export const parkedRecordOf = (message: PostbackReceivedV1): PostbackRecord => ({
  ...recordOf(message),
  state: 'parked',
});

/** Whether an orphan waits on for the same as before. Then nothing at all is written for this look.
 */
export const isStillWaiting = ({ message, resolution }: Item, waiting: WaitingById): boolean => {
  const before = waiting.get(message.id);
  return (
    resolution.kind === 'orphan' &&
    resolution.clickId === before?.clickId &&
    resolution.transactionId === before.transactionId
  );
};

/** A postback of the log is decided again if it is replayed, if it was set aside before it could be
 *  decided, or if it is an orphan that is looked at. Every other one is a redelivery. */
const isDecidedAgain = (message: PostbackReceivedV1, before: KnownPostback, isWaiting: boolean): boolean =>
  message.channel === 'replay' || before.state === 'parked' || (isWaiting && before.state === 'orphan');

/** Puts the reports into their conversions, in the order given. */
export const decide = (items: readonly Item[], held: Held): LedgerChanges => {
  const changes = noChanges(held.nowMs, held.sets.values());
  const work: Work = { ...held, touched: new Set(), changes, sum: new RollupSum() };
  const seen = new Set<string>();
  for (const { message, resolution } of items) {
    const before = held.known.get(message.id);
    if (seen.has(message.id)) continue;
    if (before && !isDecidedAgain(message, before, held.isWaiting)) continue;
    seen.add(message.id);
    const decided = decideOne(message, resolution, before, work);
    (before ? changes.updated : changes.inserted).push(decided);
    if (before && decided.state !== 'orphan') changes.settled.push(message.id);
  }
  changes.rollups = work.sum.list();
  changes.capUse = [...held.caps.values()].map(({ offerKey, period, use }) => ({ offerKey, period, ...use }));
  changes.sets = [...work.touched].flatMap((id) => held.sets.get(id) ?? []);
  return changes;
};

const decideOne = (
  message: PostbackReceivedV1,
  resolution: Item['resolution'],
  before: KnownPostback | undefined,
  work: Work,
): PostbackRecord => {
  const baseId = resolution.kind === 'conversion' ? conversionIdOf(resolution.identity) : null;
  const withdrawn = before?.baseId && before.baseId !== baseId ? change(message, before.baseId, null, work) : null;
  const record = { ...recordOf(message), baseId, outcome: withdrawn?.published ?? [] };
  if (resolution.kind === 'refused')
    return { ...record, networkKey: resolution.networkKey, state: 'refused', refusal: resolution.code };
  if (resolution.kind === 'orphan') {
    const { networkKey } = resolution;
    const orphan = { ...resolution, message };
    if (before?.state !== 'orphan' && !work.room.take(orphan))
      return { ...record, networkKey, state: 'refused', refusal: 'too_many_waiting' };
    work.changes.orphans.push(orphan);
    return { ...record, networkKey, state: 'orphan' };
  }
  return decideConversion(message, resolution, before, record, work);
};

const decideConversion = (
  message: PostbackReceivedV1,
  resolved: Resolved,
  before: KnownPostback | undefined,
  record: Omit<PostbackRecord, 'state'>,
  work: Work,
): PostbackRecord => {
  const baseId = conversionIdOf(resolved.identity);
  work.sets.set(baseId, conversionSetFor(work.sets.get(baseId), resolved, message.channel === 'replay'));
  const { effect, published, conversionId } = change(message, baseId, resolved, work);
  const refusal: RefusalCode | null = effect.kind === 'refused' ? effect.code : null;
  // A replay that changes nothing keeps the state `applied`.
  const staysApplied = before?.state === 'applied' && before.baseId === baseId;
  return {
    ...record,
    networkKey: resolved.network.key,
    clickId: resolved.clickId,
    conversionId,
    state: refusal ? 'refused' : published.length > 0 || staysApplied ? 'applied' : 'duplicate',
    refusal,
    outcome: [...record.outcome, ...published],
  };
};

/** Puts a postback's report into its conversion set, or withdraws it, and notes what that changed.
 */
const change = (message: PostbackReceivedV1, baseId: string, resolved: Resolved | null, work: Work) => {
  const set = work.sets.get(baseId);
  if (!set) return { effect: { kind: 'nothing' as const }, published: [], conversionId: null };
  const report = resolved?.report ?? null;
  const result = capped(changeReport(set, { causeId: message.id, report, nowMs: work.nowMs }), resolved, work.caps);
  work.sets.set(baseId, result.set);
  work.touched.add(baseId);
  work.changes.entries.push(...result.changes.flatMap((each) => each.entries));
  for (const each of result.changes) work.sum.addChange(result.set, each);
  const published = result.changes
    .filter(({ before, after }) => after.state !== null || (before !== null && before.state !== null))
    .map((each): ConversionChangedV1 => changedMessage(result.set, each, message));
  const changed = result.changes.at(-1)?.after.conversionId;
  const own = result.set.snapshots.get('');
  const conversionId = changed ?? (own?.state != null ? own.conversionId : null);
  work.changes.flips.push(...result.flips.map(({ causeId, refusal }) => ({ id: causeId, refusal, conversionId })));
  return { effect: result.effect, published, conversionId };
};

/** Counts what was made against the cap of its offer. */
const capped = (outcome: SetOutcome, resolved: Resolved | null, caps: Caps): SetOutcome => {
  const held = caps.get(resolved?.attribution?.offerKey ?? '');
  if (!held) return outcome;
  const counted = countAgainstCap(outcome, held.cap, held.use, held.rateOf);
  held.use = counted.use;
  return counted.outcome;
};
