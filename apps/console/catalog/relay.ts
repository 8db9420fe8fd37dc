import { topics } from '#contracts';
import type { OutRecord } from '#kafka';
import { catalogEntryOf, relayCatalog, type CatalogEntry } from '#postgres';
import { failPoint, messageOf, systemTime, type Logger } from '#runtime';
import type { DataSource } from 'typeorm';

/** Publishes the catalog to its topic. A change is committed in Postgres first and published until
 *  Kafka acknowledges it; when a console crashes between the two, the next one publishes it.
 *
 *  - Consoles take turns by a lock in the database, so entries are sent in the order of versions.
 *  - A send that timed out can still arrive after another console has sent a newer version, and
 *    compaction keeps the last record. So the process whose send failed sends the current entry
 *    once more. */
export type Relay = {
  /** Called after each commit: a change takes effect in all services within two seconds. */
  wake: () => void;
  /** Since when every send has failed, and how many entries were published: for readiness and
   *  metrics. */
  state: () => { failingSinceMs: number | null; published: number };
  close: () => Promise<void>;
};

const batchLimit = 200;
/** How often the relay looks for changes of other consoles and for the return of Kafka. A look is
 *  one index probe. */
const lookEveryMs = 500;

const catalogRecordOf = (entry: CatalogEntry): OutRecord => ({
  topic: topics.catalog.name,
  key: `${entry.kind}:${entry.key}`,
  value: JSON.stringify(catalogEntryOf(entry)),
  headers: { id: `${entry.kind}:${entry.key}:${entry.version}`, type: topics.catalog.type },
});

type RelayPorts = {
  dataSource: DataSource;
  produce: (records: OutRecord[]) => Promise<void>;
  now: () => number;
  log: Logger;
};

/** One round publishes all entries that wait. It logs a failure and never throws. */
const createRounds = ({ dataSource, produce, now, log }: RelayPorts) => {
  let again = new Set<string>();
  let failingSinceMs: number | null = null;
  let published = 0;

  const publish = async (entries: CatalogEntry[]): Promise<void> => {
    const records = entries.map(catalogRecordOf);
    try {
      await produce(records);
      await failPoint('console.relay.sent');
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
      failingSinceMs ??= now();
      log.warn({ event: 'catalog.relay_failed', error: messageOf(thrown) });
    }
  };

  return { round, state: () => ({ failingSinceMs, published }) };
};

export const startRelay = (ports: RelayPorts): Relay => {
  const { round, state } = createRounds(ports);
  let closed = false;
  let woken = false;
  let running: Promise<void> | null = null;
  let resting = new AbortController();

  const rest = async (): Promise<void> => {
    resting = new AbortController();
    const { signal } = resting;
    await systemTime.wait(lookEveryMs, signal);
    if (!signal.aborted) run();
  };

  const run = (): void => {
    resting.abort();
    if (closed) return;
    if (running) {
      woken = true;
      return;
    }
    woken = false;
    running = round().finally(() => {
      running = null;
      if (woken) run();
      else if (!closed) void rest();
    });
  };

  run();
  return {
    wake: run,
    state,
    close: async () => {
      closed = true;
      resting.abort();
      await running;
    },
  };
};
