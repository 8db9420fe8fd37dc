import type { Cap } from '#domain';
import type { Campaign, CatalogEntryV1, CatalogKind, Network, Offer, Source } from './catalog.v1.js';

/** The catalog as a service holds it in memory: the last entry of each key, found by key, by
 *  number or by token. */
export type CatalogView = {
  /** Takes an entry; an older version of what is held is passed over, so replays and reordering
   *  are harmless. */
  apply(entry: CatalogEntryV1): void;
  /** All entries held, for the snapshot on disk. */
  entries(): CatalogEntryV1[];
  /** Whether the topic has brought an entry of this key, be it only its deletion. */
  knows(kind: CatalogKind, key: string): boolean;
  network(key: string): Network | undefined;
  source(key: string): Source | undefined;
  offer(key: string): Offer | undefined;
  campaign(key: string): Campaign | undefined;
  offerByNumber(number: number): Offer | undefined;
  campaignByNumber(number: number): Campaign | undefined;
  /** The network whose special Postback URL has the token with one of these hashes, if that token
   *  is still good. A token that has no hash is not found. */
  networkByToken(hashes: readonly string[], nowMs: number): Network | undefined;
  networks(): Network[];
  /** Whether a text is the shared secret of some network. */
  isSecret(text: string): boolean;
};

type OfferWithCap = Omit<Offer, 'cap'> & { cap: Cap | null };

/** An offer whose cap says in which currency it counts payout: its own, else that of the offer's
 *  payout, else its network's default. */
export const withCapCurrency = (offer: Offer, network: Network | undefined): OfferWithCap => {
  if (offer.cap === null) return { ...offer, cap: null };
  const currency = offer.cap.currency ?? offer.payout.currency ?? network?.defaultCurrency ?? null;
  return { ...offer, cap: { ...offer.cap, currency } };
};

export const createCatalogView = (): CatalogView => {
  const entries = new Map<string, CatalogEntryV1>();
  const byNumber = new Map<string, CatalogEntryV1>();
  /** By the token's hash. */
  const byToken = new Map<string, { network: Network; goodUntilMs: number }>();
  /** Secret → the keys of the networks that have it. */
  const bySecret = new Map<string, Set<string>>();
  const get = (kind: CatalogKind, key: string) => entries.get(`${kind}:${key}`)?.value ?? undefined;

  const forget = (entry: CatalogEntryV1) => {
    if (entry.value) byNumber.delete(`${entry.kind}:${entry.value.number}`);
    if (entry.kind !== 'network') return;
    for (const { hash } of entry.value?.tokens ?? []) if (hash !== undefined) byToken.delete(hash);
    const keys = bySecret.get(entry.value?.security.secret?.value ?? '');
    if (keys?.delete(entry.key) && keys.size === 0) bySecret.delete(entry.value?.security.secret?.value ?? '');
  };
  const index = (entry: CatalogEntryV1) => {
    if (entry.value) byNumber.set(`${entry.kind}:${entry.value.number}`, entry);
    if (entry.kind !== 'network' || !entry.value) return;
    for (const { hash, until } of entry.value.tokens)
      if (hash !== undefined)
        byToken.set(hash, { network: entry.value, goodUntilMs: until === null ? Infinity : Date.parse(until) });
    const { secret } = entry.value.security;
    if (secret) bySecret.set(secret.value, (bySecret.get(secret.value) ?? new Set()).add(entry.key));
  };

  return {
    apply(entry) {
      const id = `${entry.kind}:${entry.key}`;
      const held = entries.get(id);
      if (held && held.version >= entry.version) return;
      if (held) forget(held);
      entries.set(id, entry);
      index(entry);
    },
    entries: () => [...entries.values()],
    knows: (kind, key) => entries.has(`${kind}:${key}`),
    network: (key) => get('network', key) as Network | undefined,
    source: (key) => get('source', key) as Source | undefined,
    offer: (key) => get('offer', key) as Offer | undefined,
    campaign: (key) => get('campaign', key) as Campaign | undefined,
    offerByNumber: (number) => (byNumber.get(`offer:${number}`)?.value ?? undefined) as Offer | undefined,
    campaignByNumber: (number) => (byNumber.get(`campaign:${number}`)?.value ?? undefined) as Campaign | undefined,
    networkByToken(hashes, nowMs) {
      const found = hashes.map((hash) => byToken.get(hash)).find((each) => each !== undefined);
      return found && found.goodUntilMs > nowMs ? found.network : undefined;
    },
    isSecret: (text) => bySecret.has(text),
    networks: () =>
      [...entries.values()].flatMap((entry) => (entry.kind === 'network' && entry.value ? [entry.value] : [])),
  };
};
