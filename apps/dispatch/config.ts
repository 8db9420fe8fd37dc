import { everyApp, outgoing, port, wholeNumber } from '#runtime';
import { z } from 'zod';

/** What dispatch reads from the environment. */
export const dispatchConfig = z.object({
  ...everyApp,
  ...outgoing,
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: wholeNumber(10, 4, 500),
  DISPATCH_HEALTH_PORT: port(9082),
  /** Deliveries held in memory at most, over all destinations. */
  DISPATCH_WINDOW: wholeNumber(20_000, 100, 1_000_000),
  /** Origins to which connections are kept open at most. */
  DISPATCH_POOLS: wholeNumber(1_000, 1, 100_000),
  /** What a process holds is taken over by others when it has said nothing for so long. */
  DISPATCH_LEASE_MS: wholeNumber(20_000, 1_000, 600_000),
  /** How long the group waits for a silent process before it gives its partitions away. A broker
   *  takes what is within `group.min.session.timeout.ms` (6 s) and `group.max.session.timeout.ms`.
   */
  DISPATCH_SESSION_MS: wholeNumber(10_000, 1_000, 300_000),
  /** How long a clean stop waits for calls in flight: below the grace period of the orchestrator,
   *  which kills the process afterwards. */
  DISPATCH_STOP_MS: wholeNumber(20_000, 1_000, 600_000),
  /** Attempts are kept so long. */
  DISPATCH_KEEP_ATTEMPTS_DAYS: wholeNumber(90, 1, 3_650),
});
export type DispatchConfig = z.infer<typeof dispatchConfig>;
