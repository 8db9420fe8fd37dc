import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadOrder } from './load-child.js';

/** Sends HTTP from a process of its own, so that the generator takes no time from what it measures
 * (it does share the machine with it, and so does the generator of the bare server that the figure
 * is held against). */
export const load = (order: LoadOrder): Promise<LoadAnswer> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./load-child.js', import.meta.url)), [JSON.stringify(order)]);
    let answer: LoadAnswer | null = null;
    child.once('message', (message) => (answer = message as LoadAnswer));
    child.once('error', reject);
    child.once('exit', (code) =>
      answer ? resolve(answer) : reject(new Error(`the load generator ended with ${code} and no answer`)),
    );
  });

/** Throws unless every call was answered, and as expected. */
export const expectAll = (answer: LoadAnswer, status: number): LoadAnswer => {
  const { errors, timeouts, statuses } = answer;
  const others = Object.keys(statuses).filter((each) => each !== String(status));
  if (errors + timeouts > 0 || others.length > 0)
    throw new Error(`not all calls were answered ${status}: ${JSON.stringify({ errors, timeouts, statuses })}`);
  return answer;
};
