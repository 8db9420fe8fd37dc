import { createHash } from 'node:crypto';
import { minorUnitDigits } from '../money/currency.js';
import { dateWriter } from './macro-date.js';
import { formatFixed, formatNanos, parseNanos, scaleNanos } from '../money/money.js';
import { nearestWord } from './nearest-word.js';
import { RenderError, type TemplateProblem } from './template-problem.js';

/** Filters work on text, one after another; a missing value passes them all untouched except
 *  `default`. */
export type Filter = { name: string; argument: string | null };

/** Null: there is nothing after all, as if the value had been missing. */
type Transform = (value: string, currency: string | null) => string | null;
/** Answers null when the argument cannot be read. */
type FilterMaker = (argument: string | null) => Transform | null;

const noArgument =
  (transform: Transform): FilterMaker =>
  (argument) =>
    argument === null ? transform : null;

const decimal = /^(-?)(\d+)(?:\.(\d{1,9})\d*)?$/;

/** Any decimal text as nanos; unlike `parseNanos` it has no upper bound, because a scaled sum may
 *  pass the bound of one report. */
const nanosOf = (text: string): bigint => {
  const found = decimal.exec(text.trim());
  if (!found) throw new RenderError('not_a_number', `"${text.slice(0, 40)}" is not a number`);
  const [, sign, whole = '0', fraction = ''] = found;
  const nanos = BigInt(whole + fraction.padEnd(9, '0'));
  return sign === '-' ? -nanos : nanos;
};

const instantOf = (text: string): number => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RenderError('not_a_time', `"${text.slice(0, 40)}" is not a time`);
  return ms;
};

/** Hashes as ad platforms want user data: trimmed and lower-cased first. What is a hash of that
 *  size already stays as it is; of nothing there is no hash, because everybody who has no address
 *  would be one person. */
const hashed = (algorithm: 'sha256' | 'md5', length: number): Transform => {
  const already = new RegExp(`^[0-9a-f]{${length}}$`);
  return (value) => {
    const clean = value.trim().toLowerCase();
    if (clean === '') return null;
    return already.test(clean) ? clean : createHash(algorithm).update(clean, 'utf8').digest('hex');
  };
};

const splitUnescaped = (text: string, separator: string): string[] =>
  text.split(new RegExp(`(?<!\\\\)${separator}`)).map((piece) => piece.replaceAll(`\\${separator}`, separator));

/** The pairs of `map:approved=1,rejected=2`, or null when they are none. `\,` and `\=` are
 *  literal. */
export const mapPairs = (argument: string | null): ReadonlyMap<string, string> | null => {
  const pairs = splitUnescaped(argument ?? '', ',').map((pair) => {
    const [from, ...to] = pair.split(/(?<!\\)=/);
    return [
      from?.replaceAll('\\=', '=').trim() ?? '',
      to.length === 1 ? to[0]?.replaceAll('\\=', '=') : undefined,
    ] as const;
  });
  if (pairs.some(([from, to]) => from === '' || to === undefined)) return null;
  return new Map(pairs as (readonly [string, string])[]);
};

/** `map:approved=1,rejected=2,*=0`: a word that is not in the list stays as it is, unless there is
 *  a `*`. */
const mapping: FilterMaker = (argument) => {
  const words = mapPairs(argument);
  return words && ((value) => words.get(value) ?? words.get('*') ?? value);
};

const decimals: FilterMaker = (argument) => {
  if (argument === null || !/^[0-9]$/.test(argument)) return null;
  return (value) => formatFixed(nanosOf(value), Number(argument));
};

const scaling: FilterMaker = (argument) => {
  const factor = argument === null ? null : parseNanos(argument);
  return factor === null ? null : (value) => formatNanos(scaleNanos(nanosOf(value), factor));
};

const cutting: FilterMaker = (argument) => {
  if (argument === null || !/^[1-9]\d{0,3}$/.test(argument)) return null;
  const longest = Number(argument);
  // Never through the middle of a character: half of one is no text, and some receivers refuse a
  // JSON body for it.
  return (value) => value.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
};

const makers: Record<string, FilterMaker> = {
  map: mapping,
  scale: scaling,
  fixed: decimals,
  int: noArgument((value) => formatFixed(nanosOf(value), 0)),
  // As many decimals as the currency's smallest unit has: none for yen, three for the dinar of
  // Kuwait.
  cents: noArgument((value, currency) => formatFixed(nanosOf(value) * 10n ** BigInt(minorUnitDigits(currency)), 0)),
  unix: noArgument((value) => String(Math.floor(instantOf(value) / 1000))),
  unix_ms: noArgument((value) => String(instantOf(value))),
  date: (argument) => {
    const write = argument === null ? null : dateWriter(argument);
    return write && ((value) => write(instantOf(value)));
  },
  sha256: noArgument(hashed('sha256', 64)),
  md5: noArgument(hashed('md5', 32)),
  upper: noArgument((value) => value.toUpperCase()),
  lower: noArgument((value) => value.toLowerCase()),
  trim: noArgument((value) => value.trim()),
  digits: noArgument((value) => value.replace(/\D/g, '')),
  cut: cutting,
};

/** Every filter there is; `default`, `raw`, `encode` and `omit` are not transforms but belong to
 *  the macro. */
const filterNames: readonly string[] = [...Object.keys(makers), 'default', 'raw', 'encode', 'omit'];

/** The macro that says the currency of a use's amount, where one of its filters asks for it; null:
 *  none does. */
export const currencyMacroOf = ({ name, filters }: { name: string; filters: readonly Filter[] }): string | null => {
  if (!filters.some((filter) => filter.name === 'cents')) return null;
  if (name === 'amount') return 'amount_currency';
  return name === 'value' || name === 'conversion_value' || name === 'payout' ? 'currency' : null;
};

/** `{token.gbraid|omit:click}`: of the macros of a group the first that has a value is written,
 *  the others are left out; `group` is null for a plain `omit`. */
type Omission = { group: string | null };

export const omissionOf = (filters: readonly Filter[]): Omission | null => {
  const found = filters.find(
    ({ name, argument }) => name === 'omit' && (argument === null || groupName.test(argument)),
  );
  return found ? { group: found.argument } : null;
};
const groupName = /^[a-z_]{1,40}$/;

type CompiledFilters = {
  /** `currency`: of the amount that the value is, for filters that depend on it. */
  transform: (value: string | null, currency: string | null) => string | null;
  encodings: number | null;
  /** Where the value is missing, its member of the JSON body is left out. */
  omit: Omission | null;
  problems: Omit<TemplateProblem, 'text'>[];
};

/** Turns `|a:1|b` into one function. Wrong filters come back as problems, all of them, for the
 *  linter. */
export const compileFilters = (filters: readonly Filter[]): CompiledFilters => {
  const steps: CompiledFilters['transform'][] = [];
  const problems: CompiledFilters['problems'] = [];
  let encodings: number | null = null;
  const wrongArgument = ({ name, argument }: Filter) =>
    problems.push({
      code: 'filter_argument',
      message: `the filter ${name} cannot work with ${argument === null ? 'no argument' : `"${argument}"`}`,
      suggestion: filterExamples[name] ?? null,
    });

  for (const filter of filters) {
    const { name, argument } = filter;
    if (name === 'omit' && omissionOf([filter])) continue;
    if (name === 'raw' && argument === null) encodings = 0;
    else if (name === 'encode' && /^[123]$/.test(argument ?? '')) encodings = Number(argument);
    else if (name === 'default' && argument !== null)
      steps.push((value) => (value === null || value === '' ? argument : value));
    else if (Object.hasOwn(makers, name)) {
      const transform = makers[name]?.(argument);
      if (transform) steps.push((value, currency) => (value === null ? null : transform(value, currency)));
      else wrongArgument(filter);
    } else if (filterNames.includes(name)) wrongArgument(filter);
    else {
      const message = `there is no filter "${name}": there are ${filterNames.join(', ')}`;
      problems.push({ code: 'filter_unknown', message, suggestion: meantFilter(name) });
    }
  }
  const transform: CompiledFilters['transform'] = (value, currency) =>
    steps.reduce((text, step) => step(text, currency), value);
  return { transform, encodings, omit: omissionOf(filters), problems };
};

/** Words for a filter in other template languages. `floor` has none: no filter cuts money off. */
const filterWords = new Map([
  ['round', 'fixed'],
  ['integer', 'int'],
  ['multiply', 'scale'],
  ['uppercase', 'upper'],
  ['lowercase', 'lower'],
  ['timestamp', 'unix'],
  ['replace', 'map'],
  ['substr', 'cut'],
]);

const meantFilter = (name: string): string | null => {
  const plain = name.trim().toLowerCase();
  const same = filterNames.find((each) => each.replace('_', '') === plain.replace(/[-_]/g, ''));
  const meant = same ?? filterWords.get(plain) ?? nearestWord(plain, filterNames);
  return meant === null ? null : (filterExamples[meant] ?? meant);
};

const filterExamples: Record<string, string> = {
  map: 'map:approved=1,rejected=2',
  scale: 'scale:0.8',
  fixed: 'fixed:2',
  date: 'date:YYYY-MM-DD HH:mm:ss,Europe/Berlin',
  default: 'default:-',
  encode: 'encode:2',
  cut: 'cut:50',
  raw: 'raw',
  omit: 'omit, in a JSON body only',
};
