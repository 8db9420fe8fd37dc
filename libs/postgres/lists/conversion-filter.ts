import type { ConversionState, Mark } from '#domain';
import { createFilter, inAnyCase, type Choice, type ListFilter } from './list-filter.js';

/** Each name of a token is held to its own choice. */
export type TokenChoice = { name: string } & Choice;

const few = { id: 'id', externalId: 'external_id', transactionId: 'transaction_id' } as const;
/** In the order in which one of them drives the list. */
const indexed = {
  campaignKey: 'campaign_key',
  offerKey: 'offer_key',
  event: 'event',
  sourceKey: 'source_key',
  networkKey: 'network_key',
} as const;
const fewNames = Object.keys(few) as (keyof typeof few)[];
const indexedNames = Object.keys(indexed) as (keyof typeof indexed)[];

export type ConversionFilter = { [Name in keyof (typeof few & typeof indexed)]?: Choice | undefined } & {
  clickId?: Choice | undefined;
  state?: Choice<ConversionState> | undefined;
  mark?: Choice<Mark> | undefined;
  /** `true`: those that reports count, without the mark `test`. */
  counted?: boolean | undefined;
  tokens?: readonly TokenChoice[] | undefined;
  /** Which of its times `from` and `to` are of. */
  timeBy?: 'recorded' | 'clicked' | 'occurred' | undefined;
  /** Those that were recorded until then. */
  asOf?: Date | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** The tokens of the click that a conversion is credited to. */
const tokenColumn = (where: ListFilter, name: string): string =>
  `attributions -> click_id -> 'tokens' ->> ${where.place(name)}::text`;

export const conversionWhere = (filter: ConversionFilter): ListFilter => {
  const time = `${filter.timeBy ?? 'recorded'}_at`;
  const where = createFilter('recorded_at')
    .byFew('click_id', inAnyCase(filter.clickId))
    .bound('<=', filter.asOf)
    .chooseIn('exists (select from unnest(marks) m where $?)', 'm', filter.mark)
    .and("('test' = any(marks)) <> $?", filter.counted)
    .choose('state', filter.state);
  // As of an earlier moment a row may have been a conversion that is none now.
  if (!filter.asOf) where.and('state is not null');
  if (time === 'recorded_at') where.bound('>=', filter.from).bound('<', filter.to);
  else where.and(`${time} >= $?`, filter.from).and(`${time} < $?`, filter.to);
  for (const name of fewNames) where.byFew(few[name], filter[name]);
  for (const name of indexedNames) where.byIndex(indexed[name], filter[name], { none: name !== 'event' });
  for (const { name, ...choice } of filter.tokens ?? []) where.choose(tokenColumn(where, name), choice);
  return where;
};
