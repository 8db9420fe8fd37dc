import { dayRange } from '#domain';
import type { ReportFilter, ReportGroup } from '#postgres';

/** From a line of a report to the conversions behind it: the address of a list with the same filters (P10). */

type Report = ReportFilter & { timeZone: string; asOf?: string; timeBy: 'recorded' | 'clicked' | 'occurred' };

const parameters: Partial<Record<ReportGroup, string>> = {
  campaign: 'campaignKey',
  source: 'sourceKey',
  offer: 'offerKey',
  network: 'networkKey',
  event: 'event',
};

/** The part of the report's time that the line is of. */
const timeOf = (group: ReportGroup, value: string, timeZone: string): { fromMs: number; toMs: number } =>
  group === 'day' ? dayRange(value, timeZone) : { fromMs: Date.parse(value), toMs: Date.parse(value) + 3_600_000 };

/** Null: the line is of what has none of something (no event, no campaign), which no filter of the list says. */
export const conversionsBehind = (
  key: readonly (string | null)[],
  groups: readonly ReportGroup[],
  { from, to, timeZone, asOf, timeBy, token, ...filter }: Report,
): string | null => {
  let [fromMs, toMs] = [from.getTime(), to.getTime()];
  let tokenText = token && `${token.name}:${token.value}`;
  const query = new Map<string, string | undefined>(Object.entries(filter as Record<string, string | undefined>));
  for (const [at, group] of groups.entries()) {
    const value = key[at];
    if (value == null) return null;
    if (group === 'day' || group === 'hour') {
      const time = timeOf(group, value, timeZone);
      [fromMs, toMs] = [Math.max(fromMs, time.fromMs), Math.min(toMs, time.toMs)];
    } else if (group.startsWith('token.')) {
      // The list filters by one token; a line of two is narrower than any list.
      if (tokenText !== undefined) return null;
      tokenText = `${group.slice('token.'.length)}:${value}`;
    } else {
      query.set(parameters[group] ?? '', value);
    }
  }
  query.set('from', new Date(fromMs).toISOString());
  query.set('to', new Date(toMs).toISOString());
  query.set('counted', 'true');
  query.set('token', tokenText);
  query.set('asOf', asOf);
  query.set('timeBy', timeBy === 'recorded' ? undefined : timeBy);
  const given = new URLSearchParams();
  for (const [name, value] of query) if (value !== undefined) given.set(name, value);
  return `/api/v1/conversions?${given.toString()}`;
};
