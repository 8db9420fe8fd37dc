import { foldReports } from './conversion.js';
import type { Family, Standing } from './conversion-set.js';
import { bucketNames, emptyBuckets, type Buckets } from './ledger.js';

/** What one conversion's entries add up to, per currency; and the state that the last of them tells. */
export type EntryBalance = { sums: Map<string, Buckets>; state: Standing['state']; revision: number };

/** One thing that does not hold. `row` is what the conversion's row says, `proof` what it should say. */
export type Difference = { conversionId: string; what: string; row: string; proof: string };

const show = (currency: string | null, buckets: Buckets | null): string =>
  buckets === null
    ? 'unknown'
    : `${bucketNames.map((name) => `${name} ${buckets[name]}`).join(', ')} ${currency ?? ''}`;

/** Proves the rows of one family two ways: they are the fold of its reports, and they are the sum of its entries. Answers what
 *  differs; nothing where all is well. */
export const proveFamily = (family: Family, entries: ReadonlyMap<string, EntryBalance>): Difference[] => {
  const { members } = foldReports(family.reports, family.rules);
  const differences: Difference[] = [];
  for (const [member, standing] of family.standings) {
    const { conversionId } = standing;
    const differs = (what: string, row: string, proof: string) => {
      if (row !== proof) differences.push({ conversionId, what, row, proof });
    };
    const folded = members.get(member);
    differs('state by its reports', String(standing.state), String(folded?.state ?? null));
    differs(
      'money by its reports',
      show(standing.currency, standing.money),
      show(folded?.currency ?? null, folded?.money ?? null),
    );
    const balance = entries.get(conversionId);
    if (standing.revision > 0 || balance) {
      differs('state by its entries', String(standing.state), String(balance?.state ?? null));
      differs('revision by its entries', String(standing.revision), String(balance?.revision ?? 0));
    }
    const currencies = new Set([
      ...(balance?.sums.keys() ?? []),
      ...(standing.money && standing.currency ? [standing.currency] : []),
    ]);
    for (const currency of currencies) {
      const stands = standing.money && currency === standing.currency ? standing.money : emptyBuckets();
      differs(
        'money by its entries',
        show(currency, stands),
        show(currency, balance?.sums.get(currency) ?? emptyBuckets()),
      );
    }
  }
  for (const member of members.keys())
    if (!family.standings.has(member))
      differences.push({
        conversionId: family.baseId,
        what: `member "${member}"`,
        row: 'missing',
        proof: 'by its reports',
      });
  return differences;
};
