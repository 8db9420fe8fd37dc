import type { Queryable } from '../connection/database.js';
import { joined, type Bound, type Branch, type Driver, type ListFilter } from './list-filter.js';

/** Reads one page of a list. A list reads no more than its page where an index serves its one
 *  filter. With several it goes by the index with the fewest rows; where that one has many too, it
 *  looks at a bounded number of them and says where it stopped. */

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
  /** The same where what is joined is looked up for one row at a time; `from` is for few rows. */
  fromEach?: string;
  /** The rows alone, for the driver and the bounds. */
  rowsFrom?: string;
  time: string;
  /** A day where the list is ordered by days; its text is then its place. */
  timeType?: 'timestamptz' | 'date';
  id: string;
  /** The type of the id; uuid unless given. */
  idType?: 'uuid' | 'text';
  /** The name of the id among the columns; `id` unless given. */
  idName?: string;
  filter: ListFilter;
  /** Newest first unless given. */
  order?: 'newest' | 'oldest';
  /** Ids of one time, where they are not in the order of the list. */
  idOrder?: 'asc';
  /** `small`: there are so few rows that all of them may be looked at. */
  size?: 'small';
};

/** `stoppedAt`: the page is not full because the list had looked at so many rows; it goes on after
 *  this place. */
export type ListRows<Row> = { rows: (Row & { at: string })[]; stoppedAt: Place | null };

/** Rows that a page is looked for among, where no index finds those that match. Most pages are
 *  found in the first look; the last one takes about a quarter of a second. */
export const lookRows = { first: 2_000, last: 50_000 };

const timeText = ({ timeType }: List, time: string): string =>
  timeType === 'date' ? `${time}::text` : placeText(time);

/** Adding nothing to a time keeps an index from serving it. */
const zeroOf = ({ timeType }: List): string => (timeType === 'date' ? '0' : "interval '0'");

const directionsOf = ({ order = 'newest', idOrder }: List) => {
  const time = order === 'newest' ? ('desc' as const) : ('asc' as const);
  return { time, id: idOrder ?? time };
};
const orderBy = (list: List, time: string, id: string): string => {
  const directions = directionsOf(list);
  return `${time} ${directions.time}, ${id} ${directions.id}`;
};

const beyond = { desc: '<', asc: '>' } as const;
const upTo = { desc: '>=', asc: '<=' } as const;

/** The conditions of a bound, as an index serves it. */
const boundTexts = (list: List, { than, at, id }: Bound): string[] => {
  const { time, timeType = 'timestamptz', idType = 'uuid' } = list;
  const moment = `${at}::${timeType}`;
  const directions = directionsOf(list);
  const [strictly, loosely] = [than.charAt(0), `${than.charAt(0)}=`];
  if (id === undefined) return [`${time} ${than} ${moment}`];
  // Two bounds of a row of columns are no range to the planner, which estimates too many rows.
  const estimated = `${time} ${loosely} ${moment}`;
  if (directions.time === directions.id)
    return [`(${time}, ${list.id}) ${than} (${moment}, ${id}::${idType})`, estimated];
  // An index serves the times only; the rest is of one day.
  const idThan = (than === beyond[directions.time] ? beyond : upTo)[directions.id];
  return [estimated, `(${time} ${strictly} ${moment} or ${list.id} ${idThan} ${id}::${idType})`];
};

const nearest = (bounds: readonly Bound[], side: '<' | '>'): Bound | null => {
  const sign = side === '<' ? 1 : -1;
  return bounds.reduce<Bound | null>((near, each) => (near && sign * (near.atMs - each.atMs) < 0 ? near : each), null);
};

/** A scan begins at the first bound of its side that Postgres meets. So the nearest bound is the
 *  only one that an index may serve: of the others the time is made an expression. */
const within = (list: List, bounds: readonly Bound[]): string[] => {
  const { time, timeType = 'timestamptz' } = list;
  return (['<', '>'] as const).flatMap((side) => {
    const own = bounds.filter(({ than }) => than.startsWith(side));
    const near = nearest(own, side);
    if (near === null) return [];
    const others = own.filter((each) => each !== near);
    return [
      ...boundTexts(list, near),
      ...others.map(({ than, at, id }) => {
        const loosely = id === undefined ? than : `${side}=`;
        return `${time} + ${zeroOf(list)} ${loosely} ${at}::${timeType}`;
      }),
    ];
  });
};

/** Postgres refuses parameters that the text does not use. */
const ask = async <Row extends object>(db: Queryable, text: string, values: readonly unknown[]): Promise<Row[]> => {
  const places = new Map<string, number>();
  const used: unknown[] = [];
  const numbered = text.replace(/\$(\d+)/g, (_, at: string) => {
    const place = places.get(at) ?? used.push(values[Number(at) - 1]);
    places.set(at, place);
    return `$${place}`;
  });
  return (await db.query<Row>(numbered, used)).rows;
};

/** A list that goes by one of the indexes that serve it. */
type Scanned = List & { branches: readonly Branch[]; others: readonly string[]; isFew: boolean };

/** One for each index that the list can go by; of those with few rows one is enough. */
const waysOf = (list: List): readonly [Scanned, ...Scanned[]] => {
  const { filter, from, fromEach = from, size } = list;
  const { drivers } = filter;
  const othersOf = (driver?: Driver): string[] => [
    ...drivers.filter((each) => each !== driver).map(({ where }) => where),
    ...filter.others,
  ];
  const few = drivers.find(({ branches }) => branches === 'few');
  if (few || size === 'small') {
    const branches = [{ where: few?.where ?? 'true', parts: 1 }];
    return [{ ...list, branches, others: othersOf(few), isFew: true }];
  }
  const by = (driver?: Driver): Scanned => {
    const branches = driver && driver.branches !== 'few' ? driver.branches() : [{ parts: 1 }];
    return { ...list, from: fromEach, branches, others: othersOf(driver), isFew: false };
  };
  const [first, ...others] = drivers;
  return [by(first), ...others.map(by)];
};

type Scan = { columns: string; from: string; others: readonly string[]; cut: string };

/** The rows of one branch in the order of the list.
 *
 *  - The order begins with the branch's key, though all of its rows have the same, and a list of
 *    twice the value is no constant to the planner: only the index that begins with the key has
 *    this order. Else Postgres may walk the whole table by time.
 *  - Other conditions are held against these rows alone (`offset 0`). Else another index may read
 *    all rows that meet one of them.
 *  - Few rows are sorted by an expression, so that they are not looked for by time. */
const scanOf = (
  list: Scanned,
  branch: Branch,
  bounds: readonly Bound[],
  { columns, from, others, cut }: Scan,
): string => {
  const { key, where } = branch;
  const { time, id, rowsFrom = list.from } = list;
  const conditions = [
    ...(key ? [`${key.column} = any(array[${key.value}, ${key.value}])`] : []),
    ...within(list, [...list.filter.bounds, ...bounds]),
    ...(where === undefined ? [] : [where]),
  ];
  const first = key ? `${key.column} ${directionsOf(list).time}, ` : '';
  const order = `order by ${first}${orderBy(list, list.isFew ? `${time} + ${zeroOf(list)}` : time, id)}`;
  if (list.isFew || others.length === 0)
    return `select ${columns} from ${from} where ${joined([...conditions, ...others])} ${order} ${cut}`;
  const rows = `(select * from ${rowsFrom} where ${joined(conditions)} ${order} offset 0) ${rowsFrom.split(' ').at(-1)}`;
  return `select ${columns} from ${from.replace(rowsFrom, () => rows)} where ${joined(others)} ${order} ${cut}`;
};

const scans = (list: Scanned, bounds: readonly Bound[], scan: Scan): string[] =>
  list.branches.map((branch) => {
    const text = scanOf(list, branch, bounds, scan);
    return branch.each === undefined ? text : `select s.* from ${branch.each} cross join lateral (${text}) s`;
  });
const isOneScan = ([first, ...others]: readonly Branch[]): boolean => others.length === 0 && first?.each === undefined;
const together = (texts: readonly string[]): string => texts.map((text) => `(${text})`).join(' union all ');

/** Where the rows to look at end; null: the list ends before. */
const endOfLook = async (
  db: Queryable,
  list: Scanned,
  bounds: readonly Bound[],
  rows: number,
): Promise<Place | null> => {
  const { time, id, filter, from, rowsFrom = from } = list;
  const parts = list.branches.reduce((sum, branch) => sum + branch.parts, 0);
  const cut = `offset ${Math.ceil(rows / parts)} limit 1`;
  const ends = scans(list, bounds, { columns: `${time} as time, ${id} as id`, from: rowsFrom, others: [], cut });
  // The nearest end of all branches: beyond it one of them has rows that were not looked at.
  const [end] = await ask<Place>(
    db,
    `select ${timeText(list, 'x.time')} as at, x.id::text as id from (${together(ends)}) x
     order by ${orderBy(list, 'x.time', 'x.id')} limit 1`,
    filter.values,
  );
  return end ?? null;
};

const readPage = <Row extends object>(
  db: Queryable,
  list: Scanned,
  bounds: readonly Bound[],
  limit: number,
): Promise<(Row & { at: string })[]> => {
  const { time, filter, from, others, idName = 'id' } = list;
  const cut = `limit ${filter.place(limit)}`;
  const columns = `${list.columns}, ${timeText(list, time)} as at`;
  const texts = scans(list, bounds, { columns, from, others, cut });
  if (isOneScan(list.branches)) return ask(db, texts[0] ?? '', filter.values);
  const order = orderBy(list, 'x.at collate "C"', `x."${idName}"`);
  // A row can be in two branches.
  const once = `distinct on (x.at collate "C", x."${idName}")`;
  return ask(db, `select ${once} x.* from (${together(texts)}) x order by ${order} ${cut}`, filter.values);
};

/** The way whose rows reach furthest with the first look: its index has the fewest of them. */
const furthest = async (
  db: Queryable,
  ways: readonly [Scanned, ...Scanned[]],
  bounds: readonly Bound[],
): Promise<{ list: Scanned; end: Place | null }> => {
  const [first, ...others] = ways;
  const endOf = (list: Scanned) => endOfLook(db, list, bounds, lookRows.first);
  let best = { list: first, end: await endOf(first) };
  for (const list of others) {
    if (best.end === null) break;
    const end = await endOf(list);
    const isFurther = end === null || end.at < best.end.at === (directionsOf(list).time === 'desc');
    if (isFurther) best = { list, end };
  }
  return best;
};

/** Runs a list, after the page's place. Each row carries `at` for the next cursor. */
export const runList = async <Row extends object>(db: Queryable, asked: List, page: Page): Promise<ListRows<Row>> => {
  const ways = waysOf(asked);
  const { filter } = asked;
  const { time } = directionsOf(asked);
  const placed = (than: Bound['than'], { at, id }: Place): Bound => ({
    ...{ than, at: filter.place(at), atMs: Date.parse(at) },
    id: filter.place(id),
  });
  const before = page.before ? [placed(beyond[time], page.before)] : [];
  const read = (list: Scanned, end: Place | null): Promise<(Row & { at: string })[]> =>
    readPage<Row>(db, list, [...before, ...(end ? [placed(upTo[time], end)] : [])], page.limit);
  const [way] = ways;
  if (way.isFew || way.others.length === 0) return { rows: await read(way, null), stoppedAt: null };
  const { list, end } = await furthest(db, ways, before);
  const found = await read(list, end);
  if (!end || found.length >= page.limit) return { rows: found, stoppedAt: null };
  const stoppedAt = await endOfLook(db, list, before, lookRows.last);
  const rows = await read(list, stoppedAt);
  return { rows, stoppedAt: rows.length >= page.limit ? null : stoppedAt };
};

/** How many rows a list has about, by the planner's statistics: costs a plan, reads no row. */
export const estimateList = async (db: Queryable, { from, filter }: Pick<List, 'from' | 'filter'>): Promise<number> => {
  const [row] = await ask<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    db,
    `explain (format json) select from ${from} where ${filter.where()}`,
    filter.values,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
};
