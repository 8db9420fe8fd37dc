import type { Item } from '../../api/answers';
import { api } from '../../api/client';

type NetworkPreset = Item<'/api/v1/presets/networks'>;
export type SourcePreset = Item<'/api/v1/presets/sources'>;

/** They come with the version: asked for once. */
const once = { staleTime: Number.POSITIVE_INFINITY } as const;

export const useNetworkPresets = (): readonly NetworkPreset[] => {
  const { data } = api.useQuery('get', '/api/v1/presets/networks', {}, once);
  return data?.items ?? [];
};
export const useSourcePresets = (): readonly SourcePreset[] => {
  const { data } = api.useQuery('get', '/api/v1/presets/sources', {}, once);
  return data?.items ?? [];
};

export const choicesOf = (presets: readonly { key: string; name: string }[]) =>
  presets.map(({ key, name }) => ({ value: key, label: name }));
