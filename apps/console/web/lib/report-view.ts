import { addDays, browserZone, dayIn } from './time';

/** A report as its address names it, and as the API is queried. Pure. */

export type ReportView = {
  by?: string;
  from?: string;
  to?: string;
  zone?: string;
  currency?: string;
  timeBy?: string;
  sort?: string;
  compare?: string;
  /** Every figure, not only the main ones. */
  all?: string;
  range?: string;
  /** The books as they were: an instant. */
  asOf?: string;
  campaignKey?: string;
  sourceKey?: string;
  offerKey?: string;
  networkKey?: string;
  event?: string;
  token?: string;
};
export const reportNames = [
  'by',
  'from',
  'to',
  'zone',
  'currency',
  'timeBy',
  'sort',
  'compare',
  'all',
  'range',
  'asOf',
  'campaignKey',
  'sourceKey',
  'offerKey',
  'networkKey',
  'event',
  'token',
] as const;
export const filterNames = ['campaignKey', 'sourceKey', 'offerKey', 'networkKey', 'event', 'token'] as const;
export const maxGroups = 5;
const days: Record<string, number> = { '1h': 1, '24h': 1, '7d': 7, '30d': 30 };

export const groupsOf = (view: ReportView): string[] => (view.by ?? 'campaign').split(',').slice(0, maxGroups);

/** The days that are shown, both included. */
export const daysOf = (view: ReportView, nowMs: number): { from: string; to: string; zone: string } => {
  const zone = view.zone ?? browserZone;
  const to = view.to ?? dayIn(nowMs, zone);
  return { from: view.from ?? addDays(to, 1 - (days[view.range ?? '7d'] ?? 7)), to, zone };
};

/** The API takes the first day that is not in the report any more. */
export const queryOf = (view: ReportView, nowMs: number): Record<string, string> => {
  const { from, to, zone } = daysOf(view, nowMs);
  const filters = Object.fromEntries(filterNames.flatMap((name) => (view[name] ? [[name, view[name]]] : [])));
  return {
    groupBy: groupsOf(view).join(','),
    from,
    to: addDays(to, 1),
    timeZone: zone,
    ...(view.currency && { currency: view.currency }),
    ...(view.timeBy && view.timeBy !== 'recorded' && { timeBy: view.timeBy }),
    ...(view.asOf && { asOf: view.asOf }),
    ...(view.sort && { sort: view.sort }),
    ...(view.compare && { compare: 'previous' }),
    ...filters,
  } as Record<string, string>;
};
