import autocannon from 'autocannon';

export type LoadOrder = {
  /** `[<id>]` in it becomes another text in each request. */
  url: string;
  connections: number;
  seconds: number;
  /** Requests per second over all connections; without it as many as go. Latencies are then counted from the planned time. */
  perSecond?: number;
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
const result = await autocannon({
  url: order.url,
  connections: order.connections,
  duration: order.seconds,
  idReplacement: order.url.includes('[<id>]'),
  timeout: 30,
  ...(order.perSecond === undefined ? {} : { overallRate: order.perSecond }),
});
const statuses = Object.fromEntries(
  Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
);
const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
process.send?.({
  perSecond: answered / result.duration,
  answered,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  maxMs: result.latency.max,
  errors: result.errors,
  timeouts: result.timeouts,
  statuses,
} satisfies LoadAnswer);
process.disconnect?.();
