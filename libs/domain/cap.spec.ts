import { describe, expect, it } from '@jest/globals';
import { capPeriodOf, fitsCap, type Cap } from './cap.js';

const none = { conversions: 0, payoutNanos: 0n };

describe('the cap of an offer', () => {
  it('counts days and months by the calendar of its own time zone', () => {
    const lateInUtc = Date.parse('2026-03-31T22:30:00Z');
    const cap = (per: Cap['per'], timeZone: string): Cap => ({ per, timeZone });
    expect(capPeriodOf(cap('day', 'UTC'), lateInUtc)).toBe('2026-03-31');
    expect(capPeriodOf(cap('day', 'Europe/Berlin'), lateInUtc)).toBe('2026-04-01');
    expect(capPeriodOf(cap('month', 'Europe/Berlin'), lateInUtc)).toBe('2026-04');
    expect(capPeriodOf(cap('month', 'America/New_York'), lateInUtc)).toBe('2026-03');
    expect(capPeriodOf(cap('total', 'UTC'), lateInUtc)).toBe('total');
  });

  it('takes in as many conversions as it says, and not one more', () => {
    const cap: Cap = { per: 'day', conversions: 2, timeZone: 'UTC' };
    expect(fitsCap(cap, { ...none, conversions: 1 }, 0n)).toBe(true);
    expect(fitsCap(cap, { ...none, conversions: 2 }, 0n)).toBe(false);
  });

  it('takes in as much payout as it says, to the last billionth', () => {
    const cap: Cap = { per: 'total', payout: '10', timeZone: 'UTC' };
    expect(fitsCap(cap, { ...none, payoutNanos: 6_000_000_000n }, 4_000_000_000n)).toBe(true);
    expect(fitsCap(cap, { ...none, payoutNanos: 6_000_000_000n }, 4_000_000_001n)).toBe(false);
  });
});
