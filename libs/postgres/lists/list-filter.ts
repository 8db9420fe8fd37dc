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

/** Where a list begins: the rows that one index gives in the order of the list. */
export type Branch = {
  /** Values to be looked up one by one, as `v`. */
  each?: string;
  /** The first column of the index, and the value that all of the rows have there. */
  key?: { column: string; value: string };
  where?: string;
  /** How many values that are. */
  parts: number;
};
/** A bound of the time of a list, or with an id of its place. */
export type Bound = { than: '<' | '<=' | '>' | '>='; at: string; atMs: number; id?: string };

/** A condition that an index serves. `few`: one value has so few rows that they are read and
 *  sorted. */
export type Driver = { where: string; branches: (() => readonly Branch[]) | 'few' };

type IndexOptions = {
  type?: 'text' | 'uuid' | 'boolean';
  /** Whether the index holds rows without a value. */
  none?: boolean;
  /** The condition of a partial index that does not follow from the value. */
  also?: string;
};

/** Builds the `where` of a list from the filters that were given. Only these appear in the text,
 *  so that the planner sees which index serves. Every value is a parameter; texts come from this
 *  library only. */
type Conditions = {
  /** `$?` in the text is replaced by the value's parameter; an undefined value adds nothing. */
  and: (text: string, value?: unknown) => ListFilter;
  /** Holds a column, or an expression, to a choice. */
  choose: (column: string, choice: Choice | undefined) => ListFilter;
  /** Holds a choice inside a subquery: `$?` in the text is replaced by the condition on
   *  `column`. */
  chooseIn: (text: string, column: string, choice: Choice | undefined) => ListFilter;
};

/** The conditions of a list. One index serves one of them, see `run-list.ts`; for all others a list
 *  looks at a bounded number of rows. */
export type ListFilter = Conditions & {
  /** Bounds of the time that orders the list, which every index serves. */
  bound: (than: Bound['than'], value: Date | string | undefined) => ListFilter;
  bounds: readonly Bound[];
  /** Chooses by a column that has an index in the order of the list, `(column, time, id)`. */
  byIndex: (column: string, choice: Choice | undefined, options?: IndexOptions) => ListFilter;
  /** Chooses by a column that has an index, and few rows of one value. */
  byFew: (column: string, choice: Choice | undefined) => ListFilter;
  /** The same for a condition. */
  andFew: (text: string, value: unknown) => ListFilter;
  /** Several indexes that have the order of the list; together they hold what `where` lets through.
   */
  byBranches: (where: string, branches: () => readonly Branch[]) => ListFilter;
  /** Conditions that an index serves, in the order in which they were given. */
  drivers: readonly Driver[];
  /** Conditions that no index serves and that are no bounds. */
  others: readonly string[];
  /** Everything. */
  where: () => string;
  place: (value: unknown) => string;
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

export const joined = (parts: readonly string[]): string => (parts.length === 0 ? 'true' : parts.join(' and '));

/** Each value of a choice is a scan of its own, which Postgres has to plan. */
const maxBranches = 10;

/** Whether the rows of the choice are together in an index, for each of its values. */
const isIndexed = ({ not, values }: Choice, { none = false }: IndexOptions): boolean =>
  !not && (none || !values.includes(''));

const branchesOf = (
  column: string,
  { values }: Choice,
  { type = 'text', also }: IndexOptions,
  place: (value: unknown) => string,
): Branch[] => {
  const where = also === undefined ? {} : { where: also };
  return [...new Set(values)].map((value) =>
    value === ''
      ? { where: joined([`${column} is null`, ...Object.values(where)]), parts: 1 }
      : { key: { column, value: `${place(value)}::${type}` }, ...where, parts: 1 },
  );
};

type Parts = { values: unknown[]; bounds: Bound[]; others: string[]; drivers: Driver[] };

const conditions = (parts: string[], place: (value: unknown) => string, filter: () => ListFilter): Conditions => ({
  and(text, ...given) {
    const [value] = given;
    if (given.length === 0) parts.push(text);
    else if (value !== undefined) parts.push(text.replaceAll('$?', place(value)));
    return filter();
  },
  choose(column, choice) {
    if (choice !== undefined) parts.push(conditionOf(column, choice, place));
    return filter();
  },
  chooseIn(text, column, choice) {
    if (choice === undefined) return filter();
    const within = text.replaceAll('$?', conditionOf(column, { ...choice, not: false }, place));
    parts.push(choice.not ? `not ${within}` : within);
    return filter();
  },
});

/** @param time what orders the list */
export const createFilter = (time = ''): ListFilter => {
  const parts: Parts = { values: [], bounds: [], others: [], drivers: [] };
  const place = (value: unknown): string => `$${parts.values.push(value)}`;
  const others = conditions(parts.others, place, () => filter);
  const drive = (where: string, branches: Driver['branches']): ListFilter => {
    parts.drivers.push({ where, branches });
    return filter;
  };
  const filter: ListFilter = {
    ...others,
    bounds: parts.bounds,
    bound(than, value) {
      if (value !== undefined) parts.bounds.push({ than, at: place(value), atMs: new Date(value).getTime() });
      return filter;
    },
    byIndex(column, choice, options = {}) {
      if (choice === undefined) return filter;
      const isServed = isIndexed(choice, options) && choice.values.length <= maxBranches;
      if (!isServed) return others.choose(column, choice);
      const all = joined([conditionOf(column, choice, place), ...(options.also === undefined ? [] : [options.also])]);
      return drive(all, () => branchesOf(column, choice, options, place));
    },
    byFew(column, choice) {
      if (choice === undefined) return filter;
      if (!isIndexed(choice, {})) return others.choose(column, choice);
      return drive(conditionOf(column, choice, place), 'few');
    },
    andFew: (text, value) => (value === undefined ? filter : drive(text.replaceAll('$?', place(value)), 'few')),
    byBranches: drive,
    drivers: parts.drivers,
    others: parts.others,
    where: () =>
      joined([
        ...parts.drivers.map(({ where }) => where),
        ...parts.bounds.map(({ than, at }) => `${time} ${than} ${at}`),
        ...parts.others,
      ]),
    place,
    values: parts.values,
  };
  return filter;
};
