import { foundClickOf, type ClickRecordedV1, type KnownClick, type ReportTokens } from '#contracts';
import type { FoundClick } from '#domain';
import { findClicks } from '#postgres';
import type { ClickCache } from '#redis';
import type pg from 'pg';
import type { AttributionPorts } from './ports.js';

/** A click as it is cached: what a look-up needs, and no more. */
export const cachedForm = (click: ClickRecordedV1 | KnownClick): string =>
  JSON.stringify({
    clickId: click.clickId,
    clickedAtMs: click.clickedAtMs,
    campaignKey: click.campaignKey,
    sourceKey: click.sourceKey,
    offerKey: click.offerKey,
    networkKey: click.networkKey,
    externalId: click.externalId,
    externalIdRaw: click.externalIdRaw,
    tokens: click.tokens,
    cost: click.cost,
    visitor: { ip: click.visitor.ip, userAgent: click.visitor.userAgent },
  } satisfies KnownClick);

const parsed = (text: string | null): KnownClick | null => {
  if (text === null) return null;
  try {
    return JSON.parse(text) as KnownClick;
  } catch {
    // Another program wrote under our key; Postgres has the click.
    return null;
  }
};

/** How many clicks of one look-up go back into the cache. More are missing only while a backlog is
 * worked off or the cache is empty: those are old, rarely asked for again, and writing them costs
 * more than finding them. */
const maxWrittenBack = 100;

/** Looks clicks up: the cache, then one select for what it did not have. A few that were missing
 * then go into the cache, because a sale is often followed by its confirmation. */
export const clickFinder = (
  pool: pg.Pool,
  cache: ClickCache | null,
  reportTokens: ReportTokens,
  count: (from: 'cache' | 'database' | 'nowhere', clicks: number) => void,
): AttributionPorts['clicks'] => ({
  async find(wanted) {
    if (wanted.length === 0) return new Map();
    const cached = (await cache?.read(wanted.map(({ clickId }) => clickId))) ?? [];
    const found = new Map<string, FoundClick>();
    const missing = wanted.filter(({ clickId }, index) => {
      const click = parsed(cached[index] ?? null);
      if (click) found.set(clickId, foundClickOf(click, reportTokens));
      return !click;
    });
    count('cache', found.size);
    if (missing.length === 0) return found;
    const stored = await findClicks(pool, missing);
    for (const [clickId, click] of stored) found.set(clickId, foundClickOf(click, reportTokens));
    if (stored.size <= maxWrittenBack)
      cache?.write([...stored].map(([clickId, click]) => ({ clickId, value: cachedForm(click) })));
    count('database', stored.size);
    count('nowhere', missing.length - stored.size);
    return found;
  },
});
