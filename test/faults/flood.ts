import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FloodAnswer, FloodRound } from './flood-child.js';

/** Callers in a process of their own. */
export type Callers = {
  /** One round at a time. */
  play: (round: FloodRound) => Promise<FloodAnswer>;
  close: () => Promise<void>;
};

export const startCallers = (origin: string, connections: number): Callers => {
  const path = fileURLToPath(new URL('./flood-child.js', import.meta.url));
  const child = fork(path, [origin, String(connections)]);
  const ended = once(child, 'exit');
  return {
    play: async (round) => {
      const died = ended.then(([code]) => {
        throw new Error(`the process of the callers ended with ${code}`);
      });
      const answered = once(child, 'message');
      child.send(round);
      const [answer] = (await Promise.race([answered, died])) as [FloodAnswer];
      return answer;
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};
