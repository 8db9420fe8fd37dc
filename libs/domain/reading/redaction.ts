import { redacted } from './target.js';
import { safeText, type SafeText } from './text.js';

/** Secrets never reach a topic, a table or a page: they are taken out of the raw call before anything else sees it. */

const credentialHeaders = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

export type SecretPlaces = {
  /** Parameters whose value is a secret, whatever stands there: a wrong one may be a right one with a slip. */
  params: readonly string[];
  /** Texts that are secret wherever they stand. */
  values: readonly string[];
};

/** The HTTP parser's own limit is lower for all but the largest settings of `CAROM_MAX_URL_BYTES`. */
const maxHeaderLength = 65_536;

const headerText = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : (value ?? '');

/** Whether there is something to take out: asked of each header of each call, and quicker than taking it out. */
const mayHold = (text: string, { params, values }: SecretPlaces): boolean =>
  values.some((value) => value.length <= text.length && (text.includes(value) || text.includes('%'))) ||
  (text.includes('=') && params.some((param) => text.toLowerCase().includes(`${param.toLowerCase()}=`)));

/** Headers by lower-case name, credentials blanked, and the call's secrets taken out of the others: proxies say in one what the target was
 *  (`X-Original-URI`), browsers what it was before (`Referer`). */
export const redactHeaders = (
  headers: Record<string, string | string[] | undefined>,
  secrets: SecretPlaces,
): Record<string, SafeText> => {
  const kept: Record<string, SafeText> = {};
  for (const name in headers) {
    const text = headerText(headers[name]);
    const clean = credentialHeaders.has(name) ? redacted : mayHold(text, secrets) ? redactText(text, secrets) : text;
    kept[name] = safeText(clean, maxHeaderLength);
  }
  return kept;
};

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A target or a body without the secrets in it: the values of the named parameters, in a form or in JSON, and the known secrets
 *  as they are or percent-encoded. */
export const redactText = (text: string, secrets: SecretPlaces): string => {
  let clean = text;
  for (const param of secrets.params) {
    const name = escapePattern(param);
    clean = clean
      .replace(new RegExp(`((?:^|[?&;])${name}=)[^&#]*`, 'gi'), `$1${redacted}`)
      .replace(new RegExp(`("${name}"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s,}\\]]+)`, 'gi'), `$1"${redacted}"`);
  }
  for (const value of secrets.values) {
    if (value.length < 4) continue;
    clean = clean.replaceAll(value, redacted).replaceAll(encodeURIComponent(value), redacted);
  }
  return clean;
};
