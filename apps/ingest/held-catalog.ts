import {
  createCatalogView,
  hashedTokens,
  keysOfEntry,
  openCatalogEntry,
  type CatalogEntryV1,
  type CatalogView,
} from '#contracts';
import type { TokenHash } from '#domain';
import { messageOf, type Logger, type Seal } from '#runtime';

/** The part of the catalog that ingest holds. It calls no destination, so it keeps none, not even
 *  sealed; it compares tokens, so it keeps their hashes; it verifies signatures and shared secrets,
 *  so it opens those of networks, in memory only. */
export type HeldCatalog = {
  view: CatalogView;
  /** Networks whose secrets cannot be opened, and of which no earlier version was held. Their calls
   *  are answered 503, because they can be neither verified nor refused. */
  withheld: ReadonlySet<string>;
  /** How many entries cannot be opened now. */
  unreadable: () => number;
  /** Never throws. */
  apply: (entry: CatalogEntryV1) => void;
  /** What is held, its secrets sealed: for the disk. */
  entries: () => CatalogEntryV1[];
};

export type CatalogSecrets = { seal: Seal; tokenHash: TokenHash };

const heldPart = (entry: CatalogEntryV1, { seal, tokenHash }: CatalogSecrets): CatalogEntryV1 => {
  if (entry.value === null) return entry;
  if (entry.kind === 'network') {
    const keys = keysOfEntry(seal, tokenHash, entry.kind, entry.key);
    return { ...entry, value: { ...entry.value, tokens: hashedTokens(entry.value.tokens, keys) } };
  }
  if (entry.kind === 'source') return { ...entry, value: { ...entry.value, destination: null } };
  if (entry.kind === 'campaign') return { ...entry, value: { ...entry.value, destination: null } };
  return entry;
};

export const createHeldCatalog = (secrets: CatalogSecrets, log: Logger): HeldCatalog => {
  const view = createCatalogView();
  const sealed = new Map<string, CatalogEntryV1>();
  const unreadable = new Set<string>();
  const withheld = new Set<string>();
  return {
    view,
    withheld,
    unreadable: () => unreadable.size,
    entries: () => [...sealed.values()],
    apply(entry) {
      const id = `${entry.kind}:${entry.key}`;
      try {
        const held = heldPart(entry, secrets);
        sealed.set(id, held);
        view.apply(openCatalogEntry(held, secrets.seal.open));
        unreadable.delete(id);
        if (entry.kind === 'network') withheld.delete(entry.key);
      } catch (thrown) {
        unreadable.add(id);
        log.error({ event: 'catalog.entry_unreadable', kind: entry.kind, key: entry.key, error: messageOf(thrown) });
        // The version before stays in force. Without one, a network is held only to be withheld.
        if (entry.kind !== 'network' || view.network(entry.key)) return;
        withheld.add(entry.key);
        view.apply(sealed.get(id) ?? entry);
      }
    },
  };
};
