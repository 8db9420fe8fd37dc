import type { BrowserContext, ConsoleMessage } from 'playwright-core';

/** What a person may not see on a page but should worry about: a refused style, an error in the
 * console, a request to another host, a part that moves while one reads. It is collected from every
 * document that a test opens. */

const faults: string[] = [];

/** What went wrong on any page since it was asked last; the end of each test. */
export const takeFaults = (): string[] => faults.splice(0);

/** How much of a page may move before someone touches it: the sum of its layout shifts. 0.1 is good
 * for web.dev; 0.02 is a line of text above a full page. What moves after a press or a key is what
 * was asked for, and on a slow machine it comes late. */
const maxLayoutShift = 0.02;

/** All arrive as messages of the console, which outlive their document. The browser reports a
 * refused handler when its event comes, so attributes with one are looked for. */
const mark = 'carom-test:';
const report = `{
  const say = (what) => console.debug('${mark}' + JSON.stringify({ at: performance.timeOrigin, ...what }));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    say({ policy: [violatedDirective, blockedURI, sample].join(' ') }));
  const handlers = Object.keys(HTMLElement.prototype).filter((name) => name.startsWith('on'));
  const selector = handlers.map((name) => '[' + name + ']').join();
  const look = (node) => {
    if (node.nodeType === Node.ELEMENT_NODE && (node.matches(selector) || node.querySelector(selector)))
      say({ policy: 'handler in ' + node.outerHTML.slice(0, 100) });
  };
  new MutationObserver((changes) =>
    changes.forEach(({ type, target, addedNodes }) => (type === 'attributes' ? look(target) : addedNodes.forEach(look)))
  ).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: handlers });
  const nameOf = (node) => (node ? (node.parentElement?.className || '') + ' > ' + node.nodeName + '.' + (node.className || '') : '?');
  const boxOf = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
  let isTouched = false;
  for (const name of ['pointerdown', 'keydown', 'input', 'change'])
    addEventListener(name, () => { isTouched = true; }, true);
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!isTouched && !hadRecentInput)
        say({ shift: value, moved: sources.map(({ node, previousRect, currentRect }) =>
          nameOf(node) + ' from ' + boxOf(previousRect) + ' to ' + boxOf(currentRect)) });
  }).observe({ type: 'layout-shift', buffered: true });
}`;
type Reported = { at: number; policy?: string; shift?: number; moved?: string[] };

/** Adds up the shifts of each document at each of its addresses; answers the fault when the sum is
 * too large. */
const shiftsOf = () => {
  const sums = new Map<string, number>();
  const elements = new Map<string, string[]>();
  return ({ at, shift = 0, moved = [] }: Reported, url: string): string | null => {
    const path = new URL(url).pathname;
    const page = `${at} ${path}`;
    const before = sums.get(page) ?? 0;
    const all = [...(elements.get(page) ?? []), ...moved];
    sums.set(page, before + shift);
    elements.set(page, all);
    if (before > maxLayoutShift || before + shift <= maxLayoutShift) return null;
    return `layout shift of ${(before + shift).toFixed(3)} on ${path}: ${all.join('; ')}`;
  };
};

const isOfApi = (url: string): boolean => URL.canParse(url) && new URL(url).pathname.startsWith('/api/');

/** Notes what goes wrong in each page of the context.
 * @param expected statuses of the API that a test provokes; the browser logs each as an error. */
export const noteFaults = async (
  context: BrowserContext,
  origin: string,
  expected: readonly number[] = [],
): Promise<void> => {
  const addShift = shiftsOf();
  const isExpected = (message: ConsoleMessage): boolean =>
    isOfApi(message.location().url) && expected.some((status) => message.text().includes(`status of ${status}`));
  const noteReport = (message: ConsoleMessage): void => {
    const reported = JSON.parse(message.text().slice(mark.length)) as Reported;
    const fault =
      reported.policy === undefined
        ? addShift(reported, message.page()?.url() ?? 'about:blank')
        : `policy: ${reported.policy}`;
    if (fault !== null) faults.push(fault);
  };
  context.on('console', (message) => {
    if (message.text().startsWith(mark)) noteReport(message);
    else if (message.type() === 'error' && !isExpected(message))
      faults.push(`console: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (thrown) => faults.push(`error: ${thrown.error().message}`));
  context.on('request', (request) => {
    const { origin: asked, protocol, href } = new URL(request.url());
    if (asked !== origin && !/^(data|blob):$/.test(protocol)) faults.push(`request: ${href}`);
  });
  await context.addInitScript({ content: report });
};
