import type { Queryable } from '../connection/database.js';

/** What a list filter lets through, or with `not` keeps out. An empty text means "has none": null
 *  in the table. */
export type Choice<Value extends string = string> = { not: boolean; values: readonly Value[] };

export const only = <Value extends string>(...values: Value[]): Choice<Value> => ({ not: false, values });

/** The meaning of a choice outside of SQL, for rows that are in memory. `choose` in SQL gives
 *  the same result. */
export const lets = (choice: Choice | undefined, value: string | null): boolean =>
  choice === undefined || choice.values.includes(value ?? '') !== choice.not;

/** Click ids of ours are stored in lower case, and networks send them back in either. Those of
 *  other trackers stay as they are. */
export const inAnyCase = (choice: Choice | undefined): Choice | undefined =>
  choice && { ...choice, values: [...new Set(choice.values.flatMap((value) => [value, value.toLowerCase()]))] };

/** Builds the `where` of a list from the filters that were given. Only these appear in the text,
 *  so that the planner sees which index serves. Every value is a parameter; texts come from this
 *  library only. */
type Conditions = {
  /** `$?` in the text is replaced by the value's parameter; an undefined value adds nothing. */
  and: (text: string, value: unknown) => ListFilter;
  /** Holds a column, or an expression, to a choice. */
  choose: (column: string, choice: Choice | undefined) => ListFilter;
  /** Holds a choice inside a subquery: `$?` in the text is replaced by the condition on
   *  `column`. */
  chooseIn: (text: string, column: string, choice: Choice | undefined) => ListFilter;
};
export type ListFilter = Conditions & {
  /** For conditions that no index serves: a list looks at a bounded number of rows for them. */
  unserved: Conditions;
  hasUnserved: () => boolean;
  where: () => string;
  whereServed: () => string;
  values: unknown[];
};

/** One value is compared with `=`, which lets an index give the order of the list. */
const conditionOf = (column: string, { not, values }: Choice, place: (value: unknown) => string): string => {
  const some = values.filter((value) => value !== '');
  const withNone = some.length < values.length;
  const [first] = some;
  const parts = [
    ...(withNone ? [`${column} is null`] : []),
    ...(some.length === 1 ? [`${column} = ${place(first)}`] : []),
    ...(some.length > 1 ? [`${column} = any(${place(some)})`] : []),
  ];
  const within = parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' or ')})`;
  return not ? `(${within}) is not true` : within;
};

export const createFilter = (): ListFilter => {
  const values: unknown[] = [];
  const [served, unserved]: [string[], string[]] = [[], []];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const conditions = (parts: string[]): Conditions => ({
    and(text, value) {
      if (value !== undefined) parts.push(text.replaceAll('$?', place(value)));
      return filter;
    },
    choose(column, choice) {
      if (choice !== undefined) parts.push(conditionOf(column, choice, place));
      return filter;
    },
    chooseIn(text, column, choice) {
      if (choice === undefined) return filter;
      const within = text.replaceAll('$?', conditionOf(column, { ...choice, not: false }, place));
      parts.push(choice.not ? `not ${within}` : within);
      return filter;
    },
  });
  const joined = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : parts.join(' and '));
  const filter: ListFilter = {
    ...conditions(served),
    unserved: conditions(unserved),
    hasUnserved: () => unserved.length > 0,
    where: () => joined([...served, ...unserved]),
    whereServed: () => joined(served),
    values,
  };
  return filter;
};

/** A place in a list that is ordered by (time, id). The time is text with microseconds: a
 *  JavaScript Date would cut it to milliseconds, and rows of the same millisecond would be
 *  skipped at the end of a page. */
type Place = { at: string; id: string };
export const placeText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** `before`: the place of the last row of the page before, in the order of the list. */
export type Page = { before: Place | null; limit: number };

export type List = {
  columns: string;
  from: string;
  /** The same rows without what only the columns need. */
  rowsFrom?: string;
  time: string;
  id: string;
  /** The type of the id; uuid unless given. */
  idType?: 'uuid' | 'text';
  filter: ListFilter;
  /** Newest first unless given. */
  order?: 'newest' | 'oldest';
  /** `small`: there are so few rows that all of them may be looked at. */
  size?: 'small';
};

/** `stoppedAt`: the page is not full because the list had looked at so many rows; it goes on after
 *  this place. */
export type ListRows<Row> = { rows: (Row & { at: string })[]; stoppedAt: Place | null };

/** Rows that a page is looked for among, where no index finds those that match: about a quarter of
 *  a second. */
const maxLooked = 50_000;

/** Where the rows to look at end; null: the list ends before. */
const endOfLook = async (
  db: Queryable,
  { from, rowsFrom = from, time, id, filter }: List,
  direction: 'asc' | 'desc',
): Promise<Place | null> => {
  // Postgres refuses parameters that the text does not use.
  const values: unknown[] = [];
  const where = filter.whereServed().replace(/\$(\d+)/g, (_, at) => `$${values.push(filter.values[Number(at) - 1])}`);
  const { rows } = await db.query<Place>(
    `select ${placeText('x.time')} as at, x.id::text as id from (
       select ${time} as time, ${id} as id from ${rowsFrom} where ${where}
       order by ${time} ${direction}, ${id} ${direction} offset ${maxLooked} limit 1) x`,
    values,
  );
  return rows[0] ?? null;
};

/** Runs a list, after the page's place. Each row carries `at` for the next cursor. */
export const runList = async <Row extends object>(db: Queryable, list: List, page: Page): Promise<ListRows<Row>> => {
  const { filter, time, id, idType = 'uuid', order = 'newest' } = list;
  const [direction, beyond, within] =
    order === 'newest' ? (['desc', '<', '>='] as const) : (['asc', '>', '<='] as const);
  const bound = (place: Place, comparison: typeof beyond | typeof within): void => {
    // The row comparison needs both values in one text, so the first is added on its own.
    filter.values.push(place.at);
    filter.and(`(${time}, ${id}) ${comparison} ($${filter.values.length}::timestamptz, $?::${idType})`, place.id);
  };
  if (page.before) bound(page.before, beyond);
  const end = filter.hasUnserved() && list.size !== 'small' ? await endOfLook(db, list, direction) : null;
  if (end) bound(end, within);
  filter.values.push(page.limit);
  const text = `select ${list.columns}, ${placeText(time)} as at from ${list.from}
    where ${filter.where()} order by ${time} ${direction}, ${id} ${direction} limit $${filter.values.length}`;
  const { rows } = await db.query<Row & { at: string }>(text, filter.values);
  return { rows, stoppedAt: rows.length < page.limit ? end : null };
};

/** How many rows a list has about, by the planner's statistics: costs a plan, reads no row. */
export const estimateList = async (db: Queryable, { from, filter }: Pick<List, 'from' | 'filter'>): Promise<number> => {
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) select from ${from} where ${filter.where()}`,
    filter.values,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
};
