import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lateness, ReaderAccount, ReadersOrder } from './readers-child.js';

/** Readers of a stream, in a process of their own: what they do takes nothing from the writer's
 * clock. */
export const startReaders = () => {
  const child = fork(fileURLToPath(new URL('./readers-child.js', import.meta.url)));
  const ended = once(child, 'exit');
  const ask = async <Answer>(order: ReadersOrder): Promise<Answer> => {
    child.send(order);
    const died = ended.then(([code]) => {
      throw new Error(`the readers' process ended with ${code}`);
    });
    const [answer] = (await Promise.race([once(child, 'message'), died])) as [Answer | { error: string }];
    if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
    return answer as Answer;
  };
  return {
    /** `stalled` ones read the head of the answer and then nothing. */
    open: (open: { url: string; token: string; readers: number; stalled: number }) => ask({ open }),
    /** Leaves, and is back after so long with the last event's id. */
    reconnect: (reader: number, awayMs: number) => ask({ reconnect: { reader, awayMs } }),
    forgetTimes: () => ask({ forgetTimes: true }),
    resumeStalled: () => ask({ resumeStalled: true }),
    /** @param without the index of a reader that is left out. */
    late: (without: number) => ask<Lateness>({ late: { without } }),
    /** @param ids every reader must have got these. */
    accounts: (ids: readonly string[]) => ask<ReaderAccount[]>({ take: [...ids] }),
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
};
