/** Search parameters are flat texts, so that a link reads as a sentence:
 * `/log?state=refused,orphan&network=acme`. */

export type Search = Record<string, string | undefined>;

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

export const writeSearch = (search: Record<string, unknown>): string => {
  const given = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value] as [string, string]] : [],
  );
  if (given.length === 0) return '';
  // Commas, colons and slashes may stand in a query as they are, and are read more easily so.
  const text = new URLSearchParams(given)
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
  return `?${text}`;
};

/** The named parameters that are texts; others are dropped, so that a page's view is exactly what
 * it knows. */
export const pickTexts =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name];
        return typeof value === 'string' && value !== '' ? [[name, value]] : [];
      }),
    ) as Partial<Record<Name, string>>;

/** "a,b" as a list; an absent parameter is an empty one. */
export const listOf = (text: string | undefined): string[] =>
  text === undefined ? [] : text.split(',').filter(Boolean);

/** With this value added, or removed where it was there; undefined when nothing is left. */
export const toggled = (text: string | undefined, value: string): string | undefined => {
  const values = listOf(text);
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return next.length === 0 ? undefined : next.join(',');
};
