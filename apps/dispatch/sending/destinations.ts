import {
  createCatalogView,
  openCatalogEntry,
  type CatalogEntryV1,
  type CatalogKind,
  type DestinationSettings,
} from '#contracts';
import { chosenDestination, compileDestination, TemplateError, type Destination } from '#domain';

/** A destination as dispatch uses it. `broken` says why it cannot be called: its template cannot
 *  be read, or its secrets cannot be opened. Its deliveries are parked. */
export type KnownDestination = { key: string; settings: DestinationSettings } & (
  { broken: null; compiled: Destination } | { broken: string; compiled: null }
);

export type CatalogKey = { kind: CatalogKind; key: string };

export type Destinations = {
  /** Takes an entry whose secrets are sealed, and opens those of a destination. One that cannot be
   *  opened leaves the version before in force; without one, its own deliveries are parked. */
  applySealed: (entry: CatalogEntryV1, open: (text: string, entryName: string) => string) => void;
  /** How many entries cannot be opened now. */
  unreadable: () => number;
  /** Which of the two the catalog topic has not brought yet, not even as deleted. Until it has,
   *  nothing can be sent: a campaign's own destination would replace its source's. */
  unknown: (campaignKey: string | null, sourceKey: string | null) => CatalogKey[];
  /** Where a conversion of this campaign and source is reported; null if nowhere. */
  of: (campaignKey: string | null, sourceKey: string | null) => KnownDestination | null;
  /** By `source:<key>` or `campaign:<key>`; null if it was deleted. */
  byKey: (destinationKey: string) => KnownDestination | null;
};

/** The catalog's destinations, compiled once per version of their entry.
 *  @param unreadable is called for an entry whose secrets cannot be opened. */
export const createDestinations = (unreadable: (entry: CatalogEntryV1, thrown: unknown) => void): Destinations => {
  const view = createCatalogView();
  const compiled = new WeakMap<DestinationSettings, KnownDestination>();
  const unopened = new Set<string>();

  const known = (key: string, settings: DestinationSettings): KnownDestination => {
    const before = compiled.get(settings);
    if (before) return before;
    const destination = compile(key, settings);
    compiled.set(settings, destination);
    return destination;
  };

  return {
    applySealed(entry, open) {
      const id = `${entry.kind}:${entry.key}`;
      const settings = destinationIn(entry);
      try {
        view.apply(settings ? openCatalogEntry(entry, open) : entry);
        unopened.delete(id);
      } catch (thrown) {
        unopened.add(id);
        unreadable(entry, thrown);
        if (settings === null || entry.kind === 'network' || entry.kind === 'offer') return;
        if ((entry.kind === 'source' ? view.source(entry.key) : view.campaign(entry.key))?.destination) return;
        view.apply(entry);
        compiled.set(settings, { ...broken(entry, settings), broken: 'its secrets cannot be opened' });
      }
    },
    unreadable: () => unopened.size,
    unknown(campaignKey, sourceKey) {
      const unknown: CatalogKey[] = [];
      if (campaignKey !== null && !view.knows('campaign', campaignKey))
        unknown.push({ kind: 'campaign', key: campaignKey });
      if (sourceKey !== null && !view.knows('source', sourceKey)) unknown.push({ kind: 'source', key: sourceKey });
      return unknown;
    },
    of(campaignKey, sourceKey) {
      const campaign = campaignKey === null ? undefined : view.campaign(campaignKey);
      const source = sourceKey === null ? undefined : view.source(sourceKey);
      const chosen = chosenDestination(campaign, source);
      return chosen && known(chosen.key, chosen.settings);
    },
    byKey(destinationKey) {
      const key = destinationKey.slice(destinationKey.indexOf(':') + 1);
      const settings = (destinationKey.startsWith('campaign:') ? view.campaign(key) : view.source(key))?.destination;
      return settings ? known(destinationKey, settings) : null;
    },
  };
};

const compile = (key: string, settings: DestinationSettings): KnownDestination => {
  try {
    return { key, settings, broken: null, compiled: compileDestination(key, settings) };
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown;
    return { key, settings, broken: thrown.message, compiled: null };
  }
};

const destinationIn = (entry: CatalogEntryV1): DestinationSettings | null =>
  entry.kind === 'source' || entry.kind === 'campaign' ? (entry.value?.destination ?? null) : null;

const broken = ({ kind, key }: CatalogEntryV1, settings: DestinationSettings) => ({
  key: `${kind}:${key}`,
  settings,
  compiled: null,
});
