import type { Answer, Item } from '../../api/answers';
import { api } from '../../api/client';
import type { Search } from '../../lib/search-params';
import { startOf } from '../../lib/time-range';

/** A call as lists show it. */
export type PostbackItem = Item<'/api/v1/postbacks'>;
export type Postback = Answer<'/api/v1/postbacks/{id}'>;

export const states = ['applied', 'duplicate', 'refused', 'orphan', 'parked'] as const;

/** The filters of the address that the API knows by the same name. */
export const filterNames = [
  'state',
  'networkKey',
  'refusal',
  'problem',
  'statusWord',
  'clickId',
  'transactionId',
  'conversionId',
  'externalId',
  'campaignKey',
  'channel',
  'uploadId',
  'test',
  'text',
] as const;
export const logSearchNames = [...filterNames, 'range', 'from', 'to', 'open'] as const;

export const filtersOf = (view: Search, nowMs: number): Record<string, string> => {
  const filters = Object.fromEntries(
    filterNames.flatMap((name) => (view[name] === undefined ? [] : [[name, view[name] as string]])),
  );
  const from = view.from ?? startOf(view.range ?? 'all', nowMs);
  return { ...filters, ...(from && { from }), ...(view.to && { to: view.to }) };
};

export const usePostback = (id: string | undefined) =>
  api.useQuery('get', '/api/v1/postbacks/{id}', { params: { path: { id: id ?? '' } } }, { enabled: id !== undefined });
