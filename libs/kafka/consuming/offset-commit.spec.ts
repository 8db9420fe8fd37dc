import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createOffsetCommit } from './offset-commit.js';

/** A broker that answers when the test says so. */
const openBroker = (durable?: () => Promise<boolean>) => {
  const sent: Record<number, string>[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const lost: number[] = [];
  const commit = createOffsetCommit({
    send: (offsets) =>
      new Promise((resolve, reject) => {
        sent.push(Object.fromEntries(offsets));
        answers.push((error) => (error ? reject(error) : resolve()));
      }),
    lost: () => void lost.push(sent.length),
    spacingMs: 20,
    durable,
  });
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await jest.advanceTimersByTimeAsync(0);
  };
  return {
    sent,
    lost,
    answer,
    done: commit.done.bind(commit),
    flush: commit.flush.bind(commit),
    forget: commit.forget.bind(commit),
    failure: commit.failure.bind(commit),
  };
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

  it('that fail are reported once, and tried again with what came since', async () => {
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

  it('of an earlier membership are dropped, and its failure is not reported', async () => {
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

  it('wait until what was done is on disk, and do not include what came meanwhile', async () => {
    let stays: (answer: boolean) => void = () => undefined;
    const { sent, answer, done } = openBroker(() => new Promise((resolve) => (stays = resolve)));
    done(offsets([1, '10']));
    await jest.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([]);
    done(offsets([1, '11']));
    stays(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ 1: '10' }]);
    await answer();
    await jest.advanceTimersByTimeAsync(20);
    stays(true);
    await jest.advanceTimersByTimeAsync(0);
    expect(sent.slice(1)).toEqual([{ 1: '11' }]);
  });

  it('are tried again when Postgres could not be asked, without joining the group again', async () => {
    let away = true;
    const { sent, done, failure, lost } = openBroker(() =>
      away ? Promise.reject(new Error('the database is away')) : Promise.resolve(true),
    );
    done(offsets([1, '10']));
    await jest.advanceTimersByTimeAsync(500);
    expect(failure()).toBeNull();
    expect(sent).toEqual([]);
    away = false;
    await jest.advanceTimersByTimeAsync(500);
    expect(sent).toEqual([{ 1: '10' }]);
    expect(lost).toEqual([]);
  });

  it('stop when something of what was done is lost, until the group is joined again', async () => {
    let there = false;
    const { sent, done, lost, forget, flush } = openBroker(() => Promise.resolve(there));
    done(offsets([1, '10']));
    await jest.advanceTimersByTimeAsync(0);
    expect(lost).toHaveLength(1);
    there = true;
    // Of a batch that was in hand then: it may be lost as well.
    done(offsets([1, '11']));
    await jest.advanceTimersByTimeAsync(5_000);
    await flush();
    expect(sent).toEqual([]);
    expect(lost).toHaveLength(1);
    forget();
    done(offsets([1, '11']));
    await jest.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ 1: '11' }]);
  });
});
