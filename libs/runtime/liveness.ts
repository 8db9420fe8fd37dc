import type { Metrics } from './metrics.js';
import { systemTime, type Time } from './time.js';

/** - `done`: the run ended in time.
 *  - `failed`: it threw.
 *  - `late`: it passed its deadline and was aborted, whether it ended afterwards or not. */
type ChoreOutcome = 'done' | 'failed' | 'late';

/** Watches the repeated work of a process. A chore that is still running long after it was aborted
 *  will not recover by itself, so `/health/live` fails and the process is restarted. */
export type Liveness = {
  /** Says that one run begins. Call the answer when the run has ended. */
  begin(chore: string, deadlineMs: number): (outcome: ChoreOutcome) => void;
  /** The chores that hang: running for more than twice their deadline. */
  hung(): string[];
};

export const createLiveness = (metrics: Metrics, time: Pick<Time, 'monotonicMs'> = systemTime): Liveness => {
  const running = new Map<object, { chore: string; hungAtMs: number }>();
  const runs = metrics.counter('carom_runtime_chore_runs_total', 'Runs of repeated work, by outcome', [
    'chore',
    'outcome',
  ]);
  const hung = (): string[] => {
    const nowMs = time.monotonicMs();
    return [...running.values()].filter(({ hungAtMs }) => hungAtMs <= nowMs).map(({ chore }) => chore);
  };
  metrics.lookup(
    'carom_runtime_chores_hung',
    'Runs of repeated work that did not end when aborted',
    () => hung().length,
  );
  return {
    begin(chore, deadlineMs) {
      const run = {};
      running.set(run, { chore, hungAtMs: time.monotonicMs() + 2 * deadlineMs });
      return (outcome) => {
        running.delete(run);
        runs.inc({ chore, outcome });
      };
    },
    hung,
  };
};
