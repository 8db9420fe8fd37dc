import { bucketNames, dayMs } from '#domain';
import { hash } from 'node:crypto';

/** Which of the figures a report reads. Days are for the whole days (UTC) of its time, quarters
 *  for the rest of it, deltas for what has not been merged; each is exact, and together they are
 *  the whole (migrations 0092 and 0136). */

export const figureColumns = [
  'clicks',
  'unique_clicks',
  ...bucketNames.map((name) => `${name}_count`),
  'unknown_count',
  ...bucketNames.map((name) => `${name}_nanos`),
  'cost_nanos',
];
const place = 'at, campaign_key, source_key, offer_key, network_key, event, currency';
const figures = figureColumns.join(', ');
const negated = figureColumns.map((name) => `-${name}`).join(', ');

/** The grain of all figures: offsets of time zones are multiples of it. */
export const quarterMs = 15 * 60_000;

type ReportSource = {
  from: Date;
  to: Date;
  /** The names of tokens that are grouped by or filtered. */
  tokens: readonly string[];
  /** Whether groups are hours, or days of another zone than UTC: then no figure may be of a
   *  whole day. */
  withinDays: boolean;
  /** Whether a figure must be of one day: days are groups, or amounts are converted by the day. */
  byDays: boolean;
  /** Whether campaigns, sources, offers, networks or events are groups or filters. */
  byPlace: boolean;
  /** With one token: the only values of it that are asked for. Null: any, or none. */
  values: readonly string[] | null;
};

type Value = (given: unknown) => string;
type Spans = { wholeDays: string | null; rest: string; all: string };

/** The conditions on time: whole days, what is left before and after them, and all. */
const spansOf = ({ from, to, withinDays }: ReportSource, value: Value): Spans => {
  const first = Math.ceil(from.getTime() / dayMs) * dayMs;
  const last = Math.floor(to.getTime() / dayMs) * dayMs;
  const [start, end] = [`${value(from)}::timestamptz`, `${value(to)}::timestamptz`];
  const all = `at >= ${start} and at < ${end}`;
  if (withinDays || first >= last) return { wholeDays: null, rest: all, all };
  const [firstDay, lastDay] = [new Date(first), new Date(last)].map((day) => `${value(day)}::timestamptz`);
  return {
    wholeDays: `at >= ${firstDay} and at < ${lastDay}`,
    rest: `(at >= ${start} and at < ${firstDay} or at >= ${lastDay} and at < ${end})`,
    all,
  };
};

const nowhere = `at, '' as campaign_key, '' as source_key, '' as offer_key, '' as network_key, '' as event, currency`;

const byTimeOnly = ({ all }: Spans): string[] => [
  `select ${nowhere}, ${figures} from rollup_times where ${all}`,
  `select ${nowhere}, ${figures} from rollup_deltas where ${all}`,
];

const withoutTokens = ({ wholeDays, rest, all }: Spans): string[] => [
  ...(wholeDays === null ? [] : [`select ${place}, ${figures} from rollup_days where ${wholeDays}`]),
  `select ${place}, ${figures} from rollup_quarters where ${rest}`,
  `select ${place}, ${figures} from rollup_deltas where ${all}`,
];

const md5 = (text: string): string => hash('md5', text);

/** The days of a span in `rollup_token_values`, which begins at a multiple of it since 1970. */
const spanDays = 8;

/** The values of one token over everything: spans, and the days before and after them. */
const valuesOfToken = ({ from, to, byDays }: ReportSource, named: string, value: Value): string[] => {
  const first = Math.ceil(from.getTime() / dayMs);
  const last = Math.floor(to.getTime() / dayMs);
  const [firstSpan, lastSpan] = [Math.ceil(first / spanDays) * spanDays, Math.floor(last / spanDays) * spanDays];
  const read = (days: number, [start, end]: readonly [number, number]): string =>
    `select ${nowhere}, value as v0, ${figures} from rollup_token_values where ${named} and days = ${days}
       and at >= ${value(new Date(start * dayMs))}::timestamptz and at < ${value(new Date(end * dayMs))}::timestamptz`;
  if (byDays || firstSpan >= lastSpan) return [read(1, [first, last])];
  return [read(spanDays, [firstSpan, lastSpan]), read(1, [first, firstSpan]), read(1, [lastSpan, last])];
};

/** One token of any number of values. Figures without the token are what is left of all when
 *  those with it are taken away. */
const withOneToken = (name: string, source: ReportSource, { wholeDays, rest, all }: Spans, value: Value): string[] => {
  const own = value(name);
  const withToken = (): string[] => {
    // By the hash of the value, which the keys hold.
    const isWanted = source.values ? ` and md5(value) = any (${value(source.values.map(md5))}::text[])` : '';
    const named = `name = ${own}::text${isWanted}`;
    if (!source.byPlace) return valuesOfToken(source, named, value);
    return [`select ${place}, value as v0, ${figures} from rollup_token_days where ${named} and ${wholeDays}`];
  };
  const withoutToken = [
    `select ${place}, null, ${negated} from rollup_token_sums where name = ${own}::text and ${wholeDays}`,
    `select ${place}, null, ${figures} from rollup_days where ${wholeDays}`,
  ];
  return [
    ...(wholeDays === null ? [] : withToken()),
    ...(wholeDays === null || source.values ? [] : withoutToken),
    `select ${place}, tokens ->> ${own}::text as v0, ${figures} from rollup_token_quarters where ${rest}`,
    `select ${place}, tokens ->> ${own}::text, ${figures} from rollup_deltas where ${all}`,
  ];
};

const withTokens = (names: readonly string[], { all }: Spans, value: Value): string[] => {
  const columns = names.map((name, at) => `tokens ->> ${value(name)}::text as v${at}`).join(', ');
  return ['rollup_token_quarters', 'rollup_deltas'].map(
    (table) => `select ${place}, ${columns}, ${figures} from ${table} where ${all}`,
  );
};

/** Rows of figures with the columns at, campaign_key, source_key, offer_key, network_key, event,
 *  currency, the values of the tokens as v0, v1, … in their order, and the figures. */
export const rollupFigures = (source: ReportSource, value: Value): string => {
  const [name, ...others] = source.tokens;
  // Two tokens are kept together by quarters only.
  if (others.length > 0) {
    const spans = spansOf({ ...source, withinDays: true }, value);
    return withTokens(source.tokens, spans, value).join(' union all ');
  }
  // Without whole days: a parameter that no condition names has no type for Postgres.
  if (name === undefined && !source.byPlace)
    return byTimeOnly(spansOf({ ...source, withinDays: true }, value)).join(' union all ');
  const spans = spansOf(source, value);
  return (name === undefined ? withoutTokens(spans) : withOneToken(name, source, spans, value)).join(' union all ');
};

/** The same columns over the rows that `bookFigures` gives, which hold every token. */
export const withTokenValues = (books: string, names: readonly string[], value: Value): string =>
  names.length === 0
    ? books
    : `select b.*, ${names.map((name, at) => `b.tokens ->> ${value(name)}::text as v${at}`).join(', ')} from (${books}) b`;
