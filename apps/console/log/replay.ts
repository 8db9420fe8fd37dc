import { safeRawCall, type Network, type PostbackReceivedV1, type SafePostbackRecord } from '#contracts';
import {
  dropInOfTarget,
  isAddressIn,
  isDecidedAtEdge,
  readKeptCall,
  refusalOf,
  safeText,
  type OwnClickId,
} from '#domain';
import type { PostbackRow } from '#postgres';

/** Reading a kept call anew, with the settings of today. Pure: the same call and the same settings give the same message, so a dry run
 *  tells the truth and a replay that broke off can be begun again. The call keeps its id and the time it came in: it is the same call. */

/** `not_named`: it came from a caller who could not prove who he is; such calls are replayed only when somebody means just them. */
export type SkipReason = 'not_replayable' | 'not_named' | 'unchanged';
export type Reread =
  { kind: 'skip'; reason: SkipReason } | { kind: 'replay'; message: SafePostbackRecord; changed: string[] };

export type RereadOptions = {
  /** Also calls whose reading does not change: their network's rules may have, or their click may have come. */
  everything: boolean;
  /** The refusal that was asked for by its code, if one was. */
  named: string | undefined;
  /** Whether the one who asks said whose calls they are. */
  vouched: boolean;
};

/** Why a call that was refused for its caller stays refused. What can be judged again by what was kept is judged again; a secret and a
 *  token were not kept. */
const stillRefused = (row: PostbackRow, network: Network | null, options: RereadOptions): SkipReason | null => {
  if (options.named !== row.refusal) return 'not_named';
  if (row.refusal === 'token_wrong') return options.vouched ? null : 'not_replayable';
  if (!network) return null;
  const { cidrs } = network.security;
  const outside = cidrs.length > 0 && !isAddressIn(row.raw.remoteAddress, cidrs);
  if (row.refusal === 'address_not_allowed') return outside ? 'unchanged' : null;
  const dropIn = dropInOfTarget(row.raw.target);
  return dropIn !== null && !network.dropIns.includes(dropIn) ? 'unchanged' : null;
};

/** Which fields read differently now, the refusal at the edge included. */
const changedFields = (row: PostbackRow, message: PostbackReceivedV1): string[] => {
  const fields = Object.keys(message.read) as (keyof PostbackReceivedV1['read'])[];
  const changed: string[] = fields.filter(
    (field) => (row.read[field]?.value ?? null) !== (message.read[field]?.value ?? null),
  );
  if (row.networkKey !== message.networkKey) changed.push('networkKey');
  if (row.refusal !== null && row.refusal !== message.refusal) changed.push('refusal');
  return changed;
};

/** @param network the call's network as it is set up today; null: it has none, or its network is gone. */
export const rereadPostback = (
  row: PostbackRow,
  network: Network | null,
  recognise: (text: string) => OwnClickId | null,
  options: RereadOptions,
): Reread => {
  const refused = row.refusal === null ? undefined : refusalOf(row.refusal);
  if (refused && !refused.replayable) return { kind: 'skip', reason: 'not_replayable' };
  const unproven = refused?.stage === 'caller' || refused?.code === 'token_required';
  const kept = unproven ? stillRefused(row, network, options) : null;
  if (kept) return { kind: 'skip', reason: kept };
  const result = readKeptCall(row.raw, network, recognise);
  const refusal = result.refusal !== null && (network || isDecidedAtEdge(result.refusal)) ? result.refusal : null;
  const message: SafePostbackRecord = {
    id: safeText(row.id, 36),
    receivedAtMs: row.receivedAt.getTime(),
    channel: 'replay',
    networkKey: network ? safeText(network.key, 63) : null,
    // Whoever asks for the replay answers for the call: that is what makes a call from a once unlisted address count.
    authenticatedBy: 'operator',
    proof: 'operator',
    raw: safeRawCall(row.raw),
    read: result.read,
    problems: result.problems,
    refusal,
    suppressDelivery: row.suppressDelivery || result.suppressDelivery,
    test: result.test,
  };
  const changed = changedFields(row, message);
  // What its reading alone refuses is refused again: only what the rules decide may come out otherwise though it reads the same.
  const waiting = row.state !== 'applied' && row.state !== 'duplicate' && refusal === null;
  if (changed.length === 0 && !waiting && !options.everything) return { kind: 'skip', reason: 'unchanged' };
  return { kind: 'replay', message, changed };
};
