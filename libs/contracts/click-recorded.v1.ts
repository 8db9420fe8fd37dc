import { costModels, type Safe } from '#domain';
import { z } from 'zod';

/** One visit through a campaign link.
 *  - Writers: ingest (redirects, `POST /clicks`), console (import of another tracker's clicks).
 *  - Reader: attribution.
 *  - Idempotency key: `clickId`, because it is minted once per visit and a redelivery carries it.
 */
export const clickRecordedV1 = z.object({
  clickId: z.string().min(1).max(200),
  /** Unix ms. The same as the time inside an own click id. */
  clickedAtMs: z.int(),
  campaignKey: z.string(),
  sourceKey: z.string(),
  offerKey: z.string(),
  networkKey: z.string(),
  /** The source's own click id, as it came; null when the link carried none or an unreplaced macro
   *  (then see `externalIdRaw`). */
  externalId: z.string().max(2000).nullable(),
  externalIdRaw: z.string().max(2000).nullable(),
  /** Our name of the token → its value. */
  tokens: z.record(z.string(), z.string().max(2000)),
  cost: z
    .object({
      model: z.enum(costModels),
      amountNanos: z.string().nullable(),
      currency: z.string(),
      raw: z.string().nullable(),
    })
    .nullable(),
  visitor: z.object({
    ip: z.string().nullable(),
    userAgent: z.string().max(1000).nullable(),
    referer: z.string().max(2000).nullable(),
    language: z.string().max(200).nullable(),
  }),
  /** How it came: a redirect, the script or API for direct tracking, or the import of another
   *  tracker's clicks. */
  channel: z.enum(['redirect', 'direct', 'import']),
  /** False: the writer knows that it is not its visitor's first. Attribution decides the others,
   *  by visitor, campaign and day. */
  unique: z.boolean().default(true),
  /** Not empty: kept and shown, but kept out of reports (for example `prefetch`, `bot`). */
  flags: z.array(z.string()).default([]),
});
export type ClickRecordedV1 = z.infer<typeof clickRecordedV1>;

/** What a writer hands over: every text has passed `safeText`. */
export type SafeClickRecord = Safe<ClickRecordedV1>;
