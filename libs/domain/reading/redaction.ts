import { redacted } from './call/target.js';
import { safeText, type SafeText } from './call/text.js';

/** Secrets never reach a topic, a table or a page: they are taken out of the raw call before it is
 *  published. */

const credentialHeaders = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

export type SecretPlaces = {
  /** Parameters whose value is always a secret: a wrong value may be the right one with a typing
   *  error. */
  params: readonly string[];
  /** Texts that are secret wherever they occur. */
  values: readonly string[];
};

/** The HTTP parser's own limit is lower, except for the largest settings of
 *  `CAROM_MAX_URL_BYTES`. */
const maxHeaderLength = 65_536;
/** Shorter values are too common to be taken out of a text. */
const minSecretLength = 4;

const headerText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '');

/** Whether there may be something to take out. Asked of each header of each call, because it is
 *  much cheaper. */
const mayHold = (text: string, { params, values }: SecretPlaces): boolean =>
  values.some((value) => value.length <= text.length && (text.includes(value) || text.includes('%'))) ||
  (text.includes('=') && params.some((param) => text.toLowerCase().includes(`${param.toLowerCase()}=`)));

/** Headers by lower-case name: credentials blanked, and the call's secrets taken out of the others.
 *  Proxies repeat the target in a header (`X-Original-URI`), browsers send the previous one
 *  (`Referer`). */
export const redactHeaders = (
  headers: Record<string, string | string[] | undefined>,
  secrets: SecretPlaces,
): Record<string, SafeText> => {
  const kept: Record<string, SafeText> = {};
  for (const name in headers) {
    // Ours mark what the console has written; a caller's are left out.
    if (name.startsWith('carom-')) continue;
    const text = headerText(headers[name]);
    const clean = credentialHeaders.has(name) ? redacted : mayHold(text, secrets) ? redactText(text, secrets) : text;
    kept[name] = safeText(clean, maxHeaderLength);
  }
  return kept;
};

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const isSpace = (character: string): boolean => ' \t\r\n'.includes(character) && character !== '';

const skipSpaces = (text: string, from: number): number => {
  let index = from;
  while (isSpace(text.charAt(index))) index += 1;
  return index;
};

/** Where a JSON value that begins at `from` ends: behind its closing quote, or before the next
 *  separator. */
const endOfJsonValue = (text: string, from: number): number => {
  let index = from;
  if (text.charAt(index) === '"') {
    for (index += 1; index < text.length; index += 1) {
      if (text.charAt(index) === '\\') index += 1;
      else if (text.charAt(index) === '"') return index + 1;
    }
    return text.length;
  }
  while (index < text.length && !isSpace(text.charAt(index)) && !',}]'.includes(text.charAt(index))) index += 1;
  return index;
};

/** Blanks the value of `"name": …`, wherever it occurs. One pass: what was read once is not read
 *  again. */
const redactJsonValue = (text: string, name: string): string => {
  const names = new RegExp(`"${escapePattern(name)}"`, 'gi');
  let clean = '';
  let copied = 0;
  for (let found = names.exec(text); found; found = names.exec(text)) {
    const colon = skipSpaces(text, names.lastIndex);
    if (text.charAt(colon) !== ':') continue;
    const from = skipSpaces(text, colon + 1);
    const to = endOfJsonValue(text, from);
    clean += `${text.slice(copied, from)}"${redacted}"`;
    copied = to;
    names.lastIndex = to;
  }
  return clean + text.slice(copied);
};

/** A target or a body without the secrets in it: the values of the named parameters, in a form or
 *  in JSON, and the known secrets as they are or percent-encoded. */
export const redactText = (text: string, secrets: SecretPlaces): string => {
  let clean = text;
  for (const param of secrets.params) {
    const inForm = new RegExp(`((?:^|[?&;])${escapePattern(param)}=)[^&#]*`, 'gi');
    clean = redactJsonValue(clean.replace(inForm, `$1${redacted}`), param);
  }
  for (const value of secrets.values) {
    if (value.length < minSecretLength) continue;
    clean = clean.replaceAll(value, redacted).replaceAll(encodeURIComponent(value.toWellFormed()), redacted);
  }
  return clean;
};
