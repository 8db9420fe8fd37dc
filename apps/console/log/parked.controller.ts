import { topicNamed, topics, type ParkedV1 } from '#contracts';
import { done, type Verdict } from '#domain';
import { BatchPattern, type Batch } from '#kafka';
import { findParked, insertParked, listParked, resolveParked, type ParkedPlace, type ParkedRow } from '#postgres';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { z } from 'zod';
import { audited } from '../access/audit.js';
import { Input, Operation, type Given } from '../http/operation.js';
import { consolePorts, type ConsolePorts } from '../ports.js';
import { notFound, Problem } from '../http/problem.js';
import { decodeCursor, encodeCursor, listOf, pageOf, pageQuery, timeRange } from '../http/page.js';

/** What was set aside because it could not be read or handled: taken from its topic into Postgres, shown, and put back when the reason
 *  has been mended. Nothing here is ever dropped; a dismissed record stays and says so. */

const parkedQuery = z.strictObject({
  ...pageQuery,
  topic: z.string().max(100).optional(),
  reason: z.string().max(100).optional(),
  consumer: z.string().max(200).optional(),
  resolved: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  ...timeRange,
});
const idSchema = z.string().max(500);
const byId = z.object({ id: idSchema });
const parkedAnswer = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  consumer: z.string(),
  key: z.string().nullable(),
  value: z.string().nullable(),
  valueEncoding: z.enum(['utf8', 'base64']).nullable(),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
  error: z.string().nullable(),
  parkedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  resolution: z.enum(['released', 'dismissed']).nullable(),
});

const partsOf = ({ topic, partition, offset, consumer }: ParkedPlace) => [topic, String(partition), offset, consumer];
const whole = z.string().regex(/^\d{1,19}$/);
const placeSchemas = [z.string(), whole, whole, z.string()] as const;
const placeFrom = ([topic, partition, offset, consumer]: readonly [string, string, string, string]): ParkedPlace => ({
  topic,
  partition: Number(partition),
  offset,
  consumer,
});

/** An id is written as a cursor is; null: nothing here has such an id. */
const placeOfId = (id: string): ParkedPlace | null => {
  try {
    return placeFrom(decodeCursor(id, ...placeSchemas) as [string, string, string, string]);
  } catch (thrown) {
    if (thrown instanceof Problem) return null;
    throw thrown;
  }
};

const show = (row: ParkedRow & { at?: string }) => {
  const { value, at: _at, ...rest } = row;
  const utf8 = value?.toString('utf8') ?? null;
  const faithful = utf8 !== null && value !== null && Buffer.from(utf8).equals(value);
  return {
    id: encodeCursor(partsOf(row)),
    ...rest,
    value: faithful ? utf8 : (value?.toString('base64') ?? null),
    valueEncoding: value === null ? null : faithful ? ('utf8' as const) : ('base64' as const),
  };
};

@Controller('api/v1/parked')
export class ParkedController {
  constructor(@Inject(consolePorts) private readonly ports: Pick<ConsolePorts, 'pool' | 'dataSource' | 'produce'>) {}

  /** Throws when Postgres is away: then nothing is committed and the batch comes again. */
  @BatchPattern(topics.parked.name)
  async take(@Payload() batch: Batch<ParkedV1>): Promise<Verdict[]> {
    await insertParked(
      this.ports.pool,
      batch.messages.map(({ value }) => value),
    );
    return batch.messages.map(() => done);
  }

  @Get()
  @Operation({
    summary: 'Lists records that were set aside, newest first.',
    role: 'viewer',
    query: parkedQuery,
    answer: listOf(parkedAnswer),
  })
  async list(@Input() { query }: Given<unknown, z.infer<typeof parkedQuery>>) {
    const { limit, cursor, ...filter } = query;
    const place = decodeCursor(cursor, z.iso.datetime(), ...placeSchemas);
    const before = place && { at: place[0], ...placeFrom([place[1], place[2], place[3], place[4]]) };
    const rows = await listParked(this.ports.pool, filter, { before, limit: limit + 1 });
    return pageOf(rows, limit, (row) => [row.at, ...partsOf(row)], show);
  }

  @Post(':id/release')
  @Operation({
    summary: 'Puts a record back on its topic, as it was, to be handled again.',
    role: 'editor',
    params: byId,
    answer: parkedAnswer,
  })
  async release(@Input() given: Given<{ id: string }>) {
    const { place, row } = await this.open(given.params.id);
    if (row.value === null)
      throw new Problem(
        409,
        'value_missing',
        'its value was empty or too large to be kept here; it stays on its topic only',
      );
    if (!topicNamed(row.topic)) throw new Problem(409, 'topic_unknown', `there is no topic ${row.topic} any more`);
    const key = row.key ?? `${row.topic}/${row.partition}/${row.offset}`;
    await this.ports.produce([{ topic: row.topic, key, value: row.value, headers: row.headers }]);
    return this.resolve(place, 'released', given);
  }

  @Post(':id/dismiss')
  @Operation({
    summary: 'Notes that a record needs nothing more; it stays in the list of the resolved.',
    role: 'editor',
    params: byId,
    answer: parkedAnswer,
  })
  async dismiss(@Input() given: Given<{ id: string }>) {
    const { place } = await this.open(given.params.id);
    return this.resolve(place, 'dismissed', given);
  }

  private async open(id: string): Promise<{ place: ParkedPlace; row: ParkedRow }> {
    const place = placeOfId(id);
    const row = place && (await findParked(this.ports.pool, place));
    if (!place || !row) throw notFound('parked record', id);
    if (row.resolvedAt) throw new Problem(409, 'resolved', `this record was ${row.resolution} already`);
    return { place, row };
  }

  private async resolve(place: ParkedPlace, resolution: 'released' | 'dismissed', given: Given) {
    const key = `${place.topic}/${place.partition}/${place.offset}`;
    await audited(this.ports.dataSource, given.actor, async ({ db, audit }) => {
      if (await resolveParked(db, place, resolution)) await audit({ action: resolution, kind: 'parked', key });
    });
    return show((await findParked(this.ports.pool, place))!);
  }
}
