import type { Finding } from '../../ui/findings';

/** A catalog entry as the API answers it: settings, and what the API adds beside them. */
export type Entry = {
  key: string;
  name?: string;
  version: number;
  changedAt: string;
  preset?: string | null;
  defaultCurrency?: string | null;
  destination?: { url: string } | null;
  networkKey?: string;
  sourceKey?: string;
  url?: string;
  offers?: { offerKey: string; weight: number }[];
  statusMap?: Record<string, string>;
  clickUrl?: string;
  postbackUrl?: string;
  morePostbackUrls?: { when: string; url: string }[];
  warnings?: Finding[];
} & Record<string, unknown>;

/** Fields that the API adds and ignores in a request. */
const added = new Set([
  'version',
  'createdAt',
  'changedAt',
  'number',
  'token',
  'postbackUrl',
  'morePostbackUrls',
  'clickUrl',
  'warnings',
]);

/** The settings alone. `tokens` of a network are made by the API; those of a source are settings.
 */
export const settingsOf = (kind: string, entry: Entry): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(entry).filter(([name]) => !added.has(name) && !(kind === 'networks' && name === 'tokens')),
  );

export const readAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );

/** A copy with one value changed; undefined takes it out, so that the API's default holds. */
export const writeAt = (
  value: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  next: unknown,
): Record<string, unknown> => {
  if (rest.length === 0) {
    const { [name]: _before, ...others } = value;
    return next === undefined ? others : { ...value, [name]: next };
  }
  const inner = value[name];
  const object = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...value, [name]: writeAt(object, rest, next) };
};
