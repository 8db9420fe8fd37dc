/** The one way by which code reaches the clock and timers, so that a test can own them. */
export type Time = {
  /** Wall clock, ms since 1970. It can jump, so use it only for times that are stored or shown. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never jumps. For every duration, deadline, lease. */
  monotonicMs(): number;
  /** Resolves after `ms`, or as soon as the signal aborts. Never rejects: check `signal.aborted`.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemTime: Time = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
};
