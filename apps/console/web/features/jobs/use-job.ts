import { api } from '../../api/client';

const isOpen = (state: string | undefined): boolean => state === 'queued' || state === 'running';

/** A job, asked for until it has ended. */
export const useJob = (id: string | undefined) =>
  api.useQuery(
    'get',
    '/api/v1/jobs/{id}',
    { params: { path: { id: id ?? '' } } },
    {
      enabled: id !== undefined,
      refetchInterval: ({ state: { data } }) => (data === undefined || isOpen(data.state) ? 500 : false),
    },
  );
