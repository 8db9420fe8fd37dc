/** The target of a request, as people write Postback URLs: `//postback?…` with one slash too many,
 *  `/postback&click_id=…` without a question mark, `/postback/?…`, or with scheme and host as
 *  proxies send it. */

/** The text after the first `?`, or where there is none after the first `&`. A `#` in it belongs to
 *  a macro, not to a fragment. */
export const queryOf = (target: string): string => {
  const mark = target.indexOf('?');
  const start = mark < 0 ? target.indexOf('&') : mark;
  return start < 0 ? '' : target.slice(start + 1);
};

const isEnd = (character: string): boolean => character === '?' || character === '&' || character === '#';

/** Where the path begins: behind scheme and host, if they are there. */
const pathStart = (target: string): number => {
  const scheme = target.slice(0, 8).toLowerCase();
  const length = scheme === 'https://' ? 8 : scheme.startsWith('http://') ? 7 : 0;
  if (length === 0) return 0;
  let index = length;
  while (index < target.length && target.charAt(index) !== '/' && !isEnd(target.charAt(index))) index += 1;
  return index;
};

/** The segments of the path, by their places in the target. */
const segmentsOf = (target: string): { from: number; to: number }[] => {
  const segments: { from: number; to: number }[] = [];
  let from = -1;
  let index = pathStart(target);
  for (; index < target.length && !isEnd(target.charAt(index)); index += 1) {
    if (target.charAt(index) !== '/') from = from < 0 ? index : from;
    else if (from >= 0) {
      segments.push({ from, to: index });
      from = -1;
    }
  }
  if (from >= 0) segments.push({ from, to: index });
  return segments;
};

/** The path alone, for comparison: no host, single slashes, none at the end, lower case. */
export const pathOf = (target: string): string => {
  const segments = segmentsOf(target);
  if (segments.length === 0) return target.charAt(pathStart(target)) === '/' ? '/' : '';
  return `/${segments.map(({ from, to }) => target.slice(from, to)).join('/')}`.toLowerCase();
};

/** The target as a router takes it: with a question mark. */
export const routableTarget = (target: string): string =>
  target.includes('?') || !target.includes('&') ? target : target.replace('&', '?');

export const redacted = '[redacted]';

const redactSegment = (target: string, index: number): string => {
  const segment = segmentsOf(target)[index];
  return segment ? target.slice(0, segment.from) + redacted + target.slice(segment.to) : target;
};

/** Takes a token out of a target's path, `/postback/<token>?…` → `/postback/[redacted]?…`. */
export const redactToken = (target: string): string => redactSegment(target, 1);

/** The same for the key in front, `/<key>/postback?…` → `/[redacted]/postback?…`. */
export const redactKey = (target: string): string => redactSegment(target, 0);
