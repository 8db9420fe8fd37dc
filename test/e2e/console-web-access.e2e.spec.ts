import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import type { Browser, Locator, Page } from 'playwright-core';
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
import { pressEnterOn, tabTo, typeInto } from '../support/keyboard.js';
import { takeFaults } from '../support/page-faults.js';
import { takePicture, takesPictures } from '../support/pictures.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { testRuns } from '../support/test-seed.js';

/** Every person can use every page, from the first minute on: axe finds nothing against WCAG 2.2 AA
 * on it, and nothing on it moves by itself, empty and full, light and dark, wide and narrow. `npm
 * run screenshots` takes the pictures of the documentation instead. */

let ground: TestGround;
let system: System;
let browser: Browser;
let visitor: Visitor;
let receiver: Receiver;
let story: Story | undefined;

beforeAll(async () => {
  buildPage();
  ground = await openTestGround();
  [system, browser, receiver] = await Promise.all([startSystem(ground), launchBrowser(), startReceiver()]);
  visitor = await openVisitor(browser, system.console.url);
}, 180_000);
afterEach(() => expect(takeFaults()).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await story?.close();
  await receiver?.close();
  await system?.stop();
  await ground?.close();
}, 60_000);

/** The paths of the pages that were looked at, as they were when they were. */
const seen = new Set<string>();
/** The addresses of the page that nothing was looked at of. */
const unseen = (): string[] => {
  const router = readFileSync(join(projectRoot, 'apps', 'console', 'web', 'app', 'router.ts'), 'utf8');
  const patterns = [...router.matchAll(/^ +path: '(.*)',$/gm)].map(([, path = '']) => path);
  const isSeen = (pattern: string): boolean => {
    const parts = new RegExp(`^${pattern.replace(/\$\w+/g, '[^/]+')}$`);
    return [...seen].some((path) => parts.test(path));
  };
  return patterns.filter((pattern) => !isSeen(pattern));
};

type Look = { scheme: 'light' | 'dark'; width: number };
const widths = [1280, 390];
const schemes = ['light', 'dark'] as const;
const everyLook: readonly Look[] = widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })));
/** Each width and each scheme once. */
const eachOnce: readonly Look[] = [
  { width: 1280, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

/** Colours follow the scheme and places the width, so two looks find what four find. Pictures and
 * the longer runs have all four. */
const usualLooks = takesPictures || testRuns > 1 ? everyLook : eachOnce;

/** @param looks the usual ones, unless it says otherwise */
type PageToSee = { path: string; open?: (page: Page) => Promise<void>; looks?: readonly Look[] };

/** A change of colour is a transition of each element, begun when that of its parent has ended. */
const untilDrawn = `(async () => {
  do await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  while (document.getAnimations().length > 0);
})()`;

/** The page follows the browser's scheme a moment later: colours of both would be compared. */
const showIn = async (page: Page, scheme: Look['scheme']): Promise<void> => {
  await page.emulateMedia({ colorScheme: scheme });
  if (page.url() === 'about:blank') return;
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
  await page.evaluate(untilDrawn);
};

/** Opens the page at this width: what moves while it is loaded is a fault of the test. */
const openAt = async (of: Visitor, width: number, { path, open }: PageToSee): Promise<void> => {
  const { page } = of;
  await page.setViewportSize({ width, height: 900 });
  await page.goto(path);
  await untilLoaded(of);
  await page.locator('[data-late="unknown"]').waitFor({ state: 'detached' });
  await open?.(page);
  seen.add(new URL(page.url()).pathname);
};

/** Looks at each page in each look; answers what axe finds, by page and look. */
const lookAtAll = async (pages: Record<string, PageToSee>, of = visitor): Promise<Record<string, string[]>> => {
  const { page } = of;
  const found: Record<string, string[]> = {};
  for (const [name, it] of Object.entries(pages)) {
    let width = 0;
    for (const look of it.looks ?? usualLooks) {
      if (look.width !== width) await openAt(of, look.width, it);
      width = look.width;
      await showIn(page, look.scheme);
      if (!it.looks && (await takePicture(page, name, look))) continue;
      const findings = await axeFindings(of);
      if (findings.length > 0) found[`${name} ${look.width} ${look.scheme}`] = findings;
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await showIn(page, 'light');
  return found;
};

describe('an empty system', () => {
  it('can be looked at by every person on every page', async () => {
    const doors = { 'sign-in': { path: '/sign-in' }, join: { path: '/join?code=none' } };
    expect(await lookAtAll(doors)).toEqual({});
    await signInByToken(visitor, testSecrets.CAROM_ADMIN_TOKEN);
    const found = await lookAtAll({
      'overview-empty': { path: '/' },
      guide: { path: '/setup' },
      'log-empty': { path: '/log' },
      'conversions-empty': { path: '/conversions' },
      'deliveries-empty': { path: '/deliveries' },
      'reports-empty': { path: '/reports?zone=UTC' },
      'networks-empty': { path: '/catalog/networks' },
      'uploads-empty': { path: '/uploads' },
      'jobs-empty': { path: '/jobs' },
      'not-found': { path: '/no/such/page' },
    });
    expect(found).toEqual({});
  }, 600_000);

  it('leads by keyboard alone from nothing to a delivered test conversion, and to the first real call', async () => {
    const { page } = visitor;
    const startedAt = performance.now();
    await page.goto('/setup');
    await typeInto(page, page.getByLabel('Name', { exact: false }).first(), 'First Network');
    await typeInto(page, page.getByLabel('Currency'), 'USD');
    await pressEnterOn(page, page.getByRole('button', { name: 'Create and go on' }));
    await page.getByLabel('Their postback URL').waitFor();
    await typeInto(page, page.getByLabel('Name', { exact: false }).first(), 'First Source');
    const template = `${receiver.url}/first?click_id={clickid}&conversion_value={value}`;
    await typeInto(page, page.getByLabel('Their postback URL'), template);
    await pressEnterOn(page, page.getByRole('button', { name: 'Use {click_id}' }));
    await page.getByText('/first?click_id=their-click-1&conversion_value=12.5').waitFor();
    await pressEnterOn(page, page.getByRole('button', { name: 'Create and go on' }));
    await page.getByLabel('Offer URL').waitFor();
    await typeInto(page, page.getByLabel('Name', { exact: false }).first(), 'Running shoes');
    await typeInto(page, page.getByLabel('Offer URL'), 'https://shop.example/shoes');
    await pressEnterOn(page, page.getByRole('button', { name: 'Add it' }));
    await pressEnterOn(page, page.getByRole('button', { name: 'Create and go on' }));
    await page.getByText('Joins the source and the offer').waitFor();
    await typeInto(page, page.getByLabel('Name', { exact: false }).first(), 'First steps');
    await pressEnterOn(page, page.getByRole('button', { name: 'Create and go on' }));
    await tabTo(page, page.getByRole('button', { name: /^Copy: Postback URL/ }));
    await pressEnterOn(page, page.getByRole('button', { name: 'Make a test conversion' }));
    await page.getByText('It works from end to end.').waitFor();
    expect(performance.now() - startedAt).toBeLessThan(300_000);
    const [call] = await receiver.awaitRequests(({ path }) => path === '/first');
    expect(call?.target).toMatch(/^\/first\?click_id=test-[0-9a-f-]+&conversion_value=12\.5$/);
    await page.getByText('Waiting for the first real call').waitFor();
    const links = await page.locator('code').allInnerTexts();
    const clickLink = links.find((text) => text.includes('/c/')) ?? '';
    const postbackUrl = links.find((text) => text.includes('/postback/')) ?? '';
    const visit = await fetch(`${clickLink.split('?')[0]}?click_id=real-1`, { redirect: 'manual' });
    const clickId = new URL(visit.headers.get('location') ?? '').searchParams.get('subid') ?? '';
    const query = new URLSearchParams({ click_id: clickId, transaction_id: 'R-1', amount: '3', status: 'approved' });
    await fetch(`${postbackUrl.split('?')[0]}?${query.toString()}`);
    await page.getByText('The first real call has arrived').waitFor();
  }, 120_000);
});

describe('a system in use', () => {
  it('moves nothing on an open page while clicks, calls and deliveries come in', async () => {
    const phone = await openVisitor(browser, system.console.url, { width: 390 });
    await signInByToken(phone, testSecrets.CAROM_ADMIN_TOKEN);
    const live: [path: string, news: (page: Page) => Locator][] = [
      ['/?range=1h', (page) => page.getByText('“chargeback_new”, which is not mapped')],
      ['/log', (page) => page.getByRole('button', { name: /^Show \d+ new calls/ })],
      ['/deliveries', (page) => page.getByRole('link', { name: /sunny.*Failing/ })],
    ];
    const opened = await Promise.all(
      [visitor, phone].flatMap(({ context }) =>
        live.map(async ([path, news]) => {
          const page = await context.newPage();
          await page.goto(path);
          await untilLoaded({ page });
          return { page, news: news(page) };
        }),
      ),
    );
    story = await tellStory(system);
    await Promise.all(opened.map(({ news }) => news.first().waitFor({ timeout: 30_000 })));
    for (const { page } of opened) {
      await page.evaluate(untilDrawn);
      await page.close();
    }
    await phone.close();
  }, 120_000);

  it('can be looked at by every person on every page', async () => {
    story ??= await tellStory(system);
    await system.api('POST', '/users', { name: 'Vera Viewer', email: 'vera@example.com', role: 'viewer' });
    await system.api('POST', '/exports', { list: 'conversions', query: {} });
    await system.api('POST', '/exports', { list: 'deliveries', query: { state: 'parked' } });
    const call = async (page: Page): Promise<void> => {
      await page.getByText('ACME-1004').click();
      await page.getByRole('dialog').getByText('How it was read').waitFor();
    };
    const conversion = async (page: Page): Promise<void> => {
      await page.getByText('ACME-1001').click();
      await page.getByText('Its whole life').waitFor();
    };
    const found = await lookAtAll({
      overview: { path: '/?range=1h' },
      'guide-done': { path: '/setup?network=acme&source=propel&offer=shoes&campaign=shoes-spring' },
      log: { path: '/log' },
      click: { path: `/clicks/${story.clicks[0] ?? ''}` },
      call: { path: '/log?refusal=status_unmapped', open: call },
      conversions: { path: '/conversions' },
      conversion: { path: '/conversions', open: conversion },
      deliveries: { path: '/deliveries' },
      destination: { path: '/destinations/source:sunny' },
      reports: { path: '/reports?by=campaign,token.zone&zone=UTC&sort=-revenue' },
      'reports-by-day': { path: '/reports?by=day&zone=UTC' },
      networks: { path: '/catalog/networks' },
      network: { path: '/catalog/networks/acme' },
      source: { path: '/catalog/sources/propel' },
      campaign: { path: '/catalog/campaigns/shoes-spring' },
      jobs: { path: '/jobs', open: (page) => page.getByRole('link', { name: 'Download' }).first().waitFor() },
      people: { path: '/people' },
      account: { path: '/account' },
      audit: { path: '/audit' },
    });
    expect(found).toEqual({});
    // Looked at before there was anyone to sign in.
    const doors = ['/sign-in', '/join'];
    expect(unseen().filter((path) => !doors.includes(path))).toEqual([]);
  }, 600_000);

  it('shows every overlay without an element that someone cannot use', async () => {
    const search = async (page: Page): Promise<void> => {
      await page.getByLabel('Find any id').fill('ACME-1001');
      await page.getByRole('option').first().waitFor();
    };
    const views = async (page: Page): Promise<void> => {
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByText('No saved view of this page yet.').waitFor();
    };
    const upload = async (page: Page): Promise<void> => {
      await page.locator('input[type=file]').setInputFiles({
        name: 'acme-november.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('Acme;;\nOrder ID;SubID;Commission\nACME-9;x;1.234,50\n'),
      });
      await page.getByText('What was found in the file').waitFor();
    };
    const press =
      (name: string, shown: (page: Page) => Locator) =>
      async (page: Page): Promise<void> => {
        await page.getByRole('button', { name }).first().click();
        await shown(page).waitFor();
      };
    const choose = async (page: Page): Promise<void> => {
      await page.getByLabel('Reason', { exact: true }).first().click();
      await page.getByRole('option').first().waitFor();
    };
    const delivery = async (page: Page): Promise<void> => {
      await page.getByRole('row').filter({ hasText: 'Parked' }).getByRole('button').first().click();
      await page.getByRole('dialog').getByText('Attempts, oldest first').waitFor();
    };
    const menu = press('Open the menu', (page) => page.getByRole('link', { name: 'Postback log' }));
    const dialog = (page: Page) => page.getByRole('dialog').getByText('Send these deliveries again');
    const found = await lookAtAll({
      search: { path: '/catalog/networks', open: search },
      views: { path: '/reports?zone=UTC', open: views },
      upload: { path: '/uploads', open: upload },
      menu: { path: '/jobs', open: menu, looks: schemes.map((scheme) => ({ scheme, width: 390 })) },
      account: {
        path: '/jobs',
        open: press('Your account', (page) => page.getByRole('menu').getByText('Sign out')),
        looks: eachOnce,
      },
      choice: { path: '/log', open: choose, looks: eachOnce },
      delivery: { path: '/deliveries', open: delivery, looks: eachOnce },
      'send-again': { path: '/deliveries?state=parked', open: press('Send again…', dialog), looks: eachOnce },
    });
    expect(found).toEqual({});
  }, 600_000);

  it('says what went wrong, and what is not allowed, in a way that every person can read', async () => {
    const { body } = await system.api<{ token: string }>('POST', '/tokens', { name: 'eyes', role: 'viewer' });
    const viewer = await openVisitor(browser, system.console.url, {}, [401, 403, 404, 410, 422]);
    const refused = (button: string) => async (page: Page) => {
      for (const field of await page.getByRole('textbox').all()) await field.fill('nothing that fits');
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('alert').waitFor();
    };
    const token = async (page: Page): Promise<void> => {
      await page.getByRole('button', { name: 'Use an API token instead' }).click();
      await refused('Sign in')(page);
    };
    const doors = {
      'wrong-token': { path: '/sign-in', open: token, looks: eachOnce },
      'ended-link': { path: '/join?code=none', open: refused('Save and sign in'), looks: eachOnce },
    };
    expect(await lookAtAll(doors, viewer)).toEqual({});
    await signInByToken(viewer, body.token);
    const id = '00000000-0000-4000-8000-000000000000';
    const paths = { conversion: `/conversions/${id}`, call: `/log?open=${id}`, network: '/catalog/networks/none' };
    const lost = Object.entries({ ...paths, people: '/people', guide: '/setup' }).map(
      ([name, path]): [string, PageToSee] => [name, { path, looks: eachOnce }],
    );
    expect(await lookAtAll(Object.fromEntries(lost), viewer)).toEqual({});
    await viewer.close();
  }, 600_000);
});
