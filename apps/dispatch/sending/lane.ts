import { admits, afterAttempt, closedBreaker, type Breaker } from '#domain';
import type { LeasedDelivery } from '#domain';

/** A delivery in memory. `next` is a later one of the same conversion to the same destination, which waits for this one (P6); `chained`: it
 *  waits so itself. `called`: a call was made for it. `ended`: what became of it is being written down. */
export type Item = LeasedDelivery & {
  /** Its conversion and its destination. */
  chain: string;
  next: Item | null;
  chained: boolean;
  started: boolean;
  called: boolean;
  dropped: boolean;
  ended: boolean;
};

export type Caps = { inFlight: number; perSecond: number | null };

/** What of a destination's caps is one process's: together they are the whole, never more. A cap that is smaller than the number of
 *  processes leaves the last ones nothing; what they hear of goes through Postgres to those that have a share. */
export const shareOf = (
  { inFlight, perSecond }: Caps,
  { processes, rank }: { processes: number; rank: number },
): Caps => {
  const mine = Math.floor(inFlight / processes) + (rank < inFlight % processes ? 1 : 0);
  return { inFlight: mine, perSecond: perSecond && (perSecond * mine) / inFlight };
};

/** What one destination has in this process: its queue, its caps, its breaker. Lanes share nothing, which is how a destination that hangs
 *  takes nothing from another (P7): not a slot, not a place in memory beyond its own.
 *
 *  No timer, no I/O: the window asks and tells, with the time as an argument. */
export class Lane {
  private queue: Item[] = [];
  private head = 0;
  private tokens = 0;
  private refilledAtMs = 0;
  private restUntilMs = 0;
  private finishedSinceMs = 0;
  private finished = 0;
  private finishedAtMs = 0;
  /** Deliveries per second, smoothed; what the lane has shown that it can do. */
  private rate = 0;
  private firstTakenAtMs = Infinity;
  breaker: Breaker = closedBreaker;
  paused = false;
  inFlight = 0;
  /** More waits in Postgres than was claimed: what comes new goes behind it. */
  backlogged = false;
  usedAtMs = 0;

  constructor(readonly key: string) {}

  get queued(): number {
    return this.queue.length - this.head;
  }

  get held(): number {
    return this.queued + this.inFlight;
  }

  /** How many more it takes into memory now. A lane that is slow or unknown holds a handful per slot; a quick one what it sends in a
   *  second, so that a burst need not go through the database again. A stopped one holds nothing, or one as the breaker's probe. */
  room(caps: Caps, nowMs: number): number {
    if (this.paused || caps.inFlight === 0 || nowMs < this.restUntilMs) return 0;
    const admitted = admits(this.breaker, nowMs);
    if (admitted !== Infinity) return Math.max(0, admitted - this.held);
    const perSecond = Math.min(Math.max(this.rate, caps.inFlight * 8), caps.perSecond ?? Infinity, mostQueued);
    return Math.max(0, Math.ceil(Math.max(perSecond, caps.inFlight)) - this.held);
  }

  /** Whether to wait for room for so many rather than put them into Postgres and claim them from there, which costs twice: yes where the
   *  lane will have sent that many within a quarter of a second and still sends, or has just begun and may turn out to be quick.
   *
   *  A backlogged lane is waited for only in a flood for it alone: what comes new would lengthen the way through Postgres that it is on,
   *  and take from the sending what it needs to catch up (150,000 on the topic for one destination went at half the speed). For a handful
   *  it is not: the records behind them are other destinations', whose p99 went from 24 to 192 ms. */
  worthWaiting(count: number, caps: Caps, nowMs: number): boolean {
    if (this.stopped(caps, nowMs)) return false;
    const flood = isFlood(count);
    const sends = nowMs - this.finishedAtMs < (flood ? stalledInFloodAfterMs : stalledAfterMs);
    if (this.backlogged) return flood && sends && count < this.rate;
    const lacking = count - this.room(caps, nowMs);
    if (lacking <= 0) return false;
    if (this.rate === 0) return nowMs - this.firstTakenAtMs < 250;
    const climbs = flood && nowMs - this.firstTakenAtMs < 1_000;
    return sends && (climbs || lacking / this.rate < 0.25);
  }

  push(item: Item): void {
    this.queue.push(item);
  }

  /** To the front: it has waited for its predecessor already. */
  pushFirst(item: Item): void {
    if (this.head > 0) this.queue[(this.head -= 1)] = item;
    else this.queue.unshift(item);
  }

  /** The next one that may go now, or null. Counts it as in flight. */
  take(caps: Caps, nowMs: number): Item | null {
    if (this.paused || nowMs < this.restUntilMs) return null;
    if (this.inFlight >= Math.min(caps.inFlight, admits(this.breaker, nowMs))) return null;
    while (this.head < this.queue.length) {
      const item = this.queue[this.head] as Item;
      if (!item.dropped && !this.spendToken(caps, nowMs)) return null;
      this.forward();
      if (item.dropped) continue;
      item.started = true;
      this.firstTakenAtMs = Math.min(this.firstTakenAtMs, nowMs);
      this.inFlight += 1;
      return item;
    }
    return null;
  }

  private forward(): void {
    this.head += 1;
    if (this.head < 1024 || this.head * 2 < this.queue.length) return;
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }

  /** A bucket that holds a tenth of a second's worth: a rate cap is there to be felt as a rate, not as bursts. */
  private spendToken({ perSecond }: Caps, nowMs: number): boolean {
    if (perSecond === null) return true;
    const most = Math.max(1, perSecond / 10);
    const sinceMs = Math.max(0, nowMs - this.refilledAtMs);
    this.tokens = this.refilledAtMs === 0 ? 1 : Math.min(most, this.tokens + (sinceMs / 1000) * perSecond);
    this.refilledAtMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** An attempt came back. `ok`: the destination answered as one that is well, if only with a refusal. Answers what that did to the breaker. */
  finish(
    attempt: { ok: boolean; accepted: boolean; startedAtMs: number; restUntilMs: number | null },
    nowMs: number,
  ): 'opened' | 'closed' | null {
    this.inFlight -= 1;
    this.countRate(nowMs);
    if (attempt.restUntilMs !== null) this.restUntilMs = Math.max(this.restUntilMs, attempt.restUntilMs);
    const before = this.breaker;
    const after = afterAttempt(before, attempt, nowMs);
    this.breaker = after;
    if (before.kind === 'closed') return after.kind === 'open' ? 'opened' : null;
    return after.kind === 'closed' ? 'closed' : null;
  }

  /** A delivery left without an attempt. */
  release(): void {
    this.inFlight -= 1;
  }

  /** When it is called next, for the state shown: the breaker's next probe, or the end of the rest that the destination asked for. Null:
   *  nothing is waited for. */
  nextCallAtMs(nowMs: number): number | null {
    const restUntilMs = nowMs < this.restUntilMs ? this.restUntilMs : null;
    return this.breaker.kind === 'open' ? Math.max(this.breaker.untilMs, restUntilMs ?? 0) : restUntilMs;
  }

  /** Whether it may be forgotten: not while it knows of something that the next delivery has to heed. */
  isIdle(nowMs: number): boolean {
    const knowsNothing = this.held === 0 && this.breaker.kind === 'closed' && nowMs >= this.restUntilMs;
    return knowsNothing && nowMs - this.usedAtMs > idleMs;
  }

  stopped(caps: Caps, nowMs: number): boolean {
    return this.paused || caps.inFlight === 0 || nowMs < this.restUntilMs || admits(this.breaker, nowMs) === 0;
  }

  /** Everything that has not started, out of memory. */
  empty(): Item[] {
    const items = this.queue.slice(this.head).filter((item) => !item.dropped);
    this.queue = [];
    this.head = 0;
    return items;
  }

  private countRate(nowMs: number): void {
    this.finishedAtMs = nowMs;
    this.finished += 1;
    if (this.finishedSinceMs === 0) this.finishedSinceMs = nowMs;
    const passedMs = nowMs - this.finishedSinceMs;
    if (passedMs < 100) return;
    const now = (this.finished * 1000) / passedMs;
    this.rate = this.rate === 0 ? now : (this.rate + now) / 2;
    this.finished = 0;
    this.finishedSinceMs = nowMs;
  }
}

const mostQueued = 5_000;
const idleMs = 300_000;
/** A batch is handled in equal pieces of at most so many, so that a long one does not stand at the database as one long transaction. */
export const maxPieceSize = 250;
/** Of so many at once, all for one destination: smaller pieces are made only of smaller batches. */
export const isFlood = (count: number): boolean => count > maxPieceSize / 2;
/** A quick lane that has ended no call for so long is quick no more. In a flood this process has enough to do to be late itself. */
const stalledAfterMs = 50;
const stalledInFloodAfterMs = 250;
