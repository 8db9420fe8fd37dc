import type { CatalogView, Network, PostbackReceivedV1 } from '#contracts';
import { dropInOfTarget, type OwnClicks } from '#domain';

export type Origin = {
  network: Network | null;
  authenticatedBy: PostbackReceivedV1['authenticatedBy'];
  /** Why the address of the call is nobody's, or not this network's. */
  refusal: 'token_wrong' | 'drop_in_off' | null;
};

/** By the token of the special Postback URL, else by the offer inside one of our own click ids, else by being the only network that
 *  has switched the drop-in endpoint on, or of several the only one whose proof the call gives. A call that has none of these is
 *  attributed later, by its click or through the ledger, and has been judged by nobody until then.
 *  @param proves whether the network wants proof of its callers and the call gives it */
export const findNetwork = (
  { view, complete }: { view: CatalogView; complete: boolean },
  call: { token: string | null; target: string },
  own: OwnClicks,
  nowMs: number,
  proves: (network: Network) => boolean,
): Origin | 'not_ready' => {
  if (call.token !== null) {
    const network = view.networkByToken(call.token, nowMs) ?? null;
    if (!network && !complete) return 'not_ready';
    return { network, authenticatedBy: network ? 'token' : 'none', refusal: network ? null : 'token_wrong' };
  }
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
    return complete ? { network: null, authenticatedBy: 'none', refusal: 'drop_in_off' } : 'not_ready';
  const [only, ...others] = using.length === 1 ? using : using.filter(proves);
  return only && others.length === 0
    ? { network: only, authenticatedBy: 'drop-in', refusal: null }
    : { network: null, authenticatedBy: 'none', refusal: null };
};
