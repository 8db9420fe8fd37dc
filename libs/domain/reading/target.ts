/** The target of a request, as people write Postback URLs: `//postback?…` where a slash was put behind the domain already,
 *  `/postback&click_id=…` without a question mark, `/postback/?…`, or with scheme and host as proxies send it. */

const origin = /^https?:\/\/[^/?#&]*/i;

/** What stands behind the first `?`, or where there is none behind the first `&`. A `#` in it belongs to somebody's macro, not to a
 *  fragment. */
export const queryOf = (target: string): string => {
  const mark = target.indexOf('?');
  const start = mark < 0 ? target.indexOf('&') : mark;
  return start < 0 ? '' : target.slice(start + 1);
};

/** The path alone, for comparison: no host, single slashes, none at the end, lower case. */
export const pathOf = (target: string): string => {
  const path = target.replace(origin, '').split(/[?&#]/, 1)[0] ?? '';
  return path
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .toLowerCase();
};

/** The target as a router takes it: with a question mark. */
export const routableTarget = (target: string): string =>
  target.includes('?') || !target.includes('&') ? target : target.replace('&', '?');

export const redacted = '[redacted]';

/** Takes a token out of a target's path, `/postback/<token>?…` → `/postback/[redacted]?…`. */
export const redactToken = (target: string): string =>
  target.replace(/^((?:https?:\/\/[^/?#&]*)?\/+[^/?#&]+\/+)[^/?#&]+/i, `$1${redacted}`);

/** The same for the key in front, `/<key>/postback?…` → `/[redacted]/postback?…`. */
export const redactKey = (target: string): string =>
  target.replace(/^((?:https?:\/\/[^/?#&]*)?\/+)[^/?#&]+/i, `$1${redacted}`);
