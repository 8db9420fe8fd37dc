import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));

/** The folder of package.json, from the sources as from dist: SQL texts, presets and static files
 * are read from there, because the build compiles TypeScript only. */
export const projectRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));
