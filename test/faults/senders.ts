import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';

/** One answered (or unanswered) call, as a network would write it down: the account that everything
 * else is held against. */
export type Sent = {
  tag: string;
  /** 0: no answer came. */
  status: number;
  /** `Carom-Postback-Id` of the answer. */
  id: string | null;
  location: string | null;
  atMs: number;
  ms: number;
};

export type Sender = {
  /** Never throws: a call without an answer has status 0. With a body it is a POST. */
  get: (tag: string, path: string, body?: string) => Promise<Sent>;
  /** As networks do: again until it is answered with 2xx or 3xx, `patienceMs` at most. Answers the
   * last try. */
  persist: (tag: string, path: string, body?: string, patienceMs?: number) => Promise<Sent>;
  close: () => Promise<void>;
};

export const isOk = ({ status }: { status: number }): boolean => status >= 200 && status < 400;

/** A light sender over kept-alive connections. */
export const openSender = (origin: string, connections: number): Sender => {
  const pool = new Pool(origin, { connections, headersTimeout: 10_000, bodyTimeout: 10_000, connectTimeout: 5_000 });
  const get = async (tag: string, path: string, sentBody?: string): Promise<Sent> => {
    const atMs = Date.now();
    const begin = performance.now();
    const sent = { tag, atMs, status: 0, id: null, location: null };
    try {
      const { statusCode, headers, body } = await pool.request({
        ...{ method: sentBody === undefined ? 'GET' : 'POST', path },
        ...(sentBody !== undefined && { body: sentBody }),
      });
      await body.dump();
      const one = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
      const read = { status: statusCode, id: one('carom-postback-id'), location: one('location') };
      return { ...sent, ...read, ms: performance.now() - begin };
    } catch {
      return { ...sent, ms: performance.now() - begin };
    }
  };
  const persist = async (tag: string, path: string, body?: string, patienceMs = 60_000): Promise<Sent> => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const sent = await get(tag, path, body);
      if (isOk(sent) || performance.now() > deadline) return sent;
      await wait(50);
    }
  };
  return { get, persist, close: () => pool.destroy() };
};

/** So many at once until all items are worked off. */
export const inParallel = async <T>(
  items: readonly T[],
  workers: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, one));
};

/** Starts `perSecond × seconds` calls at that pace, however long each takes; resolves when all are
 * over. Calls missed while the machine was paused are made up at once, so the count is exact. */
export const paced = async (
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> => {
  const count = Math.round(perSecond * seconds);
  const begin = performance.now();
  const open: Promise<unknown>[] = [];
  while (open.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begin) / 1_000) * perSecond) + 1);
    while (open.length < due) open.push(work(open.length));
    await wait(5);
  }
  await Promise.all(open);
};
