import type { FoundClick, OwnClickId } from '#domain';
import type { CatalogView } from './catalog-view.js';
import type { ClickRecordedV1 } from './click-recorded.v1.js';

/** What attribution needs of a click's record, as Postgres and Redis both hold it. */
export type KnownClick = Pick<
  ClickRecordedV1,
  | 'clickId'
  | 'clickedAtMs'
  | 'campaignKey'
  | 'sourceKey'
  | 'offerKey'
  | 'networkKey'
  | 'externalId'
  | 'externalIdRaw'
  | 'tokens'
  | 'cost'
> & { visitor: { ip: string | null; userAgent: string | null } };

/** The tokens that a campaign's reports keep apart. Kept with the conversion, so that a change of
 *  the setting moves nothing. */
export type ReportTokens = (campaignKey: string) => readonly string[];
export const chosenTokens = (tokens: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (Object.hasOwn(tokens, name) ? [[name, tokens[name] as string]] : [])));

export const foundClickOf = (click: KnownClick, reportTokens: ReportTokens): FoundClick => ({
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

/** What one of our click ids says by itself, through the catalog's numbers: enough to credit its
 *  campaign, too little for the source, whose own id it does not hold. */
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
