import { changeReport, endsOfHolds, RollupSum, type ConversionSet } from '#domain';
import { changedMessage } from '../ledger/changed-message.js';
import type { AttributionPorts, LedgerTransaction } from '../attribution.pipeline.js';

/** Ends holds: a pending conversion of an offer with `holdDays` approves by itself when its time is up and no other word has come.
 *  It is a report like any other, only that a rule makes it and not the network, so a rejection that the network dates before the
 *  end of the hold still wins.
 *
 *  There is no offset that would bring it again, so it is published before the transaction commits: if we die between the two, the
 *  hold is still due, and its end is told again under the same id and revision. */
export type HoldPorts = Pick<AttributionPorts, 'conversions' | 'ledger' | 'now'>;

const endedAtOnce = 200;

/** One pass. Answers how many holds ended. */
export const endHolds = async (ports: HoldPorts): Promise<number> => {
  let ended = 0;
  for (let pass = 0; pass < 100; pass += 1) {
    const due = await ports.ledger.inOneTransaction((ledger) => endSome(ports, ledger));
    ended += due;
    if (due < endedAtOnce) break;
  }
  return ended;
};

const endSome = async (ports: HoldPorts, ledger: LedgerTransaction): Promise<number> => {
  const nowMs = ports.now();
  const due = await ledger.endedHolds(nowMs, endedAtOnce);
  if (due.length === 0) return 0;
  const sets = await ledger.lockConversionSets(due);
  const knownConversions = new Set([...sets.values()].flatMap(conversionIds));
  const results = [...sets.values()].flatMap((set) => {
    let snapshot = set;
    return endsOfHolds(set, nowMs).map((report) => {
      const outcome = changeReport(snapshot, { causeId: report.causeId, report, nowMs });
      snapshot = outcome.set;
      return outcome;
    });
  });
  const ended = new Map(results.map(({ set }) => [set.baseId, set]));
  const sum = new RollupSum();
  for (const { set, changes } of results) for (const change of changes) sum.addChange(set, change);
  await ledger.write({
    inserted: [],
    updated: [],
    sets: [...ended.values()],
    knownConversions,
    entries: results.flatMap(({ changes }) => changes.flatMap(({ entries }) => entries)),
    rollups: sum.list(),
    flips: [],
    orphans: [],
    settled: [],
    capUse: [],
    recordedAtMs: nowMs,
  });
  await ports.conversions.publish(
    results.flatMap(({ set, changes }) => changes.map((change) => changedMessage(set, change, null))),
  );
  return due.length;
};

const conversionIds = (set: ConversionSet): string[] =>
  [...set.snapshots.values()].map(({ conversionId }) => conversionId);
