import type { Queryable } from './database.js';

/** Builds the `where` of a list from the filters that were given: only those appear in the text, so
 * that the planner sees which index serves, instead of a row of `$1 is null or …`. Every value is
 * a parameter; texts come from this library only. */
export type ListFilter = {
  /** `$?` in the text is the place of the value. Adds nothing when the value is undefined. */
  and: (text: string, value: unknown) => ListFilter;
  where: () => string;
  values: unknown[];
};

export const createFilter = (): ListFilter => {
  const parts: string[] = [];
  const values: unknown[] = [];
  const filter: ListFilter = {
    values,
    and(text, value) {
      if (value === undefined) return filter;
      values.push(value);
      parts.push(text.replaceAll('$?', `$${values.length}`));
      return filter;
    },
    where: () => (parts.length === 0 ? 'true' : parts.join(' and ')),
  };
  return filter;
};

/** A place in a list ordered by (time, id), newest first. The time is text with microseconds: a
 * JavaScript Date would cut it to milliseconds, and rows of the same millisecond would be skipped
 * at the page's end. */
export type Place = { at: string; id: string };
export const placeText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export type Page = { before: Place | null; limit: number };

/** Runs a list: `columns` from `from`, filtered, newest first, after the page's place. Each row
 * carries `at` for the next cursor. */
export const runList = async <Row extends object>(
  db: Queryable,
  list: { columns: string; from: string; time: string; id: string; filter: ListFilter; page: Page },
): Promise<(Row & { at: string })[]> => {
  const { filter, page, time, id } = list;
  if (page.before) {
    // The row comparison needs both values in one text, so the first is added on its own.
    filter.values.push(page.before.at);
    filter.and(`(${time}, ${id}) < ($${filter.values.length}::timestamptz, $?::uuid)`, page.before.id);
  }
  filter.values.push(page.limit);
  const text = `select ${list.columns}, ${placeText(time)} as at from ${list.from}
    where ${filter.where()} order by ${time} desc, ${id} desc limit $${filter.values.length}`;
  return (await db.query<Row & { at: string }>(text, filter.values)).rows;
};
