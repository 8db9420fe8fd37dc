import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { catalogEntryV1, topics, type CatalogEntryV1 } from '#contracts';
import { followTable, type KafkaConnection, type KafkaMetrics } from '#kafka';
import { messageOf, repeat, systemTime, type Check, type Liveness, type Logger, type Metrics } from '#runtime';
import { z } from 'zod';
import { createHeldCatalog, type CatalogSecrets, type HeldCatalog } from './held-catalog.js';
import type { CatalogState } from './ports.js';

/** - `nothing`: neither the topic nor a snapshot was read yet.
 *  - `snapshot`: the last run's catalog. What it does not know may be new, so it is answered 503.
 *  - `current`: all of the topic was read. */
type Held = 'nothing' | 'snapshot' | 'current';

export type Catalog = {
  current: () => CatalogState;
  /** Not ready only while nothing is known: an old catalog still redirects visitors (P9). */
  check: Check;
  close: () => Promise<void>;
};

type CatalogOptions = {
  kafka: KafkaConnection;
  kafkaMetrics: Pick<KafkaMetrics, 'entrySkipped'>;
  metrics: Metrics;
  secrets: CatalogSecrets;
  snapshotPath: string;
  onFatal: (error: Error) => void;
  log: Logger;
  health: Liveness;
};

const snapshotEveryMs = 2_000;
const snapshotDeadlineMs = 10_000;

/** The catalog in memory, from its compacted topic; from the last snapshot on disk while Kafka is
 *  away at start. */
export const followCatalog = async (options: CatalogOptions): Promise<Catalog> => {
  const { log, snapshotPath, health, metrics } = options;
  const live = createHeldCatalog(options.secrets, log);
  const snapshot = await readSnapshot(options);
  let held: Held = snapshot ? 'snapshot' : 'nothing';
  let state: CatalogState & Pick<HeldCatalog, 'unreadable'> = { ...(snapshot ?? live), isCurrent: false };
  let hasChanged = false;
  metrics.lookup(
    'carom_catalog_unreadable_entries',
    'Catalog entries with a secret that this process cannot open',
    () => state.unreadable(),
  );

  const table = followTable<CatalogEntryV1>({
    ...options.kafka,
    topic: topics.catalog,
    metrics: options.kafkaMetrics,
    onFatal: options.onFatal,
    onEntry: ({ value }) => {
      live.apply(value);
      hasChanged = true;
    },
  });
  // The topic is the truth: what only the snapshot knows was deleted.
  void table.caughtUp.then(() => {
    held = 'current';
    state = { ...live, isCurrent: true };
    log.info({ event: 'catalog.caught_up', entries: live.entries().length });
  });

  const write = async (): Promise<void> => {
    if (held !== 'current' || !hasChanged) return;
    hasChanged = false;
    await writeSnapshot(snapshotPath, live.entries());
  };
  const chore = { name: 'ingest.catalog-snapshot', everyMs: snapshotEveryMs, deadlineMs: snapshotDeadlineMs };
  const writing = repeat({ ...chore, time: systemTime, log, health }, write);

  return {
    current: () => state,
    check: () => ({
      ok: held !== 'nothing',
      ...(held === 'snapshot' ? { note: 'from the last snapshot: what is not in it is answered 503' } : {}),
    }),
    close: async () => {
      await writing.now();
      await writing.stop();
      await table.close();
    },
  };
};

/** A snapshot of an earlier release holds more than ingest keeps now, so it is written again. */
const readSnapshot = async ({ snapshotPath, secrets, log }: CatalogOptions): Promise<HeldCatalog | null> => {
  try {
    const text = await readFile(snapshotPath, 'utf8');
    const entries = z.array(catalogEntryV1).parse(JSON.parse(text));
    const held = createHeldCatalog(secrets, log);
    for (const entry of entries) held.apply(entry);
    log.info({ event: 'catalog.snapshot_loaded', entries: entries.length });
    if (JSON.stringify(held.entries()) !== text) await writeSnapshot(snapshotPath, held.entries());
    return held;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn({ event: 'catalog.snapshot_unreadable', error: messageOf(thrown) });
    return null;
  }
};

/** Written beside and moved over, so that a killed process leaves the old one whole. */
const writeSnapshot = async (path: string, entries: CatalogEntryV1[]): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.next`, JSON.stringify(entries), { mode: 0o600 });
  await rename(`${path}.next`, path);
};
