import { createRequire } from 'node:module';

type RequestQueue = {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** kafkajs 2.2.4 asks for a timer of a negative time whenever nothing waits, and its callback asks
 * for the next: a loop of one millisecond for each open connection (kafkajs issues 1556 and 1704;
 * cost: "Idle" in docs/operating/speed.md).
 *
 * This replaces that one method: a timer is set when something waits, for the end of the
 * throttling if there is one. A request that waits for a free slot is sent when one is answered. */
export const repairRequestQueue = (): void => {
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
