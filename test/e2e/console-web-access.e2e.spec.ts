import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import type { Browser } from 'playwright-core';
import {
  axeFindings,
  buildPage,
  launchBrowser,
  openVisitor,
  signInByToken,
  untilLoaded,
  type Visitor,
} from '../support/browser.js';
import { tellStory, type Story } from '../support/console-story.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';

/** Every person can use every page: axe finds nothing against WCAG 2.2 AA (`npm run screenshots`
 * looks in both colour schemes, wide and narrow), and the page is small enough for a slow line. */

let ground: TestGround;
let system: System;
let browser: Browser;
let story: Story;

const pages: Record<string, string> = {
  overview: '/?range=1h',
  guide: '/setup',
  'guide-done': '/setup?network=acme&source=propel&offer=shoes&campaign=shoes-spring',
  log: '/log',
  call: '/log?refusal=status_unmapped',
  conversions: '/conversions',
  conversion: '/conversions',
  deliveries: '/deliveries',
  destination: '/destinations/source:sunny',
  reports: '/reports?by=campaign,token.zone&zone=UTC&sort=-revenue',
  'reports-by-day': '/reports?by=day&zone=UTC',
  networks: '/catalog/networks',
  network: '/catalog/networks/acme',
  source: '/catalog/sources/propel',
  uploads: '/uploads',
  jobs: '/jobs',
  people: '/people',
  account: '/account',
  audit: '/audit',
};
/** What has to be opened first: by name of the page. */
const steps: Record<string, (visitor: Visitor) => Promise<void>> = {
  call: async ({ page }) => {
    await page.getByText('ACME-1004').click();
    await page.getByRole('dialog').getByText('How it was read').waitFor();
  },
  conversion: async ({ page }) => {
    await page.getByText('ACME-1001').click();
    await page.getByText('Its whole life').waitFor();
  },
};

/** `npm run screenshots`: the folder for pictures of all that is looked at. */
const pictures = process.env.CAROM_SCREENSHOTS;
const looks =
  pictures === undefined
    ? ([['light', 1280]] as const)
    : ([
        ['light', 1280],
        ['dark', 1280],
        ['light', 390],
        ['dark', 390],
      ] as const);

beforeAll(async () => {
  buildPage();
  ground = await openTestGround();
  [system, browser] = await Promise.all([startSystem(ground), launchBrowser()]);
  story = await tellStory(system);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await story?.close();
  await system?.stop();
  await ground?.close();
}, 60_000);

/** Goes through all pages; answers what `look` finds of each. */
const lookAtAll = async (
  visitor: Visitor,
  look: (name: string) => Promise<string[]>,
): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {};
  for (const [name, path] of Object.entries(pages)) {
    await visitor.page.goto(path);
    await untilLoaded(visitor);
    await steps[name]?.(visitor);
    const findings = await look(name);
    if (findings.length > 0) found[name] = findings;
  }
  return found;
};

describe('every page', () => {
  it.each(looks)(
    'can be used by every person in %s colours at %d px',
    async (scheme, width) => {
      const visitor = await openVisitor(browser, system.console.url, { scheme, width });
      await visitor.page.goto('/sign-in');
      await untilLoaded(visitor);
      expect(await axeFindings(visitor)).toEqual([]);
      await signInByToken(visitor, testSecrets.CAROM_ADMIN_TOKEN);
      const found = await lookAtAll(visitor, async (name) => {
        if (pictures !== undefined) {
          const path = join(projectRoot, pictures, `${name}-${width}-${scheme}.png`);
          await visitor.page.screenshot({ path, animations: 'disabled' });
        }
        return axeFindings(visitor);
      });
      expect(found).toEqual({});
      expect(visitor.faults).toEqual([]);
      await visitor.close();
    },
    180_000,
  );
});

type Chunk = { file: string; imports?: string[]; css?: string[]; isEntry?: boolean; src?: string };

describe('the size of the page', () => {
  const folder = join(projectRoot, 'dist', 'web');
  const manifest = (): Record<string, Chunk> =>
    JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

  /** Every file that this one needs before it can be shown. */
  const filesOf = (chunks: Record<string, Chunk>, name: string, seen = new Set<string>()): Set<string> => {
    const chunk = chunks[name];
    if (!chunk || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const file of chunk.css ?? []) seen.add(file);
    for (const each of chunk.imports ?? []) filesOf(chunks, each, seen);
    return seen;
  };
  const compressed = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);

  it('is at most 300 KB gzipped for the first load of any page, with all that it needs', () => {
    const chunks = manifest();
    const entry = Object.keys(chunks).find((name) => chunks[name]?.isEntry) ?? '';
    const shell = filesOf(chunks, entry);
    const routes = Object.keys(chunks).filter((name) => /features\/.*-page\.tsx$/.test(name));
    expect(routes.length).toBeGreaterThan(10);
    const sizes = routes.map((name) => [name, compressed(filesOf(chunks, name, new Set(shell)))] as const);
    expect(sizes.filter(([, bytes]) => bytes > 300_000)).toEqual([]);
  });
});
