import type { Queryable } from '../connection/database.js';
import { createFilter, type Choice } from './list-filter.js';
import { runList, type ListRows, type Page } from './run-list.js';

type RateFilter = {
  from?: string | undefined;
  to?: string | undefined;
  currency?: Choice | undefined;
  origin?: Choice | undefined;
};
export type ListedRate = { day: string; currency: string; perEuroNanos: string; origin: string; recordedAt: Date };

const columns = `r.day::text as day, r.currency, r.per_euro_nanos::text as "perEuroNanos", r.origin, r.recorded_at as "recordedAt"`;

/** Newest first, currencies of a day by name. */
export const listRatePage = (
  db: Queryable,
  { from, to, currency, origin }: RateFilter,
  page: Page,
): Promise<ListRows<ListedRate>> => {
  const filter = createFilter('r.day')
    .byIndex('r.origin', origin)
    .byIndex('r.currency', currency)
    .bound('>=', from)
    .bound('<=', to);
  const order = {
    time: 'r.day',
    timeType: 'date',
    id: 'r.currency',
    idType: 'text',
    idName: 'currency',
    idOrder: 'asc',
  } as const;
  return runList<ListedRate>(db, { columns, from: 'rates r', ...order, filter }, page);
};
