import type { Filter } from './macro-filter.js';

/** Finds the macros in a template. Whether a name or a filter exists is decided elsewhere. */

export type MacroUse = {
  name: string;
  filters: Filter[];
  /** As written in the template. */
  text: string;
  at: number;
};
export type Part = string | MacroUse;

const macroPattern = /\{([A-Za-z_][A-Za-z0-9_.]*)((?:\|[^{}]*)?)\}/g;

/** "a{x|int}b" → ["a", {name: "x", filters: [int]}, "b"]. Says nothing about whether a name or a
 *  filter exists. */
export const parseTemplate = (text: string): Part[] => {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(macroPattern)) {
    const [whole, name = '', bars = ''] = found;
    if (found.index > end) parts.push(text.slice(end, found.index));
    const filters = bars === '' ? [] : bars.slice(1).split('|').map(readFilter);
    parts.push({ name, filters, text: whole, at: found.index });
    end = found.index + whole.length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
};

const readFilter = (text: string): Filter => {
  const colon = text.indexOf(':');
  return colon < 0 ? { name: text, argument: null } : { name: text.slice(0, colon), argument: text.slice(colon + 1) };
};

/** The macros of a template, each use of each. */
export const macrosOf = (text: string): MacroUse[] => parseTemplate(text).filter((part) => typeof part !== 'string');
