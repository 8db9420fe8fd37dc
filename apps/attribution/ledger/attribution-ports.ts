import {
  clickInside,
  topics,
  withCapCurrency,
  type CatalogView,
  type ConversionChangedV1,
  type ReportTokens,
} from '#contracts';
import { readClickId } from '#domain';
import type { Producer } from '#kafka';
import { claimOutbox, deleteOutbox } from '#postgres';
import { patienceOf } from '../config.js';
import type { Surroundings } from '../surroundings.js';
import { clickFinder } from './find-clicks.js';
import { relayAfterCommit, type OutboxPorts } from './outbox.js';
import type { AttributionPorts, CatalogPort } from './ports.js';
import { postgresLedger } from './transaction.js';

/** The ports of the pages, on Postgres, Redis and Kafka. */
export const attributionPorts = (given: Surroundings): AttributionPorts & { outboxPorts: OutboxPorts } => {
  const { config, catalog, pool, metrics, time, random, log } = given;
  const publish = publisher(given.produce);
  const outboxPorts: OutboxPorts = {
    claim: (limit, leaseMs) => claimOutbox(pool, { limit, leaseMs }),
    remove: (ids) => deleteOutbox(pool, ids),
    publish,
  };
  return {
    clicks: clickFinder(pool, given.cache, reportTokensOf(catalog), metrics.clicksFound),
    ledger: postgresLedger({
      ...{ pool, time, random },
      onConflict: metrics.conflict,
      limits: {
        maxPerId: config.ATTRIBUTION_MAX_ORPHANS_PER_ID,
        maxPerAddress: config.ATTRIBUTION_MAX_ORPHANS_PER_ADDRESS,
      },
    }),
    conversions: { publish },
    outbox: { relay: () => relayAfterCommit(outboxPorts, log) },
    outboxPorts,
    catalog: catalogPort(catalog),
    recognise: (text) => readClickId(text, config.CAROM_SECRET),
    patience: patienceOf(config),
    time,
  };
};

export const reportTokensOf =
  (catalog: CatalogView): ReportTokens =>
  (campaignKey) =>
    catalog.campaign(campaignKey)?.reportTokens ?? [];

const catalogPort = (catalog: CatalogView): CatalogPort => ({
  network: (key) => catalog.network(key),
  offer: (key) => {
    const offer = catalog.offer(key);
    return offer && withCapCurrency(offer, catalog.network(offer.networkKey));
  },
  clickInside: clickInside(catalog),
});

const publisher =
  (produce: Producer['produce']) =>
  async (changes: readonly ConversionChangedV1[]): Promise<void> => {
    if (changes.length === 0) return;
    await produce(
      changes.map((change) => ({
        topic: topics.conversions.name,
        key: change.conversionId,
        value: JSON.stringify(change),
        headers: { id: `${change.conversionId}:${change.revision}`, type: topics.conversions.type },
      })),
    );
  };
