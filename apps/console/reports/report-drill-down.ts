import { dayRange } from '#domain';
import { only, type Choice, type ReportFilter, type ReportGroup, type TokenChoice } from '#postgres';
import { writeChoice, writeTokens } from '../http/choice.js';

/** From a line of a report to the conversions behind it: the filters with which their list finds
 *  exactly these (P10). */

const hourMs = 3_600_000;

type Report = ReportFilter & {
  timeZone: string;
  asOf?: string | undefined;
  timeBy: 'recorded' | 'clicked' | 'occurred';
};

const filterOf = {
  campaign: 'campaignKey',
  source: 'sourceKey',
  offer: 'offerKey',
  network: 'networkKey',
  event: 'event',
} as const;
type KeyGroup = keyof typeof filterOf;
type KeyFilter = (typeof filterOf)[KeyGroup];
const isKeyGroup = (group: ReportGroup): group is KeyGroup => group in filterOf;

/** The part of the report's time that the line is of. */
const timeOf = (group: 'day' | 'hour', value: string, timeZone: string): { fromMs: number; toMs: number } =>
  group === 'day' ? dayRange(value, timeZone) : { fromMs: Date.parse(value), toMs: Date.parse(value) + hourMs };

export const conversionsBehind = (
  key: readonly (string | null)[],
  groups: readonly ReportGroup[],
  { from, to, timeZone, asOf, timeBy, tokens = [], ...filter }: Report,
): Record<string, string> => {
  let [fromMs, toMs] = [from.getTime(), to.getTime()];
  const choices = new Map<KeyFilter, Choice>();
  for (const name of Object.values(filterOf)) {
    const choice = filter[name];
    if (choice) choices.set(name, choice);
  }
  const named = new Map<string, TokenChoice>(tokens.map((each) => [each.name, each]));
  for (const [at, group] of groups.entries()) {
    const value = key[at] ?? '';
    if (group === 'day' || group === 'hour') {
      const time = timeOf(group, value, timeZone);
      [fromMs, toMs] = [Math.max(fromMs, time.fromMs), Math.min(toMs, time.toMs)];
    } else if (isKeyGroup(group)) choices.set(filterOf[group], only(value));
    else {
      const name = group.slice('token.'.length);
      named.set(name, { name, ...only(value) });
    }
  }
  return {
    ...Object.fromEntries([...choices].map(([name, choice]) => [name, writeChoice(choice)])),
    ...(named.size > 0 && { token: writeTokens([...named.values()]) }),
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    counted: 'true',
    ...(asOf !== undefined && { asOf }),
    ...(timeBy !== 'recorded' && { timeBy }),
  };
};
