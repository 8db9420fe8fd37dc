import { attributionThroughput, clickGrowth } from './attribution.js';
import { dispatchThroughput, endToEnd, healthyAt1000, healthyAt300 } from './dispatch.js';
import { clickRedirects, postbackLatency, postbacksIn } from './ingest.js';
import type { BenchRow } from './row.js';

/** In the order in which they are measured and printed. */
export const rows: readonly BenchRow[] = [
  postbacksIn,
  postbackLatency,
  clickRedirects,
  attributionThroughput,
  clickGrowth,
  dispatchThroughput,
  endToEnd,
  healthyAt300,
  healthyAt1000,
];
