import { isUnreplacedMacro } from '../reading/unreplaced-macro.js';
import { meantMacro } from './macro-names.js';
import { parseTemplate } from './macro-syntax.js';
import { nearestWord } from './nearest-word.js';
import { conversionStates } from '../settings.js';
import type { TemplateProblem } from './template-problem.js';

/** What was not replaced in a template: a macro as another tracker writes it, half a macro,
 *  `YOUR_ID`. Saved, it would be sent literally in every call, so it cannot be saved. The check
 *  cannot be overruled, so what may well be meant is let through. */

/** In a JSON body and in a text, tags (`<b>`), `[brackets]` and empty braces are the receiver's own
 *  language. The URL of an offer is made for people: `/your-home` is a page. */
export type LeftoverPlace = 'url' | 'offer' | 'header' | 'form' | 'json' | 'text';

/** Replaces our macros while constants are searched: letters would make `[{value}]` look like
 *  `[value]`. */
const filled = '0';
const fill = (text: string, by: (length: number) => string): string =>
  parseTemplate(text)
    .map((part) => (typeof part === 'string' ? part : by(part.text.length)))
    .join('');

/** Others' delimiters around what would be a macro of ours. */
const doubled = /\{\{\{[^{}"]*\}\}\}|\{\{[^{}"]*\}\}|[$#%]\{[^{}"]*\}/g;
const inUrl = /\{[^{}]*\}|%7B[^%&]*%7D|<<[^<>]*>>|<[A-Za-z_]\w*>/gi;
const braces: Record<LeftoverPlace, RegExp> = {
  url: inUrl,
  offer: inUrl,
  header: /\{[^{}"']*\}|<<[^<>]*>>|<[A-Za-z_]\w*>/g,
  form: /\{[^{}"']*\}|%7B[^%&]*%7D|<<[^<>]*>>|<[A-Za-z_]\w*>/gi,
  json: /\{[^{}"':\s]+\}|<<[^<>]*>>/g,
  text: /\{[^{}"':\s]+\}|<<[^<>]*>>/g,
};

type Constant = { name: string; value: string };

const pairsOf = (query: string): Constant[] =>
  query.split(/[?&;]/).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? { name: '', value: pair } : { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });

const unnamed = (values: string[]): Constant[] => values.map((value) => ({ name: '', value }));

const stringsOf = (json: unknown, name = ''): Constant[] => {
  if (typeof json === 'string') return [{ name, value: json }];
  if (Array.isArray(json)) return json.flatMap((each) => stringsOf(each, name));
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([member, each]) => stringsOf(each, member));
};

/** The constants of a text, one per value. The name of a parameter or member is the receiver's own:
 *  `your_id=7` is filled in. */
const constantsOf = (text: string, place: LeftoverPlace): Constant[] => {
  const plain = fill(text, () => filled);
  if (place === 'form') return pairsOf(plain);
  if (place === 'header') return unnamed([plain]);
  if (place === 'text') return unnamed(plain.split(/[<>]/));
  if (place === 'url' || place === 'offer') {
    const [, path = '', query = ''] = /^([^?&]*)(.*)$/s.exec(plain) ?? [];
    return [...unnamed(path.replace(/^https?:/i, '').split('/')), ...pairsOf(query)];
  }
  try {
    return stringsOf(JSON.parse(plain));
  } catch {
    return unnamed(plain.split(/["\n]/));
  }
};

/** Bare, only when they shout: `/insert` and `action=put` are what some ad networks call their
 *  own. */
const shouted = /^(?:CHANGE|INSERT|ENTER|PUT|REPLACE|TO_?DO)$/;
const people =
  /^(?:replace[_-]?(?:me|this|here)|(?:change|insert|enter|put)[_-]?(?:me|this|here)|x{3,}|#{3,}|xx[a-z]\w*xx|your[_-]?[a-z]+(?:[_-]?[a-z]+)*|nameofadvertiser|account[_-]?number|\w*[_-]here|\w*placeholder\w*)$/i;
/** Names of what is to be filled in, as the value of a parameter. In JSON they may be the
 *  receiver's own (`"idType": "ORDER_ID"`). */
const fieldNames =
  /^(?:OPTIONAL|PAYOUT|(?:CLICK|SUB|EXTERNAL|VISITOR|TRANSACTION|ORDER|ACCOUNT|ADVERTISER|PIXEL)[_-]?ID)$/;

/** `"{value"`, `value}"`: cut or mistyped. */
const half = /^(?:\{[A-Za-z_][\w.|:]*|[A-Za-z_][\w.|:]*\})$/;

/** `token=TOKEN`, `AID=AID`. */
const isItsName = ({ name, value }: Constant): boolean =>
  value.length > 1 && /^[A-Z][A-Z0-9_-]*$/.test(value) && value === name.toUpperCase();

/** Every delimiter of `isUnreplacedMacro` is a mark; its words are for the values of calls, where
 *  fewer are meant. */
const isDelimited = (value: string): boolean => {
  const text = decoded(value).trim();
  return /^[^A-Za-z0-9].*[^A-Za-z0-9]$/s.test(text) && isUnreplacedMacro({ text, raw: value, name: '' }, false);
};

const leftoversOf = (constant: Constant, place: LeftoverPlace): string[] => {
  const { value } = constant;
  if (isDelimited(value) || half.test(value)) return [value];
  if (place === 'offer') return [];
  if ((place === 'url' || place === 'form') && (isItsName(constant) || fieldNames.test(value))) return [value];
  const isWord = (word: string): boolean =>
    people.test(word) || shouted.test(word) || ((place === 'url' || place === 'header') && isDelimited(word));
  return value.split(/[/\s"',:;=]+/).filter((word) => word.length > 1 && isWord(word));
};

const without = (text: string, pieces: readonly string[]): string =>
  pieces.reduce((left, piece) => left.replaceAll(piece, filled), text);

/** What must not be sent literally, each piece as written. */
const found = (text: string, place: LeftoverPlace): string[] => {
  const foreign = text.match(doubled) ?? [];
  const plain = without(text, foreign);
  // Searched between the macros, and reported together with the macros inside them.
  const beside = fill(plain, (length) => ' '.repeat(length)).matchAll(braces[place]);
  const shapes = [...beside].map(({ index, 0: shape }) => plain.slice(index, index + shape.length));
  const rest = without(plain, shapes);
  return [...new Set([...foreign, ...shapes, ...constantsOf(rest, place).flatMap((each) => leftoversOf(each, place))])];
};

export const leftoversIn = (text: string, place: LeftoverPlace, names: Names): TemplateProblem[] =>
  found(text, place).map((piece) => ({
    code: 'leftover',
    text: piece,
    message: `"${piece}" looks like something that was to be replaced`,
    suggestion: meantBy(piece, names),
  }));

/** The text for the search of other problems: `##CLICK_ID##` is one problem, and not a fragment
 *  too. */
export const withoutLeftovers = (text: string, place: LeftoverPlace): string =>
  without(
    text,
    found(text, place).filter((piece) => /[^\w-]/.test(piece)),
  );

/** A brace in a URL that belongs to no macro: half of one that was cut or mistyped. */
export const strayBraces = (url: string, names: Names): TemplateProblem[] =>
  parseTemplate(url)
    .flatMap((part) => (typeof part === 'string' ? [...part.matchAll(/[^?&=/#{}]*[{}]+[^?&=/#{}]*/g)] : []))
    .map(([piece]) => ({
      code: 'leftover',
      text: piece,
      message: `"${piece}" has a brace that belongs to no macro`,
      suggestion: meantBy(piece, names),
    }));

type Names = Parameters<typeof meantMacro>[1];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** States in the words that Keitaro and others map from: `{status:lead=reg sale=dep}`. */
const stateWords = new Map([
  ['lead', 'pending'],
  ['sale', 'approved'],
  ['trash', 'rejected'],
]);
export const meantState = (word: string): string | null =>
  stateWords.get(word.toLowerCase()) ?? nearestWord(word.toLowerCase(), conversionStates);

/** `{{click_id}}` or `[CLICK_ID]` is nearly right, and `{name:…}` is how others write tokens, maps
 *  and dates. */
const meantBy = (piece: string, names: Names): string | null => {
  const inner = decoded(piece).replace(/^[^A-Za-z]+|[^A-Za-z0-9]+$/g, '');
  const [, name = '', argument = ''] = /^([\w.-]+)(?:\s*[:|]\s*(.*))?$/s.exec(inner) ?? [];
  if (name === '') return null;
  if ((name === 'var' || name === 'token') && argument !== '') return `{token.${argument}}`;
  if (name === 'date' && argument !== '') return '{time|date:YYYY-MM-DD HH:mm:ss}';
  const macro = meantMacro(name, names);
  const pairs = argument.split(/[\s,]+/).map((pair) => pair.split('='));
  if (macro === null || !pairs.every(([from, to, ...more]) => from && to && more.length === 0)) return macro;
  const words = new Map(
    pairs.map(([from = '', to = '']) => [macro === '{status}' ? (meantState(from) ?? from) : from, to]),
  );
  // Other ad networks know no reversal, so they receive a rejection.
  const rejected = macro === '{status}' ? words.get('rejected') : undefined;
  if (rejected !== undefined && !words.has('reversed')) words.set('reversed', rejected);
  return `${macro.slice(0, -1)}|map:${[...words].map((pair) => pair.join('=')).join(',')}}`;
};
