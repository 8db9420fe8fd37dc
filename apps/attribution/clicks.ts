import type { CatalogView, ClickRecordedV1 } from '#contracts';
import type { FoundClick, OwnClickId } from '#domain';
import { findClicks, type StoredClick } from '#postgres';
import type { ClickCache } from '#redis';
import type pg from 'pg';
import type { AttributionPorts } from './attribution.pipeline.js';

/** Clicks as they are cached: what a look-up needs, no more. */
export const cachedForm = (click: ClickRecordedV1 | StoredClick): string =>
  JSON.stringify({
    clickId: click.clickId,
    clickedAtMs: click.clickedAtMs,
    campaignKey: click.campaignKey,
    sourceKey: click.sourceKey,
    offerKey: click.offerKey,
    networkKey: click.networkKey,
    externalId: click.externalId,
    externalIdRaw: click.externalIdRaw,
    tokens: click.tokens,
    cost: click.cost,
    visitor: { ip: click.visitor.ip, userAgent: click.visitor.userAgent },
  } satisfies StoredClick);

/** The tokens that a campaign's reports keep apart. Kept with the conversion, so that a change of the setting moves nothing. */
export type ReportTokens = (campaignKey: string) => readonly string[];
export const chosenTokens = (tokens: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (tokens[name] === undefined ? [] : [[name, tokens[name]]])));

const foundOf = (click: StoredClick, reportTokens: ReportTokens): FoundClick => ({
  clickId: click.clickId,
  clickedAtMs: click.clickedAtMs,
  campaignKey: click.campaignKey,
  sourceKey: click.sourceKey,
  offerKey: click.offerKey,
  networkKey: click.networkKey,
  externalId: click.externalId,
  externalIdRaw: click.externalIdRaw,
  tokens: click.tokens,
  visitor: click.visitor,
  from: 'click',
  cost: click.cost && { model: click.cost.model, amountNanos: click.cost.amountNanos, currency: click.cost.currency },
  reportTokens: chosenTokens(click.tokens, reportTokens(click.campaignKey)),
});

const parsed = (text: string | null): StoredClick | null => {
  if (text === null) return null;
  try {
    return JSON.parse(text) as StoredClick;
  } catch {
    // Somebody else wrote under our key: Postgres knows better.
    return null;
  }
};

/** Looks clicks up: the cache, then one select for what it did not have, which then goes into the cache. */
export const clickFinder = (
  pool: pg.Pool,
  cache: ClickCache | null,
  reportTokens: ReportTokens,
  count: (from: 'cache' | 'database' | 'nowhere', clicks: number) => void,
): AttributionPorts['clicks'] => ({
  async find(wanted) {
    if (wanted.length === 0) return new Map();
    const cached = (await cache?.read(wanted.map(({ clickId }) => clickId))) ?? [];
    const found = new Map<string, FoundClick>();
    const missing = wanted.filter(({ clickId }, index) => {
      const click = parsed(cached[index] ?? null);
      if (click) found.set(clickId, foundOf(click, reportTokens));
      return !click;
    });
    count('cache', found.size);
    if (missing.length === 0) return found;
    const stored = await findClicks(pool, missing);
    for (const [clickId, click] of stored) found.set(clickId, foundOf(click, reportTokens));
    cache?.write([...stored].map(([clickId, click]) => ({ clickId, value: cachedForm(click) })));
    count('database', stored.size);
    count('nowhere', missing.length - stored.size);
    return found;
  },
});

/** What one of our click ids tells by itself, through the catalog's numbers: enough to credit its campaign, too little to tell the
 *  source (its own id is not in there). */
export const clickInside =
  (catalog: Pick<CatalogView, 'campaignByNumber' | 'offerByNumber'>) =>
  (own: OwnClickId): FoundClick | undefined => {
    const campaign = catalog.campaignByNumber(own.campaignNumber);
    const offer = catalog.offerByNumber(own.offerNumber);
    if (!campaign || !offer) return undefined;
    return {
      clickId: own.id,
      clickedAtMs: own.atMs,
      campaignKey: campaign.key,
      sourceKey: campaign.sourceKey,
      offerKey: offer.key,
      networkKey: offer.networkKey,
      externalId: null,
      externalIdRaw: null,
      tokens: {},
      visitor: null,
      from: 'click_id',
      cost: null,
      reportTokens: {},
    };
  };
