import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { lets } from '#postgres';
import { networkPreset, sourcePreset, type NetworkPreset, type SourcePreset } from '#presets';
import { choiceOf, keys } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';

/** The dialects that come with Carom, to choose from when a network or a source is added. Few and
 *  small, so they are not paged. */

const presetQuery = z.strictObject({
  q: z.string().max(200).optional(),
  confidence: choiceOf(z.enum(['D', 'T'])),
});
const networkQuery = presetQuery.extend({ platform: keys });
type PresetQuery = z.infer<typeof presetQuery>;

/** Whether key, name or platform hold every word of the search. */
const fits = (preset: Pick<NetworkPreset, 'key' | 'name' | 'confidence' | 'platform'>, query: PresetQuery): boolean => {
  const text = `${preset.key} ${preset.name} ${preset.platform ?? ''}`.toLowerCase();
  const words = (query.q ?? '').toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word)) && lets(query.confidence, preset.confidence);
};

const all = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.null() });
const keyed = z.object({ key: z.string() });
const networkAnswer = networkPreset.meta({ id: 'NetworkPreset' });
const sourceAnswer = sourcePreset.meta({ id: 'SourcePreset' });

@Controller('api/v1/presets')
export class PresetsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'presets'>) {}

  @Get('networks')
  @Operation({
    summary: 'Lists the presets of networks, or those whose key, name or platform hold the words of `q`.',
    role: 'viewer',
    query: networkQuery,
    answer: all(networkAnswer),
  })
  listNetworkPresets(@Input() { query }: Given<unknown, z.infer<typeof networkQuery>>) {
    const items = [...this.ports.presets.networks.values()].filter(
      (preset) => fits(preset, query) && lets(query.platform, preset.platform ?? null),
    );
    return { items, next: null };
  }

  @Get('networks/:key')
  @Operation({ summary: 'Reads one preset of a network.', role: 'viewer', params: keyed, answer: networkAnswer })
  readNetworkPreset(@Input() { params: { key } }: Given<{ key: string }>): NetworkPreset {
    const preset = this.ports.presets.networks.get(key);
    if (!preset) throw notFound('network preset', key);
    return preset;
  }

  @Get('sources')
  @Operation({
    summary: 'Lists the presets of sources, or those whose key or name hold the words of `q`.',
    role: 'viewer',
    query: presetQuery,
    answer: all(sourceAnswer),
  })
  listSourcePresets(@Input() { query }: Given<unknown, PresetQuery>) {
    return { items: [...this.ports.presets.sources.values()].filter((preset) => fits(preset, query)), next: null };
  }

  @Get('sources/:key')
  @Operation({ summary: 'Reads one preset of a source.', role: 'viewer', params: keyed, answer: sourceAnswer })
  readSourcePreset(@Input() { params: { key } }: Given<{ key: string }>): SourcePreset {
    const preset = this.ports.presets.sources.get(key);
    if (!preset) throw notFound('source preset', key);
    return preset;
  }
}
