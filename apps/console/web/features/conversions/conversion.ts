import type { Answer, Item } from '../../api/answers';

export type ConversionItem = Item<'/api/v1/conversions'>;
export type Conversion = Answer<'/api/v1/conversions/{id}'>;
type Money = NonNullable<ConversionItem['money']>;

export const conversionFilterNames = [
  'state',
  'campaignKey',
  'sourceKey',
  'offerKey',
  'networkKey',
  'event',
  'mark',
  'clickId',
  'externalId',
  'transactionId',
  'token',
  'counted',
  'timeBy',
  'asOf',
] as const;

/** The buckets of a conversion that hold something. */
export const heldBuckets = (money: Money): [bucket: keyof Money, amount: string][] =>
  (Object.entries(money) as [keyof Money, string][]).filter(([, amount]) => !/^-?0(\.0*)?$/.test(amount));
