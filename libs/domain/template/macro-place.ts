import { omissionMark } from './json-omission.js';
import type { MacroUse, Part } from './macro-syntax.js';

/** The place of a macro decides how its value is encoded, so that a value can never become
 *  structure: a click id with `&` in it adds no parameter, one with a line break adds no header,
 *  one with a quote ends no JSON string. */
export type Place = 'path' | 'query' | 'form' | 'header' | 'json' | 'text';

/** `encodings`: how often the template asks for percent-encoding; 0 for `raw`, null when it says
 *  nothing. */
export type Writer = {
  missing: string;
  /** What marks a missing value whose JSON member is to be left out (`json-omission.ts`); null
   *  where there is no such thing. */
  omitted: string | null;
  write: (value: string, encodings: number | null) => string;
};

const unreserved = /^[A-Za-z0-9\-._~]*$/;

/** RFC 3986: everything but the unreserved characters, also `!'()*`, which `encodeURIComponent`
 *  leaves and some receivers trip over. A lone surrogate becomes U+FFFD, because it has no UTF-8
 *  form. */
export const percentEncode = (value: string): string =>
  unreserved.test(value)
    ? value
    : encodeURIComponent(value.toWellFormed()).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );

const encodeTimes = (value: string, times: number): string => {
  let encoded = value;
  for (let round = 0; round < times; round += 1) encoded = percentEncode(encoded);
  return encoded;
};

/** `raw` in a URL: the value's own percent signs, slashes and ampersands stay; characters that no
 *  URL may contain are encoded. */
const rawInUrl = (value: string): string =>
  value.toWellFormed().replace(/[^!-~]|["<>\\^`{|}#]/gu, (char) => encodeURIComponent(char));

/** A header value holds visible ASCII, spaces and nothing else; the rest is percent-encoded
 *  (injection is impossible by form). */
const inHeader = (value: string): string =>
  value
    .toWellFormed()
    .trim()
    .replace(/[^ -~]/gu, (char) => percentEncode(char));

const inUrl: Writer = {
  missing: '',
  omitted: null,
  write: (value, encodings) => (encodings === 0 ? rawInUrl(value) : encodeTimes(value, encodings ?? 1)),
};

const jsonString: Writer = {
  missing: '',
  omitted: omissionMark,
  write: (value, encodings) => JSON.stringify(encodeTimes(value, encodings ?? 0)).slice(1, -1),
};

const jsonLiteral = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/;

const amounts = new Set(['value', 'conversion_value', 'payout', 'amount']);
const makesNumbers = new Set(['scale', 'fixed', 'int', 'cents', 'unix', 'unix_ms', 'map', 'raw']);
/** Money, what a filter made a number of, and a word that the template's own map wrote. An id of
 *  digits is a text all the same: as a number it would lose its last digits at the receiver
 *  (`12345678901234567890`) or become another one (`1e5`). */
const mayStandBare = (use: MacroUse): boolean =>
  amounts.has(use.name) || use.filters.some(({ name }) => makesNumbers.has(name));

/** Outside quotes a number, true, false or null is written as it is, anything else gets quotes of
 *  its own; nothing is `null`. */
const jsonValue = (bare: boolean): Writer => ({
  missing: 'null',
  omitted: `"${omissionMark}"`,
  write: (value, encodings) => (bare && jsonLiteral.test(value) ? value : `"${jsonString.write(value, encodings)}"`),
});

const plain = (write: (value: string) => string): Writer => ({
  missing: '',
  omitted: null,
  write: (value, encodings) => write(encodeTimes(value, encodings ?? 0)),
});

/** Whether the text before a macro leaves a JSON string open. Macros inside count as text without
 *  quotes: their values are escaped. */
const insideJsonString = (before: readonly Part[]): boolean => {
  let open = false;
  for (const part of before) {
    if (typeof part !== 'string') continue;
    for (let at = 0; at < part.length; at += 1) {
      if (open && part[at] === '\\') at += 1;
      else if (part[at] === '"') open = !open;
    }
  }
  return open;
};

const always = (writer: Writer) => ({ writer: (_parts: readonly Part[], _index: number): Writer => writer });

export const placements: Record<Place, { writer: (parts: readonly Part[], index: number) => Writer }> = {
  path: always(inUrl),
  query: always(inUrl),
  form: always(inUrl),
  header: always(plain(inHeader)),
  text: always(plain((value) => value)),
  json: {
    writer: (parts, index) =>
      insideJsonString(parts.slice(0, index)) ? jsonString : jsonValue(mayStandBare(parts[index] as MacroUse)),
  },
};
