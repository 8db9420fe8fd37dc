import type { ConversionChangedV1, PostbackReceivedV1 } from '#contracts';
import {
  capPeriodOf,
  conversionIdOf,
  done,
  isDecidedAtEdge,
  noUse,
  park,
  readKeptCall,
  resolveCall,
  skip,
  type Call,
  type Cap,
  type CapUse,
  type DialectWithDropIns,
  type Entry,
  type ConversionSet,
  type FoundClick,
  type Knowledge,
  type NetworkRules,
  type OfferRules,
  type OwnClickId,
  type Patience,
  type RateLookup,
  type RefusalCode,
  type Resolved,
  type RollupDelta,
  type Verdict,
} from '#domain';
import { decideAll, parkedOnly, type Caps, type Item } from './decide.js';

/** Attribution of postbacks: the page.
 *
 *  Reads `carom.postbacks.v1`; writes postbacks, conversions, ledger entries and orphans in one transaction, then
 *  `carom.conversions.v1`. Holds P2 to P5 and P10.
 *
 *  1. look: which clicks and which transaction ids are known (Redis, then one select each)
 *  2. resolve each call: its click, network and identity; or a refusal; or it waits as an orphan      (libs/domain/attribution)
 *  3. in one transaction: which of the postbacks are in the log already, the conversion sets under lock,
 *     change each conversion set by its reports                                                               (libs/domain/conversion set)
 *     and write postbacks, conversions, entries, orphans
 *  4. publish what changed
 *  5. release the orphans that waited for a transaction id which has now a conversion
 *  6. the loop of libs/kafka commits the offset, last
 *
 *  Dies before the transaction commits: nothing happened, the batch comes again.
 *  Dies after it: the batch comes again, the log knows every postback id, and what each changed is published once more, word for word;
 *  ids and revisions are derived, so saying it twice is harmless. No batch brings an orphan again that was released, so what it changed
 *  is published before its transaction commits.
 *  Two nodes at once: the second waits for the first's row locks, or finds that a conversion set was made meanwhile and tries again. */

export type DecidedPostback = {
  message: PostbackReceivedV1;
  networkKey: string | null;
  state: 'applied' | 'duplicate' | 'refused' | 'orphan' | 'parked';
  refusal: RefusalCode | null;
  clickId: string | null;
  transactionId: string | null;
  event: string | null;
  baseId: string | null;
  conversionId: string | null;
  outcome: ConversionChangedV1[];
};
export type KnownPostback = { state: DecidedPostback['state']; baseId: string | null; outcome: unknown[] };
export type WaitingPostback = {
  message: PostbackReceivedV1;
  clickId: string | null;
  clickedAtMs: number | null;
  transactionId: string | null;
};
export type LedgerChanges = {
  inserted: DecidedPostback[];
  updated: DecidedPostback[];
  sets: ConversionSet[];
  knownConversions: ReadonlySet<string>;
  entries: Entry[];
  rollups: RollupDelta[];
  flips: { id: string; refusal: string | null; conversionId: string | null }[];
  orphans: WaitingPostback[];
  /** Postbacks that wait no longer. */
  settled: string[];
  capUse: (CapPlace & CapUse)[];
  recordedAtMs: number;
};
export type LedgerTransaction = {
  lockKnown: (messages: readonly PostbackReceivedV1[]) => Promise<Map<string, KnownPostback>>;
  lockConversionSets: (baseIds: readonly string[]) => Promise<Map<string, ConversionSet>>;
  /** Conversions over their offer's cap, oldest first. */
  overCap: (limit: number) => Promise<OverCap[]>;
  lockCapUse: (places: readonly CapPlace[]) => Promise<Map<string, CapUse>>;
  /** The exchange rates of the days of these moments. */
  rates: (atMs: readonly number[]) => Promise<RateLookup>;
  /** The conversion sets whose hold has ended. */
  endedHolds: (nowMs: number, limit: number) => Promise<string[]>;
  write: (changes: LedgerChanges) => Promise<void>;
};
export type OverCap = { baseId: string; member: string; offerKey: string; recordedAtMs: number };
type CapPlace = { offerKey: string; period: string };
type Transactions = Map<string, { networkKey: string; clickId: string | null }[]>;

export type AttributionPorts = {
  clicks: { find: (wanted: readonly { clickId: string; atMs: number | null }[]) => Promise<Map<string, FoundClick>> };
  ledger: {
    findTransactions: (transactionIds: readonly string[]) => Promise<Transactions>;
    /** May run `work` again, from the start, when another node was faster. */
    inOneTransaction: <Result>(work: (ledger: LedgerTransaction) => Promise<Result>) => Promise<Result>;
  };
  conversions: { publish: (changes: readonly ConversionChangedV1[]) => Promise<void> };
  catalog: {
    network: (key: string) => (NetworkRules & DialectWithDropIns) | undefined;
    offer: (key: string) => (OfferRules & { cap: Cap | null }) | undefined;
    clickInside: (own: OwnClickId) => FoundClick | undefined;
  };
  recognise: (text: string) => OwnClickId | null;
  patience: Patience;
  now: () => number;
};

/** `arrival`: as it came from the topic. `waiting`: an orphan that is looked at again. */
export type Occasion = 'arrival' | 'waiting';
/** When attribution first saw the postbacks that wait; those that are not in it are seen now. */
export type SeenAt = ReadonlyMap<string, number>;
type Times = { nowMs: number; seenAtMs: SeenAt };
export type AttributionResult = { verdicts: Verdict[]; decided: DecidedPostback[]; newTransactionIds: string[] };

const valueOf = (message: PostbackReceivedV1, field: keyof PostbackReceivedV1['read']) =>
  message.read[field]?.value ?? null;
const transactionIdOf = (message: PostbackReceivedV1) =>
  valueOf(message, 'reversalOf') ?? valueOf(message, 'transactionId');

/** A call that waits is read anew at every look: its click id may stand in a parameter that the network names by now. */
const inWordsOfToday = (ports: AttributionPorts, message: PostbackReceivedV1): PostbackReceivedV1 => {
  const network = message.networkKey === null ? undefined : ports.catalog.network(message.networkKey);
  if (!network) return message;
  const { read, problems, refusal } = readKeptCall(message.raw, network, ports.recognise);
  return { ...message, read, problems, refusal };
};

/** Attributes a batch in one transaction. Throws what Postgres or Kafka throw; see `attributeAll` for what becomes of that. */
export const attribute = async (
  ports: AttributionPorts,
  messages: readonly PostbackReceivedV1[],
  occasion: Occasion,
  seenAtMs: SeenAt,
): Promise<AttributionResult> => {
  // Orphans whose calls retention has dropped leave nothing to decide.
  if (messages.length === 0) return { verdicts: [], decided: [], newTransactionIds: [] };
  const nowMs = ports.now();
  const read = occasion === 'waiting' ? messages.map((message) => inWordsOfToday(ports, message)) : messages;
  const items = await resolveAll(ports, read, { nowMs, seenAtMs });
  const result = await ports.ledger.inOneTransaction(async (ledger) => {
    const { known, sets } = await lock(ledger, items);
    const caps = await lockCaps(ports, ledger, items, nowMs);
    const changes = decideAll(items, { known, sets, caps, occasion, nowMs });
    await ledger.write(changes);
    const decided = [...changes.inserted, ...changes.updated];
    const news = [...decided.flatMap((each) => each.outcome), ...repeated(known, decided)];
    // No offset will bring an orphan again once it is settled, so what it changed is said before the transaction ends. If we die
    // between the two, the orphan is still there, and is decided and told again under the same ids.
    if (occasion === 'waiting') await ports.conversions.publish(news);
    return { decided, news };
  });
  const { decided } = result;
  if (occasion === 'arrival') await ports.conversions.publish(result.news);
  const news = new Set(decided.map((each) => each.message.id));
  const verdicts = messages.map(({ id }) => (news.delete(id) ? done : skip('known already')));
  return { verdicts, decided, newTransactionIds: newTransactionIds(decided) };
};

/** What the log and the ledger know of the batch, under lock. Both are asked at once; a postback that is in the log and belonged to another
 *  conversion before (a replay) brings that one in too. */
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

/** The caps of the offers that the batch is about; most offers have none, and then nobody waits for anybody. */
const lockCaps = async (
  ports: AttributionPorts,
  ledger: LedgerTransaction,
  items: readonly Item[],
  nowMs: number,
): Promise<Caps> => {
  const caps: Caps = new Map();
  for (const { resolution } of items) {
    const offerKey = resolution.kind === 'conversion' ? resolution.attribution?.offerKey : null;
    const cap = offerKey && !caps.has(offerKey) ? ports.catalog.offer(offerKey)?.cap : null;
    if (offerKey && cap)
      caps.set(offerKey, { cap, offerKey, period: capPeriodOf(cap, nowMs), use: noUse(cap), rateOf: () => null });
  }
  if (caps.size === 0) return caps;
  const [use, rates] = await Promise.all([ledger.lockCapUse([...caps.values()]), ledger.rates([nowMs])]);
  for (const held of caps.values()) {
    held.use = usedBy(held, use);
    held.rateOf = (currency) => rates(currency, nowMs);
  }
  return caps;
};

/** What a period of a cap has taken in. Counts from before they were in a currency are in the cap's. */
export const usedBy = (place: CapPlace & { cap: Cap }, use: ReadonlyMap<string, CapUse>): CapUse => {
  const held = use.get(`${place.offerKey} ${place.period}`) ?? noUse(place.cap);
  return { ...held, currency: held.currency ?? place.cap.currency };
};

/** What known postbacks changed when they were decided, to be said again: whoever decided them may have died before saying it. */
const repeated = (known: Map<string, KnownPostback>, decided: readonly DecidedPostback[]): ConversionChangedV1[] => {
  const news = new Set(decided.filter((each) => each.outcome.length > 0).map((each) => each.message.id));
  return [...known].flatMap(([id, before]) => (news.has(id) ? [] : (before.outcome as ConversionChangedV1[])));
};

const newTransactionIds = (decided: readonly DecidedPostback[]): string[] => [
  ...new Set(
    decided.flatMap(({ outcome }) =>
      outcome.flatMap((change) =>
        change.revision === 1 && change.transactionId !== null ? [change.transactionId] : [],
      ),
    ),
  ),
];

/** Steps 1 and 2. A call whose network has become known by its click is read again in the network's own dialect. */
const resolveAll = async (
  ports: AttributionPorts,
  messages: readonly PostbackReceivedV1[],
  times: Times,
): Promise<Item[]> => {
  const bare = messages
    .filter((message) => valueOf(message, 'clickId') === null)
    .flatMap((message) => transactionIdOf(message) ?? []);
  const transactions: Transactions =
    bare.length > 0 ? await ports.ledger.findTransactions([...new Set(bare)]) : new Map();
  const clickIds = new Set([
    ...messages.flatMap((message) => valueOf(message, 'clickId') ?? []),
    ...bare,
    ...[...transactions.values()].flat().flatMap(({ clickId }) => clickId ?? []),
  ]);
  const wanted = [...clickIds].map((text) => {
    const own = ports.recognise(text);
    return { clickId: own?.id ?? text, atMs: own?.atMs ?? null };
  });
  const clicks = await ports.clicks.find(wanted);
  const knows: Knowledge = {
    recognise: ports.recognise,
    click: (clickId) => clicks.get(clickId),
    clickInside: ports.catalog.clickInside,
    transactions: (transactionId) => transactions.get(transactionId) ?? [],
    network: ports.catalog.network,
    offer: ports.catalog.offer,
  };
  return messages.map((message) => {
    const item = resolveOne(ports, knows, message, times);
    if (item.resolution.kind === 'conversion') note(transactions, item.resolution);
    return item;
  });
};

/** A call that only names a transaction finds the conversion that an earlier call of the same batch makes. */
const note = (transactions: Transactions, { transactionId, report, rule, network, clickId }: Resolved): void => {
  const named = transactionId ?? report.transactionId;
  if (named === null) return;
  const held = transactions.get(named) ?? [];
  // Of ids that are unique in the network the first call's click is the one that counts; another's is refused when it is decided.
  const own = held.filter((each) => each.networkKey === network.key);
  if (own.length > 0 && !rule.startsWith('click')) return;
  if (!own.some((each) => each.clickId === clickId))
    transactions.set(named, [...held, { networkKey: network.key, clickId }]);
};

/** Patience counts from when attribution first saw a call: after an outage a call may be hours old while its click is only behind it in
 *  the backlog. A replay is of a call that was seen when it came. */
const callOf = (message: PostbackReceivedV1, { nowMs, seenAtMs }: Times): Call => ({
  id: message.id,
  receivedAtMs: message.receivedAtMs,
  waitedMs: nowMs - (seenAtMs.get(message.id) ?? (message.channel === 'replay' ? message.receivedAtMs : nowMs)),
  networkKey: message.networkKey,
  authenticatedBy: message.authenticatedBy,
  fields: message.read,
  test: message.test,
});

const resolveOne = (ports: AttributionPorts, knows: Knowledge, message: PostbackReceivedV1, times: Times): Item => {
  const code = message.refusal as RefusalCode | null;
  const refused = (refusal: RefusalCode): Item => ({
    message,
    resolution: { kind: 'refused', code: refusal, networkKey: message.networkKey },
  });
  // Refused at the edge, or read in the network's own dialect and not understood. Without a network the reading was a first try.
  if (code !== null && (isDecidedAtEdge(code) || message.networkKey !== null)) return refused(code);
  const resolution = resolveCall(callOf(message, times), knows, ports.patience);
  if (resolution.kind !== 'reread') return { message, resolution };
  const dialect = ports.catalog.network(resolution.network.key);
  if (!dialect) return refused('network_unknown');
  const { read, problems, refusal, test, suppressDelivery } = readKeptCall(message.raw, dialect, ports.recognise);
  return resolveOne(
    ports,
    knows,
    {
      ...message,
      networkKey: resolution.network.key,
      read,
      problems,
      refusal,
      test: message.test || test,
      suppressDelivery: message.suppressDelivery || suppressDelivery,
    },
    times,
  );
};

/** A postback that was set aside stands in the log as `parked`, if its own bytes are not what cannot be written; in the list of parked
 *  records it stands in any case. */
const logParked = async (ports: AttributionPorts, message: PostbackReceivedV1): Promise<void> =>
  ports.ledger.inOneTransaction(async (ledger) => {
    const known = await ledger.lockKnown([message]);
    if (!known.has(message.id)) await ledger.write(parkedOnly(message, ports.now()));
  });

/** What a handler does about a batch that Postgres refuses: halves it until the record that cannot be written stands alone, and
 *  sets that one aside, so that the others go through (P2, P7). Everything that is not the data's fault is thrown on: an outage. */
export const attributeAll = async (
  ports: AttributionPorts & { isDataFault: (thrown: unknown) => boolean },
  messages: readonly PostbackReceivedV1[],
  occasion: Occasion,
  seenAtMs: SeenAt = new Map(),
): Promise<AttributionResult> => {
  try {
    return await attribute(ports, messages, occasion, seenAtMs);
  } catch (thrown) {
    if (!ports.isDataFault(thrown)) throw thrown;
    const cause = thrown instanceof Error ? thrown.message : String(thrown);
    const [alone] = messages;
    if (messages.length === 1 && alone) {
      await logParked(ports, alone).catch(() => undefined);
      return { verdicts: [park('cannot_be_written', cause)], decided: [], newTransactionIds: [] };
    }
    const middle = Math.ceil(messages.length / 2);
    const first = await attributeAll(ports, messages.slice(0, middle), occasion, seenAtMs);
    const second = await attributeAll(ports, messages.slice(middle), occasion, seenAtMs);
    return {
      verdicts: [...first.verdicts, ...second.verdicts],
      decided: [...first.decided, ...second.decided],
      newTransactionIds: [...first.newTransactionIds, ...second.newTransactionIds],
    };
  }
};
