/** What the lines of a report are grouped by. */
export const reportGroups = ['day', 'hour', 'campaign', 'source', 'offer', 'network', 'event'] as const;
/** `token.zone`: by the values of one token. */
export type ReportGroup = (typeof reportGroups)[number] | `token.${string}`;

const tokenPrefix = 'token.';
export const tokenOf = (group: ReportGroup): string | null =>
  group.startsWith(tokenPrefix) ? group.slice(tokenPrefix.length) : null;

type Place = (given: unknown) => string;

/** An offset as a text would be read by Postgres with its sign the other way round. */
const wallClock = (column: string, timeZone: string, place: Place): string =>
  `${column} at time zone ${place(timeZone)}${/^[+-]/.test(timeZone) ? '::interval' : '::text'}`;

/** The expression of a group. It is chosen by name; what comes from outside (the name of a
 *  token, a zone) is a parameter. Null means "none".
 *
 *  @param of the columns that it reads: the time, and the alias of the row with the keys. */
export const groupExpression = (
  group: ReportGroup,
  timeZone: string,
  ofToken: (token: string) => string,
  { at, alias, place }: { at: string; alias: string; place: Place },
): string => {
  const token = tokenOf(group);
  if (token !== null) return ofToken(token);
  if (group === 'day') return `to_char(${wallClock(at, timeZone, place)}, 'YYYY-MM-DD')`;
  if (group === 'hour') {
    // The hour of the zone's clock, named by its first instant: so the two hours of one name are
    // apart when clocks are put back.
    const wall = wallClock(at, timeZone, place);
    return `to_char((${at} - (${wall} - date_trunc('hour', ${wall}))) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  }
  return `nullif(${alias}.${group === 'event' ? 'event' : `${group}_key`}, '')`;
};
