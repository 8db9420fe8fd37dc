import { foldReports } from './conversion.js';
import type { ConversionSet, ConversionSnapshot } from './conversion-set.js';
import { bucketNames, emptyBuckets, type Buckets } from '../money/buckets.js';

/** The sums of one conversion's entries, per currency, and the state that the last of them
 *  records. */
export type EntryBalance = { sums: Map<string, Buckets>; state: ConversionSnapshot['state']; revision: number };

/** One thing that does not hold. `row` is what the conversion's row says, `proof` what it should
 *  say. */
export type Difference = { conversionId: string; what: string; row: string; proof: string };

const show = (currency: string | null, buckets: Buckets | null): string =>
  buckets === null
    ? 'unknown'
    : `${bucketNames.map((name) => `${name} ${buckets[name]}`).join(', ')} ${currency ?? ''}`;

/** Proves the rows of one conversion set two ways: they are the fold of its reports, and they are
 *  the sum of its entries. Answers what differs; nothing where all is well. */
export const proveConversionSet = (set: ConversionSet, entries: ReadonlyMap<string, EntryBalance>): Difference[] => {
  const { members } = foldReports(set.reports, set.rules);
  const differences: Difference[] = [];
  for (const [member, snapshot] of set.snapshots) {
    const { conversionId } = snapshot;
    const differs = (what: string, row: string, proof: string) => {
      if (row !== proof) differences.push({ conversionId, what, row, proof });
    };
    const folded = members.get(member);
    differs('state by its reports', String(snapshot.state), String(folded?.state ?? null));
    differs(
      'money by its reports',
      show(snapshot.currency, snapshot.money),
      show(folded?.currency ?? null, folded?.money ?? null),
    );
    const balance = entries.get(conversionId);
    if (snapshot.revision > 0 || balance) {
      differs('state by its entries', String(snapshot.state), String(balance?.state ?? null));
      differs('revision by its entries', String(snapshot.revision), String(balance?.revision ?? 0));
    }
    const currencies = new Set([
      ...(balance?.sums.keys() ?? []),
      ...(snapshot.money && snapshot.currency ? [snapshot.currency] : []),
    ]);
    for (const currency of currencies) {
      const held = snapshot.money && currency === snapshot.currency ? snapshot.money : emptyBuckets();
      differs(
        'money by its entries',
        show(currency, held),
        show(currency, balance?.sums.get(currency) ?? emptyBuckets()),
      );
    }
  }
  for (const member of members.keys())
    if (!set.snapshots.has(member))
      differences.push({
        conversionId: set.baseId,
        what: `member "${member}"`,
        row: 'missing',
        proof: 'by its reports',
      });
  return differences;
};
