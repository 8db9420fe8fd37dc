import { repeat, systemTime, type Liveness, type Logger, type Metrics } from '#runtime';
import type { Ports } from './ports.js';

const lineEveryMs = 10_000;

/** What ingest counts: for Prometheus, and for one log line in ten seconds, because a line per call
 *  would cost more than the call. */
export const countIngest = (
  metrics: Metrics,
  log: Logger,
  health: Liveness,
): { count: Ports['count']; close: () => Promise<void> } => {
  const clicks = metrics.counter('carom_ingest_clicks_total', 'Calls of click links, by outcome', ['outcome']);
  const postbacks = metrics.counter('carom_ingest_postbacks_total', 'Postbacks, by answer', ['outcome']);
  const refused = metrics.counter('carom_ingest_refusals_total', 'Postbacks refused at the edge', [
    'refusal',
    'network',
  ]);
  const problems = metrics.counter('carom_ingest_problems_total', 'Problems of calls that were read', ['problem']);
  let sinceLastLine: Record<string, number> = {};
  const tally = (what: string): void => {
    sinceLastLine[what] = (sinceLastLine[what] ?? 0) + 1;
  };
  const writeLine = (): Promise<void> => {
    if (Object.keys(sinceLastLine).length > 0)
      log.info({ event: 'ingest.counted', overMs: lineEveryMs, ...sinceLastLine });
    sinceLastLine = {};
    return Promise.resolve();
  };
  const chore = { name: 'ingest.count', everyMs: lineEveryMs, deadlineMs: lineEveryMs, time: systemTime, log, health };
  const line = repeat(chore, writeLine);
  return {
    count: {
      click: (outcome) => {
        clicks.inc({ outcome });
        tally(`clicks_${outcome}`);
      },
      problem: (problem) => problems.inc({ problem }),
      postback: (outcome, refusal, network) => {
        postbacks.inc({ outcome });
        tally(`postbacks_${outcome}`);
        if (refusal === null) return;
        refused.inc({ refusal, network });
        tally(`refused_${refusal}`);
      },
    },
    close: () => line.stop(),
  };
};
