import { readPostback } from '#contracts';
import { refusals } from '#domain';
import { listPostbacks, type PostbackRow } from '#postgres';
import { Controller, Get, Inject } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound } from '../http/problem.js';
import { decodeCursor, listOf, pageOf, pageQuery, placeOf, timeAndId, timeRange } from '../http/page.js';

/** The log of every inbound call, found by what somebody on the phone with a network knows: a time, a click id, a transaction id, a
 *  reason. Nothing is left out of it: what was refused stands beside what was applied (P2). */

const states = ['applied', 'duplicate', 'refused', 'orphan', 'parked'] as const;
const filters = {
  clickId: z.string().max(200).optional(),
  transactionId: z.string().max(500).optional(),
  conversionId: z.uuid().optional(),
  networkKey: z.string().max(63).optional(),
  state: z.enum(states).optional(),
  refusal: z.enum(refusals.map(({ code }) => code) as [string, ...string[]]).optional(),
  channel: z.enum(['postback', 'upload', 'replay']).optional(),
  ...timeRange,
};
const postbackQuery = z.strictObject({ ...pageQuery, id: z.uuid().optional(), ...filters });
const byId = z.object({ id: z.uuid() });

export const postbackAnswer = z.object({
  id: z.uuid(),
  receivedAt: z.iso.datetime(),
  networkKey: z.string().nullable(),
  state: z.enum(states),
  refusal: z.string().nullable(),
  explanation: z.object({ sentence: z.string(), remedy: z.string(), replayable: z.boolean() }).nullable(),
  read: readPostback,
  problems: z.array(z.object({ code: z.string(), param: z.string().nullable() })),
  conversionId: z.uuid().nullable(),
  raw: z.object({
    method: z.string(),
    target: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
    bodyEncoding: z.enum(['utf8', 'base64']),
    remoteAddress: z.string().nullable(),
  }),
  channel: z.string(),
  authenticatedBy: z.string(),
  test: z.boolean(),
  suppressDelivery: z.boolean(),
  decidedAt: z.iso.datetime(),
  replays: z.array(z.unknown()),
});

const explanations = new Map(
  refusals.map(({ code, sentence, remedy, replayable }) => [code as string, { sentence, remedy, replayable }]),
);

export const showPostback = ({ at: _at, ...row }: PostbackRow & { at: string }) => ({
  ...row,
  explanation: row.refusal === null ? null : (explanations.get(row.refusal) ?? null),
});

@Controller('api/v1')
export class LogController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool'>) {}

  @Get('postbacks')
  @Operation({
    summary: 'Lists inbound calls, newest first.',
    role: 'viewer',
    query: postbackQuery,
    answer: listOf(postbackAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof postbackQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, ...timeAndId));
    const rows = await listPostbacks(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, ({ at, id }) => [at, id], showPostback);
  }

  @Get('postbacks/:id')
  @Operation({
    summary: 'Reads one inbound call: as it came, how each field was read, what it became.',
    role: 'viewer',
    params: byId,
    answer: postbackAnswer,
  })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const [row] = await listPostbacks(this.ports.pool, { id }, { before: null, limit: 1 });
    if (!row) throw notFound('postback', id);
    return showPostback(row);
  }
}
