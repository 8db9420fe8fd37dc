import autocannon from 'autocannon';
import { Pool } from 'undici';
import { paced, percentile } from './pace.js';

export type LoadOrder = {
  /** `[<id>]` in it becomes another text in each request. */
  url: string;
  connections: number;
  seconds: number;
  /** Requests per second over all connections, evenly; without it as many as go. Latencies then
   * count from the planned time. */
  perSecond?: number;
  method?: 'POST';
  headers?: Record<string, string>;
  /** `[<id>]` in it as in the URL. */
  body?: string;
};
export type LoadAnswer = {
  perSecond: number;
  answered: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  errors: number;
  timeouts: number;
  statuses: Record<string, number>;
};

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;

const asManyAsGo = async (): Promise<LoadAnswer> => {
  const { url, connections, method, headers, body } = order;
  const result = await autocannon({
    url,
    connections,
    duration: order.seconds,
    ...(method ? { method } : {}),
    ...(headers ? { headers } : {}),
    ...(body ? { body } : {}),
    idReplacement: `${url}${body ?? ''}`.includes('[<id>]'),
    timeout: 30,
  });
  const statuses = Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
  );
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return {
    perSecond: answered / result.duration,
    answered,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    maxMs: result.latency.max,
    errors: result.errors,
    timeouts: result.timeouts,
    statuses,
  };
};

/** A generator just started takes a second to open its connections and compile itself; at an even
 * rate that second is all backlog. */
const warmUpSeconds = 3;

/** Not by autocannon, whose rate is a quota that each connection uses up at full speed at the start
 * of each second. */
const evenly = async (perSecond: number): Promise<LoadAnswer> => {
  const { origin, pathname, search } = new URL(order.url);
  const pool = new Pool(origin, { connections: order.connections, pipelining: 1 });
  const path = decodeURIComponent(pathname + search);
  const run = Date.now().toString(36);
  let statuses: Record<string, number> = {};
  let latencies = new Float64Array(0);
  let answered = 0;
  let errors = 0;
  const call = async (number: string, plannedAt: number): Promise<void> => {
    try {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: path.replace('[<id>]', `${run}-${number}`),
      });
      await body.dump();
      statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
      latencies[answered] = performance.now() - plannedAt;
      answered += 1;
    } catch {
      errors += 1;
    }
  };
  const callFor = (seconds: number, name: string): Promise<void> => {
    statuses = {};
    latencies = new Float64Array(perSecond * seconds);
    answered = 0;
    return paced(perSecond, seconds, (from, count, plannedAt) =>
      Promise.all(Array.from({ length: count }, (_, index) => call(`${name}${from + index}`, plannedAt(from + index)))),
    );
  };
  await callFor(warmUpSeconds, 'w');
  await callFor(order.seconds, 'n');
  await pool.close();
  const times = [...latencies.subarray(0, answered)];
  return {
    perSecond: answered / order.seconds,
    answered,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    maxMs: percentile(times, 1),
    errors,
    timeouts: 0,
    statuses,
  };
};

process.send?.(await (order.perSecond === undefined ? asManyAsGo() : evenly(order.perSecond)));
process.disconnect?.();
