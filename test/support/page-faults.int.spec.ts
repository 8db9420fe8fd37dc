import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser, openVisitor, type Visitor } from './browser.js';
import { takeFaults } from './page-faults.js';
import { waitFor } from './wait-for.js';

/** What the tests of the console fail on: each kind of fault on a page made for it, in the real
 * browser. A check that sees nothing would let all of them pass. */

const policy = "default-src 'none'; script-src 'self'; img-src 'self' data:; style-src 'self'";
type Made = { html?: string; script?: string; isFree?: boolean };
const frames = (count: number, then: string): string =>
  count === 0 ? then : `requestAnimationFrame(() => { ${frames(count - 1, then)} })`;
const grow = `document.querySelector('div').style.height = '300px'`;
const quiet: Made = {
  html: `<button>More</button><div></div>${'<p>A text</p>'.repeat(20)}`,
  script: `document.querySelector('button').onclick = () => { ${grow} }`,
};

let made: Made = {};
let server: Server;
let browser: Browser;
let visitor: Visitor;

const urlOf = (host: string): string => `http://${host}:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server = createServer(({ url }, answer) => {
    if (url === '/page.js') return answer.setHeader('content-type', 'text/javascript').end(made.script);
    if (url !== '/') return answer.writeHead(url === '/elsewhere' ? 204 : 404).end();
    if (!made.isFree) answer.setHeader('content-security-policy', policy);
    const html = `<!doctype html><link rel="icon" href="data:,"><main>${made.html ?? ''}</main>`;
    return answer.setHeader('content-type', 'text/html').end(`${html}<script src="/page.js"></script>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  browser = await launchBrowser();
});
beforeEach(async () => {
  visitor = await openVisitor(browser, urlOf('127.0.0.1'), {}, [404]);
});
afterEach(async () => {
  await visitor.close();
  takeFaults();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

it.each<[string, Made, RegExp]>([
  ['a script in the page', { html: '<script>void 0</script>' }, /^policy: script-src-elem inline/],
  ['a handler in an attribute', { html: '<p onclick="void 0">A text</p>' }, /^policy: handler in <p onclick/],
  [
    'a handler that is added later',
    { ...quiet, script: "document.querySelector('p').setAttribute('onclick', 'void 0')" },
    /^policy: handler in <p onclick/,
  ],
  [
    'a handler in added HTML',
    { ...quiet, script: "document.querySelector('div').innerHTML = '<b onclick=\"void 0\">A text</b>'" },
    /^policy: handler in <b onclick/,
  ],
  ['a style in an attribute', { html: '<p style="color: red">A text</p>' }, /^policy: style-src-attr inline/],
  ['a text that runs as code', { script: "try { new Function('') } catch {}" }, /^policy: script-src eval/],
  [
    'a picture of another host',
    { html: '<img src="https://other.invalid/x.png">' },
    /^policy: img-src https:\/\/other/,
  ],
  ['an error in the console', { script: "console.error('it is wrong')" }, /^console: it is wrong/],
  ['an error that is thrown', { script: "throw new Error('it is wrong')" }, /^error: it is wrong/],
  ['a rejection without a handler', { script: "Promise.reject(new Error('it fails'))" }, /^error: it fails/],
  ['a file that is missing', { html: '<img src="/missing.png">' }, /^console: .*status of 404.*missing\.png/],
  [
    'a text that moves down',
    { ...quiet, script: frames(3, grow) },
    /^layout shift of 0\.\d+ on \/: .*P.* from 8 \d+ .* to 8 3\d\d /,
  ],
])('notes %s', async (_what, page, fault) => {
  made = page;
  await visitor.page.goto('/');
  const noted: string[] = [];
  await waitFor(() => noted.push(...takeFaults()) >= 0 && noted.some((each) => fault.test(each)), 10_000, 'the fault');
});

it('notes a request to another host where no policy stops it', async () => {
  made = { isFree: true, script: `void fetch('${urlOf('localhost')}/elsewhere', { mode: 'no-cors' })` };
  await visitor.page.goto('/', { waitUntil: 'networkidle' });
  expect(takeFaults()).toContainEqual(`request: ${urlOf('localhost')}/elsewhere`);
});

it('notes nothing of a page that is as it should be, also when it grows at a click', async () => {
  made = quiet;
  await visitor.page.goto('/');
  await visitor.page.getByRole('button').click();
  await visitor.page.evaluate(`new Promise((drawn) => ${frames(3, 'drawn()')})`);
  expect(takeFaults()).toEqual([]);
});
