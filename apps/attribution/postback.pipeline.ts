import type { ConversionChangedV1, KnownPostback, PostbackReceivedV1, PostbackRecord } from '#contracts';
import {
  clickIdsToFind,
  conversionIdOf,
  done,
  rereadPostback,
  resolvePostbacks,
  skip,
  transactionIdsToFind,
  type Verdict,
} from '#domain';
import { failPoint } from '#runtime';
import { lockCaps } from './ledger/cap-use.js';
import { decide, isStillWaiting } from './ledger/decide.js';
import type { AttributionPorts, Item, LedgerTransaction, WaitingById } from './ledger/ports.js';

/** Attribution of postbacks: the page. Holds P2 to P5 and P10.
 *
 * Reads `carom.postbacks.v1`; writes postbacks, conversions, ledger entries and orphans in one
 * transaction, then `carom.conversions.v1`.
 *
 *  1. look which transaction ids and clicks are known: Redis, then one select each
 *  2. resolve each call to its click, network and conversion; or it is refused; or it waits
 *  3. decide in one transaction: lock what the log and the ledger know of the batch, put the
 *              reports into their conversions, write all of it
 *  4. publish what changed
 *  5. release the orphans that waited for a transaction id which now exists (the caller)
 *  6. commit the loop of libs/kafka commits the offset, last
 *
 *  | dies             | then                                                            |
 *  | ---------------- | --------------------------------------------------------------- |
 *  | before 3 commits | nothing happened; the batch comes again                         |
 *  | after it         | the batch comes again; the log has its postbacks, so nothing is |
 *  |                  | written, and what they changed is published again               |
 *
 * No offset brings an orphan again: what it changes goes through the outbox. Two processes at once:
 * the second waits for the row locks of the first, or runs step 3 again. */

export type Attributed = {
  verdicts: Verdict[];
  decided: PostbackRecord[];
  /** Of conversions that are new: orphans may wait for them. */
  newTransactionIds: string[];
};
export const nothingAttributed: Attributed = { verdicts: [], decided: [], newTransactionIds: [] };

/** @param waiting for orphans that are looked at again; without it the postbacks come from the
 * topic.
 *  @throws what Postgres or Kafka throw, with nothing committed or all of it. */
export const attributePostbacks = async (
  ports: AttributionPorts,
  messages: readonly PostbackReceivedV1[],
  waiting: WaitingById | null = null,
): Promise<Attributed> => {
  const nowMs = ports.time.nowMs();
  const resolved = await resolve(ports, messages, waiting, nowMs);
  const items = waiting ? resolved.filter((item) => !isStillWaiting(item, waiting)) : resolved;
  if (items.length === 0) return nothingAttributed;
  const { decided, news } = await ports.ledger.inOneTransaction(async (ledger) => {
    const held = await lock(ledger, items);
    const caps = await lockCaps(ports.catalog, ledger, items, nowMs);
    const room = await ledger.orphanRoom(newOrphansOf(items));
    const changes = decide(items, { ...held, caps, room, isWaiting: waiting !== null, nowMs });
    const all = [...changes.inserted, ...changes.updated];
    if (waiting) changes.outbox.push(...all.flatMap(({ outcome }) => outcome));
    await ledger.write(changes);
    await failPoint(waiting ? 'attribution.release.before-commit' : 'attribution.postbacks.before-commit');
    return { decided: all, news: waiting ? [] : newsOf(all, held.known) };
  });
  await failPoint(waiting ? 'attribution.release.committed' : 'attribution.postbacks.committed');
  if (waiting) await ports.outbox.relay();
  else await ports.conversions.publish(news);
  await failPoint(waiting ? 'attribution.release.published' : 'attribution.postbacks.published');
  return { verdicts: verdictsOf(messages, decided), decided, newTransactionIds: newTransactionIdsOf(decided) };
};

/** Steps 1 and 2. */
const resolve = async (
  ports: AttributionPorts,
  given: readonly PostbackReceivedV1[],
  waiting: WaitingById | null,
  nowMs: number,
): Promise<Item[]> => {
  const recognise = remembering(ports.recognise);
  const messages = waiting
    ? given.map((message) => rereadPostback(message, ports.catalog.network(message.networkKey ?? ''), recognise))
    : given;
  const transactions = await ports.ledger.findTransactions(transactionIdsToFind(messages));
  const clicks = await ports.clicks.find(clickIdsToFind(messages, transactions, recognise));
  return resolvePostbacks(
    messages,
    { ...ports.catalog, recognise, transactions, click: (clickId) => clicks.get(clickId) },
    { nowMs, patience: ports.patience, seenAtMs: (id) => waiting?.get(id)?.sinceMs ?? null },
  );
};

/** Checking the MAC of a click id is the dearest part of reading one, and each is asked for several
 * times. */
const remembering = (recognise: AttributionPorts['recognise']): AttributionPorts['recognise'] => {
  const known = new Map<string, ReturnType<typeof recognise>>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    const own = recognise(text);
    known.set(text, own);
    return own;
  };
};

/** What the log and the ledger know of the batch, under lock. A replayed postback that belonged to
 * another conversion before brings that one in too. */
const lock = async (ledger: LedgerTransaction, items: readonly Item[]) => {
  const baseIds = new Set(
    items.flatMap(({ resolution }) => (resolution.kind === 'conversion' ? [conversionIdOf(resolution.identity)] : [])),
  );
  const [known, sets] = await Promise.all([
    ledger.lockKnown(items.map(({ message }) => message)),
    ledger.lockConversionSets([...baseIds]),
  ]);
  const former = [...known.values()].flatMap(({ baseId }) => (baseId !== null && !baseIds.has(baseId) ? [baseId] : []));
  for (const [baseId, set] of await ledger.lockConversionSets([...new Set(former)])) sets.set(baseId, set);
  return { known, sets };
};

const newOrphansOf = (items: readonly Item[]) =>
  items.flatMap(({ message, resolution }) => (resolution.kind === 'orphan' ? [{ ...resolution, message }] : []));

/** What the batch changed, and again what its known postbacks changed when they were decided: the
 * process that decided them may have died before it published that. */
const newsOf = (
  decided: readonly PostbackRecord[],
  known: ReadonlyMap<string, KnownPostback>,
): ConversionChangedV1[] => {
  const fresh = new Set(decided.filter(({ outcome }) => outcome.length > 0).map(({ message }) => message.id));
  const repeated = [...known].flatMap(([id, { outcome }]) => (fresh.has(id) ? [] : outcome));
  return [...decided.flatMap(({ outcome }) => outcome), ...repeated];
};

const verdictsOf = (messages: readonly PostbackReceivedV1[], decided: readonly PostbackRecord[]): Verdict[] => {
  const news = new Set(decided.map(({ message }) => message.id));
  return messages.map(({ id }) => (news.delete(id) ? done : skip('known already')));
};

const newTransactionIdsOf = (decided: readonly PostbackRecord[]): string[] => {
  const born = decided.flatMap(({ outcome }) => outcome.filter(({ revision }) => revision === 1));
  return [...new Set(born.flatMap(({ transactionId }) => transactionId ?? []))];
};
