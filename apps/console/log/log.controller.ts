import {
  countPostbacks,
  estimateList,
  listPostbacks,
  listWholePostbacks,
  only,
  postbackList,
  postbackSummaryGroups,
} from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { listPattern } from '../http/choice.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { decodeCursor, pageOf, placeOf, sizedListOf, sizedPageQuery, timeAndId } from '../http/page.js';
import {
  postbackAnswer,
  postbackFilters,
  postbackSummaryAnswer,
  showPostback,
  showPostbackSummary,
} from './postback-answer.js';

/** The log of every inbound call, found by what a partner manager knows of it: a time, a click
 *  id, a transaction id, a reason. Refused calls are listed beside applied ones (P2). */

export const postbackQuery = z.strictObject({ ...sizedPageQuery, ...postbackFilters });
const byId = z.object({ id: z.uuid() });

const dayMs = 86_400_000;
const summaryQuery = z.strictObject({
  groupBy: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(postbackSummaryGroups)).min(1).max(5))
    .prefault('state,refusal')
    .meta({ pattern: listPattern(postbackSummaryGroups.join('|')) }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  ...postbackFilters,
});
const summaryAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime().nullable(),
  groupBy: z.array(z.enum(postbackSummaryGroups)),
  items: z.array(
    z.object({
      key: z.array(z.string().nullable()),
      count: z.int(),
      lastAt: z.iso.datetime(),
      sampleId: z.uuid(),
    }),
  ),
  truncated: z.boolean(),
});

@Controller('api/v1/postbacks')
export class LogController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'now'>) {}

  @Get()
  @Operation({
    summary: 'Lists inbound calls, newest first, each as it was read; the call itself is read by its id.',
    role: 'viewer',
    query: postbackQuery,
    answer: sizedListOf(postbackSummaryAnswer),
  })
  async list(@Input() { query }: Pick<Given<unknown, z.infer<typeof postbackQuery>>, 'query'>) {
    const { limit, cursor, estimate, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const { rows, stoppedAt } = await listPostbacks(this.ports.pool, filter, { before, limit: limit + 1 });
    return {
      ...pageOf(rows, limit, ({ at, id }) => [at, id], showPostbackSummary, stoppedAt),
      estimate: estimate === 'true' ? await estimateList(this.ports.pool, postbackList(filter)) : null,
    };
  }

  @Get('summary')
  @Operation({
    summary:
      'Counts inbound calls by what is the same of them, most first, with the newest of each as a sample; the last 24 hours ' +
      'unless `from` is given.',
    role: 'viewer',
    query: summaryQuery,
    answer: summaryAnswer,
  })
  async summarisePostbacks(@Input() { query }: Given<unknown, z.infer<typeof summaryQuery>>) {
    const { groupBy, limit, ...filter } = query;
    const from = filter.from ?? new Date(this.ports.now().getTime() - dayMs);
    const items = await countPostbacks(this.ports.pool, { ...filter, from }, groupBy, limit + 1);
    return {
      from,
      to: filter.to ?? null,
      groupBy,
      items: items.slice(0, limit),
      truncated: items.length > limit,
    };
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one inbound call: as it came, how each field was read, what it became.',
    role: 'viewer',
    params: byId,
    answer: postbackAnswer,
  })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const found = await listWholePostbacks(this.ports.pool, { id: only(id) }, { before: null, limit: 1 });
    const [row] = found.rows;
    if (!row) throw notFound('postback', id);
    return showPostback(row);
  }
}
