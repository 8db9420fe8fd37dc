import { addProblem, isFull, maxParameters, noParameters, type Parameter, type Parameters } from './parameter.js';

/** Values of a JSON text, each named by its path: `order.id`, `items.0.sku`. Numbers keep their
 *  literal text, so a 20-digit id and 0.0000001 survive. It is read here, not by a parser, because
 *  it stops at the limit of parameters: a parser builds a hostile text whole, which takes it some
 *  hundred times as long. */

/** Deeper values are passed over. */
const maxDepth = 8;

type Open = { path: string; isArray: boolean; count: number };
/** - `value`: a value must follow. `first`: a value or key, or the end of what was just opened.
 *  - `next`: a comma or the end of the container. `key`: a name must follow. */
type Expecting = 'value' | 'first' | 'next' | 'key';
type Scalar = { text: string; raw: string; isNumber: boolean; end: number };

const quote = 34;
const backslash = 92;

const skipSpaces = (text: string, from: number): number => {
  let at = from;
  for (let code = text.charCodeAt(at); code === 32 || (code >= 9 && code <= 13); code = text.charCodeAt(at)) at += 1;
  return at;
};

/** What a literal means to JSON itself; undefined: it is none. */
const literalValue = (literal: string): unknown => {
  try {
    return JSON.parse(literal) as unknown;
  } catch {
    return undefined;
  }
};

/** The string that begins with the quote at `from`; null: it does not end, or is not valid. */
const readString = (text: string, from: number): { value: string; end: number } | null => {
  let isPlain = true;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const value = isPlain ? text.slice(from + 1, at) : literalValue(text.slice(from, at + 1));
      return typeof value === 'string' ? { value, end: at + 1 } : null;
    }
    if (code === backslash) at += 1;
    if (code === backslash || code < 32) isPlain = false;
  }
  return null;
};

const readScalar = (text: string, from: number): Scalar | null => {
  if (text.charCodeAt(from) === quote) {
    const string = readString(text, from);
    return string && { text: string.value, raw: string.value, isNumber: false, end: string.end };
  }
  let end = from;
  while (end < text.length && /[\w.+-]/.test(text.charAt(end))) end += 1;
  const literal = text.slice(from, end);
  const value = literalValue(literal);
  if (typeof value === 'number') return { text: literal, raw: literal, isNumber: true, end };
  if (typeof value === 'boolean') return { text: literal, raw: literal, isNumber: false, end };
  return value === null ? { text: '', raw: 'null', isNumber: false, end } : null;
};

type JsonRoot = { parameters: Parameters; elements: number; isListOfReports: boolean };

/** Walks a text from container to container. `read` answers null for a text that is no JSON object
 *  and no JSON list; what comes after the limit of parameters is not looked at. */
class JsonWalk {
  private readonly into = noParameters();
  private readonly open: Open[] = [];
  private readonly places = new Map<string, number>();
  private elements = 0;
  private scalars = 0;
  private at = 0;

  constructor(private readonly text: string) {}

  read(): JsonRoot | null {
    let expecting: Expecting | 'end' | null = 'value';
    let path = '';
    while (expecting !== 'end') {
      this.at = skipSpaces(this.text, this.at);
      if (expecting === null || this.at >= this.text.length) return null;
      if (this.into.list.length >= maxParameters && isFull(this.into)) return this.root();
      const character = this.text.charAt(this.at);
      const top: Open | undefined = this.open.at(-1);
      if (top && expecting !== 'value' && character === (top.isArray ? ']' : '}')) {
        if (expecting === 'key') return null;
        expecting = this.close();
      } else if (expecting === 'next') {
        if (character !== ',') return null;
        this.at += 1;
        expecting = top?.isArray ? 'value' : 'key';
        path = top ? this.elementPath(top) : '';
      } else if (top && !top.isArray && expecting !== 'value') {
        const name = this.name();
        if (name === null) return null;
        path = this.pathOf(top, name);
        expecting = 'value';
      } else {
        if (top?.isArray && expecting === 'first') path = this.elementPath(top);
        expecting = this.value(character, path);
      }
    }
    return skipSpaces(this.text, this.at) === this.text.length ? this.root() : null;
  }

  private elementPath(top: Open): string {
    if (!top.isArray) return '';
    top.count += 1;
    if (this.open.length === 1) this.elements = top.count;
    return this.pathOf(top, String(top.count - 1));
  }

  /** Values that are too deep are passed over, so they need no path. */
  private pathOf(top: Open, name: string): string {
    if (this.open.length > maxDepth) return '';
    return top.path === '' ? name : `${top.path}.${name}`;
  }

  private value(character: string, path: string): Expecting | 'end' | null {
    const isArray = character === '[';
    if (isArray || character === '{') {
      this.open.push({ path, isArray, count: 0 });
      this.at += 1;
      return 'first';
    }
    const scalar = readScalar(this.text, this.at);
    if (!scalar || this.open.length === 0) return null;
    if (this.open.length === 1) this.scalars += 1;
    this.at = scalar.end;
    this.add(path, scalar);
    return 'next';
  }

  /** A repeated name of one object: the last value counts, as in every JSON parser. */
  private add(name: string, { text, raw, isNumber }: Scalar): void {
    if (this.open.length > maxDepth) return addProblem(this.into.problems, 'nested_too_deep', null);
    const parameter: Parameter = { name, value: text, raw, isJsonNumber: isNumber };
    const known = this.places.get(name);
    if (known !== undefined) {
      this.into.list[known] = parameter;
      return;
    }
    this.places.set(name, this.into.list.length);
    this.into.list.push(parameter);
  }

  private close(): Expecting | 'end' {
    this.open.pop();
    this.at += 1;
    return this.open.length === 0 ? 'end' : 'next';
  }

  private name(): string | null {
    if (this.text.charCodeAt(this.at) !== quote) return null;
    const string = readString(this.text, this.at);
    if (!string) return null;
    const colon = skipSpaces(this.text, string.end);
    if (this.text.charAt(colon) !== ':') return null;
    this.at = colon + 1;
    return string.value;
  }

  private root(): JsonRoot {
    const isList = this.text.startsWith('[');
    return {
      parameters: this.into,
      elements: isList ? this.elements : 1,
      isListOfReports: isList && this.elements > 1 && this.scalars === 0,
    };
  }
}

/** Adds the values of a JSON text. False: it is no JSON, and nothing was added. A list of one is
 *  read as its element. */
export const addJson = (into: Parameters, text: string): boolean => {
  const root = new JsonWalk(text).read();
  if (!root) return false;
  if (root.isListOfReports) addProblem(into.problems, 'several_reports', null);
  for (const { code, param } of root.parameters.problems) addProblem(into.problems, code, param);
  const isListOfOne = text.startsWith('[') && root.elements === 1;
  for (const parameter of root.parameters.list) {
    if (isFull(into)) break;
    into.list.push(isListOfOne ? { ...parameter, name: parameter.name.slice(2) } : parameter);
  }
  return true;
};

/** The values of a JSON text inside a parameter: `payload>order.id` names one of them. */
export const innerParameters = (parameter: Parameter): Parameter[] => {
  const root = new JsonWalk(parameter.value.trim()).read();
  return (root?.parameters.list ?? []).map((inner) => ({ ...inner, name: `${parameter.name}>${inner.name}` }));
};
