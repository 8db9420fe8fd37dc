import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client';
import type { OverviewBucket, Status, SummaryItem } from '../../api/coming';
import { attentionOf } from '../../lib/attention';
import { startOf } from '../../lib/time-range';
import { useNow } from '../../ui/values';
import { healthOf, useDestinations, type Destination } from '../deliveries/delivery';

const bucketOf = (range: string): 'minute' | 'hour' | 'day' =>
  range === '1h' ? 'minute' : range === '24h' ? 'hour' : 'day';

const live = { refetchInterval: 5_000, placeholderData: keepPreviousData } as const;

export const useOverview = (range: string) => {
  const now = useNow(60_000);
  const from = startOf(range, now);
  const query = api.useQuery(
    'get',
    '/api/v1/overview',
    { params: { query: { from, bucket: bucketOf(range) } } } as never,
    live,
  );
  return query as unknown as {
    data: { buckets: OverviewBucket[] } | undefined;
    error: unknown;
    isPending: boolean;
    refetch: () => unknown;
  };
};

const useSummary = (groupBy: string, from: string | undefined, state?: string) => {
  const { data } = api.useQuery(
    'get',
    '/api/v1/postbacks/summary',
    { params: { query: { groupBy, limit: 100, ...(from && { from }), ...(state && { state }) } } } as never,
    { refetchInterval: 15_000, placeholderData: keepPreviousData },
  );
  return (data as { items: SummaryItem[] } | undefined)?.items;
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
      status: (status.data as Status | undefined) ?? null,
      destinations: (destinations.data.items as unknown as Destination[]).map((each) => ({
        ...each,
        health: healthOf(each),
      })),
    });
  }, [refused, problems, status.data, destinations.data]);
};
