import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Arrival, Behaviour } from './tally.js';
import type { TallyOrder, TallyPlaces, TallyTaken } from './tally-child.js';

/** Ad networks that count, in a process of their own: what one of them does takes nothing from the
 * clock and the publisher of this one. */
export type Tallies = {
  urls: Record<string, string>;
  behave: (key: string, how: Behaviour) => void;
  /** All that has arrived so far. */
  arrivals: () => Promise<Record<string, Arrival[]>>;
  close: () => Promise<void>;
};

export const startTallies = async (keys: readonly string[]): Promise<Tallies> => {
  const child = fork(fileURLToPath(new URL('./tally-child.js', import.meta.url)), keys);
  const ended = once(child, 'exit');
  const next = async <T>(): Promise<T> => {
    const died = ended.then(([code]) => {
      throw new Error(`the ad networks' process ended with ${code}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as [T];
    return message;
  };
  const send = (order: TallyOrder): void => void child.send(order);
  const urls = await next<TallyPlaces>();
  return {
    urls,
    behave: (key, how) => send({ behave: { key, how } }),
    arrivals: () => {
      const taken = next<TallyTaken>();
      send({ take: true });
      return taken;
    },
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
};
