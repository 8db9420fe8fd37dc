import { isAccrual, modeOf, type ConversionRules } from './fold-state.js';
import type { Report } from './report.js';

/** The conversions of one identity in the mode `add`: each amount (and where ids are named, each
 *  id) is a conversion of its own. */

export type Member = { name: string; amountNanos: bigint | null; transactionId: string | null };

const accruesAmount = (report: Report): boolean =>
  isAccrual(report.state) && report.amountNanos !== null && report.amountNanos >= 0n;

/** The first amount in canonical order is the identity's own conversion (empty name). The others
 *  are named by their amount, so that the set alone decides which there are. Amounts of other
 *  modes, where events have modes of their own, all belong to the identity's own conversion. */
export const listMembers = (sorted: readonly Report[], rules: ConversionRules): Member[] => {
  const members: Member[] = [];
  const amounts = sorted.filter(accruesAmount);
  const plain = amounts.find((report) => modeOf(report, rules) !== 'add');
  if (plain) members.push({ name: '', amountNanos: null, transactionId: null });
  for (const report of amounts) {
    const { amountNanos, transactionId } = report;
    const isHeld = (each: Member) => each.amountNanos === amountNanos && each.transactionId === transactionId;
    if (modeOf(report, rules) !== 'add' || members.some(isHeld)) continue;
    const name = members.length === 0 ? '' : `+${amountNanos}${transactionId === null ? '' : `@${transactionId}`}`;
    members.push({ name, amountNanos, transactionId });
  }
  return members.length > 0 ? members : [{ name: '', amountNanos: null, transactionId: null }];
};

/** Which members a report is about: those with its id, if there are any; of these the one with its
 *  amount, else the first; without an amount, all of them. */
const membersOfReport = (report: Report, members: readonly Member[], rules: ConversionRules): Member[] => {
  const { ofNanos } = report;
  if (ofNanos !== undefined)
    return members.filter((each) => each.amountNanos === ofNanos && each.transactionId === report.transactionId);
  if (accruesAmount(report) && modeOf(report, rules) !== 'add') return members.slice(0, 1);
  const named = members.filter((each) => report.transactionId !== null && each.transactionId === report.transactionId);
  const pool = named.length > 0 ? named : members;
  const { amountNanos } = report;
  if (amountNanos === null) return [...pool];
  const size = amountNanos < 0n ? -amountNanos : amountNanos;
  return [pool.find((each) => each.amountNanos === size) ?? pool[0]].filter((each) => each !== undefined);
};

export const adds = ({ duplicates, eventDuplicates }: ConversionRules): boolean =>
  duplicates === 'add' || Object.values(eventDuplicates ?? {}).includes('add');

/** Whether an identity with these rules may hold more than its own conversion. */
export const mayHaveMembers = (rules: ConversionRules): boolean => adds(rules) || rules.hadMembers === true;

/** The reports of each member, by its name. */
export const reportsByMember = (sorted: readonly Report[], rules: ConversionRules): Map<string, Report[]> => {
  const members = listMembers(sorted, rules);
  const reports = new Map(members.map(({ name }) => [name, [] as Report[]]));
  for (const report of sorted)
    for (const { name } of membersOfReport(report, members, rules)) reports.get(name)?.push(report);
  return reports;
};
