import { z } from 'zod';
import { Problem } from './problem.js';

/** Lists page by a cursor that is opaque to callers: the place of the last item, so that items
 *  which come in meanwhile neither shift nor hide anything. */

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
};

export const encodeCursor = (place: readonly string[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const wrong = () =>
  new Problem(422, 'cursor_invalid', 'the cursor must be one that a list answered as `next`', [
    { path: 'cursor', code: 'cursor_invalid', message: 'is not a cursor of this list' },
  ]);

/** The parts of a cursor; null without one. @throws Problem for a text that is no cursor with so
 *  many parts of these forms. */
export const decodeCursor = <Schemas extends readonly z.ZodType[]>(
  cursor: string | undefined,
  ...schemas: Schemas
): { [Index in keyof Schemas]: z.infer<Schemas[Index]> } | null => {
  if (cursor === undefined) return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw wrong();
  }
  if (!Array.isArray(parts) || parts.length !== schemas.length) throw wrong();
  const read = schemas.map((schema, index) => schema.safeParse(parts[index]));
  if (!read.every((result) => result.success)) throw wrong();
  return read.map((result) => result.data) as { [Index in keyof Schemas]: z.infer<Schemas[Index]> };
};

/** `rows` were asked for with one more than `limit`, to know whether there is a next page.
 *  `stoppedAt`: the list looked no further than this place, where the next page goes on. */
export const pageOf = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => readonly string[],
  show: (row: Row) => Item,
  stoppedAt: { at: string; id: string } | null = null,
): { items: Item[]; next: string | null } => {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const place = rows.length > limit && last !== undefined ? placeOf(last) : stoppedAt && [stoppedAt.at, stoppedAt.id];
  return { items: kept.map(show), next: place ? encodeCursor(place) : null };
};

export const listOf = (item: z.ZodType) => z.object({ items: z.array(item), next: z.string().nullable() });

/** The cursor of lists that are ordered by time and id. */
export const timeAndId = [z.iso.datetime(), z.uuid()] as const;
export const placeOf = (parts: readonly [string, string] | null): { at: string; id: string } | null =>
  parts && { at: parts[0], id: parts[1] };

/** A moment, as ISO text. `null` is rejected, because `Date` reads it as 1970 and a replay of
 *  everything would look like a replay of a range. So are the other texts that `Date` accepts,
 *  and years that Postgres does not know. */
export const moment = z
  .string()
  .regex(/^[1-9]\d{3}-\d\d-\d\d(?:T\d\d:\d\d.*)?$/, {
    error: 'must be a day or a time, such as 2026-03-01 or 2026-03-01T12:00:00Z',
    abort: true,
  })
  .refine((text) => !Number.isNaN(Date.parse(text)), 'is not a valid time; use ISO 8601, e.g. 2026-03-01T10:00:00Z')
  .transform((text) => new Date(text))
  .meta({ examples: ['2026-03-01T12:00:00Z'] });

/** From (inclusive) and to (exclusive), as ISO instants. */
export const timeRange = { from: moment.optional(), to: moment.optional() };

/** A list that says on request (`estimate=true`) about how many items it has in all. */
export const sizedPageQuery = { ...pageQuery, estimate: z.enum(['true', 'false']).optional() };
export const sizedListOf = (item: z.ZodType) => listOf(item).extend({ estimate: z.int().nullable() });
