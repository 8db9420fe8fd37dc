import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { isTransient, problemOf } from '../api/problem';
import { pageNonce } from './nonce';
import { router } from './router';
import { cssVariables, theme } from './theme';

const me = ['get', '/api/v1/me'];

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that has ended shows first at whatever is asked next: ask who is signed in.
    onError: (error, { queryKey }) => {
      if (problemOf(error).status === 401 && queryKey[1] !== me[1]) void queries.invalidateQueries({ queryKey: me });
    },
  }),
  defaultOptions: {
    queries: {
      // Temporary failures are retried; a refusal would be refused again.
      retry: (count, error) => count < 3 && isTransient(problemOf(error)),
      staleTime: 5_000,
      refetchOnWindowFocus: true,
    },
  },
});

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    getStyleNonce={pageNonce}
  >
    <Notifications position="bottom-right" limit={3} />
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
);
