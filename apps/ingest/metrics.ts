import type { Logger, Metrics } from '#runtime';
import type { Ports } from './ingest.pipeline.js';

const lineEveryMs = 10_000;

/** What ingest counts, for Prometheus and for one wide log line in ten seconds: a line per call would cost more than the call. */
export const countIngest = (metrics: Metrics, log: Logger): { count: Ports['count']; close: () => void } => {
  const clicks = metrics.counter('carom_ingest_clicks_total', 'Calls of click links by outcome', ['outcome']);
  const postbacks = metrics.counter('carom_ingest_postbacks_total', 'Postbacks by how they were answered', ['outcome']);
  const refused = metrics.counter('carom_ingest_refusals_total', 'Postbacks refused at the edge', [
    'refusal',
    'network',
  ]);
  let since: Record<string, number> = {};
  const tally = (what: string): void => {
    since[what] = (since[what] ?? 0) + 1;
  };
  const timer = setInterval(() => {
    if (Object.keys(since).length > 0) log.info({ event: 'ingest.counted', overMs: lineEveryMs, ...since });
    since = {};
  }, lineEveryMs).unref();
  return {
    count: {
      click: (outcome) => {
        clicks.inc({ outcome });
        tally(`clicks_${outcome}`);
      },
      postback: (outcome, refusal, network) => {
        postbacks.inc({ outcome });
        tally(`postbacks_${outcome}`);
        if (refusal === null) return;
        refused.inc({ refusal, network });
        tally(`refused_${refusal}`);
      },
    },
    close: () => clearInterval(timer),
  };
};
