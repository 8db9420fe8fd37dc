import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';

type Page = Answer<'/api/v1/reports'>;
export type Line = Page['items'][number];
export type Figures = Page['totals'][number];
/** All lines that were loaded; `linesLeft` more can be. */
export type Report = Pick<Page, 'groupBy' | 'items' | 'totals' | 'behindSeconds'> & { linesLeft: number };

const reportOf = (pages: readonly Page[]): Report | undefined => {
  const [first] = pages;
  if (!first) return undefined;
  const items = pages.flatMap((page) => page.items);
  const all = first.items.length + (first.rest?.lines ?? 0);
  const { groupBy, totals, behindSeconds } = first;
  return { groupBy, totals, behindSeconds, items, linesLeft: all - items.length };
};

/** Old lines stay on screen while others load, and a request whose answer is no longer needed is
 * cancelled. */
export const useReport = (query: Record<string, string>) => {
  const report = api.useInfiniteQuery(
    'get',
    '/api/v1/reports',
    { params: { query } },
    {
      pageParamName: 'cursor',
      // Null is left out of the query.
      initialPageParam: null,
      getNextPageParam: (page: Page) => page.next ?? undefined,
      placeholderData: keepPreviousData,
    },
  );
  const { data, error, isPending, refetch } = report;
  const shown = useMemo(() => reportOf(data?.pages ?? []), [data]);
  return {
    query: { data: shown, error, isPending, refetch },
    isPlaceholderData: report.isPlaceholderData,
    more: {
      hasMore: report.hasNextPage,
      isLoading: report.isFetchingNextPage,
      load: () => void report.fetchNextPage(),
    },
  };
};
