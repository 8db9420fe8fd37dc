import { everyApp, list, port, readConfig, wholeNumber } from '#runtime';
import { z } from 'zod';

/** What dispatch reads from the environment. */
export const dispatchConfig = z.object({
  ...everyApp,
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: wholeNumber(10, 4, 500),
  DISPATCH_HEALTH_PORT: port(9082),
  /** CIDR ranges that destinations may be in besides the open internet, such as `127.0.0.0/8` for a receiver on this machine. */
  CAROM_ALLOW_ADDRESSES: list.default([]),
  /** Ports on the open internet that destinations may use. */
  CAROM_ALLOW_PORTS: list
    .pipe(z.array(z.coerce.number<string>().int().min(1).max(65_535)))
    .default([80, 443, 8080, 8443]),
  /** Deliveries held in memory at most, over all destinations. */
  DISPATCH_WINDOW: wholeNumber(20_000, 100, 1_000_000),
  /** Origins to which connections are kept open at most. */
  DISPATCH_POOLS: wholeNumber(1_000, 1, 100_000),
  /** What a process holds is taken over by others when it has said nothing for so long. */
  DISPATCH_LEASE_MS: wholeNumber(20_000, 1_000, 600_000),
  /** Attempts are kept so long. */
  DISPATCH_KEEP_ATTEMPTS_DAYS: wholeNumber(90, 1, 3_650),
});
export type DispatchConfig = z.infer<typeof dispatchConfig>;

export const readDispatchConfig = (env: NodeJS.ProcessEnv): DispatchConfig => readConfig(dispatchConfig, env);
