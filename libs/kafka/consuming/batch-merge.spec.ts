import { describe, expect, it } from '@jest/globals';
import { createBatchMerge, type MergedPart } from './batch-merge.js';

type Named = MergedPart & { name: string };
const part = (name: string, records: number, alone = false): Named => ({ name, records, alone });

/** Notes the calls, each of which ends when the test says so. */
const setUp = (of: { maxRecords: number; maxInFlight: number }) => {
  const calls: string[] = [];
  const ends: ((thrown?: unknown) => void)[] = [];
  const merge = createBatchMerge<Named>((parts) => {
    calls.push(parts.map(({ name }) => name).join(' '));
    return new Promise((resolve, reject) => ends.push((thrown) => (thrown === undefined ? resolve() : reject(thrown))));
  }, of);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { calls, ends, turn, add: merge.add };
};

describe('merging what partitions hand over at the same moment', () => {
  it('makes one call, in the order in which it came', async () => {
    const { calls, ends, turn, add } = setUp({ maxRecords: 500, maxInFlight: 4 });
    const added = ['a', 'b', 'c'].map((name) => add(part(name, 5)));
    await turn();
    expect(calls).toEqual(['a b c']);
    ends[0]?.();
    await Promise.all(added);
  });

  it('makes several calls of many records, and no more of them at once than allowed', async () => {
    const { calls, ends, turn, add } = setUp({ maxRecords: 500, maxInFlight: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void add(part(name, 300));
    await turn();
    expect(calls).toEqual(['a b', 'c d']);
    ends[0]?.();
    await turn();
    await turn();
    expect(calls).toEqual(['a b', 'c d', 'e']);
  });

  it('gives a partition that has failed before a call of its own', async () => {
    const { calls, turn, add } = setUp({ maxRecords: 500, maxInFlight: 9 });
    for (const each of [part('a', 1), part('bad', 1, true), part('b', 1), part('c', 1)]) void add(each);
    await turn();
    expect(calls).toEqual(['a', 'bad', 'b c']);
  });

  it('fails all parts of a call together, and still handles what comes after it', async () => {
    const { calls, ends, turn, add } = setUp({ maxRecords: 500, maxInFlight: 1 });
    const failed = [add(part('a', 1)), add(part('b', 1))].map((each) => each.catch((thrown: Error) => thrown.message));
    await turn();
    const after = add(part('c', 1));
    ends[0]?.(new Error('the commit failed'));
    expect(await Promise.all(failed)).toEqual(['the commit failed', 'the commit failed']);
    await turn();
    expect(calls).toEqual(['a b', 'c']);
    ends[1]?.();
    await after;
  });
});
