import { createHmac } from 'node:crypto';
import { omitMissing } from '../template/json-omission.js';
import { compileFilters, omissionOf } from '../template/macro-filter.js';
import { destinationMacros, secretNameOf, unknownMacros } from '../template/macro-names.js';
import { compileText, type MacroLookup, type Rendering } from '../template/macro.js';
import { macrosOf, type MacroUse } from '../template/macro-syntax.js';
import type { Place } from '../template/macro-place.js';
import { TemplateError, type TemplateProblem } from '../template/template-problem.js';
import { compileUrl } from '../template/url-template.js';

/** What is sent: the same shape as in the catalog's schema. */
export type RequestTemplate = { url: string; method: string; headers: Record<string, string>; body: string | null };
/** An HMAC that the ad network wants inside the call: `{signature}` is replaced by it. */
export type HmacSigning = {
  kind: 'hmac';
  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
  encoding: 'hex' | 'base64' | 'base64url';
  template: string;
  secret: string;
};

export type RenderedRequest = {
  method: string;
  origin: string;
  /** Path and query as they go on the request line. */
  target: string;
  /** The same for people: each of the destination's secrets is `***`. */
  shownTarget: string;
  headers: Record<string, string>;
  body: string | null;
};

export type CompiledRequest = {
  macros: readonly MacroUse[];
  /** Throws `RenderError` for a value that cannot be written in its place. */
  render: (lookup: MacroLookup) => RenderedRequest;
};

const contentTypeOf = (template: RequestTemplate): string | null => {
  const given = Object.entries(template.headers).find(([name]) => name.toLowerCase() === 'content-type');
  if (given) return given[1].toLowerCase();
  if (template.body === null) return null;
  return /^\s*[{[]/.test(template.body) ? 'application/json' : 'application/x-www-form-urlencoded';
};

/** How the values of a body are written. A body of which nothing says what it is would be a form.
 */
export const bodyPlaceOf = (template: RequestTemplate): 'json' | 'form' | 'text' => {
  const contentType = contentTypeOf(template) ?? '';
  if (/\bjson\b/.test(contentType)) return 'json';
  return contentType === '' || contentType.startsWith('application/x-www-form-urlencoded') ? 'form' : 'text';
};

/** Only a template that leaves members out is looked through for them: in any other body the mark
 *  could only be a value. */
const compileBody = (body: string, place: Place): Rendering => {
  const write = compileText(body, place);
  const omits = macrosOf(body).some(({ filters }) => omissionOf(filters) !== null);
  return omits ? (lookup) => omitMissing(write(lookup)) : write;
};

/** An asterisk is encoded in a URL, which is hard to read. */
const hiddenIn = (target: string): string => target.replaceAll('%2A%2A%2A', '***');

/** What a template may name beside the macros: the source's tokens (null: not known here), the
 *  destination's own secrets. */
export type TemplateNames = { tokens: readonly string[] | null; secrets: readonly string[] };

/** Compiles a destination's template whole. Throws `TemplateError` with every problem: unknown
 *  macros and filters, a URL that is none. A body without a `Content-Type` header is JSON when it
 *  begins like JSON, else a form, and the header is added. */
export const compileRequest = (
  template: RequestTemplate,
  signing: HmacSigning | null,
  { tokens, secrets }: TemplateNames = { tokens: null, secrets: [] },
): CompiledRequest => {
  const problems: TemplateProblem[] = [];
  const attempt = <Result>(compile: () => Result): Result | null => {
    try {
      return compile();
    } catch (thrown) {
      if (!(thrown instanceof TemplateError)) throw thrown;
      problems.push(...thrown.problems);
      return null;
    }
  };
  const contentType = contentTypeOf(template);
  const url = attempt(() => compileUrl(template.url, { fragment: false }));
  const body = template.body === null ? null : template.body;
  const writeBody = body === null ? null : attempt(() => compileBody(body, bodyPlaceOf(template)));
  const headers = Object.entries(template.headers).map(([name, value]) => {
    problems.push(...headerProblems(name, value, template.headers));
    return [name, attempt(() => compileText(value, 'header'))] as const;
  });
  const writeSigned = signing && attempt(() => compileText(signing.template, 'text'));
  const placed = [template.url, ...Object.values(template.headers), template.body ?? ''].flatMap(macrosOf);
  const signed = macrosOf(signing?.template ?? '');
  const macros = [...placed, ...signed];
  // What is signed cannot hold its own signature.
  const unsigned = destinationMacros.filter((name) => name !== 'signature');
  const names = signing ? destinationMacros : unsigned;
  problems.push(
    ...unknownMacros(placed, { names, tokens, secrets }),
    ...unknownMacros(signed, { names: unsigned, tokens, secrets }),
    ...macros.flatMap(secretProblems),
  );
  if (!url || problems.length > 0) throw new TemplateError(problems);

  const hides = url.macros.some(({ name }) => secretNameOf(name) !== null);
  const addType = contentType !== null && !headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    macros,
    render(lookup) {
      const all = signing && writeSigned ? withSignature(lookup, signing, writeSigned) : lookup;
      const rendered: Record<string, string> = addType ? { 'Content-Type': contentType } : {};
      for (const [name, write] of headers) rendered[name] = write?.(all) ?? '';
      const target = url.renderTarget(all);
      return {
        method: template.method,
        origin: url.origin,
        target,
        shownTarget: hides
          ? hiddenIn(url.renderTarget((name) => (secretNameOf(name) === null ? all(name) : '***')))
          : target,
        headers: rendered,
        body: writeBody?.(all) ?? null,
      };
    },
  };
};

/** Filters that read a number or a time would fail for the `***` that a secret is shown as; and a
 *  secret is neither. */
const forAnyText = ['raw', 'encode', 'sha256', 'md5', 'upper', 'lower', 'trim'];
const secretProblems = ({ name, filters, text }: MacroUse): TemplateProblem[] =>
  filters
    .filter((filter) => secretNameOf(name) !== null && !forAnyText.includes(filter.name))
    .map((filter) => ({
      code: 'filter_argument',
      text,
      message: `the filter ${filter.name} is not for a secret`,
      suggestion: `{${name}}`,
    }));

/** What the filters of a template make of its destination's secrets (`{secret.key|sha256}`). */
export const filteredSecrets = ({ url, headers, body }: RequestTemplate, secrets: Record<string, string>): string[] =>
  [url, ...Object.values(headers), body ?? ''].flatMap(macrosOf).flatMap(({ name, filters }) => {
    const secret = secrets[secretNameOf(name) ?? ''];
    const filtered = secret === undefined ? null : compileFilters(filters).transform(secret, null);
    return filtered === null ? [] : [filtered];
  });

/** What HTTP itself says of a call: made from the URL and the body, or none of a template's
 *  business. Saved, it would break every call. */
const reservedHeaders =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|proxy-.*|te|trailer|upgrade|expect)$/i;

const headerProblems = (name: string, value: string, all: Record<string, string>): TemplateProblem[] => {
  const problem = (code: TemplateProblem['code'], text: string, message: string) => ({
    code,
    text,
    message,
    suggestion: null,
  });
  const twins = Object.keys(all).filter((other) => other.toLowerCase() === name.toLowerCase());
  return [
    ...(/[^\t -~]/.test(value)
      ? [problem('header_characters', value, `the header ${name} may hold visible ASCII characters and spaces only`)]
      : []),
    ...(reservedHeaders.test(name)
      ? [problem('header_reserved', name, `the header ${name} is made by HTTP itself`)]
      : []),
    ...(twins[0] !== name ? [problem('header_repeated', name, `the header ${name} is there twice`)] : []),
  ];
};

/** The signature is made once per call and only if the template asks for it. */
const withSignature = (
  lookup: MacroLookup,
  signing: HmacSigning,
  write: (lookup: MacroLookup) => string,
): MacroLookup => {
  let signature: string | null = null;
  return (name) => {
    if (name !== 'signature') return lookup(name);
    signature ??= createHmac(signing.algorithm, signing.secret).update(write(lookup), 'utf8').digest(signing.encoding);
    return signature;
  };
};
