import { describe, expect, it } from '@jest/globals';
import { capPeriodOf, noUse, roomFor, type Cap } from './cap.js';
import type { ConversionSnapshot } from './conversion-set.js';
import { emptyBuckets } from '../money/buckets.js';

const cap = (more: Partial<Cap>): Cap => ({ per: 'day', currency: 'USD', timeZone: 'UTC', ...more });
const worth = (approved: bigint, currency = 'USD'): ConversionSnapshot => ({
  conversionId: 'c',
  member: '',
  revision: 1,
  state: 'approved',
  event: null,
  transactionId: 'T',
  currency,
  money: { ...emptyBuckets(), approved },
  marks: [],
  payoutFrom: 'postback',
  clickId: 'k',
  occurredAtMs: 0,
  recordedAtMs: 0,
  changedAtMs: 0,
  restored: 0,
});
const unit = 1_000_000_000n;
const dollarsPerEuro = (currency: string) => (currency === 'USD' ? 2n * unit : null);
const none = () => null;

describe('the cap of an offer', () => {
  it('counts days and months by the calendar of its own time zone', () => {
    const lateInUtc = Date.parse('2026-03-31T22:30:00Z');
    const period = (per: Cap['per'], timeZone: string) => capPeriodOf(cap({ per, timeZone }), lateInUtc);
    expect(period('day', 'UTC')).toBe('2026-03-31');
    expect(period('day', 'Europe/Berlin')).toBe('2026-04-01');
    expect(period('month', 'Europe/Berlin')).toBe('2026-04');
    expect(period('month', 'America/New_York')).toBe('2026-03');
    expect(period('total', 'UTC')).toBe('total');
  });

  it('takes in as many conversions as it says, and not one more', () => {
    const two = cap({ conversions: 2 });
    expect(roomFor(two, { ...noUse(two), conversions: 1 }, worth(0n), none).kind).toBe('fits');
    expect(roomFor(two, { ...noUse(two), conversions: 2 }, worth(0n), none).kind).toBe('full');
  });

  it('takes in as much payout as it says, to the last billionth', () => {
    const ten = cap({ payout: '10' });
    const use = { ...noUse(ten), payoutNanos: 6n * unit };
    expect(roomFor(ten, use, worth(4n * unit), none).kind).toBe('fits');
    expect(roomFor(ten, use, worth(4n * unit + 1n), none).kind).toBe('full');
  });

  it('counts foreign payout at the rate of the day, and lets it wait while there is none', () => {
    const ten = cap({ payout: '10' });
    expect(roomFor(ten, noUse(ten), worth(5n * unit, 'EUR'), dollarsPerEuro)).toEqual({
      kind: 'fits',
      use: { conversions: 1, payoutNanos: 10n * unit, currency: 'USD' },
    });
    expect(roomFor(ten, noUse(ten), worth(5n * unit + 1n, 'EUR'), dollarsPerEuro).kind).toBe('full');
    expect(roomFor(ten, noUse(ten), worth(1n, 'JPY'), dollarsPerEuro).kind).toBe('rate_unknown');
    expect(roomFor(cap({ payout: '10', currency: null }), noUse(cap({ currency: null })), worth(1n), none).kind).toBe(
      'rate_unknown',
    );
  });

  it('asks for no rate where it counts conversions, or where no money is known', () => {
    const one = cap({ conversions: 1 });
    expect(roomFor(one, noUse(one), worth(1n, 'JPY'), none)).toMatchObject({ kind: 'fits', use: { conversions: 1 } });
    const ten = cap({ payout: '10' });
    expect(roomFor(ten, noUse(ten), { ...worth(1n), currency: null, money: null }, none).kind).toBe('fits');
  });

  it('keeps what a period has taken in when its currency is another one now', () => {
    const euros = cap({ payout: '10', currency: 'EUR' });
    const use = { conversions: 1, payoutNanos: 19n * unit, currency: 'USD' };
    expect(roomFor(euros, use, worth(unit), dollarsPerEuro)).toEqual({
      kind: 'fits',
      use: { conversions: 2, payoutNanos: 20n * unit, currency: 'USD' },
    });
    expect(roomFor(euros, use, worth(unit + 2n), dollarsPerEuro).kind).toBe('full');
  });
});
