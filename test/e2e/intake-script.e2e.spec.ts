import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser } from 'playwright-core';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** "Direct" tracking in a real browser: a landing page of another origin, with our script on it. */

let ground: IntakeGround;
let browser: Browser | undefined;
let landing: Server | undefined;
let pageUrl = '';

beforeAll(async () => {
  ground = await openIntakeGround({
    networks: [{ key: 'net' }],
    sources: [{ key: 'ads', externalIdParam: 'sid' }],
    offers: [{ key: 'shoes', networkKey: 'net', url: 'https://offer.example.com/?aff_sub={click_id}' }],
    campaigns: [{ key: 'camp', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] }],
  });
  const html = `<!doctype html><a href="https://offer.example.com/?sub={click_id}">go</a><form><input name="click_id"></form>
    <script src="${ground.ingest.url}/carom.js" data-campaign="camp"></script>`;
  landing = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => landing?.listen(0, '127.0.0.1', resolve));
  pageUrl = `http://127.0.0.1:${(landing.address() as AddressInfo).port}/landing`;
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  landing?.closeAllConnections();
  landing?.close();
  await ground?.close();
});

describe('the first-party script', () => {
  it('gives the page a click id, writes it into links and forms, and counts a reload as the same click', async () => {
    const page = await (await browser!.newContext()).newPage();
    const clickIdOf = () =>
      page
        .waitForFunction('window.carom && window.carom.clickId')
        .then((found) => found.jsonValue() as Promise<string>);
    await page.goto(`${pageUrl}?sid=EXT7`);
    const clickId = await clickIdOf();
    expect(await ground.clickOf(clickId)).toMatchObject({ channel: 'direct', campaignKey: 'camp', externalId: 'EXT7' });
    expect(await page.getAttribute('a', 'href')).toBe(`https://offer.example.com/?sub=${clickId}`);
    expect(await page.inputValue('input')).toBe(clickId);
    await page.reload();
    expect(await clickIdOf()).toBe(clickId);
    await page.goto(`${pageUrl}?sid=EXT8`);
    const next = await clickIdOf();
    expect(next).not.toBe(clickId);
    expect((await ground.clickOf(next)).externalId).toBe('EXT8');
  }, 120_000);
});
