import { addProblem, isFull, type Parameters } from './parameter.js';
import { decodePercent } from './text.js';

/** Pairs of a query or a form: `a=1&b=2`, with the damage that templates and HTML do to them
 *  repaired. */

/** Entities that HTML decoders take without their semicolon, so that `&currency=` in a copied link
 *  arrives as `¤cy=`. */
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

/** `a=1;b=2` and no `&` at all: the other separator that HTML 4 recommended. */
const semicolons = /^[\w.-]{1,100}=[^;]*;[\w.-]{1,100}=/;

const nameCharacter = /[\w.-]/;
const maxSecondName = 100;

/** `click_id=…?payout=5`: a query that was appended to a URL which had one. An address as a value
 *  has a slash before its own question mark, so it is left whole. Null: `text` holds no second
 *  query. */
const findSecondQuery = (text: string): { at: number; name: string; valueFrom: number } | null => {
  const at = text.indexOf('?');
  if (at < 0 || text.lastIndexOf('/', at) >= 0) return null;
  let end = at + 1;
  while (end - at <= maxSecondName && nameCharacter.test(text.charAt(end))) end += 1;
  if (end === at + 1 || text.charAt(end) !== '=') return null;
  return { at, name: text.slice(at + 1, end), valueFrom: end + 1 };
};

const repairName = (into: Parameters, rawName: string): string => {
  const name = decodePercent(rawName).trim();
  if (!name.includes(';')) return name;
  const repaired = name.replace(leadingAmp, '').replace(swallowedInName, '$1');
  if (repaired !== name) addProblem(into.problems, 'html_entity_mended', repaired);
  return repaired;
};

const addValue = (into: Parameters, name: string, raw: string): void => {
  const value = decodePercent(raw);
  const cut = swallowedInValue.exec(value);
  if (!cut) {
    into.list.push({ name, value, raw, isJsonNumber: false });
    return;
  }
  const [all, sign = '', rest = ''] = cut;
  const next = `${swallowed[sign] ?? ''}${rest}`;
  addProblem(into.problems, 'html_entity_mended', next);
  into.list.push({ name, value: value.slice(0, cut.index), raw, isJsonNumber: false });
  into.list.push({ name: next, value: value.slice(cut.index + all.length), raw, isJsonNumber: false });
};

/** One pair, and each further pair of a query inside its value. Each round consumes what it read,
 *  so the whole is linear in the length of the pair. */
const addPair = (into: Parameters, pair: string): void => {
  const equals = pair.indexOf('=');
  let name = repairName(into, equals < 0 ? pair : pair.slice(0, equals));
  let rest = equals < 0 ? '' : pair.slice(equals + 1);
  for (let second = findSecondQuery(rest); second && !isFull(into); second = findSecondQuery(rest)) {
    addProblem(into.problems, 'separator_mended', name);
    addValue(into, name, rest.slice(0, second.at));
    name = repairName(into, second.name);
    rest = rest.slice(second.valueFrom);
  }
  addValue(into, name, rest);
};

export const addForm = (into: Parameters, text: string): void => {
  const separator = !text.includes('&') && semicolons.test(text) ? ';' : '&';
  if (separator === ';') addProblem(into.problems, 'separator_mended', null);
  let start = 0;
  while (start <= text.length) {
    const found = text.indexOf(separator, start);
    const end = found < 0 ? text.length : found;
    if (end > start) {
      if (isFull(into)) return;
      addPair(into, text.slice(start, end));
    }
    start = end + 1;
  }
};
