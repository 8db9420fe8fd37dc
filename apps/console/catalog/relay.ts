import { topics } from '#contracts';
import type { OutRecord } from '#kafka';
import { catalogEntryOf, relayCatalog, type CatalogEntry } from '#postgres';
import { messageOf, type Logger } from '#runtime';
import type { DataSource } from 'typeorm';

/** The catalog's way to its topic. A change is committed in Postgres first and published
 *  afterwards, until Kafka has acknowledged it: a console that dies between the two leaves an
 *  entry whose relayed version lags, and whichever console comes next publishes it.
 *
 *  Several consoles take turns by a lock in the database, so entries leave in the order of their
 *  versions. One gap is left by nature: a send that timed out may still arrive, after another
 *  console has sent a newer version. Readers pass over older versions, but compaction keeps the
 *  last record; so what a failed send carried is sent once more, as it then is, by the process
 *  that failed. */
export type Relay = {
  /** Called after each commit: the change is to be in force everywhere within two seconds. */
  wake: () => void;
  /** Entries that are known to wait, and for how long nothing got through: for readiness and
   *  metrics. */
  state: () => { failingSinceMs: number | null; published: number };
  close: () => Promise<void>;
};

const batchLimit = 200;
/** Changes of other consoles, and Kafka's return, are seen by looking. The look is one index
 *  probe. */
const lookEveryMs = 500;

const catalogRecordOf = (entry: CatalogEntry): OutRecord => ({
  topic: topics.catalog.name,
  key: `${entry.kind}:${entry.key}`,
  value: JSON.stringify(catalogEntryOf(entry)),
  headers: { id: `${entry.kind}:${entry.key}:${entry.version}`, type: topics.catalog.type },
});

export const startRelay = (ports: {
  dataSource: DataSource;
  produce: (records: OutRecord[]) => Promise<void>;
  now: () => number;
  log: Logger;
}): Relay => {
  const { dataSource, log } = ports;
  let again = new Set<string>();
  let failingSinceMs: number | null = null;
  let published = 0;
  let closed = false;
  let woken = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const publish = async (entries: CatalogEntry[]): Promise<void> => {
    const records = entries.map(catalogRecordOf);
    try {
      await ports.produce(records);
    } catch (thrown) {
      for (const { key } of records) again.add(key);
      throw thrown;
    }
  };

  const round = async (): Promise<void> => {
    const doubtful = again;
    again = new Set();
    try {
      for (;;) {
        const count = await relayCatalog(dataSource, { limit: batchLimit, again: [...doubtful], publish });
        if (count === null) doubtful.forEach((key) => again.add(key));
        else if (count > 0) log.info({ event: 'catalog.relayed', entries: count });
        published += count ?? 0;
        doubtful.clear();
        if (count === null || count < batchLimit) break;
      }
      failingSinceMs = null;
    } catch (thrown) {
      doubtful.forEach((key) => again.add(key));
      failingSinceMs ??= ports.now();
      log.warn({ event: 'catalog.relay_failed', error: messageOf(thrown) });
    }
  };

  const run = (): void => {
    clearTimeout(timer);
    if (closed) return;
    if (running) {
      woken = true;
      return;
    }
    woken = false;
    running = round().finally(() => {
      running = null;
      if (woken) run();
      else if (!closed) timer = setTimeout(run, lookEveryMs);
    });
  };

  run();
  return {
    wake: run,
    state: () => ({ failingSinceMs, published }),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
