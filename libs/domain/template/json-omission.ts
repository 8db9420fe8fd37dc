/** `{token.email|sha256|omit}` in a JSON body: where there is no e-mail address, the member is not
 *  there at all. Ad platforms take an empty string or the hash of nothing for user data and match
 *  it with everybody else who has none. */

/** The mark inside the JSON text: an escape, so that the text stays JSON. No value can write it by
 *  accident. */
export const omissionMark = '\\u0000carom:omit\\u0000';
const mark = '\0carom:omit\0';

/** Numbers keep their text: read as numbers, an id of twenty digits would lose its last ones.
 *  (TypeScript does not know these yet.) */
const { rawJSON, isRawJSON } = JSON as typeof JSON & {
  rawJSON: (text: string) => object;
  isRawJSON: (value: unknown) => boolean;
};
const asWritten = (_name: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && source !== undefined ? rawJSON(source) : value;
const parse = JSON.parse as (text: string, reviver: typeof asWritten) => unknown;

const isGone = (value: unknown): boolean => typeof value === 'string' && value.includes(mark);
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) ? value.length : Object.keys(value).length) === 0;

/** Without what is marked, and without the lists and objects that have become empty by it. */
const withoutMarked = (value: unknown): unknown => {
  const kept = (part: unknown): { part: unknown; keep: boolean } => {
    if (isGone(part)) return { part, keep: false };
    const next = withoutMarked(part);
    return { part: next, keep: !isEmpty(next) || isEmpty(part) };
  };
  if (Array.isArray(value)) return value.map(kept).flatMap(({ part, keep }) => (keep ? [part] : []));
  if (typeof value !== 'object' || value === null || isRawJSON(value)) return value;
  const members = Object.entries(value).map(([name, part]) => [name, kept(part)] as const);
  return Object.fromEntries(members.flatMap(([name, { part, keep }]) => (keep && !isGone(name) ? [[name, part]] : [])));
};

/** A rendered JSON body without the members whose values were missing. A body without a mark is
 *  left as it is, to the byte. */
export const omitMissing = (body: string): string =>
  body.includes(omissionMark) ? JSON.stringify(withoutMarked(parse(body, asWritten))) : body;
