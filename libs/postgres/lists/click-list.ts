import type { Queryable } from '../connection/database.js';
import { createFilter, inAnyCase, type Choice } from './list-filter.js';
import { runList, type List, type Page } from './run-list.js';
import type { TokenChoice } from './conversion-filter.js';

/** Clicks, as the API reads them. Written by attribution. */
export type ClickSummary = {
  clickId: string;
  clickedAt: Date;
  campaignKey: string;
  sourceKey: string;
  offerKey: string;
  networkKey: string;
  externalId: string | null;
  externalIdRaw: string | null;
  tokens: Record<string, string>;
  costModel: string | null;
  costNanos: bigint | null;
  costCurrency: string | null;
  channel: string;
  isUnique: boolean;
  flags: string[];
  recordedAt: Date;
  visitor: { ip?: string | null; userAgent?: string | null; referer?: string | null; language?: string | null };
};

const choices = {
  campaignKey: 'campaign_key',
  sourceKey: 'source_key',
  offerKey: 'offer_key',
  networkKey: 'network_key',
  channel: 'channel',
} as const;
type ChoiceName = keyof typeof choices;

export type ClickFilter = { [Name in ChoiceName]?: Choice | undefined } & {
  clickId?: Choice | undefined;
  /** When the clicks of `clickId` happened: they are stored by time. */
  clickedAt?: readonly Date[] | undefined;
  externalId?: Choice | undefined;
  flag?: Choice | undefined;
  unique?: boolean | undefined;
  tokens?: readonly TokenChoice[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

const columns = `click_id as "clickId", clicked_at as "clickedAt", campaign_key as "campaignKey", source_key as "sourceKey",
  offer_key as "offerKey", network_key as "networkKey", external_id as "externalId", external_id_raw as "externalIdRaw", tokens,
  cost_model as "costModel", cost_nanos as "costNanos", cost_currency as "costCurrency", channel, is_unique as "isUnique",
  flags, recorded_at as "recordedAt", visitor`;

export const clickList = (filter: ClickFilter): List => {
  const where = createFilter('clicked_at')
    .andFew('clicked_at = any($?::timestamptz[])', filter.clickedAt)
    .byFew('external_id', filter.externalId)
    .choose('click_id', inAnyCase(filter.clickId))
    .bound('>=', filter.from)
    .bound('<', filter.to)
    .chooseIn('exists (select from unnest(flags) f where $?)', 'f', filter.flag)
    .and('is_unique = $?', filter.unique);
  for (const name of Object.keys(choices) as ChoiceName[]) where.choose(choices[name], filter[name]);
  for (const { name, ...choice } of filter.tokens ?? []) where.choose(`tokens ->> ${where.place(name)}::text`, choice);
  return {
    columns,
    from: 'clicks',
    time: 'clicked_at',
    id: 'click_id',
    idType: 'text',
    idName: 'clickId',
    filter: where,
  };
};

/** Newest first. */
export const listClicks = (db: Queryable, filter: ClickFilter, page: Page) =>
  runList<ClickSummary>(db, clickList(filter), page);

/** When a click of another tracker's id happened; null: no such id was imported. */
export const importedClickAt = async (db: Queryable, clickId: string): Promise<Date | null> => {
  const { rows } = await db.query<{ at: Date }>('select clicked_at as at from click_imports where click_id = $1', [
    clickId,
  ]);
  return rows[0]?.at ?? null;
};
