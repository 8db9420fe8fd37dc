import type { Network, PostbackReceivedV1 } from '#contracts';
import { commonDialect, isDecidedAtEdge, readKeptCall, refusalOf, type OwnClickId } from '#domain';
import type { PostbackRow } from '#postgres';

/** Reading a kept call anew, with the settings of today. Pure: the same call and the same settings give the same message, so a dry run
 *  tells the truth and a replay that broke off can be begun again. The call keeps its id and the time it came in: it is the same call. */

export type Reread =
  | { kind: 'skip'; reason: 'not_replayable' | 'unchanged' }
  | { kind: 'replay'; message: PostbackReceivedV1; changed: string[] };

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

/** @param network the call's network as it is set up today; null: it has none, or its network is gone.
 *  @param options.everything also calls whose reading does not change: their network's rules may have, or their click may have come. */
export const rereadPostback = (
  row: PostbackRow,
  network: Network | null,
  recognise: (text: string) => OwnClickId | null,
  options: { everything: boolean },
): Reread => {
  const refused = row.refusal === null ? undefined : refusalOf(row.refusal);
  if (refused && !refused.replayable) return { kind: 'skip', reason: 'not_replayable' };
  const result = readKeptCall(row.raw, network ?? { ...commonDialect, dropIns: [] }, recognise);
  const refusal = result.refusal !== null && (network || isDecidedAtEdge(result.refusal)) ? result.refusal : null;
  const message: PostbackReceivedV1 = {
    id: row.id,
    receivedAtMs: row.receivedAt.getTime(),
    channel: 'replay',
    networkKey: network?.key ?? null,
    // Whoever asks for the replay answers for the call: that is what makes a call from a once unlisted address count.
    authenticatedBy: 'operator',
    raw: row.raw,
    read: result.read,
    problems: result.problems,
    refusal,
    suppressDelivery: row.suppressDelivery || result.suppressDelivery,
    test: result.test,
  };
  const changed = changedFields(row, message);
  const waiting = row.state === 'refused' || row.state === 'orphan' || row.state === 'parked';
  if (changed.length === 0 && !waiting && !options.everything) return { kind: 'skip', reason: 'unchanged' };
  return { kind: 'replay', message, changed };
};
