import requestQueue from 'kafkajs/src/network/requestQueue/index.js';

type SocketRequest = { requestTimeout: number; timeoutRequest(): void };
type RequestQueue = {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId?: NodeJS.Timeout;
  enforceRequestTimeout: boolean;
  requestTimeout: number;
  maxInFlightRequests?: number | null;
  inflight: Map<number, SocketRequest>;
  pending: unknown[];
  isConnected(): boolean;
  destroy(): void;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  canSendSocketRequestImmediately(): boolean;
  maybeThrottle(ms: number | null): void;
};

/** Repairs the queue of requests of kafkajs 2.2.4 where its timers go wrong.
 *
 * - It asks for a timer of a negative time whenever nothing waits, and its callback asks for the
 *   next: a loop of one millisecond for each open connection (kafkajs issues 1556 and 1704; cost:
 *   "Idle" in docs/operating/speed.md).
 * - It measures by the wall clock: a step forward times out every request in flight, and after a
 *   step back a broker that does not answer, or asked for a pause, is waited for that much longer.
 */
export const repairRequestQueue = (): void => {
  Object.assign(requestQueue.prototype as RequestQueue, { scheduleCheckPendingRequests, ...steadyMethods });
};

/** Sets a timer when something waits, for the end of the throttling if there is one. A request that
 * waits for a free slot is sent when one is answered. */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - performance.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : overloadedCheckMs,
  );
}

const steadyMethods = {
  /** A request counts from the first look at it, a tenth of a second late at most. */
  scheduleRequestTimeoutCheck(this: RequestQueue): void {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    const seenAtMs = new WeakMap<SocketRequest, number>();
    const check = (): void => {
      const nowMs = performance.now();
      for (const request of this.inflight.values()) {
        const sinceMs = seenAtMs.get(request) ?? nowMs;
        seenAtMs.set(request, sinceMs);
        if (nowMs - sinceMs > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    };
    this.requestTimeoutIntervalId = setInterval(check, Math.min(this.requestTimeout, 100));
  },
  maybeThrottle(this: RequestQueue, ms: number | null): void {
    if (ms !== null && ms > 0) this.throttledUntil = Math.max(performance.now() + ms, this.throttledUntil);
  },
  canSendSocketRequestImmediately(this: RequestQueue): boolean {
    const isFull = this.inflight.size >= (this.maxInFlightRequests ?? Infinity);
    return !isFull && this.throttledUntil <= performance.now();
  },
};

/** kafkajs's own interval for a queue that is full rather than throttled. */
const overloadedCheckMs = 10;
