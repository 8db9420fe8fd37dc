import type { AttemptResult } from '#domain';
import type { LeasedDelivery } from '#domain';
import type { Backlog } from '#postgres';
import type { Attempted } from './sending/deliver.js';
import { durationBucketsSeconds, type Metrics, type Time } from '#runtime';

/** Thresholds for alerts: a destination that accepts half of the calls needs a look, one that
 *  accepts none needs action. */
const alertPercents = [50, 70, 90, 100];

/** The metrics of dispatch. Only gauges have destinations as labels: one series for each. */
export type DispatchMetrics = {
  unmatched: (reason: string) => void;
  made: (state: string, reason: string | null) => void;
  attempted: (delivery: LeasedDelivery, verdict: Attempted['verdict'], result: AttemptResult | null) => void;
  breaker: (change: 'opened' | 'closed') => void;
  /** Postgres refused an outcome as it is. */
  outcomeReduced: (recordedAs: string) => void;
  window: (held: number, inFlight: number, pools: number) => void;
  /** Of every destination that this process serves now. */
  failingShares: (shares: readonly { destinationKey: string; failingShare: number }[]) => void;
  backlog: (backlogs: readonly Backlog[], nowMs: number) => void;
};

/** A metric under its labels, looked up once: prom-client checks and hashes them at each count,
 *  which with four counts a call was 3% of dispatch's CPU. Labels are a closed list of reasons, so
 *  the map is bounded. */
const underLabels = <Child>(
  make: (first: string, second: string) => Child,
): ((first: string, second?: string) => Child) => {
  const known = new Map<string, Map<string, Child>>();
  return (first, second = '') => {
    let under = known.get(first);
    if (!under) known.set(first, (under = new Map()));
    let child = under.get(second);
    if (!child) under.set(second, (child = make(first, second)));
    return child;
  };
};

export const dispatchMetrics = ({ counter, gauge, histogram }: Metrics, time: Time): DispatchMetrics => {
  const unmatched = counter('carom_dispatch_unmatched_total', 'Conversion changes that owe no delivery, by reason', [
    'reason',
  ]);
  const deliveries = counter('carom_dispatch_deliveries_total', 'Deliveries made of conversion changes', [
    'state',
    'reason',
  ]);
  const made = underLabels((state, reason) => deliveries.labels({ state, reason }));
  const attempts = counter('carom_dispatch_attempts_total', 'Attempts by outcome and reason', ['outcome', 'reason']);
  const attempted = underLabels((outcome, reason) => attempts.labels({ outcome, reason }));
  const seconds = histogram('carom_dispatch_attempt_seconds', 'Time of one attempt', durationBucketsSeconds, [
    'outcome',
  ]);
  const took = underLabels((outcome) => seconds.labels({ outcome }));
  const delay = histogram(
    'carom_dispatch_delay_seconds',
    'From the making of a delivery to the end of its first attempt',
    durationBucketsSeconds,
  );
  const breakers = counter('carom_dispatch_breaker_changes_total', 'Breakers that opened or closed', ['change']);
  const reduced = counter(
    'carom_dispatch_outcomes_reduced_total',
    'Outcomes that Postgres refused and that were recorded in part, by what was recorded',
    ['recorded_as'],
  );
  const held = gauge('carom_dispatch_window_deliveries', 'Deliveries in memory');
  const inFlight = gauge('carom_dispatch_in_flight_calls', 'Calls in flight');
  const pools = gauge('carom_dispatch_open_origins', 'Origins with open connections');
  const failing = gauge('carom_dispatch_failing_share', 'Share of recent attempts that were not accepted', [
    'destination',
  ]);
  const failingAt = gauge(
    'carom_dispatch_failing_destinations',
    'Destinations of whose recent attempts at least so many percent were not accepted',
    ['at_least_percent'],
  );
  return {
    unmatched: (reason) => unmatched.inc({ reason }),
    made: (state, reason) => made(state, reason ?? '').inc(),
    attempted(delivery, verdict, result) {
      attempted(verdict.kind, verdict.kind === 'delivered' ? '' : verdict.reason).inc();
      if (!result) return;
      took(verdict.kind).observe(result.ms / 1000);
      if (delivery.attempts === 0) delay.observe(Math.max(0, time.nowMs() - delivery.createdAtMs) / 1000);
    },
    outcomeReduced: (recorded_as) => reduced.inc({ recorded_as }),
    breaker: (change) => breakers.inc({ change }),
    window(heldNow, inFlightNow, poolsNow) {
      held.set(heldNow);
      inFlight.set(inFlightNow);
      pools.set(poolsNow);
    },
    failingShares(shares) {
      // Reset each time: a destination that is not served any more would keep its last share.
      failing.reset();
      for (const { destinationKey: destination, failingShare } of shares) failing.set({ destination }, failingShare);
      for (const percent of alertPercents) {
        const count = shares.filter(({ failingShare }) => failingShare * 100 >= percent).length;
        failingAt.set({ at_least_percent: String(percent) }, count);
      }
    },
    backlog: backlogGauges({ gauge }),
  };
};

const backlogGauges = ({ gauge }: Pick<Metrics, 'gauge'>): DispatchMetrics['backlog'] => {
  const waiting = gauge('carom_dispatch_backlog_deliveries', 'Deliveries that wait', ['destination']);
  const parked = gauge('carom_dispatch_parked_deliveries', 'Deliveries that are parked', ['destination']);
  const age = gauge('carom_dispatch_backlog_age_seconds', 'Age of the oldest delivery that waits', ['destination']);
  return (backlogs, nowMs) => {
    for (const each of [waiting, parked, age]) each.reset();
    for (const { destinationKey: destination, waiting: count, parked: set, oldestAtMs } of backlogs) {
      waiting.set({ destination }, count);
      parked.set({ destination }, set);
      age.set({ destination }, oldestAtMs === null ? 0 : Math.max(0, nowMs - oldestAtMs) / 1000);
    }
  };
};
