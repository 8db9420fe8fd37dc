import { z } from 'zod';

/** One inbound call, kept verbatim, and how it was read. Writers: ingest (HTTP), console (uploads, replay). Reader: attribution.
 *  Idempotency key: `id` (UUID v7, minted once when the call came in; its time is `receivedAtMs`). A replay keeps the id of the
 *  call it re-reads and says so in `channel`, because it is the same call read anew, not a new one. */

/** One field as it was read: its value in our form (null: it was there but could not be read), where it came from, what stood there. */
export const readField = z.object({ value: z.string().nullable(), param: z.string(), raw: z.string() });

/** Amounts are plain decimal strings, `status` is a status meaning (`approved`…), `occurredAt` an ISO instant. */
export const readPostback = z.object({
  clickId: readField.nullable(),
  transactionId: readField.nullable(),
  amount: readField.nullable(),
  currency: readField.nullable(),
  status: readField.nullable(),
  event: readField.nullable(),
  occurredAt: readField.nullable(),
  reversalOf: readField.nullable(),
  saleAmount: readField.nullable(),
});

export const rawCall = z.object({
  method: z.string(),
  /** Path and query as received, secrets redacted. */
  target: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  /** Bodies that are not UTF-8 are kept as base64, so that no byte is lost. */
  bodyEncoding: z.enum(['utf8', 'base64']),
  remoteAddress: z.string().nullable(),
});

export const postbackReceivedV1 = z.object({
  id: z.uuid(),
  receivedAtMs: z.int(),
  channel: z.enum(['postback', 'upload', 'replay']),
  /** Known from the token, the drop-in endpoint or the offer inside a click id; null: attribution finds it. */
  networkKey: z.string().nullable(),
  /** How the network was recognised, so that `requireToken` can be held later for a call to the plain `/postback`. */
  authenticatedBy: z.enum(['token', 'drop-in', 'click', 'operator', 'none']),
  raw: rawCall,
  read: readPostback,
  problems: z.array(z.object({ code: z.string(), param: z.string().nullable() })),
  /** Decided at the edge: the call is refused with this code and only logged. */
  refusal: z.string().nullable(),
  /** Per-postback suppression of outgoing postbacks (`disable_postback=1`, an upload's choice). */
  suppressDelivery: z.boolean(),
  test: z.boolean(),
});

export type RawCall = z.infer<typeof rawCall>;
export type PostbackReceivedV1 = z.infer<typeof postbackReceivedV1>;
