import { describe, expect, it } from '@jest/globals';
import { createLiveness } from './liveness.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { repeat } from './repeat.js';
import type { Time } from './time.js';

/** A clock that moves only when the test says so. */
const manualTime = () => {
  let nowMs = 0;
  const waiting = new Set<{ dueMs: number; resolve: () => void }>();
  const time: Time = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wait = { dueMs: nowMs + ms, resolve };
        waiting.add(wait);
        signal?.addEventListener('abort', () => {
          waiting.delete(wait);
          resolve();
        });
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    time,
    advance: async (ms: number) => {
      await settle();
      nowMs += ms;
      for (const wait of waiting) if (wait.dueMs <= nowMs && waiting.delete(wait)) wait.resolve();
      await settle();
    },
  };
};

const world = () => {
  const clock = manualTime();
  const metrics = createMetrics('spec');
  const health = createLiveness(metrics, clock.time);
  const options = {
    name: 'sweep',
    everyMs: 100,
    deadlineMs: 1_000,
    time: clock.time,
    log: createLog('spec', 'silent'),
    health,
  };
  const count = async (outcome: string) =>
    new RegExp(`carom_runtime_chore_runs_total{chore="sweep",outcome="${outcome}",app="spec"} (\\d+)`).exec(
      await metrics.registry.metrics(),
    )?.[1];
  return { ...clock, options, health, count, metrics };
};

describe('repeated work', () => {
  it('runs at its interval, one run at a time, and goes on after a failure', async () => {
    const { options, advance, count } = world();
    let runs = 0;
    const chore = repeat(options, () => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('no connection')) : Promise.resolve();
    });
    await advance(99);
    expect(runs).toBe(0);
    await advance(1);
    await advance(100);
    expect(runs).toBe(2);
    await chore.stop();
    await advance(1_000);
    expect(runs).toBe(2);
    expect([await count('failed'), await count('done')]).toEqual(['1', '1']);
  });

  it('runs at once when asked, after the run that is under way', async () => {
    const { options, advance } = world();
    const ends: (() => void)[] = [];
    const chore = repeat(options, () => new Promise<void>((resolve) => ends.push(resolve)));
    let asked = 0;
    const first = chore.now().then(() => (asked += 1));
    await advance(0);
    const second = chore.now().then(() => (asked += 1));
    await advance(0);
    expect([ends.length, asked]).toEqual([1, 0]);
    ends[0]?.();
    await first;
    await advance(0);
    expect([ends.length, asked]).toEqual([2, 1]);
    ends[1]?.();
    await second;
    await chore.stop();
  });

  it('aborts a run that passes its deadline, and counts it as late', async () => {
    const { options, advance, count, health } = world();
    const chore = repeat(
      options,
      (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    await advance(100);
    await advance(1_000);
    expect(await count('late')).toBe('1');
    expect(health.hung()).toEqual([]);
    await chore.stop();
  });

  it('says that a run hangs when it does not end although it was aborted', async () => {
    const { options, advance, health, metrics } = world();
    repeat(options, () => new Promise(() => undefined));
    await advance(100);
    await advance(1_999);
    expect(health.hung()).toEqual([]);
    await advance(1);
    expect(health.hung()).toEqual(['sweep']);
    expect(await metrics.registry.metrics()).toContain('carom_runtime_chores_hung{app="spec"} 1');
  });

  it('waits at a stop for the run under way, but not for ever', async () => {
    const { options, advance } = world();
    const chore = repeat(options, () => new Promise(() => undefined));
    await advance(100);
    let stopped = false;
    void chore.stop().then(() => (stopped = true));
    await advance(999);
    expect(stopped).toBe(false);
    await advance(1);
    expect(stopped).toBe(true);
  });
});
