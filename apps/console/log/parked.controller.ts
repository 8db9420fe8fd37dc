import { postbackReceivedV1, topicNamed, topics, type ParkedV1 } from '#contracts';
import { done, type Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import {
  findParked,
  insertParked,
  listParked,
  resolveParked,
  type ParkedPlace,
  type ParkedRecord,
  type ParkedSummary,
} from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { choiceOf, yesOrNo } from '../http/choice.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound, Problem } from '../http/problem.js';
import { decodeCursor, encodeCursor, listOf, pageOf, pageQuery, placeOf, timeRange } from '../http/page.js';

/** Records that were set aside because they could not be read or handled: copied from their
 *  topic into Postgres, shown, and put back on their topic when the reason is fixed. No record
 *  is ever dropped; a dismissed one stays and says so. */

const parkedQuery = z.strictObject({
  ...pageQuery,
  topic: choiceOf(z.string().max(100)),
  reason: choiceOf(z.string().max(100)),
  consumer: choiceOf(z.string().max(200)),
  resolved: yesOrNo,
  ...timeRange,
});
const idSchema = z.string().max(500);
const byId = z.object({ id: idSchema });
const parkedSummaryAnswer = z
  .object({
    id: z.string(),
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
    consumer: z.string(),
    key: z.string().nullable(),
    valueBytes: z.int().nullable(),
    reason: z.string(),
    error: z.string().nullable(),
    parkedAt: z.iso.datetime(),
    resolvedAt: z.iso.datetime().nullable(),
    resolution: z.enum(['released', 'dismissed']).nullable(),
  })
  .meta({ id: 'ParkedSummary' });
const parkedAnswer = parkedSummaryAnswer
  .extend({
    value: z.string().nullable(),
    valueEncoding: z.enum(['utf8', 'base64']).nullable(),
    headers: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ParkedRecord' });

const partsOf = ({ topic, partition, offset, consumer }: ParkedPlace) => [topic, String(partition), offset, consumer];
const whole = z.string().regex(/^\d{1,19}$/);
const placeSchemas = [z.string(), whole, whole, z.string()] as const;
const placeFrom = ([topic, partition, offset, consumer]: readonly [string, string, string, string]): ParkedPlace => ({
  topic,
  partition: Number(partition),
  offset,
  consumer,
});

/** Decodes an id, which is written like a cursor; null: no record can have it. */
const placeOfId = (id: string): ParkedPlace | null => {
  try {
    return placeFrom(decodeCursor(id, ...placeSchemas) as [string, string, string, string]);
  } catch (thrown) {
    if (thrown instanceof Problem) return null;
    throw thrown;
  }
};

const showSummary = ({ at: _at, place: _place, ...row }: ParkedSummary & { at: string }) => ({
  id: encodeCursor(partsOf(row)),
  ...row,
});

const show = ({ value, headers, ...row }: ParkedRecord) => {
  const utf8 = value?.toString('utf8') ?? null;
  const faithful = utf8 !== null && value !== null && Buffer.from(utf8).equals(value);
  return {
    id: encodeCursor(partsOf(row)),
    ...row,
    valueBytes: value?.length ?? null,
    headers,
    value: faithful ? utf8 : (value?.toString('base64') ?? null),
    valueEncoding: value === null ? null : faithful ? ('utf8' as const) : ('base64' as const),
  };
};

/** A parked postback is already in the log, as `parked`. Its record goes back marked as a
 *  replay, so that it is decided again under the current settings. Every other record goes back
 *  unchanged. */
const releasedValue = (topic: string, value: Buffer): Buffer | string => {
  if (topic !== topics.postbacks.name) return value;
  try {
    const read = postbackReceivedV1.safeParse(JSON.parse(value.toString('utf8')));
    return read.success ? JSON.stringify({ ...read.data, channel: 'replay' }) : value;
  } catch {
    return value;
  }
};

@Controller('api/v1/parked')
export class ParkedController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'dataSource' | 'pool' | 'produce'>) {}

  /** Throws when Postgres is away: then the offset is not committed and the batch is read again. */
  @BatchPattern(topics.parked.name)
  async take(@Payload() batch: Batch<ParkedV1>): Promise<Verdict[]> {
    await insertParked(
      this.ports.dataSource,
      batch.messages.map(({ value }) => value),
    );
    return batch.messages.map(() => done);
  }

  @Get()
  @Operation({
    summary: 'Lists records that were set aside, newest first; the record itself is read by its id.',
    role: 'viewer',
    query: parkedQuery,
    answer: listOf(parkedSummaryAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof parkedQuery>>) {
    const { limit, cursor, ...filter } = query;
    const before = placeOf(decodeCursor(cursor, z.iso.datetime(), z.string().max(500)));
    const { rows, stoppedAt } = await listParked(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, ({ at, place }) => [at, place], showSummary, stoppedAt);
  }

  @Get(':id')
  @Operation({
    summary: 'Reads one record that was set aside, with its value and headers.',
    role: 'viewer',
    params: byId,
    answer: parkedAnswer,
  })
  async read(@Input() { params: { id } }: Given<{ id: string }>) {
    const place = placeOfId(id);
    const row = place && (await findParked(this.ports.dataSource, place));
    if (!row) throw notFound('parked record', id);
    return show(row);
  }

  @Post(':id/release')
  @Operation({
    summary: 'Puts a record back on its topic, so that it is handled again; a postback as a replay.',
    role: 'editor',
    params: byId,
    answer: parkedAnswer,
    errors: ['resolved', 'value_missing', 'topic_unknown'],
  })
  async release(@Input() given: Given<{ id: string }>) {
    const { place, row } = await this.open(given.params.id);
    if (row.value === null)
      throw new Problem(
        409,
        'value_missing',
        'its value was empty or too large to be copied here; the record is on its topic only',
      );
    if (!topicNamed(row.topic)) throw new Problem(409, 'topic_unknown', `there is no topic ${row.topic}`);
    const key = row.key ?? `${row.topic}/${row.partition}/${row.offset}`;
    await this.ports.produce([
      { topic: row.topic, key, value: releasedValue(row.topic, row.value), headers: row.headers },
    ]);
    return this.resolve(place, 'released', given);
  }

  @Post(':id/dismiss')
  @Operation({
    summary: 'Marks a record as settled; it stays in the list of resolved records.',
    role: 'editor',
    params: byId,
    answer: parkedAnswer,
    errors: ['resolved'],
  })
  async dismiss(@Input() given: Given<{ id: string }>) {
    const { place } = await this.open(given.params.id);
    return this.resolve(place, 'dismissed', given);
  }

  private async open(id: string): Promise<{ place: ParkedPlace; row: ParkedRecord }> {
    const place = placeOfId(id);
    const row = place && (await findParked(this.ports.dataSource, place));
    if (!place || !row) throw notFound('parked record', id);
    if (row.resolvedAt) throw new Problem(409, 'resolved', `this record was already ${row.resolution}`);
    return { place, row };
  }

  private async resolve(place: ParkedPlace, resolution: 'released' | 'dismissed', given: Given) {
    const key = `${place.topic}/${place.partition}/${place.offset}`;
    await audited(this.ports.dataSource, given.actor, async ({ manager, audit }) => {
      if (await resolveParked(manager, place, resolution)) await audit({ action: resolution, kind: 'parked', key });
    });
    return show((await findParked(this.ports.dataSource, place))!);
  }
}
