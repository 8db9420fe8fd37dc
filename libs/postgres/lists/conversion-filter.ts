import type { ConversionState, Mark } from '#domain';
import { createFilter, inAnyCase, type Choice, type ListFilter } from './list-filter.js';

/** Each name of a token is held to its own choice. */
export type TokenChoice = { name: string } & Choice;

const choices = {
  id: 'id',
  externalId: 'external_id',
  transactionId: 'transaction_id',
  networkKey: 'network_key',
  campaignKey: 'campaign_key',
  sourceKey: 'source_key',
  offerKey: 'offer_key',
  event: 'event',
} as const;
const choiceNames = Object.keys(choices) as (keyof typeof choices)[];

export type ConversionFilter = { [Name in keyof typeof choices]?: Choice | undefined } & {
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
  `attributions -> click_id -> 'tokens' ->> $${where.values.push(name)}::text`;

export const conversionWhere = (filter: ConversionFilter): ListFilter => {
  const time = `${filter.timeBy ?? 'recorded'}_at`;
  const where = createFilter()
    // As of an earlier moment a row may have been a conversion that is none now.
    .and('state is not null and $?', filter.asOf ? undefined : true)
    .choose('click_id', inAnyCase(filter.clickId))
    .and('recorded_at <= $?', filter.asOf)
    .unserved.chooseIn('exists (select from unnest(marks) m where $?)', 'm', filter.mark)
    .unserved.and("('test' = any(marks)) <> $?", filter.counted)
    .unserved.choose('state', filter.state);
  const byTime = time === 'recorded_at' ? where : where.unserved;
  byTime.and(`${time} >= $?`, filter.from);
  byTime.and(`${time} < $?`, filter.to);
  for (const name of choiceNames) where.choose(choices[name], filter[name]);
  for (const { name, ...choice } of filter.tokens ?? []) where.unserved.choose(tokenColumn(where, name), choice);
  return where;
};
