import { api } from '../../api/client';

export const catalogKinds = ['networks', 'sources', 'offers', 'campaigns'] as const;
export type CatalogKind = (typeof catalogKinds)[number];
type Entry = { key: string; name?: string | undefined };

/** The maximum of a list to choose from; beyond it the user types the key. */
const maxChoices = 500;

/** Keys and names of a kind, to choose from. */
export const useCatalogKeys = (kind: CatalogKind): { value: string; label: string }[] => {
  const { data } = api.useQuery(
    'get',
    `/api/v1/${kind}` as '/api/v1/networks',
    { params: { query: { limit: maxChoices } } },
    { staleTime: 30_000 },
  );
  return ((data?.items ?? []) as unknown as Entry[]).map(({ key, name }) => ({
    value: key,
    label: name && name !== key ? `${name} (${key})` : key,
  }));
};
