import { destinationSettings, networkSettings, signatureOfPreset } from '#contracts';
import { compileAnswerPattern, conversionStates, costModels, fitsPattern, statusMeanings } from '#domain';
import { z } from 'zod';

/** The schema of preset files: how a network calls us (`networks/*.yaml`) and how a traffic source
 *  wants to be called (`sources/*.yaml`). A preset carries its evidence: `source` names the pages,
 *  `confidence` says whose they are.
 *
 *  - `D`: the network's or product's own documentation; only these may be `verified`
 *  - `T`: second hand, from another tracker's template or help page; usually right, sometimes
 *  stale */

const presetKey = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const sentence = z.string().regex(/^[^a-z\s].*\.$/s, 'a whole sentence');
const parameterName = z.string().regex(/^[\w.-]{1,100}$/, 'a parameter name');
const tokenName = z.string().regex(/^[a-zA-Z0-9_]{1,40}$/);

const evidence = {
  key: presetKey,
  name: z.string().min(1).max(200),
  confidence: z.enum(['D', 'T']),
  verified: z.boolean(),
  source: z.array(z.url()).min(1),
  /** What surprises a newcomer, each a sentence that a panel may show. */
  quirks: z.array(sentence).default([]),
};
const onlyDocumentedIsVerified = (preset: { confidence: string; verified: boolean }) =>
  preset.verified === (preset.confidence === 'D');
const verifiedRule = { error: 'verified is true for confidence D and for nothing else', path: ['verified'] };

/** The same fields without their defaults: a preset states what it knows, and must not overwrite by
 *  silence what a user has set. */
const statedOnly = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(shape).map(([name, field]) => [
        name,
        z.optional(field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : (field as z.ZodType)),
      ]),
    ),
  ) as unknown as z.ZodType<Partial<z.infer<z.ZodObject<S>>>>;

const statedNetworkSettings = statedOnly(
  networkSettings.omit({ key: true, name: true, preset: true, security: true, dropIns: true }).shape,
);
const statedDestination = statedOnly(
  destinationSettings.omit({ signing: true, clientCertificate: true, sharePercent: true }).shape,
);

/** A call as that network sends it, and what must be read from it (null: the call says nothing
 *  about it). */
const networkExample = z.strictObject({
  note: sentence,
  method: z.enum(['GET', 'POST']).default('GET'),
  query: z.string().default(''),
  body: z.string().nullable().default(null),
  contentType: z.string().nullable().default(null),
  expected: z.strictObject({
    clickId: z.string().nullable(),
    transactionId: z.string().nullable().default(null),
    amount: z.string().nullable().default(null),
    currency: z.string().nullable().default(null),
    status: z.enum(statusMeanings).nullable().default(null),
    event: z.string().nullable().default(null),
    occurredAt: z.string().nullable().default(null),
  }),
});

/** A report file as the network exports it, and the calls that its rows become. Rows that are no
 *  report (totals, title lines) are not among them. */
const reportExample = z.strictObject({
  note: sentence,
  file: z.string().min(1),
  expected: z.array(
    z.strictObject({
      clickId: z.string().nullable().default(null),
      transactionId: z.string().nullable().default(null),
      lineId: z.string().nullable().default(null),
      amount: z.string().nullable().default(null),
      saleAmount: z.string().nullable().default(null),
      currency: z.string().nullable().default(null),
      status: z.enum(statusMeanings).nullable().default(null),
      event: z.string().nullable().default(null),
      occurredAt: z.string().nullable().default(null),
    }),
  ),
});

/** A signed call as the network's own documentation prints it. */
const signedExample = z.strictObject({
  secret: z.string().min(1),
  uri: z.url(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().nullable().default(null),
  source: z.url(),
});

export const networkPreset = z
  .strictObject({
    ...evidence,
    /** The software the network runs on, as the key of that preset. */
    platform: presetKey.optional(),
    /** The parameter of the network's offer link that must carry our click id; null: it is none, or
     *  not documented. */
    clickIdParam: parameterName.nullable(),
    /** An offer URL in our macros, for networks whose click id is not carried by a parameter. */
    linkExample: z.string().includes('{click_id}').optional(),
    /** Null: the network makes no calls; its report file says what happened. */
    postback: z
      .strictObject({
        method: z.enum(['GET', 'POST']).default('GET'),
        /** The query of our Postback URL in the network's own macros; empty where the network's own
         *  form is read. */
        template: z.string().max(2000),
        /** Further Postback URLs, for networks that want one for each event or status. */
        more: z.array(z.strictObject({ when: sentence, template: z.string().min(1).max(2000) })).default([]),
      })
      .nullable(),
    settings: statedNetworkSettings,
    /** How it signs; filled in where the user gives `security.signature.secret`. */
    signature: signatureOfPreset.nullable().default(null),
    signed: z.array(signedExample).default([]),
    examples: z.array(networkExample).default([]),
    reports: z.array(reportExample).default([]),
  })
  .refine(onlyDocumentedIsVerified, verifiedRule)
  .refine(({ postback, examples }) => (postback === null) === (examples.length === 0), {
    error: 'a network that calls has an example of its calls',
    path: ['examples'],
  })
  .refine(({ settings, reports }) => (settings.reportFile == null) === (reports.length === 0), {
    error: 'a mapping has an example of the report that it reads',
    path: ['reports'],
  });

/** Whether a value looks as the field says that it must. */
export const isShaped = ({ pattern }: { pattern?: string | undefined }, value: string): boolean =>
  pattern === undefined || fitsPattern(`^(?:${pattern})$`, value) === true;

const tokenOfLink = z.strictObject({ param: parameterName, macro: z.string().min(1).max(200) });

/** A null macro: the source (or your landing page) appends the parameter by itself, so the click
 *  link has nothing to say of it. */
const tokenOfSource = z.strictObject({ ...tokenOfLink.shape, macro: tokenOfLink.shape.macro.nullable() });

/** A conversion, the click it belongs to, and the request that must come of them, to the byte. */
const sourceExample = z.strictObject({
  note: sentence,
  fields: z.record(z.string(), z.string()).default({}),
  click: z.strictObject({
    externalId: z.string().nullable(),
    tokens: z.record(tokenName, z.string()).default({}),
    at: z.iso.datetime().default('2026-01-02T03:04:05Z'),
    visitor: z.strictObject({ ip: z.string().nullable(), userAgent: z.string().nullable() }).nullable().default(null),
  }),
  conversion: z.strictObject({
    transactionId: z.string().nullable().default(null),
    amount: z.string().nullable().default(null),
    currency: z.string().nullable().default(null),
    state: z.enum(conversionStates).default('approved'),
    /** The value before, where the example is of a changed amount. */
    previousValue: z.string().nullable().default(null),
    event: z.string().nullable().default(null),
    occurredAt: z.iso.datetime().default('2026-01-02T04:05:06Z'),
  }),
  expected: z.strictObject({
    method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
    url: z.url(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().nullable().default(null),
  }),
});

export const sourcePreset = z
  .strictObject({
    ...evidence,
    /** The parameter of our click link that carries the source's click id, and the source's macro
     *  for it; a null macro: the source appends the parameter by itself. */
    externalIdParam: parameterName,
    externalIdMacro: z.string().min(1).max(200).nullable(),
    tokens: z.record(tokenName, tokenOfSource).default({}),
    cost: z
      .strictObject({
        model: z.enum(costModels),
        ...tokenOfLink.shape,
        currency: z.string().regex(/^[A-Z]{3}$/),
      })
      .nullable()
      .default(null),
    /** What the user must give, written `<<NAME>>` in the destination. */
    fields: z
      .array(
        z
          .strictObject({
            name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
            label: sentence,
            example: z.string().min(1),
            /** What the whole value must look like, where that is known; the label says it in
             *  words. */
            pattern: z
              .string()
              .refine((pattern) => compileAnswerPattern(pattern) !== null, 'a pattern')
              .optional(),
          })
          .refine((field) => isShaped(field, field.example), { error: 'the example must fit', path: ['example'] }),
      )
      .default([]),
    destination: statedDestination,
    examples: z.array(sourceExample).min(1),
    /** Answers as the source gives them, for those whose status says too little. `retried`: it is
     *  not delivered yet, and tried again. */
    answers: z
      .array(
        z.strictObject({
          status: z.int().min(100).max(599).default(200),
          body: z.string(),
          delivered: z.boolean(),
          retried: z.boolean().default(false),
        }),
      )
      .default([]),
  })
  .refine(onlyDocumentedIsVerified, verifiedRule)
  .refine(
    ({ destination: { successWhen }, answers }) => {
      const byBody = Boolean(successWhen?.bodyMatches ?? successWhen?.bodyMustNotMatch);
      return !byBody || (answers.some((answer) => answer.delivered) && answers.some((answer) => !answer.delivered));
    },
    { error: 'a rule about the body needs an answer that holds and one that does not', path: ['answers'] },
  )
  .refine(({ destination: { retryWhen }, answers }) => !retryWhen || answers.some((answer) => answer.retried), {
    error: 'a rule about what is tried again needs an answer that is',
    path: ['answers'],
  })
  .refine((preset) => preset.destination.url !== undefined, {
    error: 'a destination needs a url',
    path: ['destination'],
  })
  .refine(
    (preset) => {
      const written = new Set(
        [...JSON.stringify(preset.destination).matchAll(/<<([^<>]*)>>/g)].map((match) => match[1]),
      );
      return written.size === preset.fields.length && preset.fields.every((field) => written.has(field.name));
    },
    { error: 'fields lists exactly the <<NAMES>> of the destination', path: ['fields'] },
  );

export type NetworkPreset = z.infer<typeof networkPreset>;
export type SourcePreset = z.infer<typeof sourcePreset>;
