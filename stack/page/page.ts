import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '#runtime';

/** Where the console's page is written, built and kept. It is built once per state of its sources:
 * the build takes seconds, a copy of the kept build takes none, and `npm test` deletes `dist` at
 * every run. */

export const pageSources = join(projectRoot, 'apps', 'console', 'web');
/** What console serves. */
export const pageFolder = join(projectRoot, 'dist', 'web');
/** Finished builds, one folder per stamp. */
export const builtPages = join(projectRoot, 'node_modules', '.cache', 'carom-page');
const stampFile = join(pageFolder, 'stamp');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** A hash of everything the page is made of: its sources, the versions of its packages, and how it
 * is built. */
export const pageStamp = (): string => {
  const hash = createHash('sha256');
  const settings = [join(projectRoot, 'package-lock.json'), join(projectRoot, 'stack', 'page', 'build.ts')];
  for (const file of [...settings, ...filesBelow(pageSources)])
    hash
      .update(`${relative(projectRoot, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex').slice(0, 24);
};

export const isBuilt = (stamp: string): boolean => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
