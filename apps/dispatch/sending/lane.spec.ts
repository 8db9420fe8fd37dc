import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lane, shareOf } from './lane.js';

const minute = 60_000;
const caps = { inFlight: 4, perSecond: null };

describe('a destination that asked for rest (Retry-After)', () => {
  const rested = (): Lane => {
    const lane = new Lane('source:ads');
    lane.inFlight = 1;
    lane.finish({ ok: false, accepted: false, startedAtMs: 0, restMs: 10 * minute }, 0);
    return lane;
  };

  it('is left alone and says until when, though its breaker is closed', () => {
    const lane = rested();
    expect(lane.breaker.kind).toBe('closed');
    expect([lane.room(caps, minute), lane.nextCallAtMs(minute)]).toEqual([0, 10 * minute]);
    expect(lane.room(caps, 10 * minute)).toBeGreaterThan(0);
    expect(lane.nextCallAtMs(10 * minute)).toBeNull();
  });

  it('is left alone also when nothing is due to it for longer than a lane is remembered', () => {
    const lane = rested();
    expect([6, 9, 11].map((minutes) => lane.isIdle(minutes * minute))).toEqual([false, false, true]);
  });
});

describe('the caps of a destination', () => {
  it('are shared among the processes so that they hold for all together', () => {
    const some = fc.record({
      inFlight: fc.integer({ min: 1, max: 1000 }),
      perSecond: fc.option(fc.double({ min: 0.01, max: 1e5, noNaN: true })),
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 20 }), (own, processes) => {
        const shares = Array.from({ length: processes }, (_, rank) => shareOf(own, { processes, rank }));
        expect(shares.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBe(own.inFlight);
        if (own.perSecond === null) expect(shares.every(({ perSecond }) => perSecond === null)).toBe(true);
        else expect(shares.reduce((sum, { perSecond }) => sum + (perSecond ?? 0), 0)).toBeCloseTo(own.perSecond, 6);
      }),
    );
  });

  it('leave a process without a share nothing to hold, also where the destination was quick before', () => {
    const lane = new Lane('source:ads');
    for (let atMs = 0; atMs < 1_000; atMs += 10) {
      lane.inFlight += 1;
      lane.finish({ ok: true, accepted: true, startedAtMs: atMs, restMs: null }, atMs);
    }
    const none = { inFlight: 0, perSecond: null };
    expect([lane.room(caps, 1_000) > 0, lane.stopped(caps, 1_000)]).toEqual([true, false]);
    expect([lane.room(none, 1_000), lane.shouldWaitForRoom(9, none, 1_000), lane.stopped(none, 1_000)]).toEqual([
      0,
      false,
      true,
    ]);
  });
});
