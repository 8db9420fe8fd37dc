import type { ConversionChangedV1 } from '#contracts';
import {
  decideDelivery,
  deliveryIdOf,
  done,
  park,
  skip,
  stateOnce,
  type DeliveryDecision,
  type Owed,
  type OwedDelivery,
  type Verdict,
} from '#domain';
import type { DispatchPorts } from './dispatch.ports.js';

type Matched = { owed: readonly Owed[]; verdicts: readonly Verdict[] };

/** One verdict per change, and the deliveries that the batch owes, in the order of sending. A
 *  change that owes nothing is skipped with its reason. One whose campaign is unknown is parked;
 *  it can be released once the catalog is restored. */
export const matchChanges = (
  changes: readonly ConversionChangedV1[],
  ports: Pick<DispatchPorts, 'destinations' | 'metrics' | 'rates' | 'time'>,
): Matched => {
  const owed = new Map<string, Owed>();
  const verdicts = changes.map((change): Verdict => {
    const [unknown] = ports.destinations.unknown(change.campaignKey, change.sourceKey);
    if (unknown) {
      ports.metrics.unmatched('catalog_unknown');
      return park('catalog_unknown', `the ${unknown.kind} "${unknown.key}" is not in the catalog`);
    }
    const destination = ports.destinations.of(change.campaignKey, change.sourceKey);
    const compiled = destination?.compiled ?? null;
    const decision: DeliveryDecision = !destination
      ? { kind: 'unmatched', reason: 'no_destination' }
      : compiled
        ? decideDelivery(compiled, change, ports.time.nowMs(), ports.rates)
        : { kind: 'owed', delivery: brokenDelivery(destination.key, change), unsendable: null };
    if (decision.kind === 'unmatched') {
      ports.metrics.unmatched(decision.reason);
      return skip(decision.reason);
    }
    keepNewest(owed, { ...decision, facts: change, destination: compiled });
    return done;
  });
  return { owed: [...owed.values()], verdicts };
};

/** Of several changes of one conversion that are one delivery, the newest counts. Where only the
 *  first state is ever sent, that is the first one that can be sent, with its newest money. */
const keepNewest = (owed: Map<string, Owed>, next: Owed): void => {
  const { id, once, revision } = next.delivery;
  const before = owed.get(id);
  const isNewer = before !== undefined && before.delivery.revision < revision;
  const saysMore =
    isNewer && (once !== 'first' || before.unsendable !== null || before.facts.state === next.facts.state);
  if (before && !saysMore) return;
  // Deleted first: the order of the map is the order of sending.
  owed.delete(id);
  owed.set(id, next);
};

/** A template that cannot be read owes a delivery for every state: parked, and sent by a replay
 *  once the template is repaired. */
const brokenDelivery = (
  destinationKey: string,
  { conversionId, revision, state, restored }: ConversionChangedV1,
): OwedDelivery => ({
  id: deliveryIdOf(conversionId, destinationKey, stateOnce({ state, restored })),
  conversionId,
  destinationKey,
  cause: state,
  once: stateOnce({ state, restored }),
  revision,
});
