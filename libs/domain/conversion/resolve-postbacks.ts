import type { OwnClickId } from '../click-id/click-id.js';
import { readKeptCall, type DialectWithDropIns } from '../reading/drop-in.js';
import type { Proof } from '../reading/caller.js';
import { isDecidedAtEdge, type RefusalCode } from '../reading/refusal.js';
import {
  resolveCall,
  type Call,
  type Knowledge,
  type KnownTransaction,
  type NetworkRules,
  type Patience,
  type Resolution,
  type Resolved,
} from './attribution.js';

/** Resolves a batch of postbacks in three pure steps, with the look-ups of the caller between them:
 *  1. `transactionIdsToFind` → which conversions have these transaction ids
 *  2. `clickIdsToFind` → the records of these clicks
 *  3. `resolvePostbacks` → what each postback is about
 *
 *  Attribution and the console's dry run both use it, so that they cannot differ. */

/** A postback as far as resolving looks at it: the message of the postbacks topic. */
type Postback = Omit<Call, 'waitedMs' | 'fields' | 'proven'> & {
  channel: 'postback' | 'upload' | 'replay';
  raw: Parameters<typeof readKeptCall>[0];
  read: Record<keyof Call['fields'], { value: string | null; param: string; raw: string } | null>;
  problems: { code: string; param: string | null }[];
  refusal: string | null;
  /** Messages from before proof was stated lack it: then a token or an operator is one. */
  proof?: Proof | undefined;
};

/** By transaction id, the networks and clicks that have a conversion with it. */
export type KnownTransactions = ReadonlyMap<string, readonly KnownTransaction[]>;
type Recognise = (text: string) => OwnClickId | null;

type ResolveKnowledge = Omit<Knowledge, 'transactions' | 'network'> & {
  transactions: KnownTransactions;
  network: (key: string) => (NetworkRules & DialectWithDropIns) | undefined;
};

type ResolveTimes = {
  nowMs: number;
  patience: Patience;
  /** When attribution first saw a postback that waits; null: now. */
  seenAtMs: (id: string) => number | null;
};

export type ResolvedPostback<P> = {
  /** As it was read last: in the dialect of its network, once that is known. */
  message: P;
  resolution: Exclude<Resolution, { kind: 'reread' }>;
};

type Field = keyof Postback['read'];
const valueOf = ({ read }: Pick<Postback, 'read'>, field: Field): string | null => read[field]?.value ?? null;
const transactionIdOf = (message: Pick<Postback, 'read'>): string | null =>
  valueOf(message, 'reversalOf') ?? valueOf(message, 'transactionId');

/** Of the postbacks that name no click, and of reversals that name their sale. */
export const transactionIdsToFind = (messages: readonly Pick<Postback, 'read'>[]): string[] => {
  const bare = messages.filter(
    (message) => valueOf(message, 'clickId') === null || valueOf(message, 'reversalOf') !== null,
  );
  return [...new Set(bare.flatMap((message) => transactionIdOf(message) ?? []))];
};

/** Every id that may be a click's, with the time inside it where it is one of ours. */
export const clickIdsToFind = (
  messages: readonly Pick<Postback, 'read'>[],
  transactions: KnownTransactions,
  recognise: Recognise,
): { clickId: string; atMs: number | null }[] => {
  const named = messages.flatMap((message) => valueOf(message, 'clickId') ?? transactionIdOf(message) ?? []);
  const known = [...transactions.values()].flat().flatMap(({ clickId }) => clickId ?? []);
  return [...new Set([...named, ...known])].map((text) => {
    const own = recognise(text);
    return { clickId: own?.id ?? text, atMs: own?.atMs ?? null };
  });
};

/** In the order given. A postback that names only a transaction finds the conversion that an
 *  earlier postback of the same batch makes. */
export const resolvePostbacks = <P extends Postback>(
  messages: readonly P[],
  knowledge: ResolveKnowledge,
  times: ResolveTimes,
): ResolvedPostback<P>[] => {
  const transactions = new Map(knowledge.transactions);
  const knows: Knowledge = { ...knowledge, transactions: (id) => transactions.get(id) ?? [] };
  return messages.map((message) => {
    const resolved = resolveOne(message, knowledge, knows, times);
    if (resolved.resolution.kind !== 'conversion') return resolved;
    addTransaction(transactions, resolved.resolution);
    return withProblems(resolved, resolved.resolution);
  });
};

/** The problems that show only with the click beside the postback. */
const withProblems = <P extends Postback>(
  { message, resolution }: ResolvedPostback<P>,
  { problems }: Resolved,
): ResolvedPostback<P> => {
  if (problems.length === 0) return { message, resolution };
  const param = message.read.occurredAt?.param ?? null;
  return {
    message: { ...message, problems: [...message.problems, ...problems.map((code) => ({ code, param }))] },
    resolution,
  };
};

/** A postback that waits is read again at every look: the network may meanwhile name the parameter
 *  that holds its click id. */
export const rereadPostback = <P extends Postback>(
  message: P,
  network: DialectWithDropIns | undefined,
  recognise: Recognise,
): P => {
  if (!network) return message;
  const { read, problems, refusal } = readKeptCall(message.raw, network, recognise);
  return { ...message, read, problems, refusal };
};

const resolveOne = <P extends Postback>(
  message: P,
  knowledge: ResolveKnowledge,
  knows: Knowledge,
  times: ResolveTimes,
): ResolvedPostback<P> => {
  const code = message.refusal as RefusalCode | null;
  const refused = (refusal: RefusalCode): ResolvedPostback<P> => ({
    message,
    resolution: { kind: 'refused', code: refusal, networkKey: message.networkKey },
  });
  // Refused at the edge, or read in the dialect of its network and not understood. Without a
  // network the reading was only a first try.
  if (code !== null && (isDecidedAtEdge(code) || message.networkKey !== null)) return refused(code);
  const resolution = resolveCall(callOf(message, times), knows, times.patience);
  if (resolution.kind !== 'reread') return { message, resolution };
  const dialect = knowledge.network(resolution.network.key);
  if (!dialect) return refused('network_unknown');
  const again = readKeptCall(message.raw, dialect, knowledge.recognise);
  const { read, problems, refusal } = again;
  const test = message.test || again.test;
  const suppressDelivery = message.suppressDelivery || again.suppressDelivery;
  const reread = { ...message, networkKey: dialect.key, read, problems, refusal, test, suppressDelivery };
  return resolveOne(reread, knowledge, knows, times);
};

/** Patience counts from when attribution first saw the postback: after an outage it may be hours
 *  old while its click is only behind it in the backlog. A replay was seen when it came. */
const callOf = (message: Postback, { nowMs, seenAtMs }: ResolveTimes): Call => ({
  id: message.id,
  receivedAtMs: message.receivedAtMs,
  networkKey: message.networkKey,
  authenticatedBy: message.authenticatedBy,
  proven: isProven(message),
  test: message.test,
  suppressDelivery: message.suppressDelivery,
  waitedMs: nowMs - (seenAtMs(message.id) ?? (message.channel === 'replay' ? message.receivedAtMs : nowMs)),
  fields: message.read,
});

const isProven = ({ proof, authenticatedBy }: Postback): boolean =>
  proof === undefined ? authenticatedBy === 'token' || authenticatedBy === 'operator' : proof !== 'none';

const addTransaction = (
  transactions: Map<string, readonly KnownTransaction[]>,
  { transactionId, report, rule, network, clickId }: Resolved,
): void => {
  const named = transactionId ?? report.transactionId;
  if (named === null) return;
  const held = transactions.get(named) ?? [];
  const own = held.filter((each) => each.networkKey === network.key);
  // Where ids are unique in the network, the click of the first call counts; another click is
  // refused later.
  const { proven } = report;
  if (own.some((each) => each.proven || !proven) && !rule.startsWith('click')) return;
  if (!own.some((each) => each.clickId === clickId && each.proven === proven))
    transactions.set(named, [...held, { networkKey: network.key, clickId, proven }]);
};
