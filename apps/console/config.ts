import { everyApp, outgoing, port, wholeNumber } from '#runtime';
import { z } from 'zod';

/** What console reads from the environment. */
export const consoleConfig = z.object({
  ...everyApp,
  ...outgoing,
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: wholeNumber(10, 2, 500),
  /** Where the open internet reaches ingest: the start of every Postback URL and click link shown. */
  CAROM_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('http://127.0.0.1:8080'),
  CONSOLE_PORT: port(8090),
  /** Not for the open internet: a proxy that speaks TLS belongs before it. */
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_HEALTH_PORT: port(9083),
  /** The first admin's token. Without it one is made at the first start and printed once. */
  CAROM_ADMIN_TOKEN: z.string().min(24, 'a token needs at least 24 characters').optional(),
});
export type ConsoleConfig = z.infer<typeof consoleConfig>;
