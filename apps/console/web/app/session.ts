import { useRouterState } from '@tanstack/react-router';
import { api } from '../api/client';
import type { Role } from '../api/answers';
import { problemOf } from '../api/problem';

/** Who is signed in. Asked once; a 401 of any call leads to the sign-in page. */
export const useMe = () =>
  api.useQuery(
    'get',
    '/api/v1/me',
    {},
    { staleTime: 60_000, retry: (count, error) => count < 3 && problemOf(error).status !== 401 },
  );

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

/** Whether buttons of this role are shown. The API decides by itself; this only spares a refusal.
 */
export const useMay = (role: Role): boolean => {
  const { data } = useMe();
  return data !== undefined && ranks[data.role] >= ranks[role];
};

/** Where to go on after signing in; only a path of this page. */
export const useNext = (): string => {
  const next = useRouterState({ select: ({ location }) => (location.search as { next?: string }).next });
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';
};
