import { describe, expect, it } from '@jest/globals';
import { attentionOf, type AttentionInput } from './attention';

const nothing: AttentionInput = {
  refused: [],
  problems: [],
  status: {
    consumers: [{ secondsBehind: 1 }],
    orphans: { count: 0, oldestAt: null },
    parked: { count: 0 },
    missed: [],
  },
  destinations: [{ destinationKey: 'source:ads', health: 'ok', waiting: 3, parked: 0 }],
};
const kinds = (input: Partial<AttentionInput>): string[] =>
  attentionOf({ ...nothing, ...input }).map(({ kind }) => kind);

describe('what needs attention', () => {
  it('is nothing while all is well, also with a small backlog', () => expect(kinds({})).toEqual([]));

  it('puts a failing destination before refused calls, and refused calls before waiting ones', () => {
    const found = kinds({
      refused: [{ key: ['acme', 'click_unknown', null], count: 900, sampleId: 'a' }],
      status: { consumers: [], orphans: { count: 5_000, oldestAt: null }, parked: { count: 0 }, missed: [] },
      destinations: [{ destinationKey: 'source:ads', health: 'failing', waiting: 1, parked: 0 }],
    });
    expect(found).toEqual(['failing', 'refused', 'orphans']);
  });

  it('names every unmapped word, the most frequent first', () => {
    const found = attentionOf({
      ...nothing,
      refused: [
        { key: ['acme', 'status_unmapped', 'hold'], count: 2, sampleId: 'a' },
        { key: ['acme', 'status_unmapped', 'chargeback'], count: 12, sampleId: 'b' },
      ],
    });
    expect(found.map((item) => item.kind === 'unmapped' && item.word)).toEqual(['chargeback', 'hold']);
  });

  it('adds up one refusal of one network over its status words', () => {
    const [item] = attentionOf({
      ...nothing,
      refused: [
        { key: ['acme', 'macro_unreplaced', 'approved'], count: 2, sampleId: 'a' },
        { key: ['acme', 'macro_unreplaced', null], count: 3, sampleId: 'b' },
      ],
    });
    expect(item).toMatchObject({ kind: 'macro', networkKey: 'acme', count: 5 });
  });

  it('leaves out what a person has set to be ignored', () =>
    expect(kinds({ refused: [{ key: ['acme', 'status_ignored', 'ping'], count: 9, sampleId: 'a' }] })).toEqual([]));

  it('puts records that were never processed before everything else', () => {
    const missed = [{ topic: 'carom.postbacks.v1', records: 12 }];
    const found = attentionOf({
      ...nothing,
      status: {
        consumers: [{ secondsBehind: 95 }],
        orphans: { count: 0, oldestAt: null },
        parked: { count: 0 },
        missed,
      },
    });
    expect(found.map(({ kind }) => kind)).toEqual(['missed', 'behind']);
  });

  it('says how late processing is once a person would notice', () =>
    expect(
      attentionOf({
        ...nothing,
        status: {
          consumers: [{ secondsBehind: 95 }],
          orphans: { count: 0, oldestAt: null },
          parked: { count: 0 },
          missed: [],
        },
      }),
    ).toEqual([{ kind: 'behind', seconds: 95 }]));
});
