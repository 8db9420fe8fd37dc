import { dayMs, type Patience } from '#domain';
import { everyApp, flag, port, wholeNumber } from '#runtime';
import { z } from 'zod';

const consumed = ['clicks', 'postbacks'] as const;
export type Consumed = (typeof consumed)[number];

/** What attribution reads from the environment. */
export const attributionConfig = z.object({
  ...everyApp,
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: wholeNumber(16, 4, 500),
  /** Refuses to start where a commit does not wait for a synchronous standby. */
  DATABASE_SYNCHRONOUS_STANDBY: flag(false),
  /** Not set: no cache, every click is looked up in Postgres. */
  REDIS_URL: z.url().optional(),
  /** PEM file of the authority of a `rediss:` server, where it is not a public one. */
  REDIS_TLS_CA: z.string().optional(),
  CAROM_REDIS_PREFIX: z.string().max(100).default('carom:'),
  ATTRIBUTION_HEALTH_PORT: port(9081),
  /** Clicks and postbacks can each run in processes of their own. */
  ATTRIBUTION_CONSUME: z
    .string()
    .default('clicks,postbacks')
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.enum(consumed)).min(1)),
  /** How long the group waits for a silent process before it gives its partitions away. A broker
   * takes what is within `group.min.session.timeout.ms` (6 s) and `group.max.session.timeout.ms`.
   */
  ATTRIBUTION_SESSION_MS: wholeNumber(10_000, 1_000, 300_000),
  /** How long Postgres lets a process wait for a lock, and leave a transaction idle: so long the
   * locks of a frozen process hold up its successor. */
  ATTRIBUTION_LOCK_MS: wholeNumber(10_000, 500, 60_000),
  /** Postbacks decided in one transaction. */
  ATTRIBUTION_BATCH_RECORDS: wholeNumber(500, 1, 5_000),
  ATTRIBUTION_CACHE_SECONDS: wholeNumber(7 * 86_400, 1),
  /** After so long a click whose record has not come is credited from its id alone. */
  ATTRIBUTION_CREDIT_AFTER_SECONDS: wholeNumber(600),
  /** After so long an orphan is refused (`click_unknown`, `transaction_unknown`); a replay can
   * still apply it. */
  ATTRIBUTION_ORPHAN_DAYS: wholeNumber(30, 0, 3_650),
  /** Orphans that may wait for one click id or transaction id; a further one is refused
   * (`too_many_waiting`). */
  ATTRIBUTION_MAX_ORPHANS_PER_ID: wholeNumber(100, 1),
  /** Orphans without proof that may wait of one address. */
  ATTRIBUTION_MAX_ORPHANS_PER_ADDRESS: wholeNumber(1_000, 1),
  /** From one look for due orphans to the next; holds and caps are looked at every fifth time. */
  ATTRIBUTION_SWEEP_MS: wholeNumber(2_000, 50),
  /** How long clicks and raw calls are kept; 0: for ever. The ledger is not kept by this: `npm run
   * ledger:retain`. */
  ATTRIBUTION_CLICK_DAYS: wholeNumber(0, 0, 36_500),
  ATTRIBUTION_POSTBACK_DAYS: wholeNumber(0, 0, 36_500),
});
export type AttributionConfig = z.infer<typeof attributionConfig>;

export const patienceOf = (config: AttributionConfig): Patience => ({
  creditAfterMs: config.ATTRIBUTION_CREDIT_AFTER_SECONDS * 1000,
  clicksKeptMs: (config.ATTRIBUTION_CLICK_DAYS || 36_500) * dayMs,
  expireAfterMs: config.ATTRIBUTION_ORPHAN_DAYS * dayMs,
});
