import { proofs, safeText, type ProblemCode, type Proof, type RefusalCode, type Safe, type SafeText } from '#domain';
import { z } from 'zod';

/** One inbound call, kept verbatim, and how it was read.
 *  - Writers: ingest (HTTP), console (uploads, replay). Reader: attribution.
 *  - Idempotency key: `id`, a UUID v7 that is minted once, with the time `receivedAtMs`. A replay
 *    keeps the id and says so in `channel`, because it is the same call read again. */

/** One field as it was read: its value in our form (null: it was there but could not be read),
 *  its parameter, and the original text. */
const readField = z.object({ value: z.string().nullable(), param: z.string(), raw: z.string() });

/** Amounts are plain decimal strings, `status` is a status meaning (`approved`…), `occurredAt` an
 *  ISO instant. */
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
  /** Messages from before lines existed lack it. */
  lineId: readField.nullable().default(null),
});

const rawCall = z.object({
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
  /** Known from the token, the drop-in endpoint or the offer inside a click id; null: attribution
   *  finds it. */
  networkKey: z.string().nullable(),
  /** How the network was recognised, so that `requireToken` can be held later for a call to the
   *  plain `/postback`. */
  authenticatedBy: z.enum(['token', 'drop-in', 'click', 'operator', 'none']),
  /** What shows that the call comes from its network. Optional: messages written before it existed
   *  lack it. */
  proof: z.enum(proofs).optional(),
  raw: rawCall,
  read: readPostback,
  problems: z.array(z.object({ code: z.string(), param: z.string().nullable() })),
  /** Decided at the edge: the call is refused with this code and only logged. */
  refusal: z.string().nullable(),
  /** Per-postback suppression of outgoing postbacks (`disable_postback=1`, an upload's choice). */
  suppressDelivery: z.boolean(),
  test: z.boolean(),
});

type RawCall = z.infer<typeof rawCall>;
export type PostbackReceivedV1 = z.infer<typeof postbackReceivedV1>;

/** Characters of a target; a longer one belongs to a call that is refused for its size. */
export const maxTargetLength = 65_536;
/** The largest setting of `CAROM_MAX_BODY_BYTES`, as base64. */
export const maxBodyLength = 720_000;

/** What a writer hands over: `proof` is stated, and every text has passed `safeText`. */
export type SafePostbackRecord = Safe<Omit<PostbackReceivedV1, 'proof' | 'refusal' | 'problems'>> & {
  proof: Proof;
  refusal: RefusalCode | null;
  problems: { code: ProblemCode; param: SafeText | null }[];
};

/** A stored call as part of a new record. */
export const safeRawCall = (raw: RawCall): SafePostbackRecord['raw'] => ({
  method: safeText(raw.method, 20),
  target: safeText(raw.target, maxTargetLength),
  headers: Object.fromEntries(
    Object.entries(raw.headers).map(([name, value]) => [
      safeText(name, maxTargetLength),
      safeText(value, maxTargetLength),
    ]),
  ),
  body: raw.body === null ? null : safeText(raw.body, maxBodyLength),
  bodyEncoding: raw.bodyEncoding,
  remoteAddress: raw.remoteAddress === null ? null : safeText(raw.remoteAddress, 100),
});

/** The proof of a message. A message without the field is from before it existed: then a token or
 *  an operator is one. */
export const proofOfMessage = ({
  proof,
  authenticatedBy,
}: Pick<PostbackReceivedV1, 'proof' | 'authenticatedBy'>): Proof =>
  proof ?? (authenticatedBy === 'token' || authenticatedBy === 'operator' ? authenticatedBy : 'none');
