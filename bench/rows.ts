import { attributionThroughput, clickGrowth } from './rows/attribution.js';
import { dispatchThroughput, healthyAt1000, healthyAt300 } from './rows/dispatch.js';
import {
  clickRedirects,
  clicksOfVisitors,
  postbackLatency,
  postbacksAsForm,
  postbacksAsJson,
  postbacksIn,
} from './rows/ingest.js';
import { closedLoop, cpuAt500, endToEnd } from './rows/path.js';
import { reportSpeed } from './reports/row.js';
import { writeCosts } from './rows/write-costs.js';
import type { BenchRow } from './row.js';

/** In the order in which they are measured and printed; rows of one stage are beside each other. */
export const rows: readonly BenchRow[] = [
  postbacksIn,
  postbackLatency,
  postbacksAsForm,
  postbacksAsJson,
  clickRedirects,
  clicksOfVisitors,
  attributionThroughput,
  clickGrowth,
  dispatchThroughput,
  endToEnd,
  cpuAt500,
  closedLoop,
  healthyAt300,
  healthyAt1000,
  ...writeCosts,
  reportSpeed,
];
