import { conversionStates } from '#domain';
import {
  deliveryEstimate,
  estimateList,
  listDeliveries,
  listWholeDeliveries,
  only,
  replayDeliveries,
  type ReplayResult,
} from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { decodeCursor, pageOf, placeOf, sizedListOf, sizedPageQuery, timeAndId, timeRange } from '../http/page.js';
import {
  deliveryAnswer,
  deliveryFilters,
  deliveryStates,
  deliverySummaryAnswer,
  showDelivery,
  showDeliverySummary,
} from './delivery-answer.js';

/** What was sent to ad networks, or is still owed: each delivery with every attempt, its URL as
 *  sent and the answer. */

const deliveryQuery = z.strictObject({ ...sizedPageQuery, ...deliveryFilters });
const byId = z.object({ id: z.uuid() });

const replayBody = z.strictObject({
  filter: z
    .strictObject({
      ids: z.array(z.uuid()).min(1).max(10_000).optional(),
      conversionIds: z.array(z.uuid()).min(1).max(10_000).optional(),
      destinationKey: z.string().max(100).optional(),
      states: z.array(z.enum(deliveryStates)).min(1).optional(),
      reason: z.string().max(100).optional(),
      cause: z.enum(conversionStates).optional(),
      ...timeRange,
    })
    .refine((filter) => Object.keys(filter).length > 0, 'name at least one filter: a replay of everything is refused'),
  /** Sends also what the destination has accepted. */
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

@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource'>) {}

  @Get()
  @Operation({
    summary: 'Lists deliveries with their last attempt, newest first; all attempts are read by the id.',
    role: 'viewer',
    query: deliveryQuery,
    answer: sizedListOf(deliverySummaryAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof deliveryQuery>>) {
    const { limit, cursor, estimate, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const rows = await listDeliveries(this.ports.pool, filter, { before, limit: limit + 1 });
    return {
      ...pageOf(rows, limit, ({ at, id }) => [at, id], showDeliverySummary),
      estimate: estimate === 'true' ? await estimateList(this.ports.pool, deliveryEstimate(filter)) : null,
    };
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one delivery with every attempt.',
    role: 'viewer',
    params: byId,
    answer: deliveryAnswer,
  })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const [row] = await listWholeDeliveries(this.ports.pool, { id: only(id) }, { before: null, limit: 1 });
    if (!row) throw notFound('delivery', id);
    return showDelivery(row);
  }

  @Post('replay')
  @Operation({
    summary:
      'Sends deliveries again with the current template: what was parked, what waits for its next attempt, and with `force` ' +
      'also what was accepted. The delivery id stays the same, so that the receiver can recognise a repetition.',
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
