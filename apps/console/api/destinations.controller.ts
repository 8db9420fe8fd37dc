import { destinationSettings } from '#contracts';
import { conversionStates, lintDestination, noRates, parseNanos, previewDelivery, type ConversionFacts } from '#domain';
import { judgeOrigin } from '#http';
import { findCatalogEntry, insertAudit, listDestinationStates, setDestinationPaused } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Input, Operation, type Given } from '../operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { Problem } from '../problem.js';

/** Destinations as they are run: how they do, pausing them by hand, and what would be sent to one without sending it. */

const moment = z.iso.datetime();
const previewBody = z.strictObject({
  destination: destinationSettings,
  click: z
    .strictObject({
      externalId: z.string().max(2000).nullable().default(null),
      tokens: z.record(z.string(), z.string().max(2000)).default({}),
      at: moment.nullable().default(null),
    })
    .default({ externalId: null, tokens: {}, at: null }),
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
});
type PreviewBody = z.infer<typeof previewBody>;
const finding = z.object({
  severity: z.enum(['error', 'warning']),
  where: z.string(),
  code: z.string(),
  text: z.string(),
  message: z.string(),
  suggestion: z.string().nullable(),
});
const previewAnswer = z.object({
  send: z.boolean(),
  reason: z.string().nullable(),
  method: z.string().nullable(),
  url: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  address: z.object({ allowed: z.boolean(), reason: z.string().nullable() }),
  problems: z.array(finding),
});
const destinationAnswer = z.object({
  destinationKey: z.string(),
  paused: z.boolean(),
  pausedBy: z.string().nullable(),
  waiting: z.int(),
  parked: z.int(),
  oldestAt: moment.nullable(),
  processes: z.array(
    z.object({
      breaker: z.enum(['closed', 'open', 'half-open']),
      since: moment.nullable(),
      probeAt: moment.nullable(),
      failingShare: z.number(),
      inFlight: z.int(),
      reportedAt: moment,
    }),
  ),
});
const byKey = z.object({
  key: z.string().regex(/^(source|campaign):[a-z0-9][a-z0-9-]{0,62}$/, 'source:<key> or campaign:<key>'),
});

/** A conversion that was never made, for trying out a template. Its ids say so. */
const factsOf = ({ click, conversion }: PreviewBody, now: Date): ConversionFacts => {
  const occurredAtMs = conversion.occurredAt === null ? now.getTime() : Date.parse(conversion.occurredAt);
  return {
    conversionId: '00000000-0000-8000-8000-000000000000',
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

@Controller('api/v1/destinations')
export class DestinationsController {
  constructor(
    @Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'allowed' | 'now'>,
  ) {}

  @Get()
  @Operation({
    summary:
      'Lists destinations that have something open or are paused: backlog, its age, and how each dispatch process sees them.',
    role: 'viewer',
    answer: z.object({ items: z.array(destinationAnswer), next: z.null() }),
  })
  async list() {
    return { items: await listDestinationStates(this.ports.pool), next: null };
  }

  @Post('preview')
  @Operation({
    summary: 'Tells what would be sent for a conversion, without sending it, and what is wrong with the template.',
    role: 'viewer',
    body: previewBody,
    answer: previewAnswer,
  })
  async preview(@Input() { body }: Given<unknown, unknown, PreviewBody>) {
    const { destination, click } = body;
    const now = this.ports.now();
    const problems = lintDestination(destination, { tokens: Object.keys(click.tokens) });
    const preview = previewDelivery(destination, factsOf(body, now), { nowMs: now.getTime(), rates: noRates });
    const origin = preview.request?.origin ?? (URL.canParse(destination.url) ? new URL(destination.url).origin : null);
    const address =
      origin === null
        ? { allowed: false, reason: 'the URL cannot be read' }
        : await judgeOrigin(this.ports.allowed, origin);
    const { request } = preview;
    return {
      send: preview.send && address.allowed,
      reason: preview.reason ?? (address.allowed ? null : 'address_refused'),
      method: request?.method ?? null,
      url: request ? request.origin + request.target : null,
      headers: request?.headers ?? {},
      body: request?.body ?? null,
      address,
      problems,
    };
  }

  @Post(':key/pause')
  @Operation({
    summary: 'Pauses a destination; what it is owed is kept.',
    role: 'editor',
    params: byKey,
    status: 204,
  })
  pause(@Input() given: Given<{ key: string }>): Promise<void> {
    return this.setPaused(given, true);
  }

  @Post(':key/resume')
  @Operation({
    summary: 'Resumes a destination; what it is owed is sent in order.',
    role: 'editor',
    params: byKey,
    status: 204,
  })
  resume(@Input() given: Given<{ key: string }>): Promise<void> {
    return this.setPaused(given, false);
  }

  private async setPaused(given: Given<{ key: string }>, paused: boolean): Promise<void> {
    const { key } = given.params;
    const [kind = '', catalogKey = ''] = key.split(':');
    if (!(await findCatalogEntry(this.ports.dataSource, kind, catalogKey)))
      throw new Problem(404, 'not_found', `there is no ${kind} "${catalogKey}"`);
    await setDestinationPaused(this.ports.pool, key, paused, given.actor.name);
    const action = paused ? 'paused' : 'resumed';
    await insertAudit(this.ports.pool, {
      id: uuidv7(),
      actor: given.actor.name,
      action,
      kind: 'destination',
      key,
      before: null,
      after: null,
    });
  }
}
