import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '#runtime';
import { serviceNames } from '../system/services.js';

/** The last step of `npm run build`: each service with all that it imports becomes a few files, and
 * `dist/apps/<name>/main.js` starts those. A service reads some 2,000 modules else, which is more
 * than half of the processor time of its start; see docs/decisions/0039. */

const dist = join(projectRoot, 'dist');
const bundles = join(dist, 'services');
const mainOf = (name: string): string => join(dist, 'apps', name, 'main.js');
/** The thread of ingest's spool, started by the name of its file. */
const threads = { 'spool-file': join(dist, 'libs', 'spool', 'spool-file.js') };
/** A process that runs may still read a file of the bundle it was started from. */
const maxKeptBundles = 3;

/** Packages with machine code of their own, which is no JavaScript. */
const isNative = (id: string): boolean => id.startsWith('@node-rs/');

const isOfPackage = /[\\/]node_modules[\\/]/;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** A hash of all that goes into the bundle. */
const stampOf = (): string => {
  const hash = createHash('sha256').update(readFileSync(join(projectRoot, 'package-lock.json')));
  const own = [join(dist, 'stack', 'bundle', 'build.js')];
  for (const file of [...own, ...filesBelow(join(dist, 'apps')), ...filesBelow(join(dist, 'libs'))])
    hash.update(`${relative(dist, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};

const bundleInto = async (folder: string): Promise<void> => {
  // Loaded only when there is something to build.
  const { build } = await import('rolldown');
  await build({
    cwd: projectRoot,
    platform: 'node',
    input: { ...Object.fromEntries(serviceNames.map((name) => [name, mainOf(name)])), ...threads },
    external: isNative,
    onLog: (level, log, report) => {
      // Nest and TypeORM ask for packages that not everybody has, and the metadata of decorators
      // names types as if they were values.
      const isKnown = log.code === 'UNRESOLVED_IMPORT' || log.code === 'IMPORT_IS_UNDEFINED';
      if (!isKnown) report(level, log);
    },
    output: {
      dir: folder,
      format: 'esm',
      // For the stacks in logs.
      sourcemap: true,
      // Nest and TypeORM read the names of classes.
      keepNames: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting: { groups: [{ name: 'packages', test: isOfPackage }] },
    },
  });
};

const dropOldBundles = (current: string): void => {
  const others = readdirSync(bundles)
    .filter((name) => name !== current)
    .map((name) => ({ folder: join(bundles, name), writtenMs: statSync(join(bundles, name)).mtimeMs }))
    .sort((one, other) => other.writtenMs - one.writtenMs);
  for (const { folder } of others.slice(maxKeptBundles - 1)) rmSync(folder, { recursive: true, force: true });
};

/** Node reads the map of each file at the start, and that of the packages is the largest by far.
 * What one wants to find in a stack are lines of our own. */
const dropMapOfPackages = (folder: string): void => {
  for (const name of readdirSync(folder).filter((each) => /^packages-.*\.js$/.test(each))) {
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
    rmSync(`${file}.map`);
  }
};

/** Two builds at the same time may meet here: a folder has its name when it is finished. */
const writeBundle = async (stamp: string): Promise<void> => {
  const finished = join(bundles, stamp);
  if (existsSync(finished)) return;
  mkdirSync(bundles, { recursive: true });
  const unfinished = `${finished}.${process.pid}`;
  await bundleInto(unfinished);
  dropMapOfPackages(unfinished);
  if (existsSync(finished)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, finished);
};

const stamp = stampOf();
await writeBundle(stamp);
for (const name of serviceNames) {
  const next = `${mainOf(name)}.${process.pid}`;
  writeFileSync(next, `import '../../services/${stamp}/${name}.js';\n`);
  renameSync(next, mainOf(name));
}
dropOldBundles(stamp);
