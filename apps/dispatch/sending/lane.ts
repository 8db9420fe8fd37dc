import { admits, afterAttempt, closedBreaker, isCurrent, type Breaker, type Queued } from '#domain';

export type Caps = { inFlight: number; perSecond: number | null };

/** The part of a destination's caps that belongs to one process: all parts together are the whole
 *  cap. A cap smaller than the number of processes leaves the last ones nothing; what they receive
 *  goes through Postgres to those that have a part.
 *  @param share null: none yet. */
export const shareOf = ({ inFlight, perSecond }: Caps, share: { processes: number; rank: number } | null): Caps => {
  if (!share) return { inFlight: 0, perSecond };
  const { processes, rank } = share;
  const own = Math.floor(inFlight / processes) + (rank < inFlight % processes ? 1 : 0);
  return { inFlight: own, perSecond: perSecond && (perSecond * own) / inFlight };
};

/** What one destination has in this process: its queue, its caps, its breaker. Lanes share
 *  nothing, so a destination that hangs takes neither a call nor a place in memory from another
 *  (P7). No timer, no I/O; every `nowMs` is monotonic. */
export class Lane {
  private queue: Queued[] = [];
  private head = 0;
  private tokens = 0;
  private refilledAtMs = Number.NEGATIVE_INFINITY;
  private restUntilMs = Number.NEGATIVE_INFINITY;
  private readonly rate = new SendRate();
  private firstTakenAtMs = Infinity;
  breaker: Breaker = closedBreaker;
  paused = false;
  inFlight = 0;
  /** More waits in Postgres than was claimed, so what is new goes behind it. */
  backlogged = false;
  usedAtMs = 0;

  constructor(readonly key: string) {}

  get queued(): number {
    return this.queue.length - this.head;
  }

  get held(): number {
    return this.queued + this.inFlight;
  }

  /** How many more it takes into memory now. A slow or unknown lane holds a handful per slot; a
   *  quick one holds what it sends in a second, so that a burst need not go through the database.
   *  A stopped one holds nothing, or one delivery as the breaker's probe. */
  room(caps: Caps, nowMs: number): number {
    if (this.paused || caps.inFlight === 0 || nowMs < this.restUntilMs) return 0;
    const admitted = admits(this.breaker, nowMs);
    if (admitted !== Infinity) return Math.max(0, admitted - this.held);
    const perSecond = Math.min(Math.max(this.rate.perSecond, caps.inFlight * 8), caps.perSecond ?? Infinity, maxQueued);
    return Math.max(0, Math.ceil(Math.max(perSecond, caps.inFlight)) - this.held);
  }

  /** Whether to wait for room rather than queue in Postgres, which costs twice ("Where dispatch
   *  spends" in docs/operating/speed.md): yes where the lane sends that many within a quarter of a
   *  second, or has just begun and may turn out to be quick. A backlogged lane is waited for only
   *  in a flood for it alone. */
  shouldWaitForRoom(count: number, caps: Caps, nowMs: number): boolean {
    if (this.stopped(caps, nowMs)) return false;
    const flood = isFlood(count);
    const { perSecond, finishedAtMs } = this.rate;
    const sends = nowMs - finishedAtMs < (flood ? stalledInFloodAfterMs : stalledAfterMs);
    if (this.backlogged) return flood && sends && count < perSecond;
    const lacking = count - this.room(caps, nowMs);
    if (lacking <= 0) return false;
    if (perSecond === 0) return nowMs - this.firstTakenAtMs < 250;
    const climbs = flood && nowMs - this.firstTakenAtMs < 1_000;
    return sends && (climbs || lacking / perSecond < 0.25);
  }

  push(queued: Queued): void {
    this.queue.push(queued);
  }

  /** To the front: it has waited for its predecessor already. */
  pushFirst(queued: Queued): void {
    if (this.head > 0) this.queue[(this.head -= 1)] = queued;
    else this.queue.unshift(queued);
  }

  /** The next one that may be called now, counted as in flight, or null. */
  take(caps: Caps, nowMs: number): Queued | null {
    if (this.paused || nowMs < this.restUntilMs) return null;
    if (this.inFlight >= Math.min(caps.inFlight, admits(this.breaker, nowMs))) return null;
    while (this.head < this.queue.length) {
      const queued = this.queue[this.head] as Queued;
      const current = isCurrent(queued);
      if (current && !this.spendToken(caps, nowMs)) return null;
      this.forward();
      if (!current) continue;
      this.firstTakenAtMs = Math.min(this.firstTakenAtMs, nowMs);
      this.inFlight += 1;
      return queued;
    }
    return null;
  }

  private forward(): void {
    this.head += 1;
    if (this.head < 1024 || this.head * 2 < this.queue.length) return;
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }

  /** A bucket that holds the tokens of a tenth of a second: a rate cap must not come as bursts. */
  private spendToken({ perSecond }: Caps, nowMs: number): boolean {
    if (perSecond === null) return true;
    const most = Math.max(1, perSecond / 10);
    const sinceMs = Math.max(0, nowMs - this.refilledAtMs);
    const isFirst = this.refilledAtMs === Number.NEGATIVE_INFINITY;
    this.tokens = isFirst ? 1 : Math.min(most, this.tokens + (sinceMs / 1000) * perSecond);
    this.refilledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** An attempt has ended. `ok`: the destination is up, even if it refused the call.
   *  @returns what that did to the breaker. */
  finish(
    attempt: { ok: boolean; accepted: boolean; startedAtMs: number; restMs: number | null },
    nowMs: number,
  ): 'opened' | 'closed' | null {
    this.inFlight -= 1;
    this.rate.count(nowMs);
    if (attempt.restMs !== null) this.restUntilMs = Math.max(this.restUntilMs, nowMs + attempt.restMs);
    const before = this.breaker;
    const after = afterAttempt(before, attempt, nowMs);
    this.breaker = after;
    if (before.kind === 'closed') return after.kind === 'open' ? 'opened' : null;
    return after.kind === 'closed' ? 'closed' : null;
  }

  /** A delivery has left without an attempt. */
  release(): void {
    this.inFlight -= 1;
  }

  /** When it is called next: the breaker's next probe, or the end of the rest that the destination
   *  asked for. Null: it is not waiting for either. */
  nextCallAtMs(nowMs: number): number | null {
    const restUntilMs = nowMs < this.restUntilMs ? this.restUntilMs : null;
    return this.breaker.kind === 'open' ? Math.max(this.breaker.untilMs, restUntilMs ?? 0) : restUntilMs;
  }

  /** Whether it can be dropped: it knows nothing that the next delivery has to respect. */
  isIdle(nowMs: number): boolean {
    const knowsNothing = this.held === 0 && this.breaker.kind === 'closed' && nowMs >= this.restUntilMs;
    return knowsNothing && nowMs - this.usedAtMs > idleMs;
  }

  stopped(caps: Caps, nowMs: number): boolean {
    return this.paused || caps.inFlight === 0 || nowMs < this.restUntilMs || admits(this.breaker, nowMs) === 0;
  }

  /** Takes everything that has not started out of the queue. */
  empty(): Queued[] {
    const items = this.queue.slice(this.head).filter(isCurrent);
    this.queue = [];
    this.head = 0;
    return items;
  }
}

/** Calls ended per second, smoothed: what a lane has shown that it can do. */
class SendRate {
  perSecond = 0;
  finishedAtMs = Number.NEGATIVE_INFINITY;
  private sinceMs: number | null = null;
  private finished = 0;

  count(nowMs: number): void {
    this.finishedAtMs = nowMs;
    this.finished += 1;
    this.sinceMs ??= nowMs;
    const passedMs = nowMs - this.sinceMs;
    if (passedMs < 100) return;
    const now = (this.finished * 1000) / passedMs;
    this.perSecond = this.perSecond === 0 ? now : (this.perSecond + now) / 2;
    this.finished = 0;
    this.sinceMs = nowMs;
  }
}

const maxQueued = 5_000;
const idleMs = 300_000;
/** A batch is planned and inserted in equal pieces of this size at most: a long transaction would
 *  hold up other processes. */
export const maxPieceSize = 250;
/** More than half a piece, all for one destination. */
export const isFlood = (count: number): boolean => count > maxPieceSize / 2;
/** A lane that has ended no call for this long is not quick any more. In a flood this process
 *  itself may be late. */
const stalledAfterMs = 50;
const stalledInFloodAfterMs = 250;
