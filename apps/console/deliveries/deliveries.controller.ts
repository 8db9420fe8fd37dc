import { conversionStates } from '#domain';
import { listDeliveries, replayDeliveries, type AttemptRow, type DeliveryRow, type ReplayResult } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId, timeRange } from '../http/page.js';

/** What was sent on, or is owed still: each delivery with every attempt, its URL as sent and the answer that came. */

const states = ['waiting', 'sending', 'delivered', 'parked', 'superseded'] as const;
const deliveryQuery = z.strictObject({
  ...pageQuery,
  id: z.uuid().optional(),
  conversionId: z.uuid().optional(),
  destinationKey: z.string().max(100).optional(),
  state: z.enum(states).optional(),
  cause: z.enum(conversionStates).optional(),
  reason: z.string().max(100).optional(),
  ...timeRange,
});
const byId = z.object({ id: z.uuid() });

const attemptAnswer = z.object({
  at: z.iso.datetime(),
  method: z.string(),
  url: z.string(),
  status: z.int().nullable(),
  ms: z.int(),
  outcome: z.string(),
  reason: z.string().nullable(),
  answer: z.string().nullable(),
});
export const deliveryAnswer = z.object({
  id: z.uuid(),
  conversionId: z.uuid(),
  destinationKey: z.string(),
  cause: z.enum(conversionStates),
  revision: z.int(),
  state: z.enum(states),
  reason: z.string().nullable(),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  replays: z.int(),
  attempts: z.array(attemptAnswer),
});

const replayBody = z.strictObject({
  filter: z
    .strictObject({
      ids: z.array(z.uuid()).min(1).max(10_000).optional(),
      conversionIds: z.array(z.uuid()).min(1).max(10_000).optional(),
      destinationKey: z.string().max(100).optional(),
      states: z.array(z.enum(states)).min(1).optional(),
      reason: z.string().max(100).optional(),
      cause: z.enum(conversionStates).optional(),
      ...timeRange,
    })
    .refine((filter) => Object.keys(filter).length > 0, 'name at least one thing: everything is too much to mean'),
  /** Sends also what the destination has accepted already. */
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});
const replayAnswer = z.object({
  dryRun: z.boolean(),
  matched: z.int(),
  replayed: z.int(),
  delivered: z.int(),
  overtaken: z.int(),
  open: z.int(),
  sample: z.array(z.uuid()),
});

export const showDelivery = ({ at: _at, ...delivery }: DeliveryRow & { at: string; attempts: AttemptRow[] }) =>
  delivery;

@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource'>) {}

  @Get()
  @Operation({
    summary: 'Lists deliveries with their attempts, newest first.',
    role: 'viewer',
    query: deliveryQuery,
    answer: listOf(deliveryAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof deliveryQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const rows = await listDeliveries(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, ({ at, id }) => [at, id], showDelivery);
  }

  @Get(':id')
  @Operation({ summary: 'Reads one delivery.', role: 'viewer', params: byId, answer: deliveryAnswer })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const [row] = await listDeliveries(this.ports.pool, { id }, { before: null, limit: 1 });
    if (!row) throw notFound('delivery', id);
    return showDelivery(row);
  }

  @Post('replay')
  @Operation({
    summary:
      'Sends deliveries again by the template of today: what was parked, what waits for its next try, and with `force` also what was accepted. ' +
      'The delivery id stays, so that the receiver can tell a repetition.',
    role: 'editor',
    body: replayBody,
    answer: replayAnswer,
  })
  async replay(
    @Input() given: Given<unknown, unknown, z.infer<typeof replayBody>>,
  ): Promise<ReplayResult & { dryRun: boolean }> {
    const { filter, force, dryRun } = given.body;
    if (dryRun) return { dryRun, ...(await replayDeliveries(this.ports.pool, filter, { force, dryRun })) };
    return audited(this.ports.dataSource, given.actor, async ({ db, audit }) => {
      const result = await replayDeliveries(db, filter, { force, dryRun });
      await audit({ action: 'replayed', kind: 'delivery', key: '', after: { filter, force, ...result } });
      return { dryRun, ...result };
    });
  }
}
