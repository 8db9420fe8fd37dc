import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createCommitting } from './committing.js';

/** A broker that answers when it is told to. */
const openBroker = () => {
  const sent: Record<number, string>[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const committing = createCommitting(
    (offsets) =>
      new Promise((resolve, reject) => {
        sent.push(Object.fromEntries(offsets));
        answers.push((error) => (error ? reject(error) : resolve()));
      }),
    { spacingMs: 20 },
  );
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await jest.advanceTimersByTimeAsync(0);
  };
  return { sent, answer, ...committing };
};
const offsets = (...all: [number, string][]) => new Map(all);

describe('commits', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('go out at once when it is quiet, and when it is not together, one at a time, each partition with its latest', async () => {
    const { sent, answer, done } = openBroker();
    done(offsets([1, '10'], [2, '5']));
    expect(sent).toEqual([{ 1: '10', 2: '5' }]);
    done(offsets([1, '11']));
    await jest.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(1);
    done(offsets([1, '12'], [3, '1']));
    await answer();
    expect(sent.slice(1)).toEqual([{ 1: '12', 3: '1' }]);
    await answer();
    done(offsets([1, '13']));
    done(offsets([1, '14']));
    expect(sent).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(20);
    expect(sent.slice(2)).toEqual([{ 1: '14' }]);
  });

  it('are waited for by a flush, the one on its way and what has gathered behind it', async () => {
    const { sent, answer, done, flush } = openBroker();
    done(offsets([1, '10']));
    done(offsets([1, '11']));
    let flushed = false;
    const all = flush().then(() => (flushed = true));
    await answer();
    expect(sent).toEqual([{ 1: '10' }, { 1: '11' }]);
    expect(flushed).toBe(false);
    await answer();
    await all;
  });

  it('that fail are told of once, and tried again with what came since', async () => {
    const { sent, answer, done, failure } = openBroker();
    done(offsets([1, '10'], [2, '5']));
    await answer(new Error('away'));
    expect(failure()?.message).toBe('away');
    expect(failure()).toBeNull();
    done(offsets([1, '11']));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(sent.slice(1)).toEqual([{ 1: '11', 2: '5' }]);
    await answer();
    expect(failure()).toBeNull();
  });

  it('of an earlier membership are dropped, and its failure is nobody’s', async () => {
    const { sent, answer, done, failure, forget } = openBroker();
    done(offsets([1, '10']));
    done(offsets([2, '7']));
    forget();
    await answer(new Error('the member is not known'));
    expect(failure()).toBeNull();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(sent).toHaveLength(1);
    done(offsets([3, '1']));
    expect(sent.slice(1)).toEqual([{ 3: '1' }]);
  });
});
