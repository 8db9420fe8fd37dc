import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client';
import { attentionOf } from '../../lib/attention';
import { startOf } from '../../lib/time-range';
import { useNow } from '../../ui/values';
import { healthOf, useDestinations } from '../deliveries/delivery';

const bucketOf = (range: string): 'minute' | 'hour' | 'day' =>
  range === '1h' ? 'minute' : range === '24h' ? 'hour' : 'day';

const live = { refetchInterval: 5_000, placeholderData: keepPreviousData } as const;

export const useOverview = (range: string) => {
  const now = useNow(60_000);
  const from = startOf(range, now);
  return api.useQuery(
    'get',
    '/api/v1/overview',
    { params: { query: { ...(from && { from }), bucket: bucketOf(range) } } },
    live,
  );
};

const useSummary = (groupBy: string, from: string | undefined, state?: string) =>
  api.useQuery(
    'get',
    '/api/v1/postbacks/summary',
    { params: { query: { groupBy, limit: 100, ...(from && { from }), ...(state && { state }) } } },
    { refetchInterval: 15_000, placeholderData: keepPreviousData },
  );

/** What needs a person, of this time. Undefined until everything it is made of is there: part of it
 * would say that nothing needs anyone. */
export const useAttention = (range: string) => {
  const from = startOf(range, useNow(60_000));
  const refused = useSummary('networkKey,refusal,statusWord', from, 'refused');
  const problems = useSummary('networkKey,problem', from);
  const status = api.useQuery('get', '/api/v1/status', {}, { refetchInterval: 10_000 });
  const destinations = useDestinations();
  const items = useMemo(() => {
    if (!refused.data || !problems.data || !status.data || !destinations.data) return undefined;
    return attentionOf({
      refused: refused.data.items,
      problems: problems.data.items,
      status: status.data,
      destinations: destinations.data.items.map((each) => ({
        ...each,
        health: healthOf(each),
      })),
    });
  }, [refused.data, problems.data, status.data, destinations.data]);
  const missing = [refused, problems, status, destinations].find(({ data, error }) => data === undefined && error);
  return { items, error: missing?.error, retry: () => void missing?.refetch() };
};
