import { deliveryEstimate, estimateList, listDeliveries, listWholeDeliveries, only } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { acceptedAnswer, submitJob, wantsJob } from '../jobs/submit.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { decodeCursor, pageOf, placeOf, sizedListOf, sizedPageQuery, timeAndId } from '../http/page.js';
import {
  deliveryAnswer,
  deliveryFilters,
  deliverySummaryAnswer,
  showDelivery,
  showDeliverySummary,
} from './delivery-answer.js';
import { replayAnswer, replayAtOnce, replayBody, type ReplayAnswer, type ReplayBody } from './delivery-replay.js';

/** What was sent to ad networks, or is still owed: each delivery with every attempt, its URL as
 *  sent and the answer. */

export const deliveryQuery = z.strictObject({ ...sizedPageQuery, ...deliveryFilters });
const byId = z.object({ id: z.uuid() });

@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'now'>) {}

  @Get()
  @Operation({
    summary: 'Lists deliveries with their last attempt, newest first; all attempts are read by the id.',
    role: 'viewer',
    query: deliveryQuery,
    answer: sizedListOf(deliverySummaryAnswer),
  })
  async list(@Input() { query }: Pick<Given<unknown, z.infer<typeof deliveryQuery>>, 'query'>) {
    const { limit, cursor, estimate, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const { rows, stoppedAt } = await listDeliveries(this.ports.pool, filter, { before, limit: limit + 1 });
    return {
      ...pageOf(rows, limit, ({ at, id }) => [at, id], showDeliverySummary, stoppedAt),
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
    const found = await listWholeDeliveries(this.ports.pool, { id: only(id) }, { before: null, limit: 1 });
    const [row] = found.rows;
    if (!row) throw notFound('delivery', id);
    return showDelivery(row);
  }

  @Post('replay')
  @Operation({
    summary:
      'Sends deliveries again with the current template: what was parked, what waits for its next attempt, and with `force` ' +
      'also what was accepted. The delivery id stays the same, so that the receiver can recognise a repetition. ' +
      'At most 100,000 at once; with `Prefer: respond-async` it is a job for any number, and answers 202.',
    role: 'editor',
    body: replayBody,
    answer: replayAnswer,
    isJob: acceptedAnswer,
    errors: ['too_many_jobs'],
  })
  replay(@Input() given: Given<unknown, unknown, ReplayBody>): Promise<ReplayAnswer | z.infer<typeof acceptedAnswer>> {
    // The body as received: a parsed filter holds dates, which are not JSON.
    const params = given.request.body as object;
    if (wantsJob(given)) return submitJob(this.ports, given, { kind: 'deliveries.replay', params });
    return replayAtOnce(this.ports, given.actor, given.body);
  }
}
