import { z } from 'zod';

/** A record that could not be read or handled, set aside with its reason (P2).
 *  - Writers: all consumers. Reader: console.
 *  - Idempotency key: `topic` + `partition` + `offset` of the original, because a redelivery parks
 *    the same record again. */
export const parkedV1 = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  key: z.string().nullable(),
  valueBase64: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
  error: z.string().nullable(),
  consumer: z.string(),
  parkedAtMs: z.int(),
});
export type ParkedV1 = z.infer<typeof parkedV1>;
