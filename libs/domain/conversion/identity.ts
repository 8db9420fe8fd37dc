import { derivedUuid, joinParts } from '../derived-uuid.js';
import type { IdentityRule } from '../settings.js';

/** What makes two postbacks speak of the same conversion. Ids are derived from it, so that nodes
 *  agree without asking each other and writing or publishing something twice is harmless (P3). */
type IdentityParts = {
  networkKey: string;
  clickId: string;
  /** Null: the network gave no real one (empty, 0, null, a placeholder); reading has seen to that.
   *  Case and zeros are kept. */
  transactionId: string | null;
  event: string | null;
};

/** The rule that applies. Without a transaction id it is network + click + event, because nothing
 *  else distinguishes two conversions of a click then; `click` ignores the event on purpose. */
const effective = (rule: IdentityRule, transactionId: string | null): IdentityRule =>
  transactionId === null && rule !== 'click' ? 'click+event' : rule;

/** Whether an identity holds the event and the transaction id. What it does not hold, each report
 *  has to state. */
export const partsOf = (rule: IdentityRule, transactionId: string | null): { event: boolean; transaction: boolean } => {
  const held = effective(rule, transactionId);
  return { event: held.endsWith('+event'), transaction: held.includes('transaction') };
};

/** The identity as text. */
export const identityOf = (
  rule: IdentityRule,
  { networkKey, clickId, transactionId, event }: IdentityParts,
): string => {
  const held = effective(rule, transactionId);
  const parts: Record<IdentityRule, (string | null)[]> = {
    click: [clickId],
    'click+event': [clickId, event],
    'click+transaction': [clickId, transactionId],
    'transaction+event': [transactionId, event],
    transaction: [transactionId],
  };
  return joinParts(held, networkKey, ...parts[held].map((part) => part ?? ''));
};

/** `member` is empty for the conversion itself; the mode `add` makes further ones on the same
 *  identity, one per amount. */
export const conversionIdOf = (identity: string, member = ''): string => derivedUuid('conversion', identity, member);

/** The entry's id: the cause and the revision it made, and the entry's place among those of the
 *  same change. */
export const entryIdOf = (conversionId: string, causeId: string, revision: number, ordinal: number): string =>
  derivedUuid('entry', conversionId, causeId, `${revision}`, `${ordinal}`);
