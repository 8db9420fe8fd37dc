import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { projectRoot } from '#runtime';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { waitFor } from './wait-for.js';

/** A real browser on the real page. What a person would not see but should worry about (a refused
 * style, an error in the console, a request to another host) is collected from every page that a
 * test opens. */
const unseen: string[] = [];

/** What went wrong unseen in any page since it was asked last; the end of each test. */
export const takeFaults = (): string[] => unseen.splice(0);

/** Not the package's own list: it switches off checks of the browser that the page must pass. An
 * emulated graphics processor would take a quarter of the time of a file. */
const args = ['--no-sandbox', '--disable-setuid-sandbox', '--disable-gpu', '--font-render-hinting=none'];

export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });

/** A refused style or script becomes an error of the console. */
const reportPolicy = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));`;

/** Resolves when nothing of the page is being loaded for the first time. */
export const untilLoaded = async ({ page }: Visitor): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Asked from outside: the policy of the page lets nothing be evaluated in it.
  await waitFor(
    async () => (await page.locator('[aria-busy="true"]').count()) === 0,
    15_000,
    'the page has been loaded',
  );
};

/** Builds the page if its sources have changed. The console serves what `dist/web` contains when
 * it starts. */
export const buildPage = (): void => {
  execFileSync(process.execPath, [join(projectRoot, 'dist', 'stack', 'page', 'build.js')], { stdio: 'inherit' });
};

export type Visitor = {
  page: Page;
  context: BrowserContext;
  /** What went wrong unseen in its pages. */
  faults: string[];
  close: () => Promise<void>;
};

type Look = { width?: number; height?: number; scheme?: 'light' | 'dark' };

/** The page as one person has it open. @param expected statuses that a test provokes; the browser
 * logs each as an error. */
export const openVisitor = async (
  browser: Browser,
  consoleUrl: string,
  { width = 1280, height = 900, scheme = 'light' }: Look = {},
  expected: readonly number[] = [],
): Promise<Visitor> => {
  const context = await browser.newContext({
    baseURL: consoleUrl,
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const isExpected = (text: string): boolean => expected.some((status) => text.includes(`status of ${status}`));
  const faults: string[] = [];
  const note = (fault: string): void => {
    faults.push(fault);
    unseen.push(fault);
  };
  context.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text()))
      note(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (thrown) => note(`error: ${thrown.error().message}`));
  context.on('request', (request) => {
    const { origin, protocol, href } = new URL(request.url());
    if (origin !== new URL(consoleUrl).origin && !/^(data|blob):$/.test(protocol)) note(`request: ${href}`);
  });
  await context.addInitScript({ content: reportPolicy });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { page, context, faults, close: () => context.close() };
};

/** As a person with a token signs in. */
export const signInByToken = async ({ page }: Visitor, token: string): Promise<void> => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use an API token instead' }).click();
  await page.getByLabel('API token', { exact: false }).first().fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
};

/** What axe finds against WCAG 2.2 AA on the current page, one line per element. `contrast` alone
 * is enough where only the colours differ from what was checked before. */
export const axeFindings = async ({ page }: Visitor, of: 'all' | 'contrast' = 'all'): Promise<string[]> => {
  // axe is half a megabyte, and stays in the page until the next one is opened.
  const isThere = (await page.evaluate('typeof axe')) === 'object';
  // The page has no frames: without them axe needs no second page for its results.
  const axe = new AxeBuilder(isThere ? { page, axeSource: 'void 0' } : { page }).setLegacyMode(true);
  // Else it describes each element that passes, too.
  axe.options({ resultTypes: ['violations'] });
  const asked =
    of === 'contrast'
      ? axe.withRules(['color-contrast'])
      : axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  const { violations } = await asked.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${target.join(' ')} ${failureSummary.replaceAll('\n', ' ').slice(0, 300)}`,
    ),
  );
};
