import { topics } from '#contracts';
import { groupLag, type GroupLag } from '#kafka';
import { messageOf } from '#runtime';
import type { ConsolePorts } from '../ports.js';

/** How far the services are behind their topics, asked of Kafka at most once in a few seconds
 *  however many pages ask. */

export const consumed = [
  { group: `carom.attribution.${topics.clicks.name}`, topic: topics.clicks.name },
  { group: `carom.attribution.${topics.postbacks.name}`, topic: topics.postbacks.name },
  { group: `carom.dispatch.${topics.conversions.name}`, topic: topics.conversions.name },
];
const keptMs = 5_000;
const patienceMs = 3_000;

export type LagReader = {
  /** Null: Kafka does not answer. */
  read: () => Promise<GroupLag[] | null>;
  /** How far the figures in Postgres are behind: the lag of attribution's slowest topic. */
  secondsBehind: () => Promise<number | null>;
};

const readers = new WeakMap<object, LagReader>();

/** One reader for each connection. */
export const lagReader = (ports: Pick<ConsolePorts, 'kafka' | 'now' | 'log'>): LagReader => {
  const known = readers.get(ports.kafka);
  if (known) return known;
  let asked: { atMs: number; lags: Promise<GroupLag[] | null> } | null = null;
  const read = (): Promise<GroupLag[] | null> => {
    const atMs = ports.now().getTime();
    if (asked && atMs - asked.atMs < keptMs) return asked.lags;
    const lags = Promise.race([
      groupLag(ports.kafka, consumed, atMs),
      new Promise<never>((_, reject) => {
        AbortSignal.timeout(patienceMs).addEventListener('abort', () => reject(new Error('Kafka does not answer')));
      }),
    ]).catch((thrown: unknown) => {
      ports.log.warn({ event: 'overview.lag_unknown', error: messageOf(thrown) });
      return null;
    });
    asked = { atMs, lags };
    return lags;
  };
  const reader: LagReader = {
    read,
    secondsBehind: async () => {
      const own = (await read())?.filter(({ group }) => group.includes('attribution'));
      const seconds = own?.map(({ secondsBehind }) => secondsBehind) ?? [null];
      return seconds.every((each) => each !== null) ? Math.max(0, ...seconds) : null;
    },
  };
  readers.set(ports.kafka, reader);
  return reader;
};
