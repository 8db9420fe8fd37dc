import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#runtime';
import type { Browser } from 'playwright-core';
import { axeFindings, buildPage, launchBrowser, openVisitor, signInByToken, type Visitor } from '../support/browser.js';
import { tellStory, type Story } from '../support/console-story.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { pressEnterOn, tabTo, typeInto } from '../support/keyboard.js';
import { takeFaults } from '../support/page-faults.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** The console as people use it: a real browser, the real page, the real services. */

let ground: TestGround;
let system: System;
let browser: Browser;
let story: Story;
let visitor: Visitor;

beforeAll(async () => {
  buildPage();
  ground = await openTestGround();
  [system, browser] = await Promise.all([startSystem(ground), launchBrowser()]);
  story = await tellStory(system);
  visitor = await openVisitor(browser, system.console.url);
  await signInByToken(visitor, testSecrets.CAROM_ADMIN_TOKEN);
}, 180_000);
afterEach(() => expect(takeFaults()).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await story?.close();
  await system?.stop();
  await ground?.close();
}, 60_000);

/** Today as a European report writes it. */
const today = (): string => new Date().toISOString().slice(0, 10).split('-').reverse().join('/');

it('has the document of the API to read, without sign-in, for everyone and in the dark', async () => {
  const stranger = await openVisitor(browser, system.console.url, { width: 390, scheme: 'dark' });
  await stranger.page.goto('/api/docs');
  await stranger.page.locator('summary', { hasText: '/api/v1/postbacks/summary' }).click();
  await stranger.page.getByText('operationId summarisePostbacks').waitFor();
  expect(await axeFindings(stranger)).toEqual([]);
  await stranger.close();
});

describe('the overview', () => {
  it('shows the flow, and what needs attention with the way to settle it', async () => {
    const { page } = visitor;
    await page.goto('/?range=1h');
    await page.getByRole('link', { name: /Postbacks/ }).waitFor();
    await page.getByText('“chargeback_new”, which is not mapped').waitFor();
    await page.getByText(/sends a macro’s name instead of a value/).waitFor();
    await page.getByRole('link', { name: /Refused/ }).click();
    await page.waitForURL(/\/log\?.*state=refused/);
  });
});

describe('a failing destination', () => {
  it('is seen, paused, and resumed when it answers again', async () => {
    const { page } = visitor;
    await page.goto('/deliveries');
    await page.getByRole('link', { name: /sunny/ }).first().click();
    await page.waitForURL(/\/destinations\/source:sunny/);
    await page.getByText('answered 503').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/^Paused by /).waitFor();
    // It is up again and refuses what it does not know: what is refused has no next try, so that
    // it can be looked for and sent again in any time.
    story.receiver.answer(({ path }) => (path === '/sunny' ? { status: 404, body: 'no such click' } : { status: 200 }));
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });
});

describe('the log', () => {
  it('holds new calls back behind a button, so that nothing moves while one reads', async () => {
    const { page } = visitor;
    await page.goto('/log?networkKey=acme');
    await page.getByText('Live', { exact: true }).waitFor();
    const query = { subid: story.clicks[10] ?? '', transaction_id: 'ACME-LIVE', amount: '3', status: 'approved' };
    await fetch(`${system.ingest.url}/postback?${new URLSearchParams(query).toString()}`);
    const button = page.getByRole('button', { name: 'Show 1 new call' });
    await button.waitFor();
    expect(await page.getByText('ACME-LIVE').count()).toBe(0);
    await button.click();
    await page.getByText('ACME-LIVE').first().waitFor();
  });

  it('is filtered, searched and opened by keyboard alone, down to the call as it came', async () => {
    const { page } = visitor;
    await page.goto('/log');
    await page.getByRole('row').nth(1).waitFor();
    await pressEnterOn(page, page.getByRole('button', { name: 'Applied', exact: true }));
    await page.waitForURL(/state=applied/);
    await typeInto(page, page.getByLabel('Click or transaction id'), 'ACME-1001');
    await page.keyboard.press('Enter');
    await page.waitForURL(/text=ACME-1001/);
    await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    const row = page.getByRole('row').nth(1).getByRole('button').first();
    await pressEnterOn(page, row);
    const drawer = page.getByRole('dialog');
    await drawer.getByText('transaction_id=ACME-1001').first().waitFor();
    expect(await drawer.locator('mark').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('Amount')]),
    );
    await tabTo(page, drawer.getByRole('link', { name: 'Open the conversion' }));
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    expect(await row.and(page.locator(':focus')).count()).toBe(1);
  });

  it('leads from the overview to an unmapped word, maps it and replays its calls', async () => {
    const { page } = visitor;
    await page.goto('/?range=1h');
    const item = page.getByRole('listitem').filter({ hasText: '“chargeback_new”, which is not mapped' });
    await item.getByRole('link').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('What does “chargeback_new” mean?').waitFor();
    await drawer.getByPlaceholder('Choose a meaning').click();
    await page.getByRole('option', { name: /Pending/ }).click();
    await drawer.getByRole('button', { name: 'Map this word' }).click();
    await page.getByText('“chargeback_new” is mapped. 2 calls are replayed.').waitFor();
    await waitFor(async () => {
      await page.goto('/log?text=ACME-1004');
      await page.getByRole('row').nth(1).waitFor();
      return (await page.getByRole('row').nth(1).innerText()).includes('Applied');
    }, 20_000);
  });
});

describe('search', () => {
  type Ids = { items: { id: string; conversionId?: string | null }[] };
  const idOf = async (path: string): Promise<string> => (await system.api<Ids>('GET', path)).body.items[0]?.id ?? '';

  it.each([
    ['a transaction id', () => 'ACME-1003', /\/conversions\//],
    ['our click id', () => story.clicks[0] ?? '', /\/(clicks|conversions)\//],
    ['the source’s click id', () => 'P-1002', /\/(clicks|conversions)\//],
    ['a conversion', () => idOf('/conversions?transactionId=ACME-1003'), /\/conversions\/[0-9a-f-]{36}/],
    ['a delivery', () => idOf('/deliveries?destinationKey=source:propel'), /\/deliveries\?open=/],
    ['a call', () => idOf('/postbacks?transactionId=ACME-1003'), /\/log\?open=/],
  ])('finds %s from any page', async (_what, id, place) => {
    const { page } = visitor;
    await page.goto('/catalog/networks');
    await page.getByRole('heading', { name: 'Networks' }).waitFor();
    await page.keyboard.press('/');
    await page.getByLabel('Find any id').fill(await id());
    await page.getByRole('option').first().waitFor();
    await page.getByRole('option').first().click();
    await page.waitForURL(place);
  });

  it('says what was searched where nothing is found', async () => {
    const { page } = visitor;
    await page.getByLabel('Find any id').fill('no-such-id-anywhere');
    await page.getByText('Nothing has the id “no-such-id-anywhere”.', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('a conversion', () => {
  it('shows its whole life on one time line, down to the call to the ad network and its answer', async () => {
    const { page } = visitor;
    const { body } = await system.api<{ items: { id: string }[] }>('GET', '/conversions?transactionId=ACME-1001');
    await page.goto(`/conversions/${body.items[0]?.id ?? ''}`);
    await page.getByText('A visitor clicked the ad').waitFor();
    await page.getByText('12.50').first().waitFor();
    await page.getByText('Answered 200').waitFor();
    await page.getByText('Duplicate').first().waitFor();
    await page.getByText('Details').first().click();
    await page.getByText(/\/propel\?click_id=P-1000&payout=12.5/).waitFor();
  });
});

describe('a report', () => {
  it('leads from a cell to its conversions and on to the raw call', async () => {
    const { page } = visitor;
    await page.goto('/reports?by=campaign,token.zone&zone=UTC');
    await page.getByRole('button', { name: 'Revenue' }).click();
    await page.waitForURL(/sort=-revenue/);
    await page
      .getByRole('link', { name: /^Open the \d+ conversions/ })
      .first()
      .click();
    await page.waitForURL(/\/conversions\?/);
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await page.getByRole('link', { name: 'Show this call' }).first().click();
    await page.getByRole('dialog').getByText('The call as it came').waitFor();
  });
});

describe('a saved view', () => {
  it('brings back a report with all its choices, for everyone where it is shared', async () => {
    const { page } = visitor;
    await page.goto('/reports?by=campaign,token.zone&zone=UTC&sort=-profit&range=30d');
    await page.getByRole('button', { name: 'Saved views' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name of the view').fill('Zones by profit');
    await dialog.getByLabel('Everyone of this installation sees it').check();
    await dialog.getByRole('button', { name: 'Save this view' }).click();
    await dialog.getByText('Shared by you').waitFor();
    await page.goto('/reports');
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Zones by profit' }).click();
    await page.waitForURL(/by=campaign,token\.zone.*sort=-profit/);
    await page.getByRole('columnheader', { name: /Token zone/ }).waitFor();
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('button', { name: 'Delete the view Zones by profit' }).click();
    await page.getByText('No saved view of this page yet.').waitFor();
  });
});

describe('a report file', () => {
  it('with a preamble is read, corrected, checked with its totals, applied, and followed row by row', async () => {
    const { page } = visitor;
    const lines = [
      'Acme Partners;;;;;',
      'Report from 01/11/2026 to 30/11/2026;;;;;',
      'Order ID;SubID;Status;Verdienst;Currency;Sale date',
      `ACME-2001;${story.clicks[12] ?? ''};approved;1.234,50;USD;${today()} 00:00`,
      `ACME-2002;${story.clicks[13] ?? ''};pending;12,00;USD;${today()} 00:00`,
      'ACME-2003;;approved;no amount;USD;13/01/2026',
    ];
    await page.goto('/uploads');
    await page.locator('input[type=file]').setInputFiles({
      name: 'acme.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(lines.join('\r\n')),
    });
    await page.getByRole('combobox', { name: 'Network of this file' }).click();
    await page.getByRole('option', { name: /Acme Partners/ }).click();
    await page.getByText('What was found in the file').waitFor();
    expect(await page.getByLabel('Column names in row').inputValue()).toBe('3');
    expect(await page.getByRole('combobox', { name: 'Separated by' }).inputValue()).toBe('Semicolon');
    await page.getByRole('combobox', { name: 'Read as: Verdienst' }).click();
    await page.getByRole('option', { name: 'Amount', exact: true }).click();
    await page.getByText('Everything needed is known').waitFor();
    await page.getByRole('button', { name: 'Check all rows' }).click();
    await page.getByText('This is what the file says.').waitFor();
    const totals = page.getByRole('region', { name: 'Totals of the file' });
    await totals.getByText('1,234.50').waitFor();
    const rows = page.getByRole('region', { name: 'Row by row' }).getByRole('row');
    expect(await rows.nth(1).innerText()).toContain('Not readable');
    await page.getByRole('button', { name: 'Apply 2 rows' }).click();
    await page.getByText('The file was applied.').waitFor();
    await page.getByRole('link', { name: 'Show them in the log' }).click();
    await page.waitForURL(/uploadId=/);
    await waitFor(async () => {
      const { body } = await system.api<{ items: unknown[] }>('GET', '/conversions?transactionId=ACME-2001,ACME-2002');
      return body.items.length === 2;
    }, 20_000);
    await page.goto('/jobs');
    await page.getByRole('link', { name: 'Show the rows' }).first().click();
    await page.getByText('The file was applied.').waitFor();
  });
});

describe('a network', () => {
  it('shows what its calls suggest, with a call that shows it, and applies it', async () => {
    const { page } = visitor;
    await page.goto('/catalog/networks/acme');
    const card = page.getByRole('region', { name: 'What its calls suggest' });
    const item = card.getByRole('listitem').filter({ hasText: 'set amountFormat to dot and replay 1' });
    await item.getByRole('link', { name: 'Show such a call' }).click();
    await page.getByRole('dialog').getByText('transaction_id=ACME-1007').first().waitFor();
    await page.goBack();
    await item.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Applied. 1 call is replayed.').waitFor();
    await item.waitFor({ state: 'detached' });
    expect((await system.api('GET', '/networks/acme')).body).toMatchObject({ amountFormat: 'dot' });
  });
});

describe('a browser whose language is no language tag', () => {
  it('draws the charts all the same', async () => {
    const odd = await openVisitor(browser, system.console.url);
    await odd.page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'language', { configurable: true, get: () => 'en-US@posix' });
      Object.defineProperty(Navigator.prototype, 'languages', { configurable: true, get: () => ['en-US@posix'] });
    });
    await signInByToken(odd, testSecrets.CAROM_ADMIN_TOKEN);
    await odd.page.goto('/?range=1h');
    await odd.page.locator('canvas').first().waitFor();
    await odd.close();
  });
});

describe('roles', () => {
  it('let a viewer look and not change, by an invitation that works once', async () => {
    const { page } = visitor;
    await page.goto('/people');
    const form = page.locator('form').filter({ hasText: 'Make the link' });
    await form.getByLabel('Name').fill('Vera Viewer');
    await form.getByLabel('E-mail').fill('vera@example.com');
    await form.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.locator('code').filter({ hasText: '/join' }).first().innerText();
    const guest = await openVisitor(browser, system.console.url, {}, [401, 403]);
    const url = new URL(link);
    await guest.page.goto(url.pathname + url.search + url.hash);
    await guest.page.getByLabel('New password').fill('a long enough passphrase');
    await guest.page.getByLabel('The same again').fill('a long enough passphrase');
    await guest.page.getByRole('button', { name: 'Save and sign in' }).click();
    await guest.page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await guest.page.getByRole('link', { name: 'People' }).count()).toBe(0);
    await guest.page.goto('/people');
    await guest.page.getByText('Your role does not allow this').first().waitFor();
    await guest.page.goto('/deliveries');
    expect(await guest.page.getByRole('button', { name: 'Send again…' }).count()).toBe(0);
    await guest.close();
  });

  it('change at once, and who is disabled is out at once', async () => {
    const { page } = visitor;
    const guest = await openVisitor(browser, system.console.url, {}, [401, 403]);
    await guest.page.goto('/sign-in');
    await guest.page.getByLabel('E-mail').fill('vera@example.com');
    await guest.page.getByLabel('Password', { exact: false }).first().fill('a long enough passphrase');
    await guest.page.getByRole('button', { name: 'Sign in' }).click();
    await guest.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.goto('/people');
    await page.getByRole('combobox', { name: 'Role: Vera Viewer' }).click();
    await page.getByRole('option', { name: /^Editor/ }).click();
    await waitFor(async () => {
      const { body } = await system.api<{ items: { name: string; role: string }[] }>('GET', '/users');
      return body.items.some(({ name, role }) => name === 'Vera Viewer' && role === 'editor');
    });
    await guest.page.goto('/deliveries');
    await guest.page.getByRole('button', { name: 'Send again…' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'Vera Viewer' }).getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('row').filter({ hasText: 'Vera Viewer' }).getByRole('button', { name: 'Enable' }).waitFor();
    await guest.page.goto('/conversions');
    await guest.page.getByRole('heading', { name: 'Sign in to Carom' }).waitFor();
    await guest.close();
  });

  it('end with a session or a token that is revoked', async () => {
    const { page } = visitor;
    await page.goto('/people');
    const form = page.locator('form').filter({ hasText: 'Make a token' });
    await form.getByLabel('What it is for').fill('a script');
    await form.getByRole('button', { name: 'Make a token' }).click();
    const token = await page.getByText('Copy it now').locator('..').locator('code').innerText();
    const guest = await openVisitor(browser, system.console.url, {}, [401]);
    await signInByToken(guest, token);
    await page.getByRole('row').filter({ hasText: 'a script' }).getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row').filter({ hasText: 'a script' }).getByText('Revoked').waitFor();
    await guest.page.goto('/conversions');
    await guest.page.getByRole('heading', { name: 'Sign in to Carom' }).waitFor();
    await guest.close();
  });
});

describe('deliveries that a destination refused', () => {
  it('are sent again, and nothing is owed to it any more', async () => {
    const { page } = visitor;
    const states = async () =>
      (
        await system.api<{ items: { state: string }[] }>('GET', '/deliveries?destinationKey=source:sunny')
      ).body.items.map(({ state }) => state);
    const five = (state: string) => Array.from({ length: 5 }, () => state);
    await waitFor(async () => expect(await states()).toEqual(five('parked')) ?? true, 90_000, 'all are refused');
    story.receiver.answer({ status: 200, body: 'OK' });
    await page.goto('/deliveries?destinationKey=source:sunny&state=waiting,parked');
    await page.getByRole('button', { name: 'Send again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Count them' }).click();
    await dialog.getByRole('button', { name: 'Send 5 again' }).click();
    await dialog.getByText(/deliveries are queued again/).waitFor();
    await page.goto('/destinations/source:sunny');
    await page.getByText('Nothing is owed to it.').waitFor({ timeout: 30_000 });
    expect(await states()).toEqual(five('delivered'));
  }, 150_000);
});

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[]; isEntry?: boolean };

describe('the size of the page', () => {
  const folder = join(projectRoot, 'dist', 'web');
  /** Promised for the first load of the page; each route has to fit as well. */
  const maxBytes = 300_000;

  /** Charts are loaded after the page that has them, at once. A dialog waits until it is opened. */
  const isChart = (name: string): boolean => /(chart|over-time|history)\.tsx$/.test(name);

  /** Every file that is loaded with a chunk. */
  const filesOf = (chunks: Record<string, Chunk>, name: string, seen = new Set<string>()) => {
    const chunk = chunks[name];
    if (!chunk || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const file of chunk.css ?? []) seen.add(file);
    for (const each of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? []).filter(isChart)])
      filesOf(chunks, each, seen);
    return seen;
  };
  const compressed = (files: Iterable<string>): number =>
    [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);

  it('is at most 300 KB compressed for the first load of each route, with its charts', () => {
    const chunks = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
    const entry = Object.keys(chunks).find((name) => chunks[name]?.isEntry) ?? '';
    const shell = filesOf(chunks, entry);
    const routes = Object.keys(chunks).filter((name) => /features\/.*-page\.tsx$/.test(name));
    expect(routes.length).toBeGreaterThan(15);
    const sizes = routes.map((name) => {
      return [name, compressed(filesOf(chunks, name, new Set(shell)))] as const;
    });
    expect(sizes.filter(([, bytes]) => bytes > maxBytes)).toEqual([]);
  });

  it('travels compressed: a new visitor receives at most 300 KB before the overview is shown', async () => {
    const guest = await openVisitor(browser, system.console.url);
    const sizes: Promise<number>[] = [];
    guest.page.on('requestfinished', (request) => {
      if (!request.url().includes('/api/'))
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await signInByToken(guest, testSecrets.CAROM_ADMIN_TOKEN);
    await guest.page.locator('canvas').first().waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(maxBytes);
    await guest.close();
  });
});
