import { isLosslessNumber, parse as parseLosslessJson } from 'lossless-json';
import { decodePercent, decodeText } from './text.js';

/** The parameters of a call, from its query and its body, whatever the body says it is. Never throws: what cannot be read
 *  leaves no parameter and one problem. Repeated parameters are all kept, in order, the query's before the body's. */

export type Parameter = {
  /** As sent, decoded, its damage by HTML entities mended. */
  name: string;
  value: string;
  /** As it stood: still percent-encoded, or the literal text of a JSON value. */
  raw: string;
  /** Whether it is a number by JSON's own grammar, whose point is a decimal point whatever the network writes elsewhere. */
  isJsonNumber: boolean;
};

export type ReadingProblem = { code: ProblemCode; param: string | null };

/** What a reading may remark upon. A problem refuses nothing by itself; it stands beside the call in the log. */
export type ProblemCode =
  | 'macro_unreplaced'
  | 'placeholder_ignored'
  | 'html_entity_mended'
  | 'separator_mended'
  | 'text_not_utf8'
  | 'body_unreadable'
  | 'several_reports'
  | 'too_many_parameters'
  | 'amount_unreadable'
  | 'amount_ambiguous'
  | 'amount_too_large'
  | 'amount_rounded'
  | 'currency_unreadable'
  | 'currency_ambiguous'
  | 'currency_conflict'
  | 'status_unmapped'
  | 'time_unreadable'
  | 'click_id_invalid'
  | 'click_id_mended'
  | 'value_too_long';

export type Parameters = { list: Parameter[]; problems: ReadingProblem[] };

/** The call as it came: `query` is what stands behind the first `?`, one character per byte or already text. */
export type InboundCall = { method: string; query: string; body: Uint8Array | null; contentType: string | null };

/** A call has a handful of parameters; the bound keeps a hostile one from costing more than its bytes. */
const mostParameters = 500;
const deepestJson = 8;

/** Entities that HTML decoders take without their semicolon, so that `&currency=` in a copied link arrives as `¤cy=`. */
const swallowed: Record<string, string> = {
  '¤': 'curren',
  '×': 'times',
  '¶': 'para',
  '§': 'sect',
  '®': 'reg',
  '©': 'copy',
  '¬': 'not',
};
const swallowedInName = /^(curren|times|para|sect|reg|copy|not);(?=\w)/;
const swallowedInValue = /([¤×¶§®©¬])(\w{0,40})=/;
const leadingAmp = /^(?:(?:amp|#38|#x26);)+/i;

/** `click_id=…?payout=5`: somebody hung a query on a URL that had one. An address as a value has a slash before its own. */
const secondQuestionMark = /^([^?/]*)\?([\w.-]{1,100})=(.*)$/s;
/** `a=1;b=2` and no `&` at all: the other separator that HTML 4 told people to use. */
const semicolons = /^[\w.-]{1,100}=[^;]*;[\w.-]{1,100}=/;

const addPair = (into: Parameters, rawName: string, rawValue: string): void => {
  let name = decodePercent(rawName).trim();
  if (name.includes(';')) {
    const mended = name.replace(leadingAmp, '').replace(swallowedInName, '$1');
    if (mended !== name) into.problems.push({ code: 'html_entity_mended', param: mended });
    name = mended;
  }
  const second = secondQuestionMark.exec(rawValue);
  if (second) {
    into.problems.push({ code: 'separator_mended', param: name });
    addPair(into, rawName, second[1] ?? '');
    addPair(into, second[2] ?? '', second[3] ?? '');
    return;
  }
  const value = decodePercent(rawValue);
  const cut = swallowedInValue.exec(value);
  if (!cut) {
    into.list.push({ name, value, raw: rawValue, isJsonNumber: false });
    return;
  }
  const [, sign = '', rest = ''] = cut;
  const before = value.slice(0, cut.index);
  const next = `${swallowed[sign] ?? ''}${rest}`;
  const after = value.slice(cut.index + cut[0].length);
  into.problems.push({ code: 'html_entity_mended', param: next });
  into.list.push({ name, value: before, raw: rawValue, isJsonNumber: false });
  into.list.push({ name: next, value: after, raw: rawValue, isJsonNumber: false });
};

const addForm = (into: Parameters, text: string): void => {
  const separator = !text.includes('&') && semicolons.test(text) ? ';' : '&';
  if (separator === ';') into.problems.push({ code: 'separator_mended', param: null });
  let start = 0;
  while (start <= text.length) {
    if (into.list.length >= mostParameters) {
      into.problems.push({ code: 'too_many_parameters', param: null });
      return;
    }
    const found = text.indexOf(separator, start);
    const end = found < 0 ? text.length : found;
    if (end > start) {
      const equals = text.indexOf('=', start);
      const split = equals >= 0 && equals < end ? equals : end;
      addPair(into, text.slice(start, split), text.slice(Math.min(split + 1, end), end));
    }
    start = end + 1;
  }
};

/** JSON keeps numbers by their literal text: a 20-digit id and 0.0000001 survive. Undefined: it is no JSON. */
export const readJson = (text: string): unknown => {
  try {
    return parseLosslessJson(text, null, { onDuplicateKey: ({ newValue }) => newValue });
  } catch {
    return undefined;
  }
};

const addJson = (into: Parameters, value: unknown, path: string, depth: number): void => {
  if (into.list.length >= mostParameters || depth > deepestJson) {
    into.problems.push({ code: 'too_many_parameters', param: path === '' ? null : path });
    return;
  }
  if (isLosslessNumber(value)) {
    into.list.push({ name: path, value: value.value, raw: value.value, isJsonNumber: true });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value))
      addJson(into, inner, path === '' ? key : `${path}.${key}`, depth + 1);
  } else {
    const text = value === null || value === undefined ? '' : String(value);
    into.list.push({ name: path, value: text, raw: value === null ? 'null' : text, isJsonNumber: false });
  }
};

/** The parts of a multipart form that are fields; files are passed over. */
const addMultipart = (into: Parameters, text: string, boundary: string): void => {
  for (const part of text.split(`--${boundary}`).slice(1, mostParameters)) {
    const gap = part.indexOf('\r\n\r\n');
    const name = /content-disposition:[^\r\n]*;\s*name="([^"]*)"/i.exec(part.slice(0, gap));
    if (gap < 0 || !name || /filename=/i.test(part.slice(0, gap))) continue;
    const value = part.slice(gap + 4).replace(/\r\n$/, '');
    into.list.push({ name: name[1] ?? '', value, raw: value, isJsonNumber: false });
  }
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !isLosslessNumber(value);

const addBody = (into: Parameters, body: Uint8Array, contentType: string): void => {
  const { text, encoding } = decodeText(body);
  if (encoding === 'latin1') into.problems.push({ code: 'text_not_utf8', param: null });
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,100})"?/i.exec(contentType)?.[1];
  if (boundary) return addMultipart(into, text, boundary);
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return;
  // The content type is a rumour: JSON is posted as text/plain and as a form, forms are posted as JSON. The first character is not.
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const json = readJson(trimmed);
    if (Array.isArray(json) && json.length > 1 && json.every(isObject))
      into.problems.push({ code: 'several_reports', param: null });
    if (json !== undefined) return addJson(into, Array.isArray(json) && json.length === 1 ? json[0] : json, '', 0);
  }
  if (trimmed.includes('=')) return addForm(into, trimmed);
  into.problems.push({ code: 'body_unreadable', param: null });
};

/** All parameters of a call, the query's first. */
export const readParameters = (call: InboundCall): Parameters => {
  const into: Parameters = { list: [], problems: [] };
  if (call.query !== '') addForm(into, call.query);
  if (call.body && call.body.length > 0) addBody(into, call.body, call.contentType ?? '');
  return into;
};

/** The values inside a JSON text that stands in a parameter: `payload>order.id` names one of them. */
export const innerParameters = (parameter: Parameter): Parameter[] => {
  const json = readJson(parameter.value.trim());
  if (json === undefined || typeof json !== 'object') return [];
  const into: Parameters = { list: [], problems: [] };
  addJson(into, json, '', 0);
  return into.list.map((inner) => ({ ...inner, name: `${parameter.name}>${inner.name}` }));
};
