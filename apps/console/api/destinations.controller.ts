import type { DestinationSettings } from '#contracts';
import { findCatalogEntry, insertAudit, listDestinationStates, setDestinationPaused } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { Input, Operation, type Given } from '../operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import {
  previewDestination,
  savedDestination,
  sendTrial,
  trialBody,
  type Preview,
  type TrialBody,
} from '../destination-trial.js';
import { notFound } from '../problem.js';

/** Destinations as they are run: how they do, pausing them by hand, and what would be sent to one without sending it. */

const moment = z.iso.datetime();
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

/** A destination belongs to a source or a campaign, and is named by it. */
const parseKey = (destinationKey: string): { kind: 'source' | 'campaign'; key: string } => {
  const [kind, key = ''] = destinationKey.split(':');
  return { kind: kind === 'campaign' ? 'campaign' : 'source', key };
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
    summary: 'Tells what would be sent for a conversion, without sending it, and what is wrong with the template.',
    role: 'viewer',
    body: trialBody,
    answer: previewAnswer,
  })
  async preview(@Input() { body }: Given<unknown, unknown, TrialBody>): Promise<Preview> {
    const { allowed, now } = this.ports;
    // Whoever may only read sees no secret of a destination that is saved.
    const destination = await this.tried(body, () => '***');
    return (await previewDestination(destination, body, { allowed, now: now() })).preview;
  }

  @Post('test')
  @Operation({
    summary:
      'Makes one real call to a destination for a made-up conversion, and tells what it answered. Nothing is recorded of it.',
    role: 'editor',
    body: trialBody,
    answer: testAnswer,
  })
  async test(@Input() given: Given<unknown, unknown, TrialBody>) {
    const { allowed, now, pool, seal } = this.ports;
    const destination = await this.tried(given.body, seal.open);
    const { preview, request } = await previewDestination(destination, given.body, { allowed, now: now() });
    if (!preview.send || !request) return { send: false, reason: preview.reason, attempt: null };
    const attempt = await sendTrial(destination, request, { allowed, now });
    const after = { origin: request.origin, status: attempt.status, outcome: attempt.outcome };
    const key = given.body.destinationKey ?? '';
    const line = {
      id: uuidv7(),
      actor: given.actor.name,
      action: 'tested',
      kind: 'destination',
      key,
      before: null,
      after,
    };
    await insertAudit(pool, line);
    return { send: true, reason: null, attempt };
  }

  /** The destination that is meant: as given, or as saved. */
  private async tried(body: TrialBody, open: (text: string) => string): Promise<DestinationSettings> {
    if (body.destination) return body.destination;
    const { kind, key } = parseKey(body.destinationKey ?? '');
    const entry = await findCatalogEntry(this.ports.dataSource, kind, key);
    const destination = entry && savedDestination(kind, entry.body, open);
    if (!destination) throw notFound('destination', body.destinationKey ?? '');
    return destination;
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
    if (!(await findCatalogEntry(this.ports.dataSource, owner.kind, owner.key))) throw notFound(owner.kind, owner.key);
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
