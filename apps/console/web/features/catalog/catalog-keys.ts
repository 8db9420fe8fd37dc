import { api } from '../../api/client';

export const catalogKinds = ['networks', 'sources', 'offers', 'campaigns'] as const;
export type CatalogKind = (typeof catalogKinds)[number];
type Entry = { key: string; name?: string | undefined };

/** The maximum of a list to choose from; beyond it the user types the key. */
const maxChoices = 500;

type Choice = { value: string; label: string };

/** Keys and names of a kind, to choose from; undefined until they are loaded. */
export const useLoadedKeys = (kind: CatalogKind): Choice[] | undefined => {
  const { data, isPending } = api.useQuery(
    'get',
    `/api/v1/${kind}` as '/api/v1/networks',
    { params: { query: { limit: maxChoices } } },
    { staleTime: 30_000 },
  );
  if (isPending) return undefined;
  return ((data?.items ?? []) as unknown as Entry[]).map(({ key, name }) => ({
    value: key,
    label: name && name !== key ? `${name} (${key})` : key,
  }));
};

/** The same for a field that is there before they are. */
export const useCatalogKeys = (kind: CatalogKind): Choice[] => useLoadedKeys(kind) ?? [];
