import type { Campaign, DestinationSettings, Source } from '#contracts';
import { createRateBook, deliveryHistoryKey, type ConversionFacts, type LintContext, type RateLookup } from '#domain';
import {
  findCatalogEntry,
  findConversionFacts,
  lastReceivedStates,
  listDestinationStates,
  listRates,
  pausedDestinations,
  recentClicksOf,
  setDestinationPaused,
} from '#postgres';
import { CodedError } from '#runtime';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { finding } from '../catalog/catalog-answer.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { byKey, destinationAnswer, parseKey } from './destination-answer.js';
import {
  hiddenSecret,
  madeUpFacts,
  previewDestination,
  savedDestination,
  sendTrial,
  trialBody,
  type Preview,
  type Trial,
  type TrialBody,
} from './destination-trial.js';
import { notFound, Problem } from '../http/problem.js';

/** Destinations in operation: their health, pausing them by hand, and a preview of what would be
 *  sent to one. */

const moment = z.iso.datetime();
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
const testAnswer = z.object({
  send: z.boolean(),
  reason: z.string().nullable(),
  attempt: z
    .object({
      at: moment,
      ms: z.int(),
      status: z.int().nullable(),
      outcome: z.string(),
      reason: z.string().nullable(),
      answer: z.string().nullable(),
    })
    .nullable(),
});
type Open = (text: string, entryName: string) => string;

/** @throws Problem 409 `secret_unreadable` */
const openSaved = (kind: 'source' | 'campaign', body: object, open: Open): DestinationSettings | null => {
  try {
    return savedDestination(kind, body, open);
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    throw new Problem(409, 'secret_unreadable', 'its secrets cannot be opened: enter them again, and save it');
  }
};

@Controller('api/v1/destinations')
export class DestinationsController {
  constructor(
    @Inject(consolePorts)
    private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'allowed' | 'now' | 'seal'>,
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
    summary:
      'Shows what would be sent for a conversion, made up or real (`conversionId`), without sending it, and what is wrong with the template.',
    role: 'editor',
    body: trialBody,
    answer: previewAnswer,
    errors: ['not_found'],
  })
  async previewDestination(@Input() { body }: Given<unknown, unknown, TrialBody>): Promise<Preview> {
    // A caller who may only read sees no secret of a saved destination.
    return (await previewDestination(await this.trial(body, () => hiddenSecret))).preview;
  }

  @Post('test')
  @Operation({
    summary:
      'Makes one real call to a destination for a made-up conversion and returns the answer. The call is not recorded.',
    role: 'editor',
    body: trialBody,
    answer: testAnswer,
    errors: ['not_found', 'conversion_real', 'secret_unreadable'],
  })
  async testDestination(@Input() given: Given<unknown, unknown, TrialBody>) {
    const { allowed, now, dataSource, seal } = this.ports;
    if (given.body.conversionId !== undefined)
      throw new Problem(422, 'conversion_real', 'a test call is for a made-up conversion: send a real one by replay', [
        { path: 'conversionId', code: 'conversion_real', message: 'is for the preview' },
      ]);
    const trial = await this.trial(given.body, seal.open);
    const { preview, request } = await previewDestination(trial);
    if (!preview.send || !request) return { send: false, reason: preview.reason, attempt: null };
    const attempt = await sendTrial(trial.destination, request, { allowed, now });
    const after = { origin: request.origin, status: attempt.status, outcome: attempt.outcome };
    const key = given.body.destinationKey ?? '';
    await audited(dataSource, given.actor, ({ audit }) => audit({ action: 'tested', kind: 'destination', key, after }));
    return { send: true, reason: null, attempt };
  }

  /** The destination to try, given or saved, with its conversion and what is known of its
   *  source. */
  private async trial(body: TrialBody, open: Open): Promise<Trial> {
    const { allowed, now, pool } = this.ports;
    const key = body.destinationKey ?? 'source:preview';
    const destination = body.destination ?? (await this.saved(key, open));
    const facts = body.conversionId ? await findConversionFacts(pool, body.conversionId) : madeUpFacts(body, now());
    if (!facts) throw notFound('conversion', body.conversionId ?? '');
    return {
      key,
      destination,
      facts,
      lastReceived: body.conversionId
        ? ((await lastReceivedStates(pool, [facts])).get(deliveryHistoryKey(facts)) ?? null)
        : undefined,
      lint: await this.sourceOf(body),
      rates: await this.ratesAt(facts),
      now: now(),
      allowed,
    };
  }

  private async saved(destinationKey: string, open: Open): Promise<DestinationSettings> {
    const { kind, key } = parseKey(destinationKey);
    const entry = await findCatalogEntry(this.ports.dataSource, kind, key);
    const destination = entry && openSaved(kind, entry.body, open);
    if (!destination) throw notFound('destination', destinationKey);
    return destination;
  }

  private async sourceOf({ sourceKey, destinationKey }: TrialBody): Promise<LintContext> {
    const { dataSource, pool } = this.ports;
    const of = destinationKey === undefined ? null : parseKey(destinationKey);
    const campaign = of?.kind === 'campaign' ? await findCatalogEntry(dataSource, 'campaign', of.key) : null;
    const key = sourceKey ?? (of?.kind === 'source' ? of.key : (campaign?.body as Campaign | undefined)?.sourceKey);
    if (key === undefined) return { tokens: null };
    const source = await findCatalogEntry(dataSource, 'source', key);
    if (!source) throw notFound('source', key);
    return { tokens: Object.keys((source.body as Source).tokens), clicks: await recentClicksOf(pool, key) };
  }

  /** The rates of the conversion's day, looked up as in dispatch. */
  private async ratesAt({ occurredAtMs }: ConversionFacts): Promise<RateLookup> {
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const from = day(occurredAtMs - 30 * 86_400_000);
    const book = createRateBook();
    book.replace(await listRates(this.ports.pool, { from, to: day(occurredAtMs), limit: 10_000 }));
    return book.lookup;
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
    const owner = parseKey(key);
    const entry = await findCatalogEntry(this.ports.dataSource, owner.kind, owner.key);
    // A deleted destination that is paused can be resumed; its waiting deliveries are then parked.
    // Otherwise they would wait forever.
    const isKnown = entry !== null || (!paused && (await pausedDestinations(this.ports.pool)).has(key));
    if (!isKnown) throw notFound(owner.kind, owner.key);
    await audited(this.ports.dataSource, given.actor, async ({ db, audit }) => {
      await setDestinationPaused(db, key, paused, given.actor.name);
      await audit({ action: paused ? 'paused' : 'resumed', kind: 'destination', key });
    });
  }
}
