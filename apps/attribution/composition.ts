import {
  chosenTokens,
  clickInside,
  topics,
  withCapCurrency,
  type CatalogView,
  type ClickRecordedV1,
  type ConversionChangedV1,
  type PostbackReceivedV1,
  type ReportTokens,
} from '#contracts';
import { readClickId, RollupSum, type RollupDelta, type Verdict } from '#domain';
import type { Producer } from '#kafka';
import {
  appendRollups,
  claimDueOrphans,
  countOrphans,
  findOrphans,
  inTransaction,
  mergeRollups,
  readPostbackMessages,
  recordClicks as insertClicks,
  recordImportedClicks,
} from '#postgres';
import type { ClickCache } from '#redis';
import { durationBucketsSeconds, type Logger, type Metrics } from '#runtime';
import type pg from 'pg';
import {
  attributeAll,
  type AttributionPorts,
  type AttributionResult,
  type Occasion,
  type SeenAt,
} from './attribution.pipeline.js';
import { recordClicks } from './click.pipeline.js';
import { cachedForm, clickFinder } from './ledger/clicks.js';
import { patienceOf, type AttributionConfig } from './config.js';
import { isDataFault, orphanSchedule, postgresLedger } from './ledger/ledger.js';
import { liftCaps } from './upkeep/caps.js';
import { endHolds } from './upkeep/holds.js';
import { release, sweep, type OrphanPorts } from './upkeep/orphans.js';

/** The two pages and the sweeper, with their ports filled in. */
export type Attribution = {
  attributePostbacks: (messages: readonly PostbackReceivedV1[]) => Promise<Verdict[]>;
  recordClicks: (clicks: readonly ClickRecordedV1[]) => Promise<Set<string>>;
  sweepOrphans: () => Promise<number>;
  endHolds: () => Promise<number>;
  /** Lets conversions in that were over a cap which has been raised since. */
  liftCaps: () => Promise<number>;
  mergeRollups: () => Promise<number>;
};

export type Surroundings = {
  config: AttributionConfig;
  pool: pg.Pool;
  cache: ClickCache | null;
  catalog: CatalogView;
  produce: Producer['produce'];
  metrics: Metrics;
  log: Logger;
  now: () => number;
};

const publisher =
  (produce: Producer['produce']) =>
  async (changes: readonly ConversionChangedV1[]): Promise<void> => {
    if (changes.length === 0) return;
    await produce(
      changes.map((change) => ({
        topic: topics.conversions.name,
        key: change.conversionId,
        value: JSON.stringify(change),
        headers: { id: `${change.conversionId}:${change.revision}`, type: topics.conversions.type },
      })),
    );
  };

/** What newly recorded clicks count. A click with a flag (a prefetch, a bot) is kept out of reports; one that was there counts once. */
const rollupsOf = (
  clicks: readonly ClickRecordedV1[],
  { recorded, unique }: { recorded: ReadonlySet<string>; unique: ReadonlySet<string> },
  reportTokens: ReportTokens,
): RollupDelta[] => {
  const sum = new RollupSum();
  const counted = new Set<string>();
  for (const click of clicks) {
    if (!recorded.has(click.clickId) || counted.has(click.clickId) || click.flags.length > 0) continue;
    counted.add(click.clickId);
    sum.addClick({
      ...click,
      unique: unique.has(click.clickId),
      reportTokens: chosenTokens(click.tokens, reportTokens(click.campaignKey)),
    });
  }
  return sum.list();
};

const orphanStore = (pool: pg.Pool, now: () => number): OrphanPorts['orphans'] => ({
  waitingFor: (wanted) => findOrphans(pool, wanted),
  claimDue: (limit) => claimDueOrphans(pool, { nowMs: now(), limit, schedule: orphanSchedule }),
  messages: (waiting) => readPostbackMessages(pool, waiting),
});

/** Figures that an operator asks for: what became of postbacks, where clicks were found, how long a batch takes, what waits. */
const figures = ({ metrics, pool, now }: Surroundings) => {
  const states = metrics.counter('carom_attribution_postbacks_total', 'Decided postbacks', ['state', 'refusal']);
  const looked = metrics.counter('carom_attribution_click_lookups_total', 'Click look-ups', ['found']);
  const batch = metrics.histogram(
    'carom_attribution_batch_seconds',
    'Time to decide one batch',
    durationBucketsSeconds,
  );
  const conflicts = metrics.counter('carom_attribution_conflicts_total', 'Transactions tried again');
  const released = metrics.counter('carom_attribution_orphans_ended_total', 'Orphans that wait no longer');
  const waiting = metrics.gauge('carom_attribution_orphans_waiting', 'Orphans that wait');
  const oldest = metrics.gauge('carom_attribution_orphans_oldest_seconds', 'Age of the oldest orphan');
  const refresh = async () => {
    const count = await countOrphans(pool, now());
    waiting.set(count.waiting);
    oldest.set(count.oldestMs / 1000);
  };
  return { states, looked, batch, conflicts, released, refresh };
};

const reportTokensOf =
  (catalog: CatalogView) =>
  (campaignKey: string): readonly string[] =>
    catalog.campaign(campaignKey)?.reportTokens ?? [];

const portsOf = (given: Surroundings, onConflict: () => void, looked: (from: string, clicks: number) => void) => {
  const { config, catalog, pool } = given;
  return {
    clicks: clickFinder(pool, given.cache, reportTokensOf(catalog), looked),
    ledger: postgresLedger(pool, onConflict),
    conversions: { publish: publisher(given.produce) },
    catalog: {
      network: (key: string) => catalog.network(key),
      offer: (key: string) => {
        const offer = catalog.offer(key);
        return offer && withCapCurrency(offer, catalog.network(offer.networkKey));
      },
      clickInside: clickInside(catalog),
    },
    recognise: (text: string) => readClickId(text, config.CAROM_SECRET),
    patience: patienceOf(config),
    now: given.now,
    isDataFault,
  } satisfies AttributionPorts & { isDataFault: typeof isDataFault };
};

export const compose = (given: Surroundings): Attribution => {
  const { pool, cache, catalog, config, now, log } = given;
  const numbers = figures(given);
  const ports = portsOf(
    given,
    () => numbers.conflicts.inc(),
    (found, clicks) => numbers.looked.inc({ found }, clicks),
  );

  const attribute = async (
    messages: readonly PostbackReceivedV1[],
    occasion: Occasion,
    seenAtMs?: SeenAt,
  ): Promise<AttributionResult> => {
    const stop = numbers.batch.startTimer();
    const result = await attributeAll(ports, messages, occasion, seenAtMs);
    stop();
    for (const { state, refusal } of result.decided) numbers.states.inc({ state, refusal: refusal ?? '' });
    return result;
  };
  const orphanPorts: OrphanPorts = { orphans: orphanStore(pool, now), attribute };

  const releaseFor = async (wanted: { clickIds: readonly string[]; transactionIds: readonly string[] }) => {
    const waiting = await orphanPorts.orphans.waitingFor(wanted);
    if (waiting.length > 0) numbers.released.inc(await release(orphanPorts, waiting));
  };

  return {
    async attributePostbacks(messages) {
      const verdicts: Verdict[] = [];
      // Kafka hands over what one fetch brought, which may be thousands; a transaction holds its locks for all of its batch.
      for (let start = 0; start < messages.length; start += config.ATTRIBUTION_BATCH_RECORDS) {
        const result = await attribute(messages.slice(start, start + config.ATTRIBUTION_BATCH_RECORDS), 'arrival');
        verdicts.push(...result.verdicts);
        await releaseFor({ clickIds: [], transactionIds: result.newTransactionIds });
      }
      return verdicts;
    },
    recordClicks: (clicks) =>
      recordClicks(
        {
          clicks: {
            record: (all) =>
              inTransaction(pool, async (client) => {
                await recordImportedClicks(
                  client,
                  all.filter(({ channel }) => channel === 'import'),
                );
                const made = await insertClicks(client, all);
                await appendRollups(client, rollupsOf(all, made, reportTokensOf(catalog)), now());
                return made.recorded;
              }),
            cache: (all) => cache?.write(all.map((click) => ({ clickId: click.clickId, value: cachedForm(click) }))),
          },
          releaseFor: (clickIds) => releaseFor({ clickIds, transactionIds: [] }),
        },
        clicks,
      ),
    async sweepOrphans() {
      const ended = await sweep(orphanPorts);
      numbers.released.inc(ended);
      if (ended > 0) log.info({ event: 'orphans.swept', ended });
      await numbers.refresh();
      return ended;
    },
    endHolds: () => endHolds(ports),
    liftCaps: () => liftCaps(ports),
    mergeRollups: () => mergeRollups(pool),
  };
};
