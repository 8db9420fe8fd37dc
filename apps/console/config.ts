import { everyApp, list, port, readConfig, wholeNumber } from '#runtime';
import { z } from 'zod';

/** What console reads from the environment. */
export const consoleConfig = z.object({
  ...everyApp,
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
  /** As dispatch has them: a preview says what dispatch would say of an address. */
  CAROM_ALLOW_ADDRESSES: list.default([]),
  CAROM_ALLOW_PORTS: list
    .pipe(z.array(z.coerce.number<string>().int().min(1).max(65_535)))
    .default([80, 443, 8080, 8443]),
  /** The first admin's token. Without it one is made at the first start and printed once. */
  CAROM_ADMIN_TOKEN: z.string().min(24, 'a token needs at least 24 characters').optional(),
});
export type ConsoleConfig = z.infer<typeof consoleConfig>;

export const readConsoleConfig = (env: NodeJS.ProcessEnv): ConsoleConfig => readConfig(consoleConfig, env);
