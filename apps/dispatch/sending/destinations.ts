import { createCatalogView, type CatalogEntryV1, type CatalogKind, type DestinationSettings } from '#contracts';
import { chosenDestination, compileDestination, TemplateError, type Destination } from '#domain';

/** A destination as dispatch uses it. `broken` says why its template cannot be used; such a catalog was written past the API. */
export type KnownDestination = { key: string; settings: DestinationSettings } & (
  { broken: null; compiled: Destination } | { broken: string; compiled: null }
);

export type CatalogKey = { kind: CatalogKind; key: string };

export type Destinations = {
  apply: (entry: CatalogEntryV1) => void;
  /** Which of the two the catalog has not told of yet, not even that it was deleted. Until it has, nobody can say whether there is a
   *  destination: a campaign's own would take the place of its source's. */
  unknown: (campaignKey: string | null, sourceKey: string | null) => CatalogKey[];
  /** Where a conversion of this campaign and source is reported to; null: nowhere. */
  of: (campaignKey: string | null, sourceKey: string | null) => KnownDestination | null;
  /** By `source:<key>` or `campaign:<key>`; null when it is gone. */
  byKey: (destinationKey: string) => KnownDestination | null;
};

/** The catalog's destinations, compiled once per version of their entry. */
export const createDestinations = (): Destinations => {
  const view = createCatalogView();
  const compiled = new WeakMap<DestinationSettings, KnownDestination>();

  const known = (key: string, settings: DestinationSettings): KnownDestination => {
    const before = compiled.get(settings);
    if (before) return before;
    let destination: KnownDestination;
    try {
      destination = { key, settings, broken: null, compiled: compileDestination(key, settings) };
    } catch (thrown) {
      if (!(thrown instanceof TemplateError)) throw thrown;
      destination = { key, settings, broken: thrown.message, compiled: null };
    }
    compiled.set(settings, destination);
    return destination;
  };

  return {
    apply: (entry) => view.apply(entry),
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
