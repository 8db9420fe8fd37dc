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
import { messageOf, type Logger, type Seal } from '#runtime';
import { z } from 'zod';

export type Catalog = {
  /** `complete`: all of the catalog is held, or was at the last run; before that, what is unknown may only be unknown yet. */
  current: () => { view: CatalogView; complete: boolean };
  close: () => Promise<void>;
};

const snapshotEveryMs = 2_000;

/** The catalog in memory, from its compacted topic; and from the last snapshot on disk while Kafka is away at start. Secrets lie
 *  sealed on the topic and in the snapshot, and are opened only here in memory. */
export const followCatalog = async (options: {
  kafka: KafkaConnection;
  seal: Seal;
  snapshotPath: string;
  onFatal: (error: Error) => void;
  log: Logger;
}): Promise<Catalog> => {
  const { log, seal, snapshotPath } = options;
  const sealed = new Map<string, CatalogEntryV1>();
  const live = createCatalogView();
  let state: ReturnType<Catalog['current']> = { view: live, complete: false };

  const take = (view: CatalogView, entry: CatalogEntryV1): void => {
    try {
      view.apply(openCatalogEntry(entry, seal.open));
    } catch (thrown) {
      log.error({ event: 'catalog.entry_unreadable', kind: entry.kind, key: entry.key, error: messageOf(thrown) });
    }
  };

  const remembered = await readSnapshot(snapshotPath, log);
  if (remembered) {
    const view = createCatalogView();
    for (const entry of remembered) take(view, entry);
    state = { view, complete: true };
    log.info({ event: 'catalog.snapshot_loaded', entries: remembered.length });
  }

  let caughtUp = false;
  let changed = false;
  const table = followTable<CatalogEntryV1>({
    ...options.kafka,
    topic: topics.catalog,
    onFatal: options.onFatal,
    onEntry: ({ value }) => {
      sealed.set(`${value.kind}:${value.key}`, value);
      take(live, value);
      changed = true;
    },
  });
  // The topic is the truth: what only the snapshot knows belongs to a catalog that is no more.
  void table.caughtUp.then(() => {
    caughtUp = true;
    state = { view: live, complete: true };
    log.info({ event: 'catalog.caught_up', entries: sealed.size });
  });

  const write = async (): Promise<void> => {
    if (!caughtUp || !changed) return;
    changed = false;
    try {
      await writeSnapshot(snapshotPath, [...sealed.values()]);
    } catch (thrown) {
      log.warn({ event: 'catalog.snapshot_failed', error: messageOf(thrown) });
    }
  };
  const timer = setInterval(() => void write(), snapshotEveryMs).unref();

  return {
    current: () => state,
    close: async () => {
      clearInterval(timer);
      await write();
      await table.close();
    },
  };
};

const readSnapshot = async (path: string, log: Logger): Promise<CatalogEntryV1[] | null> => {
  try {
    return z.array(catalogEntryV1).parse(JSON.parse(await readFile(path, 'utf8')));
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
