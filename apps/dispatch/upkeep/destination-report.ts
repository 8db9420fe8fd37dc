import { failingShareOf } from '#domain';
import { pausedDestinations, reportDestinations, type Database, type DestinationReport } from '#postgres';
import type { Time } from '#runtime';
import type { DispatchMetrics } from '../metrics.js';
import type { Lane } from '../sending/lane.js';
import type { SendWindow } from '../sending/send-window.js';

/** Takes up pauses that people set by hand, within about a second. */
export const followPauses = async (
  pool: Database['pool'],
  window: Pick<SendWindow, 'lane' | 'allLanes'>,
): Promise<void> => {
  const paused = await pausedDestinations(pool);
  for (const key of paused) window.lane(key).paused = true;
  for (const lane of window.allLanes()) if (lane.paused && !paused.has(lane.key)) lane.paused = false;
};

/** What this process sees of its destinations, for the console and as metrics. */
export const reportLanes = async (
  pool: Database['pool'],
  owner: string,
  { window, metrics, time }: { window: Pick<SendWindow, 'allLanes'>; metrics: DispatchMetrics; time: Time },
): Promise<void> => {
  const reports = window.allLanes().map((lane) => reportOf(lane, time));
  metrics.failingShares(reports);
  await reportDestinations(pool, owner, reports);
};

/** Lanes run on the monotonic clock; what is stored is wall time. */
const reportOf = (lane: Lane, time: Time): DestinationReport => {
  const nowMs = time.monotonicMs();
  const wallMsOf = (monotonicMs: number | null) =>
    monotonicMs === null ? null : Math.round(time.nowMs() + monotonicMs - nowMs);
  return {
    destinationKey: lane.key,
    breaker: lane.breaker.kind,
    breakerSinceMs: wallMsOf(lane.breaker.kind === 'closed' ? null : lane.breaker.sinceMs),
    probeAtMs: wallMsOf(lane.nextCallAtMs(nowMs)),
    failingShare: failingShareOf(lane.breaker),
    inFlight: lane.inFlight,
  };
};
