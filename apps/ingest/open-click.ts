import type { SafeClickRecord } from '#contracts';
import { chooseByWeight, isTestVisit, mintClickId, readClick, readParameters, safeText, type SafeText } from '#domain';
import { offerUrl } from './offer-url.js';
import type { Ports, Visit } from './ports.js';

type OpenedClick =
  { kind: 'click'; click: SafeClickRecord; location: string } | { kind: 'unknown' } | { kind: 'not_ready' };

const maxKeyLength = 63;
const safeKey = (key: string): SafeText => safeText(key, maxKeyLength);
const safeOrNull = (text: string | null | undefined, maxLength: number): SafeText | null =>
  text === null || text === undefined ? null : safeText(text, maxLength);

const visitorOf = (visit: Visit): SafeClickRecord['visitor'] => ({
  ip: safeOrNull(visit.address, 100),
  userAgent: safeOrNull(visit.userAgent, 1_000),
  referer: safeOrNull(visit.referer, 2_000),
  language: safeOrNull(visit.language, 200),
});

/** Chooses the offer by weight, mints the click id and reads the visit. Writes nothing. */
export const openClick = (ports: Ports, visit: Visit): OpenedClick => {
  const { view, isCurrent } = ports.catalog();
  const campaign = view.campaign(visit.campaignKey);
  const source = campaign && view.source(campaign.sourceKey);
  const choice = campaign && chooseByWeight(campaign.offers, ports.random.unit());
  const offer = choice && view.offer(choice.offerKey);
  if (!campaign || !source || !offer) return { kind: isCurrent ? 'unknown' : 'not_ready' };

  const clickedAtMs = ports.time.nowMs();
  const numbers = { campaignNumber: campaign.number, offerNumber: offer.number };
  const clickId = mintClickId({ atMs: clickedAtMs, ...numbers, random: ports.random.bytes(5) }, ports.secrets[0] ?? '');
  const call = { method: 'GET', query: visit.query, body: null, contentType: null };
  const click: SafeClickRecord = {
    clickId: safeText(clickId, 200),
    clickedAtMs,
    campaignKey: safeKey(campaign.key),
    sourceKey: safeKey(source.key),
    offerKey: safeKey(offer.key),
    networkKey: safeKey(offer.networkKey),
    ...readClick(readParameters(call).list, source),
    visitor: visitorOf(visit),
    channel: visit.channel,
    unique: true,
    flags: isTestVisit(visit.testProof, campaign.key, clickedAtMs, ports.secrets) ? [safeText('test', 4)] : [],
  };
  const location = offerUrl(offer, click);
  return location === null ? { kind: 'unknown' } : { kind: 'click', click, location };
};
