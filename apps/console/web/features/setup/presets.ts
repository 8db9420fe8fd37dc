import { api } from '../../api/client';

type NetworkPreset = { key: string; name: string; verified: boolean; quirks: string[] };
export type SourcePreset = NetworkPreset & {
  externalIdParam: string;
  fields: { name: string; label: string; example: string }[];
  destination: { url: string } | null;
};

/** They come with the version: asked for once. */
const once = { staleTime: Number.POSITIVE_INFINITY } as const;

export const useNetworkPresets = (): readonly NetworkPreset[] => {
  const { data } = api.useQuery('get', '/api/v1/presets/networks', {}, once);
  return (data?.items ?? []) as unknown as NetworkPreset[];
};
export const useSourcePresets = (): readonly SourcePreset[] => {
  const { data } = api.useQuery('get', '/api/v1/presets/sources', {}, once);
  return (data?.items ?? []) as unknown as SourcePreset[];
};

export const choicesOf = (presets: readonly { key: string; name: string }[]) =>
  presets.map(({ key, name }) => ({ value: key, label: name }));
