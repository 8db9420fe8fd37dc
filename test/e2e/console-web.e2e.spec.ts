import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { axeFindings, buildPage, launchBrowser, openVisitor, signInByToken, type Visitor } from '../support/browser.js';
import { tellStory, type Story } from '../support/console-story.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** The console as people use it: a real browser, the real page, the real services. Every visit ends
 * with the check that nothing went wrong unseen. */

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
afterAll(async () => {
  await browser?.close();
  await story?.close();
  await system?.stop();
  await ground?.close();
}, 60_000);

const clean = (): void => expect(visitor.faults).toEqual([]);

it('has the document of the API to read, without sign-in, for everyone and in the dark', async () => {
  const stranger = await openVisitor(browser, system.console.url, { width: 390, scheme: 'dark' });
  await stranger.page.goto('/api/docs');
  await stranger.page.locator('summary', { hasText: '/api/v1/postbacks/summary' }).click();
  await stranger.page.getByText('operationId summarisePostbacks').waitFor();
  expect(await axeFindings(stranger)).toEqual([]);
  expect(stranger.faults).toEqual([]);
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
    clean();
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
    clean();
  });

  it('shows a call as it came with every field marked, by keyboard only', async () => {
    const { page } = visitor;
    await page.goto('/log?transactionId=ACME-1001&state=applied');
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('row').nth(1).getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('transaction_id=ACME-1001').first().waitFor();
    expect(await drawer.locator('mark').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('Amount')]),
    );
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    clean();
  });

  it('maps an unknown status word and replays its calls', async () => {
    const { page } = visitor;
    await page.goto('/log?refusal=status_unmapped');
    await page.getByText('ACME-1004').click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('What does “chargeback_new” mean?').waitFor();
    await drawer.getByPlaceholder('Choose a meaning').click();
    await page.getByRole('option', { name: /Pending/ }).click();
    await drawer.getByRole('button', { name: 'Map this word' }).click();
    await waitFor(async () => {
      const { body } = await system.api<{ items: { state: string }[] }>(
        'GET',
        '/conversions?transactionId=ACME-1004,ACME-1005',
      );
      return body.items.length === 2 && body.items.every(({ state }) => state === 'pending');
    }, 20_000);
    clean();
  });
});

describe('search', () => {
  it.each([
    ['a transaction id', () => 'ACME-1003', /\/conversions\//],
    ['our click id', () => story.clicks[0] ?? '', /\/(clicks|conversions)\//],
    ['the source’s click id', () => 'P-1002', /\/(clicks|conversions)\//],
  ])('finds %s from any page', async (_what, id, place) => {
    const { page } = visitor;
    await page.goto('/catalog/networks');
    await page.keyboard.press('/');
    await page.getByLabel('Find any id').fill(id());
    await page.getByRole('option').first().waitFor();
    await page.getByRole('option').first().click();
    await page.waitForURL(place);
    clean();
  });

  it('says what was searched where nothing is found', async () => {
    const { page } = visitor;
    await page.getByLabel('Find any id').fill('no-such-id-anywhere');
    await page.getByText('Nothing has the id “no-such-id-anywhere”.', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    clean();
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
    clean();
  });
});

describe('a failing destination', () => {
  it('is seen, paused, resumed, and drained when it recovers', async () => {
    const { page } = visitor;
    await page.goto('/destinations/source:sunny');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).first().waitFor();
    story.receiver.answer({ status: 200, body: 'OK' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.goto('/deliveries?destinationKey=source:sunny');
    await page.getByRole('button', { name: 'Send again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Count them' }).click();
    await dialog.getByRole('button', { name: /^Send \d+ again$/ }).click();
    await story.receiver.awaitRequests(({ path }) => path === '/sunny', 30_000, 5);
    clean();
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
    clean();
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
    expect(guest.faults).toEqual([]);
    await guest.close();
    clean();
  });
});
