import {
  proofOfMessage,
  safeRawCall,
  type Network,
  type PostbackReceivedV1,
  type SafePostbackRecord,
} from '#contracts';
import {
  dropInOfTarget,
  isAddressIn,
  isDecidedAtEdge,
  readKeptCall,
  refusalOf,
  safeText,
  type OwnClickId,
  type Proof,
} from '#domain';
import type { PostbackRow } from '#postgres';

/** Reads a kept call again with the current settings. Pure: the same call and the same settings
 *  give the same message, so a dry run shows what a replay does, and a replay that broke off can
 *  be started again. The call keeps its id and its time. */

/** `not_named`: the call came from a caller without proof; such calls are replayed only when the
 *  filter names their refusal. */
type SkipReason = 'not_replayable' | 'not_named' | 'unchanged';
export type Reread =
  { kind: 'skip'; reason: SkipReason } | { kind: 'replay'; message: SafePostbackRecord; changed: string[] };

/** The fields of a stored call that the new reading needs or is compared with. */
export type KeptPostback = Pick<
  PostbackRow,
  | 'id'
  | 'receivedAt'
  | 'networkKey'
  | 'state'
  | 'refusal'
  | 'authenticatedBy'
  | 'proof'
  | 'read'
  | 'raw'
  | 'suppressDelivery'
>;

export type RereadOptions = {
  /** Also calls whose reading does not change, because the rules of their network or the data of
   *  their click can have changed. */
  everything: boolean;
  /** The refusals that the filter names. */
  named: readonly string[];
  /** Whether the request names the network of the calls. */
  vouched: boolean;
};

/** Why a call that was refused for its caller stays refused. Addresses and paths are stored and
 *  checked again; secrets and tokens are not stored. */
const stillRefused = (row: KeptPostback, network: Network | null, options: RereadOptions): SkipReason | null => {
  if (row.refusal === null || !options.named.includes(row.refusal)) return 'not_named';
  if (row.refusal === 'token_wrong') return options.vouched ? null : 'not_replayable';
  if (!network) return null;
  const { cidrs } = network.security;
  const outside = cidrs.length > 0 && !isAddressIn(row.raw.remoteAddress, cidrs);
  if (row.refusal === 'address_not_allowed') return outside ? 'unchanged' : null;
  const dropIn = dropInOfTarget(row.raw.target);
  return dropIn !== null && !network.dropIns.includes(dropIn) ? 'unchanged' : null;
};

/** Which fields read differently now, the refusal at the edge included. */
const changedFields = (row: KeptPostback, message: PostbackReceivedV1): string[] => {
  const fields = Object.keys(message.read) as (keyof PostbackReceivedV1['read'])[];
  const changed: string[] = fields.filter(
    (field) => (row.read[field]?.value ?? null) !== (message.read[field]?.value ?? null),
  );
  if (row.networkKey !== message.networkKey) changed.push('networkKey');
  if (row.refusal !== null && row.refusal !== message.refusal) changed.push('refusal');
  return changed;
};

/** Calls from before proof was kept are proven by a token or an operator. */
const proofOfRow = ({ proof, authenticatedBy }: KeptPostback): Proof =>
  proofOfMessage({ ...(proof ? { proof } : {}), authenticatedBy });

/** @param network the call's network with its current settings; null: it has none, or its
 *  network was deleted. */
export const rereadPostback = (
  row: KeptPostback,
  network: Network | null,
  recognise: (text: string) => OwnClickId | null,
  options: RereadOptions,
): Reread => {
  const refused = row.refusal === null ? undefined : refusalOf(row.refusal);
  if (refused && !refused.replayable) return { kind: 'skip', reason: 'not_replayable' };
  const wantsProof = refused?.code === 'token_required' || refused?.code === 'proof_required';
  const unproven = refused?.stage === 'caller' || wantsProof;
  const kept = unproven ? stillRefused(row, network, options) : null;
  if (kept) return { kind: 'skip', reason: kept };
  const result = readKeptCall(row.raw, network, recognise);
  const refusal = result.refusal !== null && (network || isDecidedAtEdge(result.refusal)) ? result.refusal : null;
  const message: SafePostbackRecord = {
    id: safeText(row.id, 36),
    receivedAtMs: row.receivedAt.getTime(),
    channel: 'replay',
    networkKey: network ? safeText(network.key, 63) : null,
    // An editor runs a replay and vouches for the call, so a call from an unlisted address counts.
    authenticatedBy: 'operator',
    // Only a replay that names the refusal says that the call is genuine; any other changes
    // settings, not proof.
    proof: unproven ? 'operator' : proofOfRow(row),
    raw: safeRawCall(row.raw),
    read: result.read,
    problems: result.problems,
    refusal,
    suppressDelivery: row.suppressDelivery || result.suppressDelivery,
    test: result.test,
  };
  const changed = changedFields(row, message);
  // The reading refuses the same call again in the same way. A decision by the rules can differ
  // although the call reads the same.
  const waiting = row.state !== 'applied' && row.state !== 'duplicate' && refusal === null;
  if (changed.length === 0 && !waiting && !options.everything) return { kind: 'skip', reason: 'unchanged' };
  return { kind: 'replay', message, changed };
};
