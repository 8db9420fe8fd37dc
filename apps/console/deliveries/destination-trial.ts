import {
  currencyCode,
  destinationSecrets,
  destinationSettings,
  entryNameOf,
  mapCatalogSecrets,
  withoutSecrets,
  type CatalogKind,
  type DestinationSettings,
} from '#contracts';
import {
  conversionStates,
  judgeAttempt,
  needsBody,
  lintDestination,
  parseNanos,
  previewDelivery,
  readClick,
  type ConversionFacts,
  type ConversionState,
  type LintContext,
  type LintFinding,
  type RateLookup,
  type RenderedRequest,
} from '#domain';
import { createSender, judgeOrigin, signStandardWebhook, type GuardOptions } from '#http';
import { z } from 'zod';
import type { Value } from '../catalog/catalog.js';

/** Tries a destination out: shows what would be sent for a made-up or a real conversion, and
 *  sends it once on request. It uses the rules, the rendering, the guard and the outcome rules
 *  of dispatch, without its queue. */

const moment = z.iso.datetime();
export const trialBody = z
  .strictObject({
    /** The settings to try, or the key of a destination that is saved (`source:<key>`,
     *  `campaign:<key>`). */
    destination: destinationSettings.optional(),
    destinationKey: z.string().max(100).optional(),
    /** The source for settings that are not saved yet: its tokens and last clicks are used. */
    sourceKey: z.string().max(63).optional(),
    /** A real conversion, instead of the made-up `click` and `conversion`. The answer explains why
     *  it is sent or not under the current settings. */
    conversionId: z.uuid().optional(),
    click: z
      .strictObject({
        externalId: z.string().max(2000).nullable().default(null),
        tokens: z.record(z.string(), z.string().max(2000)).default({}),
        at: moment.nullable().default(null),
        ip: z.string().max(100).nullable().default(null),
        userAgent: z.string().max(2000).nullable().default(null),
      })
      .prefault({}),
    conversion: z
      .strictObject({
        transactionId: z.string().max(500).nullable().default(null),
        amount: z
          .string()
          .refine((text) => parseNanos(text) !== null, 'a decimal string with at most nine decimals')
          .nullable()
          .default(null),
        currency: currencyCode.nullable().default(null),
        state: z.enum(conversionStates).default('approved'),
        event: z.string().max(100).nullable().default(null),
        occurredAt: moment.nullable().default(null),
      })
      .prefault({}),
  })
  .refine((body) => (body.destination === undefined) !== (body.destinationKey === undefined), {
    message: 'name `destination` or `destinationKey`, one of the two',
    path: ['destination'],
  });
export type TrialBody = z.infer<typeof trialBody>;

export type Preview = {
  send: boolean;
  reason: string | null;
  method: string | null;
  url: string | null;
  headers: Record<string, string>;
  body: string | null;
  address: { allowed: boolean; reason: string | null };
  problems: Finding[];
};
/** What is wrong with the template, or with a value of this conversion in it (`where` is
 *  `conversion`). */
type Finding = Omit<LintFinding, 'code'> & { code: string };

/** A made-up conversion; its ids say so. */
const trialId = '00000000-0000-8000-8000-000000000000';
export const madeUpFacts = ({ click, conversion }: TrialBody, now: Date): ConversionFacts => {
  // Read like a click link: an unreplaced macro such as `${SUBID}` is not an id.
  const sent = click.externalId ?? '';
  const dialect = {
    externalIdParam: 'id',
    tokens: {},
    cost: { model: 'none', param: null, amount: null, currency: 'USD' },
  } as const;
  const read = readClick([{ name: 'id', value: sent, raw: sent, isJsonNumber: false }], dialect);
  const occurredAtMs = conversion.occurredAt === null ? now.getTime() : Date.parse(conversion.occurredAt);
  return {
    conversionId: trialId,
    revision: 1,
    networkKey: 'preview',
    campaignKey: 'preview',
    sourceKey: 'preview',
    offerKey: 'preview',
    clickId: 'preview',
    clickedAtMs: click.at === null ? occurredAtMs : Date.parse(click.at),
    externalId: read.externalId,
    externalIdRaw: click.externalId,
    tokens: click.tokens,
    visitor: { ip: click.ip, userAgent: click.userAgent },
    event: conversion.event,
    transactionId: conversion.transactionId,
    state: conversion.state,
    previousState: null,
    previousValue: null,
    restored: 0,
    marks: [],
    currency: conversion.currency,
    value: conversion.amount,
    occurredAtMs,
    suppressDelivery: false,
  };
};

/** Replaces a saved secret that the caller may not see. */
export const hiddenSecret = '***';

const withWebhookHeaders = (
  request: RenderedRequest,
  signing: DestinationSettings['signing'],
  id: string,
  at: Date,
): RenderedRequest => {
  if (signing?.kind !== 'standard-webhooks') return request;
  const call = { id, timestampSeconds: Math.floor(at.getTime() / 1000), body: request.body };
  const headers = signStandardWebhook(signing.secrets, call);
  if (signing.secrets.includes(hiddenSecret)) headers['webhook-signature'] = `v1,${hiddenSecret}`;
  return { ...request, headers: { ...request.headers, ...headers } };
};

export type Trial = {
  key: string;
  destination: DestinationSettings;
  facts: ConversionFacts;
  /** The last state that an ad network has received of a real conversion. */
  lastReceived: ConversionState | null | undefined;
  lint: LintContext;
  rates: RateLookup;
  now: Date;
  allowed: GuardOptions;
};

export const previewDestination = async (
  trial: Trial,
): Promise<{ preview: Preview; request: RenderedRequest | null }> => {
  const { destination, facts, now, allowed, rates } = trial;
  const previewed = previewDelivery(trial.key, destination, facts, {
    nowMs: now.getTime(),
    rates,
    ...(trial.lastReceived !== undefined && { lastReceived: trial.lastReceived }),
  });
  const { send, reason, deliveryId, unwritable } = previewed;
  const problems: Finding[] = [
    ...(unwritable ? [{ ...unwritable, severity: 'error', where: 'conversion', suggestion: null } as const] : []),
    ...lintDestination(destination, trial.lint),
  ];
  const request =
    previewed.request && withWebhookHeaders(previewed.request, destination.signing, deliveryId ?? trialId, now);
  const origin = request?.origin ?? (URL.canParse(destination.url) ? new URL(destination.url).origin : null);
  const unreadable = { allowed: false, code: 'address_refused', reason: 'the URL cannot be read' } as const;
  const { code, ...address } = origin === null ? unreadable : await judgeOrigin(allowed, origin);
  const preview: Preview = {
    send: send && address.allowed,
    reason: reason ?? code,
    method: request?.method ?? null,
    url: request ? request.origin + request.shownTarget : null,
    headers: request?.headers ?? {},
    body: request?.body ?? null,
    address,
    problems,
  };
  return { preview, request };
};

const shownCharacters = 4_000;

/** One call, as dispatch would make it. Never throws for what the receiver does. */
export const sendTrial = async (
  destination: DestinationSettings,
  request: RenderedRequest,
  at: { now: () => Date; allowed: GuardOptions },
) => {
  const startedAt = at.now();
  const sender = createSender({ ...at.allowed, maxPools: 1, userAgent: 'Carom', now: Date.now });
  const { timeoutMs, timeouts, clientCertificate } = destination;
  try {
    const result = await sender.send({
      request,
      timeouts: { ...timeouts, totalMs: timeoutMs },
      needsBody: needsBody(destination),
      certificate: clientCertificate,
    });
    const verdict = judgeAttempt(result, destination, 1, at.now().getTime(), 0.5);
    const answered = result.kind === 'answered';
    // As in the attempts of a delivery: without an answer, why there is none.
    const said = answered ? withoutSecrets(result.body, destinationSecrets(destination)) : result.message;
    return {
      at: startedAt,
      ms: at.now().getTime() - startedAt.getTime(),
      status: answered ? result.status : null,
      outcome: verdict.kind,
      reason: 'reason' in verdict ? verdict.reason : null,
      answer: said.slice(0, shownCharacters),
    };
  } finally {
    await sender.close();
  }
};

/** The destination of a saved source or campaign, its secrets readable; null: it has none. Throws
 *  what `open` throws. */
export const savedDestination = (
  kind: CatalogKind,
  body: object,
  open: (text: string, entryName: string) => string,
): DestinationSettings | null => {
  const saved = body as Value;
  const value = mapCatalogSecrets(kind, saved, (text) => open(text, entryNameOf(kind, saved.key)));
  // Settings saved by an earlier version can lack fields of this one.
  return 'destination' in value && value.destination ? destinationSettings.parse(value.destination) : null;
};
