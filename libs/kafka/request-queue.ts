import { createRequire } from 'node:module';

type RequestQueue = {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** kafkajs 2.2.4 asks for a timer of a negative time whenever nothing is throttled and nothing
 * waits, and its callback asks for the next: a loop of one millisecond for each connection, for as
 * long as it is open (kafkajs issues 1556 and 1704; Node 24 says it as `TimeoutNegativeWarning`).
 * Idle, each of our services burnt 3.3% of a core with it, which is five times what it does else.
 *
 *  Mended here, where kafkajs is made, and only in this one method: a timer is set when something
 *  waits, for the end of the throttling if there is one. What waits only because too many requests
 *  are out is looked at when one of them is answered, as before. */
export const mendRequestQueue = (): void => {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue;
  };
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const throttledMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? throttledMs : overloadedCheckMs,
    );
  };
};

/** kafkajs's own interval for a queue that is full rather than throttled. */
const overloadedCheckMs = 10;
