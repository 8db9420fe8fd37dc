import { dayMs, rateBookDays, type createRateBook } from '#domain';
import { deliveryBacklog, dropAttemptDays, ensureAttemptDays, listRates, type Database } from '#postgres';
import { repeat, type Liveness, type Logger, type Repeated, type Time } from '#runtime';
import type { Lease } from '../claiming/lease.js';
import type { DispatchMetrics } from '../metrics.js';
import { tickMs, type SendWindow } from '../sending/send-window.js';
import { followPauses, reportLanes } from './destination-report.js';

type ChorePorts = {
  pool: Database['pool'];
  lease: Lease;
  window: SendWindow;
  rates: Pick<ReturnType<typeof createRateBook>, 'replace'>;
  metrics: DispatchMetrics;
  findStrays: () => Promise<void>;
  openPools: () => number;
  log: Logger;
  time: Time;
  liveness: Liveness;
  leaseMs: number;
  keepAttemptsDays: number;
};

/** Everything that dispatch does again and again beside sending, each with a deadline: a query
 *  that does not come back must not end the renewal of the lease unseen. */
export const startChores = (ports: ChorePorts): Repeated[] => {
  const { pool, lease, window, metrics, time, log, liveness: health, leaseMs } = ports;
  const chore = (name: string, everyMs: number, deadlineMs: number, work: () => Promise<unknown>): Repeated =>
    repeat({ name, everyMs, deadlineMs, time, log, health }, work);
  return [
    chore('renew lease', renewEveryMs(leaseMs), leaseMs, () => lease.renew()),
    chore('take over leases', leaseMs / 5, Math.max(leaseMs, 10_000), () => lease.takeOver()),
    chore('find stray deliveries', leaseMs / 4, 30_000, ports.findStrays),
    chore('follow pauses', 1_000, 10_000, () => followPauses(pool, window)),
    chore('report destinations', 2_000, 10_000, async () => {
      metrics.window(window.size, window.inFlight, ports.openPools());
      await reportLanes(pool, lease.owner, ports);
    }),
    chore('count the backlog', 15_000, 60_000, async () => metrics.backlog(await deliveryBacklog(pool), time.nowMs())),
    chore('read rates', 60_000, 30_000, () => readRates(ports)),
    chore('keep attempts', 3_600_000, 600_000, () => keepAttempts(ports)),
    chore('send window', tickMs, 5_000, () => Promise.resolve(window.tick())),
  ];
};

/** Often enough that a process that joins or leaves is known, and an outage seen, within seconds.
 */
const renewEveryMs = (leaseMs: number): number => Math.min(leaseMs / 5, 1_000);

export const readRates = async ({ pool, rates, time }: Pick<ChorePorts, 'pool' | 'rates' | 'time'>): Promise<void> => {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const nowMs = time.nowMs();
  const days = { from: day(nowMs - rateBookDays * dayMs), to: day(nowMs + dayMs), limit: 100_000 };
  rates.replace(await listRates(pool, days));
};

/** Partitions for the days to come, and an end to those that are kept long enough. */
export const keepAttempts = async ({
  pool,
  time,
  keepAttemptsDays,
}: Pick<ChorePorts, 'pool' | 'time' | 'keepAttemptsDays'>): Promise<void> => {
  await ensureAttemptDays(pool, time.nowMs());
  await dropAttemptDays(pool, time.nowMs() - keepAttemptsDays * dayMs);
};
