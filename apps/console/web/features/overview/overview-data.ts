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

const useSummary = (groupBy: string, from: string | undefined, state?: string) => {
  const { data } = api.useQuery(
    'get',
    '/api/v1/postbacks/summary',
    { params: { query: { groupBy, limit: 100, ...(from && { from }), ...(state && { state }) } } },
    { refetchInterval: 15_000, placeholderData: keepPreviousData },
  );
  return data?.items;
};

/** What needs a person, of this time; undefined until everything it is made of has been loaded. */
export const useAttention = (range: string) => {
  const from = startOf(range, useNow(60_000));
  const refused = useSummary('networkKey,refusal,statusWord', from, 'refused');
  const problems = useSummary('networkKey,problem', from);
  const status = api.useQuery('get', '/api/v1/status', {}, { refetchInterval: 10_000 });
  const destinations = useDestinations();
  return useMemo(() => {
    if (!destinations.data) return undefined;
    return attentionOf({
      refused: refused ?? [],
      problems: problems ?? [],
      status: status.data ?? null,
      destinations: destinations.data.items.map((each) => ({
        ...each,
        health: healthOf(each),
      })),
    });
  }, [refused, problems, status.data, destinations.data]);
};
