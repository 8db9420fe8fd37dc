import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { done, park, retry, settle, skip, type Verdict } from './verdict.js';

describe('settling a batch', () => {
  it('lets everything be committed when nothing asks for a retry', () => {
    expect(settle([done, skip('redelivered'), park('undecodable')])).toEqual({
      firstUndone: 3,
      retryAfterMs: null,
      cause: null,
    });
  });

  it('stops at the first record that asks for a retry, and waits as long as that one asks', () => {
    expect(settle([done, retry('database busy', 200), retry('later', 9000), done])).toEqual({
      firstUndone: 1,
      retryAfterMs: 200,
      cause: 'database busy',
    });
  });

  it('never lets a record behind a retry be committed, whatever the batch', () => {
    const anyVerdict: fc.Arbitrary<Verdict> = fc.oneof(
      fc.constant(done),
      fc.constant(skip('seen')),
      fc.constant(park('bad')),
      fc.nat(1000).map((afterMs) => retry('busy', afterMs)),
    );
    fc.assert(
      fc.property(fc.array(anyVerdict), (verdicts) => {
        const { firstUndone, retryAfterMs } = settle(verdicts);
        const committed = verdicts.slice(0, firstUndone);
        expect(committed.every((verdict) => verdict.kind !== 'retry')).toBe(true);
        expect(retryAfterMs === null).toBe(firstUndone === verdicts.length);
        if (retryAfterMs !== null) expect(verdicts[firstUndone]?.kind).toBe('retry');
      }),
    );
  });

  it('takes a wait below zero as no wait', () => {
    expect(retry('busy', -5)).toEqual({ kind: 'retry', cause: 'busy', afterMs: 0 });
  });
});
