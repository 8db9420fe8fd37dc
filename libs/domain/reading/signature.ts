import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { addProblem, type Parameter, type Parameters } from './parameter.js';
import type { RefusalCode } from './refusal.js';

/** Signed calls: whether the signature holds, and which parameters it covers. */

export type HmacRule = {
  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
  encoding: 'hex' | 'base64' | 'base64url';
  param?: string | undefined;
  header?: string | undefined;
  template: string;
  secret: string;
  timestampParam?: string | undefined;
  timestampHeader?: string | undefined;
  toleranceSeconds: number;
};

/** What a caller is judged by. `uri` is scheme, host and target as the caller saw them; `target` is
 *  path and query. */
export type JudgedCall = {
  uri: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array | null;
  parameters: readonly Parameter[];
  address: string | null;
};

const firstNamed = (list: readonly Parameter[], name: string): Parameter | undefined => {
  const lower = name.toLowerCase();
  return list.find((parameter) => parameter.name.toLowerCase() === lower);
};

const valueOf = (call: JudgedCall, param: string | undefined, header: string | undefined): string | null => {
  const found = param === undefined ? undefined : firstNamed(call.parameters, param);
  if (found) return found.value;
  const value = header === undefined ? undefined : call.headers[header.toLowerCase()];
  return typeof value === 'string' ? value : null;
};

/** The signature's own parameter is cut out of what is signed: a network signs the URI and then
 *  appends the signature. */
const withoutParameter = (text: string, param: string | undefined): string => {
  if (param === undefined) return text;
  const mark = text.indexOf('?');
  if (mark < 0) return text;
  const lower = `${param.toLowerCase()}=`;
  const kept = text
    .slice(mark + 1)
    .split('&')
    .filter((pair) => !pair.toLowerCase().startsWith(lower));
  return kept.length === 0 ? text.slice(0, mark) : `${text.slice(0, mark)}?${kept.join('&')}`;
};

const placeholders = /(\{[^{}]{1,200}\})/;
const paramForm = /^\{param:(.{1,190})\}$/;

/** The text that is signed, as bytes: a body need not be text. */
const signedBytes = (call: JudgedCall, rule: HmacRule): Buffer => {
  const uri = withoutParameter(call.uri, rule.param);
  const target = withoutParameter(call.target, rule.param);
  const mark = target.indexOf('?');
  const parts = rule.template.split(placeholders).map((part): Uint8Array => {
    if (part === '{uri}') return Buffer.from(uri);
    if (part === '{path}') return Buffer.from(mark < 0 ? target : target.slice(0, mark));
    if (part === '{query}') return Buffer.from(mark < 0 ? '' : target.slice(mark + 1));
    if (part === '{body}') return call.body ?? new Uint8Array();
    if (part === '{timestamp}') return Buffer.from(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? '');
    if (part === '{secret}') return Buffer.from(rule.secret);
    const param = paramForm.exec(part)?.[1];
    return Buffer.from(param === undefined ? part : (valueOf(call, param, undefined) ?? ''));
  });
  return Buffer.concat(parts);
};

const plainSignature = /^(?:(?:sha1|sha256|sha512|md5|v1)[=,])?(.+)$/i;

/** Compares in a time that says nothing of where the texts differ. */
export const sameText = (given: string, expected: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};

const withoutPadding = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '=') end -= 1;
  return text.slice(0, end);
};

/** Null: the signature holds. */
export const judgeSignature = (call: JudgedCall, rule: HmacRule, nowMs: number): RefusalCode | null => {
  const given = valueOf(call, rule.param, rule.header);
  if (given === null || given === '') return 'signature_missing';
  if (rule.timestampParam !== undefined || rule.timestampHeader !== undefined) {
    const stated = Number(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? NaN);
    const statedMs = stated > 1e11 ? stated : stated * 1000;
    if (!(Math.abs(statedMs - nowMs) <= rule.toleranceSeconds * 1000)) return 'signature_expired';
  }
  const signature = plainSignature.exec(given.trim())?.[1] ?? '';
  const expected = createHmac(rule.algorithm, rule.secret).update(signedBytes(call, rule)).digest(rule.encoding);
  const normal = rule.encoding === 'hex' ? signature.toLowerCase() : withoutPadding(signature);
  return sameText(normal, withoutPadding(expected)) ? null : 'signature_wrong';
};

type Coverage = { query: boolean; body: boolean; names: readonly string[] };
const coverages = new WeakMap<HmacRule, Coverage>();

const coverageOf = (rule: HmacRule): Coverage => {
  let coverage = coverages.get(rule);
  if (!coverage) {
    const parts = rule.template.split(placeholders);
    const names = parts.flatMap((part) => paramForm.exec(part)?.[1]?.toLowerCase() ?? []);
    coverage = { query: parts.includes('{uri}') || parts.includes('{query}'), body: parts.includes('{body}'), names };
    coverages.set(rule, coverage);
  }
  return coverage;
};

/** The parameters that a signature covers: nothing else of a signed call may be read, because a
 *  third party between the network and us can append it. Of a repeated name only the first is
 *  signed. A template that covers no parameter at all is a shared secret; then all are kept. */
export const signedOnly = (
  parameters: Parameters,
  rule: HmacRule | null | undefined,
  isRead: (lowerName: string) => boolean,
): Parameters => {
  if (!rule) return parameters;
  const { query, body, names } = coverageOf(rule);
  if ((query && body) || (!query && !body && names.length === 0)) return parameters;
  const firsts = new Set(names.map((name) => firstNamed(parameters.list, name)));
  const problems = [...parameters.problems];
  let fromQuery = 0;
  const list = parameters.list.filter((parameter, index) => {
    const inQuery = index < parameters.fromQuery;
    const isSigned = (inQuery ? query : body) || firsts.has(parameter);
    if (isSigned && inQuery) fromQuery += 1;
    if (!isSigned && isRead(parameter.name.toLowerCase())) addProblem(problems, 'not_signed', parameter.name);
    return isSigned;
  });
  return { list, problems, fromQuery };
};
