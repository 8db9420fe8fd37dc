import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admits, afterAttempt, closedBreaker, failedSinceMs, failingShareOf, type Breaker } from './breaker.js';

/** Attempts one after another, each beginning and ending at its time in ms. */
const run = (
  attempts: readonly { ok: boolean; accepted?: boolean; atMs: number; startedAtMs?: number }[],
  from: Breaker = closedBreaker,
): Breaker =>
  attempts.reduce(
    (breaker, { ok, accepted = ok, atMs, startedAtMs = atMs }) =>
      afterAttempt(breaker, { ok, accepted, startedAtMs }, atMs),
    from,
  );
const times = (count: number, ok: boolean, fromMs = 0) =>
  Array.from({ length: count }, (_, index) => ({ ok, atMs: fromMs + index }));
const opened = run(times(10, false));

describe('a destination’s breaker', () => {
  it('opens when most of at least ten recent attempts failed, not before', () => {
    expect(run(times(9, false)).kind).toBe('closed');
    expect(opened).toMatchObject({ kind: 'open', pauseMs: 5_000 });
    expect(run([...times(1000, true), ...times(14, false, 2000)]).kind).toBe('open');
    expect(run([...times(7, true), ...times(9, false, 10)]).kind).toBe('closed');
  });

  it('does not open for what happened long ago', () => {
    expect(run(Array.from({ length: 30 }, (_, index) => ({ ok: false, atMs: index * 10_000 }))).kind).toBe('closed');
  });

  it('lets nothing through while open, then one probe at a time', () => {
    expect([admits(closedBreaker, 0), admits(opened, 5_008), admits(opened, 5_009)]).toEqual([Infinity, 0, 1]);
    const probed = run([{ ok: true, atMs: 6_000 }], opened);
    expect(probed.kind).toBe('half-open');
    expect(admits(probed, 6_000)).toBe(1);
  });

  it('closes after two good probes and opens for twice as long after a bad one, five minutes at most', () => {
    expect(
      run(
        [
          { ok: true, atMs: 6_000 },
          { ok: true, atMs: 6_001 },
        ],
        opened,
      ),
    ).toEqual(closedBreaker);
    expect(run([{ ok: false, atMs: 6_000 }], opened)).toMatchObject({ kind: 'open', untilMs: 16_000, pauseMs: 10_000 });
    expect(
      run(
        [
          { ok: true, atMs: 6_000 },
          { ok: false, atMs: 6_001 },
        ],
        opened,
      ),
    ).toMatchObject({ kind: 'open', pauseMs: 10_000 });
    let breaker: Breaker = opened;
    for (let atMs = 10_000_000; atMs < 30_000_000; atMs += 1_000_000) breaker = run([{ ok: false, atMs }], breaker);
    expect(breaker).toMatchObject({ pauseMs: 300_000 });
  });

  it('takes calls that were in flight when it opened for what they are: no probes', () => {
    const hanging = Array.from({ length: 30 }, (_, index) => ({ ok: false, startedAtMs: 5, atMs: 15_000 + index }));
    expect(run(hanging, opened)).toBe(opened);
  });

  it('never lets more through while it is not closed than one, and gets out of every state', () => {
    const attempt = fc.record({ ok: fc.boolean(), passMs: fc.integer({ min: 0, max: 400_000 }) });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 200 }), (attempts) => {
        let atMs = 0;
        let breaker: Breaker = closedBreaker;
        for (const { ok, passMs } of attempts) {
          atMs += passMs;
          breaker = afterAttempt(breaker, { ok, accepted: ok, startedAtMs: atMs }, atMs);
          if (breaker.kind !== 'closed') expect(admits(breaker, atMs)).toBeLessThanOrEqual(1);
          expect(failingShareOf(breaker)).toBeLessThanOrEqual(1);
        }
        const later = atMs + 400_000;
        expect(
          run(
            [
              { ok: true, atMs: later },
              { ok: true, atMs: later + 1 },
            ],
            breaker,
          ).kind,
        ).toBe('closed');
      }),
    );
  });

  it('once closed, calls again what failed in an outage, but not after one so brief that everything is tried again soon', () => {
    expect(failedSinceMs(opened, 20_000)).toBeNull();
    expect(failedSinceMs(opened, 31_000)).toBe(9 - 60_000);
    const failedTwice = run([{ ok: false, atMs: 6_000 }, ...times(1, true, 40_000)], opened);
    expect(failedTwice.kind).toBe('half-open');
    expect(failedSinceMs(failedTwice, 40_001)).toBe(9 - 60_000);
    expect(failedSinceMs(closedBreaker, 40_001)).toBeNull();
  });

  it('says which share of recent attempts failed', () => {
    expect(failingShareOf(run([...times(10, true), ...times(10, false, 20)]))).toBe(0.5);
    expect(failingShareOf(opened)).toBe(1);
    expect(failingShareOf(run(times(3, false)))).toBe(0);
  });

  it('is not opened by refusals, which still count as failed for alerts', () => {
    const refused = run(times(20, true).map((attempt) => ({ ...attempt, accepted: false })));
    expect(refused.kind).toBe('closed');
    expect(failingShareOf(refused)).toBe(1);
  });
});
