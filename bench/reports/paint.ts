import { buildPage, launchBrowser, openVisitor, signInByToken, type Visitor } from '../../test/support/browser.js';
import { takeFaults } from '../../test/support/page-faults.js';
import { startService, testSecrets } from '../../test/support/service.js';

/** The page of the reports in a real browser, over the data of the bench: from the address to the
 * lines on the screen, the code of the page included. */

type PaintTime = { name: string; elapsedMs: number; limitMs: number };

const limitMs = 1_000;
const rounds = 4;

/** As a person opens them; the days as the address has them. */
const views = (days: string): string[] => [
  `/reports?${days}`,
  `/reports?by=day&${days}`,
  `/reports?by=campaign,offer&sort=-clicks&${days}`,
  `/reports?by=source&compare=previous&${days}`,
];

const paintOnce = async ({ page }: Visitor, path: string): Promise<number> => {
  await page.goto('about:blank');
  const begin = performance.now();
  await page.goto(path, { waitUntil: 'commit' });
  await page.locator('table tbody tr[data-index]').first().waitFor();
  return performance.now() - begin;
};

/** @param days the days of the report as the address of the page names them
 *  @throws when the page reports an error, loads something from elsewhere or shows no line */
export const measurePaint = async (databaseUrl: string, days: string): Promise<PaintTime[]> => {
  buildPage();
  const service = await startService('console', {
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: process.env.KAFKA_BROKERS ?? '',
    CAROM_TOPIC_PREFIX: 'bench-reports.',
  });
  try {
    const browser = await launchBrowser();
    try {
      const visitor = await openVisitor(browser, service.url);
      await signInByToken(visitor, testSecrets.CAROM_ADMIN_TOKEN);
      const times: PaintTime[] = [];
      for (const path of views(days)) {
        // The first round fills caches and plans.
        await paintOnce(visitor, path);
        let elapsedMs = Infinity;
        for (let round = 0; round < rounds; round += 1) elapsedMs = Math.min(elapsedMs, await paintOnce(visitor, path));
        times.push({ name: `page ${path}`, elapsedMs, limitMs });
      }
      const faults = takeFaults();
      if (faults.length > 0) throw new Error(`the page reports: ${faults.join('; ')}`);
      return times;
    } finally {
      await browser.close();
    }
  } finally {
    await service.stop();
  }
};
