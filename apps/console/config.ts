import { everyApp, flag, list, outgoing, port, wholeNumber } from '#runtime';
import { z } from 'zod';

/** What console reads from the environment. */
export const consoleConfig = z.object({
  ...everyApp,
  ...outgoing,
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: wholeNumber(10, 2, 500),
  /** Refuses to start where a commit does not wait for a synchronous standby. */
  DATABASE_SYNCHRONOUS_STANDBY: flag(false),
  /** Where the open internet reaches ingest: the start of every Postback URL and click link
   *  shown. */
  CAROM_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('http://127.0.0.1:8080'),
  CONSOLE_PORT: port(8090),
  /** Where people reach this console, as their browser shows it. With https the session cookie is
   *  `Secure`. */
  CONSOLE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Proxies whose X-Forwarded-For is believed, as for ingest. */
  CAROM_TRUSTED_PROXIES: list.default([]),
  /** Health addresses of the ingest processes, such as `http://ingest:9080`: `GET /status` shows
   *  their spools. */
  INGEST_HEALTH_URLS: list
    .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))))
    .default([]),
  /** Per address and minute: sign-ins, invitations and changes of a password. */
  CONSOLE_SIGN_INS_PER_MINUTE: wholeNumber(30, 1),
  /** Per address and minute: all requests. */
  CONSOLE_REQUESTS_PER_MINUTE: wholeNumber(30_000, 1),
  /** Not for the open internet: put a proxy that speaks TLS in front of it. */
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_HEALTH_PORT: port(9083),
  /** After so long without a sign of its console, a job is continued by another. */
  CONSOLE_JOB_LEASE_MS: wholeNumber(20_000, 1_000, 600_000),
  /** An admin's token. Without it `npm run admin:link` gives the first access. */
  CAROM_ADMIN_TOKEN: z.string().min(24, 'a token needs at least 24 characters').optional(),
});
export type ConsoleConfig = z.infer<typeof consoleConfig>;
