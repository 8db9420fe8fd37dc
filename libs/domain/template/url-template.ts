import { compileParts, type MacroLookup } from './macro.js';
import { parseTemplate, type MacroUse, type Part } from './macro-syntax.js';
import { RenderError, TemplateError, type TemplateProblem } from './template-problem.js';

/** A URL with macros in its path, query or fragment. The host is a constant, always: a value that
 *  came with a click must not be able to choose where we connect or where a visitor is sent.
 *  Constants are kept to the byte, so nothing goes through the URL class, which would re-encode
 *  them. */
export type UrlTemplate = {
  /** Scheme, host and port in normal form: `https://adnetwork.example.com`. */
  origin: string;
  macros: readonly MacroUse[];
  /** The whole URL. Throws `RenderError` for a value that would walk the path (`..`) or that a
   *  filter cannot read. */
  render: (lookup: MacroLookup) => string;
  /** What goes on the request line: path and query. */
  renderTarget: (lookup: MacroLookup) => string;
};

const head = /^(https?):\/\/([^/?#]*)/i;

/** Throws `TemplateError` with every problem found. A fragment is kept for a browser (an offer URL)
 *  and refused for a call of ours, where it would never be sent. Macro names are not checked here:
 *  which exist depends on where the URL is used. */
export const compileUrl = (template: string, options: { fragment: boolean }): UrlTemplate => {
  const parts = parseTemplate(template);
  const { origin, rest } = splitOrigin(template, parts);
  const { path, query, fragment } = splitRest(rest);
  const problems = constantProblems(parts);
  if (fragment.length > 0 && !options.fragment) problems.push(fragmentProblem(template));
  if (problems.length > 0) throw new TemplateError(problems);

  const writePath = guardPath(path, compileParts(path, 'path'));
  const writeQuery = compileParts([...query, ...fragment], 'query');
  const start = template.slice(0, head.exec(template)?.[0].length ?? 0);
  const rooted = path.length > 0;
  return {
    origin,
    macros: parts.filter((part) => typeof part !== 'string'),
    render: (lookup) => start + writePath(lookup) + writeQuery(lookup),
    renderTarget: (lookup) => (rooted ? writePath(lookup) : '/') + writeQuery(lookup),
  };
};

const problem = (code: TemplateProblem['code'], text: string, message: string): TemplateProblem => ({
  code,
  text,
  message,
  suggestion: null,
});

const splitOrigin = (template: string, parts: readonly Part[]): { origin: string; rest: Part[] } => {
  const first = parts[0];
  const found = typeof first === 'string' ? head.exec(first) : null;
  if (typeof first !== 'string' || !found) {
    const inHost = parts.length > 0 && typeof first !== 'string';
    throw new TemplateError([
      inHost
        ? problem(
            'macro_in_host',
            template,
            'a URL may have macros in its path and query only, never in its scheme or host',
          )
        : problem('url_scheme', template, 'a URL starts with https:// or http://'),
    ]);
  }
  const host = found[2] ?? '';
  if (found[0].length === first.length && parts.length > 1)
    throw new TemplateError([problem('macro_in_host', template, 'the host of a URL must be a constant')]);
  if (host.includes('@'))
    throw new TemplateError([
      problem('url_credentials', host, 'a user and password do not belong into a URL: use a header'),
    ]);
  let origin: string;
  try {
    origin = new URL(found[0]).origin;
  } catch {
    throw new TemplateError([problem('url_unreadable', host, `"${host}" is not a host`)]);
  }
  const after = first.slice(found[0].length);
  return { origin, rest: after === '' ? parts.slice(1) : [after, ...parts.slice(1)] };
};

/** Cuts at the first `?` and `#` of a constant; those inside a filter's argument do not count. */
const splitRest = (rest: readonly Part[]): { path: Part[]; query: Part[]; fragment: Part[] } => {
  const split = { path: [] as Part[], query: [] as Part[], fragment: [] as Part[] };
  let into: 'path' | 'query' | 'fragment' = 'path';
  for (const part of rest) {
    if (typeof part !== 'string') {
      split[into].push(part);
      continue;
    }
    let text = part;
    for (const [mark, next] of [
      ['?', 'query'],
      ['#', 'fragment'],
    ] as const) {
      const at = into === 'path' || (into === 'query' && next === 'fragment') ? cutAt(text, mark) : -1;
      if (at < 0) continue;
      if (at > 0) split[into].push(text.slice(0, at));
      text = text.slice(at);
      into = next;
    }
    if (text !== '') split[into].push(text);
  }
  return split;
};

/** A `?` after a `#` belongs to the fragment. */
const cutAt = (text: string, mark: '?' | '#'): number => {
  const at = text.indexOf(mark);
  const hash = text.indexOf('#');
  return mark === '?' && hash >= 0 && hash < at ? -1 : at;
};

const constantProblems = (parts: readonly Part[]): TemplateProblem[] =>
  parts.flatMap((part) => {
    const found = typeof part === 'string' ? /[^!-~]/.exec(part) : null;
    if (!found) return [];
    const message = `the character ${JSON.stringify(found[0])} cannot stand in a URL: write it percent-encoded`;
    return [
      {
        ...problem('url_characters', part as string, message),
        suggestion: encodeURIComponent(found[0].toWellFormed()),
      },
    ];
  });

const fragmentProblem = (template: string): TemplateProblem => ({
  ...problem('url_fragment', template.slice(template.indexOf('#')), 'what follows a # is never sent'),
  suggestion: '%23',
});

const dotSegment = /(^|\/|%2f|%5c)(\.|%2e){1,2}(\/|%2f|%5c|\?|;|$)/i;

/** `/click/{click_id}/event` with the value `..` would be another page. Servers read `%2e%2e` the
 *  same way, and many read `..%2F` so, which is what `../x` is written as: encoding is no help. */
const guardPath = (path: readonly Part[], write: (lookup: MacroLookup) => string) => {
  if (path.every((part) => typeof part === 'string')) return write;
  return (lookup: MacroLookup): string => {
    const rendered = write(lookup);
    if (dotSegment.test(rendered))
      throw new RenderError('path_segment', 'a value would walk up or down the path of the URL');
    return rendered;
  };
};
