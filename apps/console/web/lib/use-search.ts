import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './search-params';

/** The search parameters of this page, and how to change some of them. A change of filters replaces
 * the entry in the history, so that "back" leaves the page; opening a record adds one, so that
 * "back" closes it. */
export const useView = <View extends object = Search>() => {
  const view = useSearch({ strict: false }) as View;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<View>, how: 'replace' | 'push' = 'replace') =>
      void navigate({
        to: '.',
        search: ((before: Search) => ({ ...before, ...part })) as never,
        replace: how === 'replace',
        resetScroll: false,
      }),
    [navigate],
  );
  return [view, change] as const;
};
