import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { builtPages, isBuilt, pageFolder, pageSources, pageStamp } from './page.js';

/** `npm run build:web`: builds the console's page into `dist/web` when its sources have changed.
 * Assets have hashed names and are stored compressed too, so that the console never compresses.
 * `__NONCE__` in index.html is replaced by the console in each answer. */

const compressible = new Set(['.js', '.css', '.svg', '.json', '.txt', '.webmanifest']);
/** Below this a packet is sent either way. */
const minCompressedBytes = 1_024;
/** Two branches and the one before: more would only fill the disk. */
const maxKeptBuilds = 3;

const compressAssets = async (folder: string): Promise<void> => {
  const files = readdirSync(folder).filter((name) => compressible.has(extname(name)));
  await Promise.all(
    files.map(async (name) => {
      const content = readFileSync(join(folder, name));
      if (content.length < minCompressedBytes) return;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      const [brotli, zipped] = await Promise.all([
        promisify(brotliCompress)(content, { params }),
        promisify(gzip)(content, { level: 9 }),
      ]);
      writeFileSync(join(folder, `${name}.br`), brotli);
      writeFileSync(join(folder, `${name}.gz`), zipped);
    }),
  );
};

const buildInto = async (folder: string): Promise<void> => {
  // Loaded only when there is something to build: a start without changes stays quick.
  // The page never has the checks of development, even when a test, with "test" here, builds it.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  await build({
    root: pageSources,
    configFile: false,
    // Warnings are about directives and sizes inside of libraries; the size has a test of its own.
    logLevel: 'error',
    mode: 'production',
    html: { cspNonce: '__NONCE__' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      // What each entry needs, for the size test.
      manifest: 'manifest.json',
      target: 'es2022',
      // An inlined asset would be a data: URL, which the policy allows for pictures only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  await compressAssets(join(folder, 'assets'));
};

/** The finished build of these sources, made if there is none. A build that is broken off leaves
 * nothing that looks finished. */
const keptBuild = async (stamp: string): Promise<string> => {
  const kept = join(builtPages, stamp);
  if (existsSync(kept)) return kept;
  mkdirSync(builtPages, { recursive: true });
  const unfinished = `${kept}.${process.pid}`;
  await buildInto(unfinished);
  if (existsSync(kept)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, kept);
  return kept;
};

const dropOldBuilds = (current: string): void => {
  const others = readdirSync(builtPages, { withFileTypes: true }).filter(
    ({ name }) => name !== current && !name.includes('.'),
  );
  for (const { name } of others.slice(0, Math.max(0, others.length - maxKeptBuilds + 1)))
    rmSync(join(builtPages, name), { recursive: true, force: true });
};

const stamp = pageStamp();
if (!isBuilt(stamp)) {
  const from = performance.now();
  const kept = await keptBuild(stamp);
  const next = `${pageFolder}.${process.pid}`;
  cpSync(kept, next, { recursive: true });
  writeFileSync(join(next, 'stamp'), stamp);
  rmSync(pageFolder, { recursive: true, force: true });
  renameSync(next, pageFolder);
  dropOldBuilds(stamp);
  const { length } = readFileSync(join(pageFolder, 'index.html'));
  if (length === 0) throw new Error('the page has an empty index.html');
  console.log(`page built in ${((performance.now() - from) / 1000).toFixed(1)} s`);
}
