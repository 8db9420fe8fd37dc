import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '#runtime';
import { parse } from 'yaml';
import type { z } from 'zod';
import { networkPreset, sourcePreset } from './schema.js';
import type { NetworkPreset, SourcePreset } from './schema.js';

/** A preset file that says something the schema does not allow; the message names the file and each
 *  field. */
class PresetError extends Error {
  override readonly name = 'PresetError';
}

const readFolder = <S extends z.ZodType<{ key: string }>>(
  folder: string,
  schema: S,
): ReadonlyMap<string, z.infer<S>> => {
  const path = join(projectRoot, 'presets', folder);
  const files = readdirSync(path)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return new Map(
    files.map((file) => {
      const read = schema.safeParse(parse(readFileSync(join(path, file), 'utf8')));
      if (!read.success) {
        const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
        throw new PresetError(`presets/${folder}/${file}: ${faults.join('; ')}`);
      }
      if (read.data.key !== basename(file, '.yaml')) {
        throw new PresetError(
          `presets/${folder}/${file}: the key is "${read.data.key}" but must be the name of the file`,
        );
      }
      return [read.data.key, read.data];
    }),
  );
};

/** All network presets by key, in the order of their keys. Read once at start, from the project
 *  root and not from beside this module, because the build compiles TypeScript only and leaves the
 *  YAML where it is.
 *  @throws PresetError for a file that does not hold to the schema: a process must not start with
 *  half of a preset. */
export const loadNetworkPresets = (): ReadonlyMap<string, NetworkPreset> => readFolder('networks', networkPreset);

/** All source presets by key. @throws PresetError as above. */
export const loadSourcePresets = (): ReadonlyMap<string, SourcePreset> => readFolder('sources', sourcePreset);
