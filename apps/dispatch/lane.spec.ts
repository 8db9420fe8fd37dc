import { describe, expect, it } from '@jest/globals';
import { Lane } from './lane.js';

const minute = 60_000;
const caps = { inFlight: 4, perSecond: null };

describe('a destination that asked for rest (Retry-After)', () => {
  const rested = (): Lane => {
    const lane = new Lane('source:ads');
    lane.inFlight = 1;
    lane.finish({ ok: false, accepted: false, startedAtMs: 0, restUntilMs: 10 * minute }, 0);
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
