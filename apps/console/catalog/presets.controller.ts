import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { networkPreset, sourcePreset, type NetworkPreset, type SourcePreset } from '#presets';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';

/** The dialects that come with Carom, to choose from when a network or a source is added. Few and
 *  small, so they are not paged. */

const all = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.null() });
const keyed = z.object({ key: z.string() });

@Controller('api/v1/presets')
export class PresetsController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'presets'>) {}

  @Get('networks')
  @Operation({ summary: 'Lists the presets of networks.', role: 'viewer', answer: all(networkPreset) })
  listNetwork(): { items: NetworkPreset[]; next: null } {
    return { items: [...this.ports.presets.networks.values()], next: null };
  }

  @Get('networks/:key')
  @Operation({ summary: 'Reads one preset of a network.', role: 'viewer', params: keyed, answer: networkPreset })
  readNetwork(@Input() { params: { key } }: Given<{ key: string }>): NetworkPreset {
    const preset = this.ports.presets.networks.get(key);
    if (!preset) throw notFound('network preset', key);
    return preset;
  }

  @Get('sources')
  @Operation({ summary: 'Lists the presets of sources.', role: 'viewer', answer: all(sourcePreset) })
  listSource(): { items: SourcePreset[]; next: null } {
    return { items: [...this.ports.presets.sources.values()], next: null };
  }

  @Get('sources/:key')
  @Operation({ summary: 'Reads one preset of a source.', role: 'viewer', params: keyed, answer: sourcePreset })
  readSource(@Input() { params: { key } }: Given<{ key: string }>): SourcePreset {
    const preset = this.ports.presets.sources.get(key);
    if (!preset) throw notFound('source preset', key);
    return preset;
  }
}
