import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { noteFaults } from './page-faults.js';

/** A real browser on the real page. */

/** Not the package's own list: it switches off checks of the browser that the page must pass. An
 * emulated graphics processor would take a quarter of the time of a file. */
const args = ['--no-sandbox', '--disable-setuid-sandbox', '--disable-gpu', '--font-render-hinting=none'];

export const launchBrowser = async (): Promise<Browser> =>
  playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });

/** Resolves when nothing of the page is being loaded for the first time. */
export const untilLoaded = async ({ page }: Pick<Visitor, 'page'>): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('body:not(:has([aria-busy="true"]))').waitFor();
};

/** Builds the page if its sources have changed. The console serves what `dist/web` contains when
 * it starts. */
export const buildPage = (): void => {
  execFileSync(process.execPath, [join(projectRoot, 'dist', 'stack', 'page', 'build.js')], { stdio: 'inherit' });
};

export type Visitor = {
  page: Page;
  context: BrowserContext;
  close: () => Promise<void>;
};

type Look = { width?: number; height?: number; scheme?: 'light' | 'dark' };

/** The page as one person has it open. @param expected statuses of the API that a test provokes */
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
  await noteFaults(context, new URL(consoleUrl).origin, expected);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return { page, context, close: () => context.close() };
};

/** As a person with a token signs in. */
export const signInByToken = async ({ page }: Visitor, token: string): Promise<void> => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use an API token instead' }).click();
  await page.getByLabel('API token', { exact: false }).first().fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
};

const axeSource = readFileSync(join(projectRoot, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  // The one rule of 2.2 is off unless it is asked for.
  rules: { 'target-size': { enabled: true } },
  // Else it describes each element that passes, too.
  resultTypes: ['violations'],
};
const runAxe = `axe.run(document, ${JSON.stringify(axeOptions)}).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) =>
      (id + ': ' + target.join(' ') + ' ' + failureSummary.replaceAll('\\n', ' ')).slice(0, 400))))`;

/** What axe finds against WCAG 2.2 AA on the current page, one line per element. */
export const axeFindings = async ({ page }: Visitor): Promise<string[]> => {
  // Half a megabyte, and stays in the page until the next one is opened.
  if ((await page.evaluate('typeof axe')) !== 'object') await page.evaluate(axeSource);
  return page.evaluate<string[]>(runAxe);
};
