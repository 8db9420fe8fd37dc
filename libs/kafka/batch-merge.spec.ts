import { describe, expect, it } from '@jest/globals';
import { createJoining, type Part } from './batch-merge.js';

type Named = Part & { name: string };
const part = (name: string, records: number, alone = false): Named => ({ name, records, alone });

/** Notes the calls, each of which ends when the test says so. */
const setUp = (of: { mostRecords: number; inFlight: number }) => {
  const calls: string[] = [];
  const ends: ((thrown?: unknown) => void)[] = [];
  const joining = createJoining<Named>((parts) => {
    calls.push(parts.map(({ name }) => name).join(' '));
    return new Promise((resolve, reject) => ends.push((thrown) => (thrown === undefined ? resolve() : reject(thrown))));
  }, of);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { calls, ends, turn, add: joining.add };
};

describe('what partitions hand over at the same moment', () => {
  it('is handled in one call, in the order in which it came', async () => {
    const { calls, ends, turn, add } = setUp({ mostRecords: 500, inFlight: 4 });
    const added = ['a', 'b', 'c'].map((name) => add(part(name, 5)));
    await turn();
    expect(calls).toEqual(['a b c']);
    ends[0]?.();
    await Promise.all(added);
  });

  it('is handled in several calls when it is much, no more of them at once than told', async () => {
    const { calls, ends, turn, add } = setUp({ mostRecords: 500, inFlight: 2 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) void add(part(name, 300));
    await turn();
    expect(calls).toEqual(['a b', 'c d']);
    ends[0]?.();
    await turn();
    await turn();
    expect(calls).toEqual(['a b', 'c d', 'e']);
  });

  it('does not share a call with a partition that has failed before', async () => {
    const { calls, turn, add } = setUp({ mostRecords: 500, inFlight: 9 });
    for (const each of [part('a', 1), part('bad', 1, true), part('b', 1), part('c', 1)]) void add(each);
    await turn();
    expect(calls).toEqual(['a', 'bad', 'b c']);
  });

  it('fails together, and what comes after it is handled all the same', async () => {
    const { calls, ends, turn, add } = setUp({ mostRecords: 500, inFlight: 1 });
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
