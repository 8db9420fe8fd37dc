/** Pauses a destination that fails, and keeps what is owed to it (P8). A pure state machine over
 *  real attempts: no timer, no clock.
 *
 *  - `closed`: everything goes.
 *  - `open`: nothing goes until `untilMs`.
 *  - `half-open`: one call at a time, as a probe. Enough good ones in a row close it; a bad one
 *    opens it for twice as long.
 *
 *  Only transient failures count: a 404 says that a call was wrong, not that the destination is
 *  down. */
export type Breaker =
  | { kind: 'closed'; /** newest last */ recent: readonly Recent[] }
  | { kind: 'open'; untilMs: number; pauseMs: number; sinceMs: number }
  | { kind: 'half-open'; good: number; untilMs: number; pauseMs: number; sinceMs: number };

/** `ok`: the destination is well, if only with a refusal. `accepted`: it accepted the call. */
type Recent = { atMs: number; ok: boolean; accepted: boolean };

export const closedBreaker: Breaker = { kind: 'closed', recent: [] };

/** At least so many attempts within the window, of which at least this share failed. One flaky
 *  answer among many opens nothing, and a quiet destination is left to the retry schedule. */
const minAttempts = 10;
const failingShare = 0.7;
const windowMs = 60_000;
/** Longer memory would be slower to open: after a thousand good answers ten bad ones in a row are
 *  news. */
const maxRecent = 20;
const probesToClose = 2;
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;
const briefOutageMs = 30_000;

/** How many calls may be in flight: all (Infinity), one probe, or none. */
export const admits = (breaker: Breaker, nowMs: number): number => {
  if (breaker.kind === 'closed') return Infinity;
  return breaker.kind === 'half-open' || nowMs >= breaker.untilMs ? 1 : 0;
};

/** The breaker after one more attempt. An attempt that began before the pause was over is no
 *  probe: when a destination hangs, dozens of calls that were in flight at the opening come back
 *  one by one, and each would double the pause. */
export const afterAttempt = (
  breaker: Breaker,
  attempt: { ok: boolean; accepted: boolean; startedAtMs: number },
  nowMs: number,
): Breaker => {
  const { ok, accepted, startedAtMs } = attempt;
  if (breaker.kind === 'closed') return closedAfter(breaker.recent, { atMs: nowMs, ok, accepted });
  if (startedAtMs < breaker.untilMs) return breaker;
  const { untilMs, pauseMs, sinceMs } = breaker;
  if (!ok) {
    const longer = Math.min(pauseMs * 2, longestPauseMs);
    return { kind: 'open', untilMs: nowMs + longer, pauseMs: longer, sinceMs };
  }
  const good = (breaker.kind === 'half-open' ? breaker.good : 0) + 1;
  return good >= probesToClose ? closedBreaker : { kind: 'half-open', good, untilMs, pauseMs, sinceMs };
};

const closedAfter = (recent: readonly Recent[], last: Recent): Breaker => {
  const nowMs = last.atMs;
  const next = recent.slice(1 - maxRecent);
  next.push(last);
  if (last.ok) return { kind: 'closed', recent: next };
  const counted = next.filter(({ atMs }) => atMs > nowMs - windowMs);
  const failed = counted.filter((attempt) => !attempt.ok).length;
  if (counted.length < minAttempts || failed < counted.length * failingShare) return { kind: 'closed', recent: next };
  return { kind: 'open', untilMs: nowMs + firstPauseMs, pauseMs: firstPauseMs, sinceMs: nowMs };
};

/** Now that it has closed: since when that failed which need not wait for its next try; null after
 *  a brief outage, in which nothing came to wait longer than that. A destination that goes down
 *  under its own backlog opens and closes every few seconds: were its oldest deliveries called
 *  each time it closes, they would be through their schedule of two days in two minutes. */
export const failedSinceMs = (before: Breaker, nowMs: number): number | null =>
  before.kind === 'closed' || nowMs - before.sinceMs < briefOutageMs ? null : before.sinceMs - windowMs;

/** The share of recent attempts that failed, 0 to 1; 1 while it is open. For the alert steps at
 *  50, 70, 90 and 100 %. A refusal is no reason to pause, but one to look: an ad network that
 *  answers 403 to everything hears of nothing. */
export const failingShareOf = (breaker: Breaker): number => {
  if (breaker.kind !== 'closed') return 1;
  const { recent } = breaker;
  return recent.length < minAttempts ? 0 : recent.filter(({ accepted }) => !accepted).length / recent.length;
};
