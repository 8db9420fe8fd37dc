import type { Network, PostbackReceivedV1 } from '#contracts';
import { dropInOfTarget, judgeCaller, wantsProof, type RefusalCode } from '#domain';
import type { Ports } from './ports.js';
import type { TakenCall } from './take-apart.js';

export type Origin = {
  network: Network | null;
  authenticatedBy: PostbackReceivedV1['authenticatedBy'];
  /** Why the address of the call belongs to no network, or not to this one. */
  refusal: 'token_wrong' | 'drop_in_off' | null;
};

/** Whether a caller is who a network says it is; null: all that the network demands holds. */
export const judgeFor = (ports: Ports, taken: TakenCall, network: Network, byToken: boolean): RefusalCode | null => {
  if (!wantsProof(network.security)) return null;
  const { call, parameters, receivedAtMs } = taken;
  const judged = {
    ...call,
    uri: ports.publicUrl + call.target,
    parameters: parameters.list,
    fromQuery: parameters.fromQuery,
  };
  return judgeCaller(judged, network.security, byToken, receivedAtMs);
};

/** Whether a call can only be garbage: it belongs to no network, and names no click of ours. */
export const isGarbage = ({ own }: TakenCall, { network }: Origin): boolean => network === null && own.size === 0;

const byToken = (ports: Ports, token: string, nowMs: number): Origin | 'not_ready' => {
  const { view, isCurrent } = ports.catalog();
  const network = view.networkByToken(ports.hashesOfToken(token), nowMs) ?? null;
  if (!network && !isCurrent) return 'not_ready';
  return { network, authenticatedBy: network ? 'token' : 'none', refusal: network ? null : 'token_wrong' };
};

/** The network of a call, in this order: - the token of the network's own Postback URL; - the offer
 *  inside one of our own click ids; - the drop-in endpoint, if one network uses it, or of several
 *  only one whose proof the call gives.
 *
 *  A call that has none of these is attributed later, by its click or through the ledger. */
export const findOrigin = (ports: Ports, taken: TakenCall): Origin | 'not_ready' => {
  const origin = originOf(ports, taken);
  if (origin === 'not_ready' || origin.network === null) return origin;
  return ports.catalog().withheld.has(origin.network.key) ? 'not_ready' : origin;
};

const originOf = (ports: Ports, taken: TakenCall): Origin | 'not_ready' => {
  const { call, own, receivedAtMs } = taken;
  if (call.token !== null) return byToken(ports, call.token, receivedAtMs);
  const { view, isCurrent } = ports.catalog();
  const dropIn = dropInOfTarget(call.target);
  for (const click of own.values()) {
    const offer = view.offerByNumber(click.offerNumber);
    const network = offer && view.network(offer.networkKey);
    if (!network) continue;
    const isOff = dropIn !== null && !network.dropIns.includes(dropIn);
    return { network, authenticatedBy: 'click', refusal: isOff ? 'drop_in_off' : null };
  }
  if (dropIn === null) return { network: null, authenticatedBy: 'none', refusal: null };
  const using = view.networks().filter(({ dropIns }) => dropIns.includes(dropIn));
  if (using.length === 0)
    return isCurrent ? { network: null, authenticatedBy: 'none', refusal: 'drop_in_off' } : 'not_ready';
  const proven = (network: Network) => wantsProof(network.security) && judgeFor(ports, taken, network, false) === null;
  const [only, ...others] = using.length === 1 ? using : using.filter(proven);
  return only && others.length === 0
    ? { network: only, authenticatedBy: 'drop-in', refusal: null }
    : { network: null, authenticatedBy: 'none', refusal: null };
};
