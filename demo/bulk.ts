import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Running } from '../stack/system/local.js';
import { actors, type Conversion } from './story.js';
import { waitFor } from '../stack/servers/wait-for.js';

/** What came of so many clicks and postbacks. All are counts of conversions but `twiceReceived`. */
type BulkAccount = {
  sent: number;
  /** Got a 2xx: these and no others are owed. */
  accepted: number;
  inLedger: number;
  wrong: string[];
  /** Their click died with an ingest that was killed (a redirect does not wait for Kafka, P9): the
   * source's own click id is not known, so no postback can be sent to it. */
  clickLost: number;
  deliveriesOwed: number;
  deliveriesReceived: number;
  /** Received more than once: possible after a kill (P6), never without one. */
  twiceReceived: number;
  seconds: number;
};

const parallel = 32;
const patienceMs = 120_000;

const inParallel = async (count: number, work: (at: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, worker));
};

/** Tries until it is answered well, as networks and visitors do; services may be killed and started
 * again meanwhile. */
const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await wait(100);
    }
  }
};

const readAll = async <Item>(running: Running, path: string): Promise<Item[]> => {
  const { read } = actors(running);
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: Item[]; next: string | null } = await persistently(() =>
      read(`${path}&limit=500${cursor === null ? '' : `&cursor=${cursor}`}`),
    );
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
};

/** Amounts that differ, so that a mix-up shows: 0.01, 0.02 … */
const amountOf = (at: number): string => ((at + 1) / 100).toFixed(2);

/** Sends `count` clicks and `count` postbacks and waits until all that was accepted has its
 * conversion, and all that is owed has been delivered. Processes may be killed while it runs. */
export const playBulk = async (running: Running, count: number, say: (line: string) => void): Promise<BulkAccount> => {
  const begin = performance.now();
  const run = `bulk-${randomBytes(4).toString('hex')}`;
  const from = new Date(Date.now() - 1_000).toISOString();
  const { click, report, received } = actors(running);
  const clickIds: string[] = [];
  await inParallel(count, async (at) => {
    clickIds[at] = await persistently(() => click(`${run}-${at}.`));
  });
  say(`${count} clicks`);
  const accepted = new Set<number>();
  await inParallel(count, async (at) => {
    const call = {
      clickid: clickIds[at] as string,
      transaction_id: `${run}-${at}`,
      amount: amountOf(at),
      status: 'approved',
    };
    await persistently(() => report(call));
    accepted.add(at);
  });
  say(`${accepted.size} postbacks accepted`);

  const ours = async (): Promise<Conversion[]> =>
    (await readAll<Conversion>(running, `/conversions?campaignKey=sample-campaign&from=${from}`)).filter((each) =>
      each.transactionId?.startsWith(`${run}-`),
    );
  const conversions = await waitFor(
    async () => {
      const found = await ours();
      return found.length >= accepted.size ? found : null;
    },
    patienceMs,
    'every accepted postback has its conversion',
  );
  say(`${conversions.length} conversions`);
  const owed = conversions.filter(({ externalId }) => externalId !== null);
  await waitFor(
    async () => {
      const calls = new Set((await received(run)).map(({ clickId }) => clickId));
      return owed.every(({ externalId }) => calls.has(externalId as string));
    },
    patienceMs,
    'every delivery owed has arrived',
  );
  const calls = await received(run);
  const wrong = conversions.flatMap((each) => {
    const at = Number(each.transactionId?.slice(run.length + 1));
    const right = String(Number(amountOf(at)));
    const fits = each.state === 'approved' && each.money?.approved === right && each.clickId === clickIds[at];
    return fits ? [] : [`${each.transactionId}: ${each.state} ${JSON.stringify(each.money)}`];
  });
  const distinct = new Set(calls.map(({ clickId }) => clickId)).size;
  return {
    sent: count,
    accepted: accepted.size,
    inLedger: conversions.length,
    wrong,
    clickLost: conversions.length - owed.length,
    deliveriesOwed: owed.length,
    deliveriesReceived: distinct,
    twiceReceived: calls.length - distinct,
    seconds: (performance.now() - begin) / 1000,
  };
};

/** Whether all that was promised was kept; duplicates of deliveries are only forgiven when
 * something was killed. */
export const holds = (account: BulkAccount): boolean =>
  account.wrong.length === 0 &&
  account.inLedger === account.accepted &&
  account.deliveriesReceived === account.deliveriesOwed;
