import type { Resolved } from './attribution.js';
import type { ConversionSet } from './conversion-set.js';
import { conversionIdOf } from './identity.js';

/** The conversion set that a resolved call changes, with the click it is credited to. A replayed
 *  call uses the rules of today; any other uses those under which its conversion was made. */
export const conversionSetFor = (
  held: ConversionSet | undefined,
  resolved: Resolved,
  isReplay: boolean,
): ConversionSet => {
  const { identity, network, event, transactionId, clickId, attribution } = resolved;
  const set: ConversionSet = held ?? {
    baseId: conversionIdOf(identity),
    identity,
    networkKey: network.key,
    event,
    transactionId,
    rules: resolved.rules,
    reports: [],
    attributions: {},
    snapshots: new Map(),
  };
  const attributions =
    attribution && !(clickId in set.attributions) ? { ...set.attributions, [clickId]: attribution } : set.attributions;
  const hadMembers = set.snapshots.size > 1 ? { hadMembers: true } : {};
  return { ...set, attributions, rules: isReplay ? { ...resolved.rules, ...hadMembers } : set.rules };
};
