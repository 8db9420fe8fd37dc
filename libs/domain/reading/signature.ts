import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { addProblem, type Parameter, type Parameters } from './call/parameter.js';
import { openNotification } from './clickbank.js';
import type { RefusalCode } from './refusal.js';

/** Signed calls: whether the signature holds, and which parameters it covers. */

type SignaturePlace = {
  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
  encoding: 'hex' | 'base64' | 'base64url';
  /** Where the signature is: one of the two. */
  param?: string | undefined;
  header?: string | undefined;
  secret: string;
  /** How many characters of the signature are sent; all of them by default. */
  truncate?: number | undefined;
  timestampParam?: string | undefined;
  timestampHeader?: string | undefined;
  toleranceSeconds: number;
};

/** How a network signs.
 *  - `hmac`: the HMAC of `template` under `secret`
 *  - `digest`: the plain hash of `template`, which holds `{secret}`
 *  - `sorted-fields`: a hash of all fields in the order of their names
 *  - `clickbank`: the body is encrypted, and only who has the secret can have made it */
export type SignatureRule =
  | (SignaturePlace & ({ kind: 'hmac' | 'digest'; template: string } | SortedFields))
  | { kind: 'clickbank'; secret: string };

type SortedFields = {
  kind: 'sorted-fields';
  /** What is written of a field. */
  fields: 'value' | 'name=value';
  /** `form`: names and values as a form writes them. */
  encode?: 'none' | 'form' | undefined;
  joiner: string;
  /** Where the secret is written: once behind all fields, behind each of them, or nowhere, because
   *  it is the key of an HMAC. */
  secretAt: 'end' | 'after-each' | 'key';
  skipEmpty: boolean;
};
type SortedRule = SignaturePlace & SortedFields;
type HashRule = Exclude<SignatureRule, { kind: 'clickbank' }>;

/** The settings as they were before other kinds than HMAC were known; still read. */
export type HmacRule = SignaturePlace & { template: string };
export type SignatureSettings = { signature?: SignatureRule | null | undefined; hmac: HmacRule | null };

const rulesOfHmac = new WeakMap<HmacRule, SignatureRule>();

/** The signature that a network's settings ask for; null: none. */
export const signatureOf = ({ signature, hmac }: SignatureSettings): SignatureRule | null => {
  if (signature || !hmac) return signature ?? null;
  let rule = rulesOfHmac.get(hmac);
  if (!rule) rulesOfHmac.set(hmac, (rule = { ...hmac, kind: 'hmac' }));
  return rule;
};

/** What a caller is judged by. `uri` is scheme, host and target as the caller saw them; `target` is
 *  path and query. */
export type JudgedCall = {
  uri: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array | null;
  parameters: readonly Parameter[];
  /** How many of the parameters came from the query; the rest came from the body. */
  fromQuery?: number;
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

/** Bytes as they were sent: a value that is not UTF-8 was read byte by byte. `raw`: the URL held
 *  bytes that no URL may hold, which were percent-encoded before the call was read. */
type TextEncoding = 'utf8' | 'latin1' | 'raw';

const highEscape = /%(7f|[89a-f][0-9a-f])/gi;
const bytesOfUrl = (text: string, encoding: TextEncoding): Buffer =>
  encoding === 'raw'
    ? Buffer.from(
        text.replace(highEscape, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      )
    : Buffer.from(text);
const bytesOfText = (text: string, encoding: TextEncoding): Buffer =>
  Buffer.from(text, encoding === 'raw' ? 'latin1' : encoding);

/** The text that is signed, as bytes: a body need not be text. */
const templateBytes = (
  call: JudgedCall,
  rule: SignaturePlace & { template: string },
  encoding: TextEncoding,
): Buffer => {
  const uri = withoutParameter(call.uri, rule.param);
  const target = withoutParameter(call.target, rule.param);
  const mark = target.indexOf('?');
  const parts = rule.template.split(placeholders).map((part): Uint8Array => {
    if (part === '{uri}') return bytesOfUrl(uri, encoding);
    if (part === '{path}') return bytesOfUrl(mark < 0 ? target : target.slice(0, mark), encoding);
    if (part === '{query}') return bytesOfUrl(mark < 0 ? '' : target.slice(mark + 1), encoding);
    if (part === '{body}') return call.body ?? new Uint8Array();
    if (part === '{timestamp}') return Buffer.from(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? '');
    if (part === '{secret}') return Buffer.from(rule.secret);
    const param = paramForm.exec(part)?.[1];
    return param === undefined ? Buffer.from(part) : bytesOfText(valueOf(call, param, undefined) ?? '', encoding);
  });
  return Buffer.concat(parts);
};

const compareNames = (a: Parameter, b: Parameter): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** The fields of the body, or of the query where there is no body: what a form that is posted
 *  holds. */
const fieldsOf = <P extends Parameter>(list: readonly P[], fromQuery: number): readonly P[] =>
  list.length > fromQuery ? list.slice(fromQuery) : list;

/** As a form writes it: letters, digits and `-._` as they are, a space as `+`, each other byte as
 *  `%XX`. */
const formEncoded = (text: string, encoding: TextEncoding): string =>
  bytesOfText(text, encoding)
    .toString('latin1')
    .replace(/[^A-Za-z0-9._-]/g, (byte) =>
      byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );

const sortedBytes = (call: JudgedCall, rule: SortedRule, encoding: TextEncoding): Buffer => {
  const written = (text: string): string => (rule.encode === 'form' ? formEncoded(text, encoding) : text);
  const own = rule.param?.toLowerCase();
  const pieces = fieldsOf(call.parameters, call.fromQuery ?? 0)
    .filter(({ name, value }) => name.toLowerCase() !== own && !(rule.skipEmpty && value === ''))
    .toSorted(compareNames)
    .map(({ name, value }) => (rule.fields === 'value' ? written(value) : `${written(name)}=${written(value)}`));
  const parts = {
    end: [...pieces, rule.secret],
    'after-each': pieces.map((piece) => piece + rule.secret),
    key: pieces,
  };
  return bytesOfText(parts[rule.secretAt].join(rule.joiner), encoding);
};

const isKeyed = (rule: HashRule): boolean =>
  rule.kind === 'sorted-fields' ? rule.secretAt === 'key' : rule.kind === 'hmac';

const expectedSignature = (call: JudgedCall, rule: HashRule, encoding: TextEncoding): string => {
  const bytes = rule.kind === 'sorted-fields' ? sortedBytes(call, rule, encoding) : templateBytes(call, rule, encoding);
  const whole = isKeyed(rule)
    ? createHmac(rule.algorithm, rule.secret).update(bytes).digest(rule.encoding)
    : createHash(rule.algorithm).update(bytes).digest(rule.encoding);
  return withoutPadding(rule.truncate === undefined ? whole : whole.slice(0, rule.truncate));
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
export const judgeSignature = (call: JudgedCall, rule: SignatureRule, nowMs: number): RefusalCode | null => {
  if (rule.kind === 'clickbank') {
    const opened = openNotification(call.parameters, rule.secret);
    if (typeof opened !== 'string') return null;
    return opened === 'missing' ? 'signature_missing' : 'signature_wrong';
  }
  const given = valueOf(call, rule.param, rule.header);
  if (given === null || given === '') return 'signature_missing';
  if (rule.timestampParam !== undefined || rule.timestampHeader !== undefined) {
    const stated = Number(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? NaN);
    const statedMs = stated > 1e11 ? stated : stated * 1000;
    if (!(Math.abs(statedMs - nowMs) <= rule.toleranceSeconds * 1000)) return 'signature_expired';
  }
  const signature = plainSignature.exec(given.trim())?.[1] ?? '';
  const normal = rule.encoding === 'hex' ? signature.toLowerCase() : withoutPadding(signature);
  const holds = (encoding: TextEncoding) => sameText(normal, expectedSignature(call, rule, encoding));
  const hasHighBytes = call.target.search(highEscape) >= 0;
  return holds('utf8') || holds('latin1') || (hasHighBytes && holds('raw')) ? null : 'signature_wrong';
};

type Coverage = { query: boolean; body: boolean; names: readonly string[] };
const coverages = new WeakMap<SignatureRule, Coverage>();

const coverageOf = (rule: SignatureRule): Coverage => {
  let coverage = coverages.get(rule);
  if (!coverage) {
    const parts = 'template' in rule ? rule.template.split(placeholders) : [];
    const names = parts.flatMap((part) => paramForm.exec(part)?.[1]?.toLowerCase() ?? []);
    coverage = { query: parts.includes('{uri}') || parts.includes('{query}'), body: parts.includes('{body}'), names };
    coverages.set(rule, coverage);
  }
  return coverage;
};

/** The parameters that a signature covers by name; null: it covers the whole query or body. */
export const namesCovered = (rule: SignatureRule): readonly string[] | null => {
  const { query, body, names } = coverageOf(rule);
  return !('template' in rule) || query || body ? null : names;
};

type Reading = {
  /** Whether anything is read from a parameter of this name. */
  isRead: (lowerName: string) => boolean;
  /** Whether the network's settings name it, though the signature leaves it and its field out. */
  isWanted?: (lowerName: string, signedNames: readonly string[]) => boolean;
};

/** The parameters of a signed call that may be read.
 *
 *  - Those that the signature covers: a third party between the network and us can append others.
 *    Of a repeated name only the first is signed.
 *  - Those that the network's settings name although the signature leaves them out; they are noted
 *    as a problem.
 *  - All of them if the template covers no parameter: it is a shared secret then. */
export const signedOnly = (
  parameters: Parameters,
  rule: SignatureRule | null | undefined,
  { isRead, isWanted = () => false }: Reading,
): Parameters => {
  if (!rule) return parameters;
  // Anyone can have written what the URL of an encrypted notification holds.
  if (rule.kind === 'clickbank')
    return { ...parameters, list: parameters.list.slice(parameters.fromQuery), fromQuery: 0 };
  if (rule.kind === 'sorted-fields') {
    const list = [...fieldsOf(parameters.list, parameters.fromQuery)];
    return list.length === parameters.list.length ? parameters : { ...parameters, list, fromQuery: 0 };
  }
  const { query, body, names } = coverageOf(rule);
  if ((query && body) || (!query && !body && names.length === 0)) return parameters;
  const firsts = new Set(names.map((name) => firstNamed(parameters.list, name)));
  const problems = [...parameters.problems];
  let fromQuery = 0;
  const list = parameters.list.filter((parameter, index) => {
    const inQuery = index < parameters.fromQuery;
    const lower = parameter.name.toLowerCase();
    const isSigned = (inQuery ? query : body) || firsts.has(parameter);
    if (!isSigned && isRead(lower)) addProblem(problems, 'not_signed', parameter.name);
    const isKept = isSigned || (!names.includes(lower) && isWanted(lower, names));
    if (isKept && inQuery) fromQuery += 1;
    return isKept;
  });
  return { list, problems, fromQuery };
};
