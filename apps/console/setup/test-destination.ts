import type { Campaign, Source } from '#contracts';
import { chosenDestination, createRateBook, previewDelivery } from '#domain';
import { findCatalogEntry, findConversionFacts } from '#postgres';
import { hiddenSecret, savedDestination } from '../deliveries/destination-trial.js';
import type { ConsolePorts } from '../ports.js';

type Ports = Pick<ConsolePorts, 'pool' | 'dataSource' | 'now'>;

const destinationOf = async (ports: Ports, kind: 'campaign' | 'source', key: string | null) => {
  const entry = key === null ? null : await findCatalogEntry(ports.dataSource, kind, key);
  if (!entry || key === null) return undefined;
  // No secret is needed to decide whether something is sent.
  const body = entry.body as Campaign | Source;
  return { key, destination: savedDestination(kind, body, () => hiddenSecret) };
};

/** What is kept from an ad network without a trace. What cannot be sent for another reason is a
 * parked delivery, which the test shows. */
const silent: readonly string[] = ['suppressed', 'status', 'event', 'share', 'amount', 'mark'];

export type NotSent = { reason: string; destinationKey: string | null };

/** Why no ad network is called for a test conversion; null: one will be. Decided by the rules of
 * dispatch and the settings that hold now. */
export const whyNotSent = async (ports: Ports, conversionId: string): Promise<NotSent | null> => {
  const facts = await findConversionFacts(ports.pool, conversionId);
  if (!facts) return null;
  const [campaign, source] = await Promise.all([
    destinationOf(ports, 'campaign', facts.campaignKey),
    destinationOf(ports, 'source', facts.sourceKey),
  ]);
  const chosen = chosenDestination(campaign, source);
  if (!chosen) return { reason: 'no_destination', destinationKey: null };
  const { lookup: rates } = createRateBook();
  const { reason } = previewDelivery(chosen.key, chosen.settings, facts, { nowMs: ports.now().getTime(), rates });
  if (reason === null || !silent.includes(reason)) return null;
  return { reason: reason === 'mark' ? 'test_not_sent' : reason, destinationKey: chosen.key };
};
