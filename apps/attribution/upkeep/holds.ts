import { changeReport, endsOfHolds, RollupSum, type SetOutcome } from '#domain';
import { failPoint } from '#runtime';
import { changedMessage } from '../ledger/changed-message.js';
import { isolate, type Failing } from '../ledger/isolate-faults.js';
import { noChanges, type AttributionPorts } from '../ledger/ports.js';

/** Ends holds: a pending conversion of an offer with `holdDays` approves by itself when its time is
 * up and no other report has come. The end is a report like any other, made by a rule, so a
 * rejection that the network dates before the end of the hold still wins. Its id and revision are
 * derived, so two processes make the same one. */
type EndedHold = { baseId: string; dueAtMs: number };
export type HoldPorts = Pick<AttributionPorts, 'outbox' | 'ledger' | 'time'> & {
  endedHolds: (nowMs: number, page: { after: EndedHold | null; limit: number }) => Promise<EndedHold[]>;
};

const endedAtOnce = 200;
const maxPasses = 100;

/** One pass over all that is due: a hold that fails is passed by, so that it stops no other.
 * Answers how many ended. */
export const endHolds = async (ports: HoldPorts, failing: Failing, signal?: AbortSignal): Promise<number> => {
  const nowMs = ports.time.nowMs();
  let ended = 0;
  let after: EndedHold | null = null;
  for (let pass = 0; pass < maxPasses && !signal?.aborted; pass += 1) {
    const due: EndedHold[] = await ports.endedHolds(nowMs, { after, limit: endedAtOnce });
    const ids = [...new Set(due.map(({ baseId }) => baseId))];
    const { done } = await isolate(
      'end holds',
      ids,
      (id) => id,
      failing,
      (some) => endSome(ports, some, nowMs),
    );
    ended += done.reduce((sum, each) => sum + each, 0);
    if (due.length < endedAtOnce) break;
    after = due.at(-1) ?? null;
  }
  return ended;
};

const endSome = async (ports: HoldPorts, baseIds: readonly string[], nowMs: number): Promise<number> => {
  const ended = await ports.ledger.inOneTransaction(async (ledger) => {
    // Those that another process has locked are ended by it, or found again at the next pass.
    const sets = await ledger.lockFreeConversionSets(baseIds);
    const outcomes = [...sets.values()].flatMap((set) => {
      let current = set;
      return endsOfHolds(set, nowMs).map((report): SetOutcome => {
        const outcome = changeReport(current, { causeId: report.causeId, report, nowMs });
        current = outcome.set;
        return outcome;
      });
    });
    if (outcomes.length === 0) return 0;
    const sum = new RollupSum();
    for (const { set, changes } of outcomes) for (const change of changes) sum.addChange(set, change);
    await ledger.write({
      ...noChanges(nowMs, sets.values()),
      sets: [...new Map(outcomes.map(({ set }) => [set.baseId, set])).values()],
      entries: outcomes.flatMap(({ changes }) => changes.flatMap(({ entries }) => entries)),
      rollups: sum.list(),
      outbox: outcomes.flatMap(({ set, changes }) => changes.map((change) => changedMessage(set, change, null))),
    });
    await failPoint('attribution.holds.before-commit');
    return outcomes.length;
  });
  if (ended === 0) return 0;
  await failPoint('attribution.holds.committed');
  await ports.outbox.relay();
  return ended;
};
