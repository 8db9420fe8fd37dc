import { destinationSettings, mapCatalogSecrets, type CatalogKind, type DestinationSettings } from '#contracts';
import {
  conversionStates,
  judgeAttempt,
  lintDestination,
  noRates,
  parseNanos,
  previewDelivery,
  type ConversionFacts,
  type LintFinding,
  type RenderedRequest,
} from '#domain';
import { createSender, judgeOrigin, signStandardWebhook, type GuardOptions } from '#http';
import { z } from 'zod';
import type { Value } from './catalog.js';

/** Trying a destination out: what would be sent for a conversion that was never made, and if asked, sending it once. The rules, the
 *  rendering, the guard and the judgement are those of dispatch; only the queue is not there. */

const moment = z.iso.datetime();
export const trialBody = z
  .strictObject({
    /** The settings to try, or the key of a destination that is saved (`source:<key>`, `campaign:<key>`). */
    destination: destinationSettings.optional(),
    destinationKey: z.string().max(100).optional(),
    click: z
      .strictObject({
        externalId: z.string().max(2000).nullable().default(null),
        tokens: z.record(z.string(), z.string().max(2000)).default({}),
        at: moment.nullable().default(null),
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
        currency: z.string().max(3).nullable().default(null),
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
  problems: LintFinding[];
};

/** A made-up conversion; its ids say so. */
const trialId = '00000000-0000-8000-8000-000000000000';
const factsOf = ({ click, conversion }: TrialBody, now: Date): ConversionFacts => {
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
    externalId: click.externalId,
    externalIdRaw: click.externalId,
    tokens: click.tokens,
    visitor: null,
    event: conversion.event,
    transactionId: conversion.transactionId,
    state: conversion.state,
    previousState: null,
    marks: [],
    currency: conversion.currency,
    value: conversion.amount,
    occurredAtMs,
    suppressDelivery: false,
  };
};

export const previewDestination = async (
  destination: DestinationSettings,
  trial: TrialBody,
  at: { now: Date; allowed: GuardOptions },
): Promise<{ preview: Preview; request: RenderedRequest | null }> => {
  const problems = lintDestination(destination, { tokens: null });
  const facts = factsOf(trial, at.now);
  const { send, reason, request } = previewDelivery(destination, facts, { nowMs: at.now.getTime(), rates: noRates });
  const origin = request?.origin ?? (URL.canParse(destination.url) ? new URL(destination.url).origin : null);
  const address =
    origin === null ? { allowed: false, reason: 'the URL cannot be read' } : await judgeOrigin(at.allowed, origin);
  const preview: Preview = {
    send: send && address.allowed,
    reason: reason ?? (address.allowed ? null : 'address_refused'),
    method: request?.method ?? null,
    url: request ? request.origin + request.target : null,
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
  const sender = createSender({ ...at.allowed, mostPools: 1, userAgent: 'Carom', now: Date.now });
  const call = { id: trialId, timestampSeconds: Math.floor(startedAt.getTime() / 1000), body: request.body };
  const signed =
    destination.signing?.kind === 'standard-webhooks'
      ? { ...request, headers: { ...request.headers, ...signStandardWebhook(destination.signing.secrets, call) } }
      : request;
  const { timeoutMs, clientCertificate, successWhen } = destination;
  const needsBody = successWhen.bodyMatches !== null || successWhen.bodyMustNotMatch !== null;
  try {
    const result = await sender.send({ request: signed, timeoutMs, needsBody, certificate: clientCertificate });
    const verdict = judgeAttempt(result, successWhen, 1, at.now().getTime(), 0.5);
    const answered = result.kind === 'answered';
    return {
      at: startedAt,
      ms: at.now().getTime() - startedAt.getTime(),
      status: answered ? result.status : null,
      outcome: verdict.kind,
      reason: 'reason' in verdict ? verdict.reason : null,
      answer: answered ? (result.body?.toString().slice(0, shownCharacters) ?? null) : null,
    };
  } finally {
    await sender.close();
  }
};

/** The destination of a saved source or campaign, its secrets readable; null: it has none. */
export const savedDestination = (
  kind: CatalogKind,
  body: object,
  open: (text: string) => string,
): DestinationSettings | null => {
  const value = mapCatalogSecrets(kind, body as Value, open);
  return 'destination' in value ? (value.destination ?? null) : null;
};
