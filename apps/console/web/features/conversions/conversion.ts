import type { TimelineDelivery, TimelineEntry } from '../../lib/timeline';
import type { Postback } from '../log/postbacks';

type Money = { pending: string; approved: string; rejected: string; reversed: string };
export type ConversionItem = {
  id: string;
  networkKey: string;
  clickId: string | null;
  externalId: string | null;
  campaignKey: string | null;
  sourceKey: string | null;
  offerKey: string | null;
  event: string | null;
  transactionId: string | null;
  state: string | null;
  marks: string[];
  currency: string | null;
  money: Money | null;
  payoutFrom: string | null;
  attributedBy: string | null;
  clickAt: string | null;
  occurredAt: string;
  recordedAt: string;
  changedAt: string;
};
export type Conversion = ConversionItem & {
  entries: TimelineEntry[];
  postbacks: Postback[];
  deliveries: TimelineDelivery[];
  truncated?: boolean;
};

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
