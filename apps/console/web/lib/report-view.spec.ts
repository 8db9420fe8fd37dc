import { describe, expect, it } from '@jest/globals';
import { queryOf } from './report-view';

const now = Date.parse('2026-03-30T01:30:00Z');

describe('the address of a report', () => {
  it('shows the last day whole: the API is asked to the day after it', () =>
    expect(queryOf({ from: '2026-03-01', to: '2026-03-07', zone: 'UTC' }, now)).toMatchObject({
      from: '2026-03-01',
      to: '2026-03-08',
    }));

  it('ends with today in the zone of the report, not of the machine', () => {
    expect(queryOf({ zone: 'America/New_York' }, now)).toMatchObject({ from: '2026-03-23', to: '2026-03-30' });
    expect(queryOf({ zone: 'UTC' }, now)).toMatchObject({ from: '2026-03-24', to: '2026-03-31' });
  });

  it('counts days on the calendar over a change of clocks', () =>
    expect(queryOf({ to: '2026-03-29', range: '7d', zone: 'Europe/Berlin' }, now)).toMatchObject({
      from: '2026-03-23',
      to: '2026-03-30',
    }));

  it('asks for what the address says and nothing else', () =>
    expect(
      queryOf({ by: 'campaign,token.zone', zone: 'UTC', to: '2026-03-07', sort: '-profit', compare: '1' }, now),
    ).toEqual({
      groupBy: 'campaign,token.zone',
      from: '2026-03-01',
      to: '2026-03-08',
      timeZone: 'UTC',
      sort: '-profit',
      compare: 'previous',
    }));
});
