import { conversionStates } from '#domain';
import { listDeliveries, type AttemptRow, type DeliveryRow } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../problem.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId, timeRange } from './page.js';

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

export const showDelivery = ({ at: _at, ...delivery }: DeliveryRow & { at: string; attempts: AttemptRow[] }) =>
  delivery;

@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool'>) {}

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
}
