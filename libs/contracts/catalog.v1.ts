import {
  amountFormats,
  conversionStates,
  costModels,
  deliveryFrequencies,
  dropIns,
  duplicateModes,
  fieldNames,
  identityRules,
  isCurrencyCode,
  marks,
  parseNanos,
  payoutModes,
  statusMeanings,
  timesOf,
} from '#domain';
import { z } from 'zod';
import { reportMapping } from './report-mapping.js';
import { timeZone } from './time-zone.js';

/** The catalog: what people set up. Written by console, read by every service from the compacted
 * topic `carom.catalog.v1`.
 *
 * - These schemas are also the request bodies of the catalog API, so an unknown field is an error
 *   and every default is here.
 * - An entry replaces the one of the same kind and key when its version is higher, so reading the
 *   topic twice is harmless.
 * - The fields of `catalog-secrets.ts` are secrets: sealed (AES-GCM, `libs/runtime/seal.ts`) in
 *   Postgres and on the topic. */

const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a key is 1 to 63 of a-z, 0-9 and "-"');
const amount = z.string().refine((text) => parseNanos(text) !== null, 'a decimal string with at most nine decimals');
const positiveAmount = amount.refine((text) => (parseNanos(text) ?? -1n) >= 0n, 'must not be negative');
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3,5}$/)
  .refine(isCurrencyCode, 'an ISO 4217 code in upper case, or the code of a coin such as USDT');
const parameterName = z.string().min(1).max(200);
/** Roomy, because a sealed secret is a third longer than the plain one and passes the same schema
 * on the topic. */
const secret = z.string().min(1).max(4000);

const eventRule = z.strictObject({
  identity: z.enum(identityRules).optional(),
  duplicates: z.enum(duplicateModes).optional(),
});

const signaturePlace = {
  algorithm: z.enum(['sha1', 'sha256', 'sha512', 'md5']),
  encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
  /** Where the signature is: one of the two. */
  param: parameterName.optional(),
  header: parameterName.optional(),
  secret,
  /** How many characters of the signature are sent; all by default. */
  truncate: z.int().min(8).max(128).optional(),
  /** The parameter or header with the time of signing (unix seconds or ms), and how far it may be
   * off. */
  timestampParam: parameterName.optional(),
  timestampHeader: parameterName.optional(),
  toleranceSeconds: z.int().min(1).max(86_400).default(300),
};
/** What is signed: a template over `{param:name}`, `{uri}`, `{path}`, `{query}`, `{body}`,
 * `{timestamp}`, `{secret}`. */
const signedTemplate = z.string().min(1).max(2000);

const hmacSignature = z.strictObject({ kind: z.literal('hmac'), ...signaturePlace, template: signedTemplate });
/** A plain hash of a template that holds `{secret}`. */
const digestSignature = z.strictObject({ kind: z.literal('digest'), ...signaturePlace, template: signedTemplate });
/** A hash of all fields in the order of their names. */
const sortedSignature = z.strictObject({
  kind: z.literal('sorted-fields'),
  ...signaturePlace,
  fields: z.enum(['value', 'name=value']),
  /** `form`: names and values as a form writes them. */
  encode: z.enum(['none', 'form']).default('none'),
  joiner: z.string().max(10).default(''),
  /** Where the secret is written; `key`: nowhere, it is the key of an HMAC. */
  secretAt: z.enum(['end', 'after-each', 'key']),
  skipEmpty: z.boolean().default(false),
});
/** ClickBank's encrypted notification. */
const clickbankSignature = z.strictObject({ kind: z.literal('clickbank'), secret });

/** How a network signs its calls. */
const signatureRule = z.discriminatedUnion('kind', [
  hmacSignature,
  digestSignature,
  sortedSignature,
  clickbankSignature,
]);

const withoutSecret = { secret: true } as const;
/** The same as a preset states it: the secret is the user's own. */
export const signatureOfPreset = z.discriminatedUnion('kind', [
  hmacSignature.omit(withoutSecret),
  digestSignature.omit(withoutSecret),
  sortedSignature.omit(withoutSecret),
  clickbankSignature.omit(withoutSecret),
]);

/** The form before there were other kinds; read as a `signature` of the kind `hmac`. */
const hmacRule = z.strictObject({
  ...signaturePlace,
  encoding: z.enum(['hex', 'base64', 'base64url']),
  template: signedTemplate,
});

/** All that are switched on must hold. */
const networkSecurity = z.strictObject({
  /** A new network's calls must come to its own Postback URL. Without it, and without any other
   * proof, calls may only open or confirm conversions. */
  requireToken: z.boolean().default(true),
  cidrs: z.array(z.string().min(2).max(60)).max(1000).default([]),
  secret: z.strictObject({ param: parameterName, value: secret }).nullable().default(null),
  signature: signatureRule.nullable().default(null),
  hmac: hmacRule.nullable().default(null),
});

export const networkSettings = z.strictObject({
  key,
  name: z.string().min(1).max(200),
  preset: z.string().max(63).nullable().default(null),
  /** Per field the parameters to look in, in order; a path (`data.order.id`, `payload>order.id` for
   * JSON inside a form field) is allowed. */
  params: z.partialRecord(z.enum(fieldNames), z.array(parameterName).max(50)).default({}),
  statusMap: z.record(z.string(), z.enum(statusMeanings)).default({}),
  defaultStatus: z.enum(conversionStates).default('approved'),
  defaultCurrency: currencyCode.nullable().default(null),
  identity: z.enum(identityRules).default('transaction'),
  duplicates: z.enum(duplicateModes).default('update'),
  reversalPrefix: z.string().min(1).max(50).nullable().default(null),
  amountFormat: z.enum(amountFormats).default('auto'),
  reopens: z.boolean().default(false),
  locksOnApproval: z.boolean().default(false),
  /** The network's event words → the event names used here. A word that is not in it is taken as it
   * is, in lower case. */
  eventMap: z.record(z.string(), z.string().min(1).max(100)).default({}),
  events: z.record(z.string(), eventRule).default({}),
  /** What the stated time is of: the reported event, or the sale. A sale's time orders no reports.
   */
  timeOf: z.enum(timesOf).default('event'),
  /** For times that carry no zone. */
  timeZone: timeZone.default('UTC'),
  answer: z
    .strictObject({ status: z.int().min(200).max(299).default(200), body: z.string().max(1000).default('OK') })
    .default({ status: 200, body: 'OK' }),
  security: networkSecurity.default({ requireToken: true, cidrs: [], secret: null, signature: null, hmac: null }),
  dropIns: z.array(z.enum(dropIns)).default([]),
  /** How the network's own report file is read, where its columns do not say so themselves. */
  reportFile: reportMapping.nullable().default(null),
});

const signing = z.discriminatedUnion('kind', [
  /** https://www.standardwebhooks.com: `secrets` are `whsec_…`; the first signs, both are sent
   * during rotation. */
  z.strictObject({ kind: z.literal('standard-webhooks'), secrets: z.array(secret).min(1).max(2) }),
  /** `{signature}` in the template is replaced by the HMAC of `template` rendered with the same
   * macros. */
  z.strictObject({
    kind: z.literal('hmac'),
    algorithm: z.enum(['sha1', 'sha256', 'sha512', 'md5']),
    encoding: z.enum(['hex', 'base64', 'base64url']),
    template: z.string().min(1).max(2000),
    secret,
  }),
]);

const template = {
  url: z.string().min(8).max(8000),
  method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(4000)).default({}),
  body: z.string().max(64_000).nullable().default(null),
};

/** Exact ("204") or classes ("2xx"). */
const statusPattern = z.string().regex(/^[1-5](\d\d|xx)$/);

/** Connections are shared by all destinations of an origin, so one waits for them no longer than
 * all may. */
const longestConnectMs = 10_000;

export const destinationSettings = z.strictObject({
  ...template,
  when: z
    .strictObject({
      statuses: z.array(z.enum(conversionStates)).default(['approved']),
      /** Empty: every event. */
      events: z.array(z.string()).default([]),
      /** In the currency that the destination counts in, before `valueScale`. */
      minAmount: positiveAmount.nullable().default(null),
      /** Conversions with these marks are sent too; without it none with `late`, `too_early`,
       * `over_cap`, `held`, `test` is. */
      marks: z.array(z.enum(marks)).default([]),
    })
    .default({ statuses: ['approved'], events: [], minAmount: null, marks: [] }),
  frequency: z.enum(deliveryFrequencies).default('state'),
  /** The value sent is the conversion's money × this. */
  valueScale: positiveAmount.default('1'),
  /** The currency the source counts in; null: the conversion's own. Where they differ the value is
   * converted, or not sent. */
  valueCurrency: currencyCode.nullable().default(null),
  sharePercent: z.number().min(0).max(100).default(100),
  successWhen: z
    .strictObject({
      statuses: z.array(statusPattern).min(1).default(['2xx']),
      bodyMatches: z.string().max(500).nullable().default(null),
      bodyMustNotMatch: z.string().max(500).nullable().default(null),
    })
    .default({ statuses: ['2xx'], bodyMatches: null, bodyMustNotMatch: null }),
  /** Answers that are no success and are tried again, beside 408, 425, 429 and 5xx, which always
   * are. */
  retryWhen: z
    .strictObject({
      statuses: z.array(statusPattern).default([]),
      bodyMatches: z.string().max(500).nullable().default(null),
    })
    .default({ statuses: [], bodyMatches: null }),
  signing: signing.nullable().default(null),
  /** The values of `{secret.<name>}` in a template: sealed where they are stored, hidden where a
   * call is shown. */
  secrets: z.record(z.string().regex(/^[a-zA-Z0-9_]{1,40}$/), z.string().min(1).max(4000)).default({}),
  caps: z
    .strictObject({
      inFlight: z.int().min(1).max(1000).default(32),
      perSecond: z.number().min(0.01).max(100_000).nullable().default(null),
    })
    .default({ inFlight: 32, perSecond: null }),
  /** For a whole call, whatever its phases take. */
  timeoutMs: z.int().min(100).max(120_000).default(20_000),
  /** For each phase of a call: until the connection is open (name, TCP, TLS), from there to the
   * head of the answer, from there to its end. */
  timeouts: z
    .strictObject({
      connectMs: z.int().min(100).max(longestConnectMs).default(5_000),
      headersMs: z.int().min(100).max(120_000).default(15_000),
      bodyMs: z.int().min(100).max(120_000).default(5_000),
    })
    .default({ connectMs: 5_000, headersMs: 15_000, bodyMs: 5_000 }),
  maxAgeDays: z.number().min(0.01).max(365).default(90),
  /** Sent instead of the main template when the conversion's state is rejected or reversed. */
  onReversal: z.strictObject(template).nullable().default(null),
  /** Sent instead of the main template when the amount of a conversion changes after it was sent
   * and its state does not: a partial refund, a corrected amount. Null: `frequency` alone decides
   * whether such a change is sent. */
  onRestatement: z.strictObject(template).nullable().default(null),
  /** PEM texts for mutual TLS. */
  clientCertificate: z.strictObject({ cert: z.string(), key: z.string() }).nullable().default(null),
});

export const sourceSettings = z.strictObject({
  key,
  name: z.string().min(1).max(200),
  preset: z.string().max(63).nullable().default(null),
  /** The parameter of our click link that carries the source's own click id. */
  externalIdParam: parameterName.default('click_id'),
  /** Our name of a token → the parameter of the click link it comes in. */
  tokens: z.record(z.string().regex(/^[a-zA-Z0-9_]{1,40}$/), parameterName).default({}),
  cost: z
    .strictObject({
      model: z.enum(costModels).default('none'),
      param: parameterName.nullable().default(null),
      /** A fixed cost per click (cpc), per thousand (cpm), per conversion (cpa) where no parameter
       * carries it; percent for revshare. */
      amount: positiveAmount.nullable().default(null),
      currency: currencyCode.default('USD'),
    })
    .default({ model: 'none', param: null, amount: null, currency: 'USD' }),
  destination: destinationSettings.nullable().default(null),
});

export const offerSettings = z.strictObject({
  key,
  name: z.string().max(200).optional(),
  networkKey: key,
  url: z.string().min(8).max(8000),
  payout: z
    .strictObject({
      mode: z.enum(payoutModes).default('postback'),
      amount: positiveAmount.optional(),
      currency: currencyCode.optional(),
      percent: z.number().min(0).max(100).optional(),
    })
    .default({ mode: 'postback' }),
  windowDays: z.number().min(0.01).max(3650).default(30),
  minSeconds: z.number().min(0).max(86_400).default(0),
  cap: z
    .strictObject({
      per: z.enum(['day', 'month', 'total']),
      conversions: z.int().min(0).optional(),
      payout: positiveAmount.optional(),
      /** Of `payout`; else the offer's own payout's currency, else its network's default one. */
      currency: currencyCode.optional(),
      timeZone: timeZone.default('UTC'),
    })
    .nullable()
    .default(null),
  /** Pending conversions approve by themselves after so many days, when no other word has come. */
  holdDays: z.number().min(0.01).max(365).nullable().default(null),
});

export const campaignSettings = z.strictObject({
  key,
  name: z.string().max(200).optional(),
  sourceKey: key,
  offers: z
    .array(z.strictObject({ offerKey: key, weight: z.number().min(0).max(1_000_000).default(1) }))
    .min(1)
    .max(100),
  destination: destinationSettings.nullable().default(null),
  /** Tokens by which the hourly roll-ups are kept apart for this campaign. */
  reportTokens: z.array(z.string().max(40)).max(10).default([]),
});

export const catalogKinds = ['network', 'source', 'offer', 'campaign'] as const;
export type CatalogKind = (typeof catalogKinds)[number];

/** What console adds: `number` is short and never reused (a click id holds the campaign's and the
 * offer's). */
const numbered = { number: z.int().min(1) };
/** Tokens of a network's special Postback URL: the first is current, later ones are still good
 * until `until`. Postgres has both fields, with `token` sealed; the topic has `hash` alone.
 * Releases before wrote `token` alone, readable; such an entry is still accepted. */
const tokens = z.array(
  z.strictObject({
    token: z.string().optional().describe('sealed; not on the topic'),
    hash: z.string().optional().describe('keyed hash of the token'),
    until: z.iso.datetime().nullable(),
  }),
);

export const network = networkSettings.extend({ ...numbered, tokens });
export const source = sourceSettings.extend(numbered);
export const offer = offerSettings.extend(numbered);
export const campaign = campaignSettings.extend(numbered);

const entryHead = { key: z.string(), version: z.int().min(1), changedAt: z.iso.datetime() };
export const catalogEntryV1 = z.discriminatedUnion('kind', [
  z.strictObject({ ...entryHead, kind: z.literal('network'), value: network.nullable() }),
  z.strictObject({ ...entryHead, kind: z.literal('source'), value: source.nullable() }),
  z.strictObject({ ...entryHead, kind: z.literal('offer'), value: offer.nullable() }),
  z.strictObject({ ...entryHead, kind: z.literal('campaign'), value: campaign.nullable() }),
]);

export type NetworkSettings = z.infer<typeof networkSettings>;
export type SourceSettings = z.infer<typeof sourceSettings>;
export type OfferSettings = z.infer<typeof offerSettings>;
export type CampaignSettings = z.infer<typeof campaignSettings>;
export type DestinationSettings = z.infer<typeof destinationSettings>;
export type Network = z.infer<typeof network>;
export type Source = z.infer<typeof source>;
export type Offer = z.infer<typeof offer>;
export type Campaign = z.infer<typeof campaign>;
/** `value: null` says that it was deleted; the entry stays on the topic so that every reader hears
 * of it. */
export type CatalogEntryV1 = z.infer<typeof catalogEntryV1>;
