import type {
  ClickRecordedV1,
  ConversionChangedV1,
  KnownPostback,
  PostbackReceivedV1,
  PostbackRecord,
} from '#contracts';
import type {
  Cap,
  CapUse,
  ConversionSet,
  DialectWithDropIns,
  Entry,
  FoundClick,
  KnownTransactions,
  NetworkRules,
  OfferRules,
  OwnClickId,
  Patience,
  RateLookup,
  RefusalCode,
  ResolvedPostback,
  RollupDelta,
} from '#domain';
import type { Time } from '#runtime';

/** What the pages of attribution need of the world. */

/** A postback and what it is about. */
export type Item = ResolvedPostback<PostbackReceivedV1>;

export type CapPlace = { offerKey: string; period: string };

/** What an orphan waits for, and since when. */
export type Waiting = {
  id: string;
  receivedAtMs: number;
  /** When attribution first saw it. */
  sinceMs: number;
  clickId: string | null;
  transactionId: string | null;
};
export type WaitingById = ReadonlyMap<string, Waiting>;

export type NewOrphan = {
  message: PostbackReceivedV1;
  clickId: string | null;
  clickedAtMs: number | null;
  transactionId: string | null;
};

/** How many more orphans may wait: for an id, and from an address without proof. */
export type OrphanRoom = { take: (orphan: NewOrphan) => boolean };

export type LedgerChanges = {
  inserted: PostbackRecord[];
  updated: PostbackRecord[];
  sets: ConversionSet[];
  /** Ids of the conversions that were read under lock; all others are new. */
  knownConversions: ReadonlySet<string>;
  entries: Entry[];
  rollups: RollupDelta[];
  /** Postbacks whose refusal came or went because of another report. */
  flips: { id: string; refusal: RefusalCode | null; conversionId: string | null }[];
  orphans: NewOrphan[];
  /** Postbacks that wait no longer. */
  settled: string[];
  capUse: (CapPlace & CapUse)[];
  /** Changes that no offset brings again: published from the outbox after the commit. */
  outbox: ConversionChangedV1[];
  recordedAtMs: number;
};

export const noChanges = (recordedAtMs: number, sets: Iterable<ConversionSet> = []): LedgerChanges => ({
  inserted: [],
  updated: [],
  sets: [],
  knownConversions: new Set(
    [...sets].flatMap(({ snapshots }) => [...snapshots.values()].map(({ conversionId }) => conversionId)),
  ),
  entries: [],
  rollups: [],
  flips: [],
  orphans: [],
  settled: [],
  capUse: [],
  outbox: [],
  recordedAtMs,
});

export type LedgerTransaction = {
  lockKnown: (messages: readonly PostbackReceivedV1[]) => Promise<Map<string, KnownPostback>>;
  lockConversionSets: (baseIds: readonly string[]) => Promise<Map<string, ConversionSet>>;
  /** The same, without those that another process has locked. */
  lockFreeConversionSets: (baseIds: readonly string[]) => Promise<Map<string, ConversionSet>>;
  lockCapUse: (places: readonly CapPlace[]) => Promise<Map<string, CapUse>>;
  /** The exchange rates of the days of these moments. */
  rates: (atMs: readonly number[]) => Promise<RateLookup>;
  orphanRoom: (orphans: readonly NewOrphan[]) => Promise<OrphanRoom>;
  write: (changes: LedgerChanges) => Promise<void>;
};

export type LedgerPort = {
  findTransactions: (transactionIds: readonly string[]) => Promise<KnownTransactions>;
  /** May run `work` again, from the start, when another process was faster. */
  inOneTransaction: <Result>(work: (ledger: LedgerTransaction) => Promise<Result>) => Promise<Result>;
};

export type CatalogPort = {
  network: (key: string) => (NetworkRules & DialectWithDropIns) | undefined;
  offer: (key: string) => (OfferRules & { cap: Cap | null }) | undefined;
  clickInside: (own: OwnClickId) => FoundClick | undefined;
};

export type AttributionPorts = {
  clicks: { find: (wanted: readonly { clickId: string; atMs: number | null }[]) => Promise<Map<string, FoundClick>> };
  ledger: LedgerPort;
  conversions: { publish: (changes: readonly ConversionChangedV1[]) => Promise<void> };
  /** Publishes what the outbox holds. A failure is logged; the outbox is relayed again later. */
  outbox: { relay: () => Promise<void> };
  catalog: CatalogPort;
  recognise: (text: string) => OwnClickId | null;
  patience: Patience;
  time: Pick<Time, 'nowMs'>;
};

export type ClickPorts = {
  clicks: {
    /** In one transaction. Answers the ids that are new. */
    record: (clicks: readonly ClickRecordedV1[]) => Promise<Set<string>>;
    cache: (clicks: readonly ClickRecordedV1[]) => void;
  };
  /** Looks again at the postbacks that wait for these clicks. */
  releaseFor: (clickIds: readonly string[]) => Promise<void>;
};
