import { compileFilters, currencyMacroOf, omissionOf } from './macro-filter.js';
import { placements, type Place, type Writer } from './macro-place.js';
import { parseTemplate, type MacroUse, type Part } from './macro-syntax.js';
import { TemplateError } from './template-problem.js';

/** The macro language: `{name}` and `{name|filter:argument|filter}` inside a text. Everything else,
 *  also braces that are no macro (`{"a": 1}` in a JSON body), is a constant and stays the same to
 *  the byte. A template is compiled once, because rendering is in the path of every redirect. */

/** Answers the value of a macro, or null when there is nothing (a click without that token,
 *  money that is unknown). */
export type MacroLookup = (name: string) => string | null;

export type Rendering = (lookup: MacroLookup) => string;

/** Compiles a text for one place. Throws `TemplateError` when a filter is unknown or its
 *  argument is wrong. */
export const compileText = (text: string, place: Place): Rendering => compileParts(parseTemplate(text), place);

export const compileParts = (parts: readonly Part[], place: Place): Rendering => {
  const placement = placements[place];
  const pieces = parts.map((part, index) => {
    if (typeof part === 'string') return part;
    const write = compileMacro(part, placement.writer(parts, index));
    return { name: part.name, write, before: earlierOfGroup(parts, index) };
  });
  const only = pieces[0];
  if (pieces.length === 1 && typeof only === 'string') return () => only;
  return (lookup) => {
    let rendered = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') rendered += piece;
      else if (piece.before?.some((name) => isThere(lookup(name)))) rendered += piece.write(null, lookup);
      else rendered += piece.write(lookup(piece.name), lookup);
    }
    return rendered;
  };
};

const isThere = (value: string | null): boolean => value !== null && value !== '';

/** For a macro of a group (`omit:<group>`): the names that have precedence over it; null: it is of
 *  none. */
const earlierOfGroup = (parts: readonly Part[], index: number): string[] | null => {
  const groupOf = (part: Part | undefined) =>
    part === undefined || typeof part === 'string' ? null : (omissionOf(part.filters)?.group ?? null);
  const own = parts[index] as MacroUse;
  const group = groupOf(own);
  if (group === null) return null;
  return parts
    .slice(0, index)
    .flatMap((part) => (typeof part !== 'string' && groupOf(part) === group ? [part.name] : []))
    .filter((name) => name !== own.name);
};

const compileMacro = (use: MacroUse, writer: Writer) => {
  const { transform, encodings, omit, problems } = compileFilters(use.filters);
  if (omit && writer.omitted === null)
    problems.push({ code: 'filter_argument', message: 'omit is for JSON bodies only', suggestion: 'default:-' });
  if (problems.length > 0) throw new TemplateError(problems.map((problem) => ({ ...problem, text: use.text })));
  const missing = omit && writer.omitted !== null ? writer.omitted : writer.missing;
  const currency = currencyMacroOf(use);
  return (value: string | null, lookup: MacroLookup): string => {
    const transformed = transform(value, currency === null ? null : lookup(currency));
    if (transformed === null || (omit && transformed === '')) return missing;
    return writer.write(transformed, encodings);
  };
};
