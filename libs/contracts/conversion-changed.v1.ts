import { conversionStates, marks } from '#domain';
import { z } from 'zod';

/** A conversion's state, money or marks changed.
 *  - Writer: attribution. Readers: dispatch, anyone else.
 *  - Idempotency key: `conversionId` + `revision`. The revision counts a conversion's changes in
 *    the order of their commits, so a repeated one is harmless and an old one has a lower number.
 */

const amount = z.string();
export const conversionChangedV1 = z.object({
  conversionId: z.uuid(),
  revision: z.int().min(1),
  changedAtMs: z.int(),
  /** The postback that caused it; null: a rule of time (a hold that ended, a cap that was
   *  raised). */
  postbackId: z.uuid().nullable(),
  networkKey: z.string(),
  campaignKey: z.string().nullable(),
  sourceKey: z.string().nullable(),
  offerKey: z.string().nullable(),
  clickId: z.string().nullable(),
  clickedAtMs: z.int().nullable(),
  externalId: z.string().nullable(),
  externalIdRaw: z.string().nullable(),
  tokens: z.record(z.string(), z.string()),
  visitor: z.object({ ip: z.string().nullable(), userAgent: z.string().nullable() }).nullable(),
  event: z.string().nullable(),
  transactionId: z.string().nullable(),
  state: z.enum(conversionStates),
  previousState: z.enum(conversionStates).nullable(),
  /** `value` as it was before this change; null: there was none, or it was unknown. */
  previousValue: amount.nullable().default(null),
  /** How often the conversion came back (pending or approved) after it had been rejected or
   *  reversed, this change included. */
  restored: z.int().min(0).default(0),
  marks: z.array(z.enum(marks)),
  currency: z.string().nullable(),
  /** Decimal strings of the money in each bucket; null: unknown (P5). */
  money: z.object({ pending: amount, approved: amount, rejected: amount, reversed: amount }).nullable(),
  /** The value that destinations get: what is pending plus approved, or for a conversion that lost
   * it all, what it lost. Null: unknown. */
  value: amount.nullable(),
  occurredAtMs: z.int(),
  recordedAtMs: z.int(),
  /** Conversion-level suppression: no outgoing postback for this change. */
  suppressDelivery: z.boolean(),
});
export type ConversionChangedV1 = z.infer<typeof conversionChangedV1>;
