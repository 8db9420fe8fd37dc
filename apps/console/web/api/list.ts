import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Item } from './answers';
import { api } from './client';

/** The lists that page by cursor, all alike. */
type ListPath =
  | '/api/v1/postbacks'
  | '/api/v1/conversions'
  | '/api/v1/deliveries'
  | '/api/v1/parked'
  | '/api/v1/audit'
  | '/api/v1/networks'
  | '/api/v1/sources'
  | '/api/v1/offers'
  | '/api/v1/campaigns';

const pageSize = 50;

/** A list that grows by "load more". What was loaded stays while filters change. */
export const useList = <Path extends ListPath>(path: Path, filters: Record<string, string>) => {
  const query = api.useInfiniteQuery(
    'get',
    // Typed as one path of them: the library cannot infer from a type parameter.
    path as '/api/v1/postbacks',
    { params: { query: { ...filters, limit: pageSize } } },
    {
      pageParamName: 'cursor',
      // Null is left out of the query.
      initialPageParam: null,
      getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
      placeholderData: keepPreviousData,
      staleTime: 15_000,
    },
  );
  const rows = useMemo(
    () => (query.data?.pages ?? []).flatMap(({ items }) => items as unknown as Item<Path>[]),
    [query.data],
  );
  return {
    query,
    rows,
    more: {
      hasMore: query.hasNextPage,
      isLoading: query.isFetchingNextPage,
      load: () => void query.fetchNextPage(),
    },
  };
};
