import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  catalogEntryV1,
  createCatalogView,
  openCatalogEntry,
  topics,
  type CatalogEntryV1,
  type CatalogView,
} from '#contracts';
import { followTable, type KafkaConnection } from '#kafka';
import { messageOf, repeat, systemTime, type Check, type Liveness, type Logger, type Seal } from '#runtime';
import { z } from 'zod';
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
  seal: Seal;
  snapshotPath: string;
  onFatal: (error: Error) => void;
  log: Logger;
  health: Liveness;
};

const snapshotEveryMs = 2_000;
const snapshotDeadlineMs = 10_000;

const applyOpened = (view: CatalogView, entry: CatalogEntryV1, { seal, log }: CatalogOptions): void => {
  try {
    view.apply(openCatalogEntry(entry, seal.open));
  } catch (thrown) {
    log.error({ event: 'catalog.entry_unreadable', kind: entry.kind, key: entry.key, error: messageOf(thrown) });
  }
};

/** The catalog in memory, from its compacted topic; from the last snapshot on disk while Kafka is
 *  away at start. Secrets are sealed on the topic and in the snapshot, and opened only in
 *  memory. */
export const followCatalog = async (options: CatalogOptions): Promise<Catalog> => {
  const { log, snapshotPath, health } = options;
  const live = createCatalogView();
  const sealed = new Map<string, CatalogEntryV1>();
  const snapshot = await readSnapshot(snapshotPath, options);
  let held: Held = snapshot ? 'snapshot' : 'nothing';
  let state: CatalogState = { view: snapshot ?? live, isCurrent: false };
  let hasChanged = false;

  const table = followTable<CatalogEntryV1>({
    ...options.kafka,
    topic: topics.catalog,
    onFatal: options.onFatal,
    onEntry: ({ value }) => {
      sealed.set(`${value.kind}:${value.key}`, value);
      applyOpened(live, value, options);
      hasChanged = true;
    },
  });
  // The topic is the truth: what only the snapshot knows was deleted.
  void table.caughtUp.then(() => {
    held = 'current';
    state = { view: live, isCurrent: true };
    log.info({ event: 'catalog.caught_up', entries: sealed.size });
  });

  const write = async (): Promise<void> => {
    if (held !== 'current' || !hasChanged) return;
    hasChanged = false;
    await writeSnapshot(snapshotPath, [...sealed.values()]);
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

const readSnapshot = async (path: string, options: CatalogOptions): Promise<CatalogView | null> => {
  const { log } = options;
  try {
    const entries = z.array(catalogEntryV1).parse(JSON.parse(await readFile(path, 'utf8')));
    const view = createCatalogView();
    for (const entry of entries) applyOpened(view, entry, options);
    log.info({ event: 'catalog.snapshot_loaded', entries: entries.length });
    return view;
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
