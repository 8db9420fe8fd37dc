import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectDateOrder, readReportTime, type DateOrder } from './date-order.js';

it.each<[string, DateOrder, string]>([
  ['3/11/26 14:08:20', 'mdy', '2026-03-11T14:08:20Z'],
  ['12/17/26', 'mdy', '2026-12-17T00:00:00Z'],
  ['15.03.2026 14:05', 'dmy', '2026-03-15T14:05:00Z'],
  ['15 Mar 2026', 'dmy', '2026-03-15T00:00:00Z'],
  ['March 15, 2026 2:05 PM PDT', 'mdy', '2026-03-15T21:05:00Z'],
  ['Sun, 15 Mar 2026 12:05 AM', 'dmy', '2026-03-15T00:05:00Z'],
  ['2026-03-15T14:05:00+02:00', 'ymd', '2026-03-15T12:05:00Z'],
  ['2026/03/15 14:05', 'ymd', '2026-03-15T14:05:00Z'],
  ['14:05 15/03/2026', 'dmy', '2026-03-15T14:05:00Z'],
  ['1781000000', 'unix', '2026-06-09T10:13:20Z'],
  ['03-11-2026 14:08:20', 'mdy', '2026-03-11T14:08:20Z'],
])('%s in the order %s is %s', (text, order, at) => {
  expect(new Date(readReportTime(text, order, 'UTC') ?? 0).toISOString()).toBe(at.replace('Z', '.000Z'));
});

it.each<[string, DateOrder]>([
  ['31/02/2026', 'dmy'],
  ['13/13/2026', 'mdy'],
  ['soon', 'dmy'],
  ['2026-03-15 25:00', 'ymd'],
  ['2026-03-15 13:00 PM', 'ymd'],
  ['15.03.2026 14:05 XYZT', 'dmy'],
  ['', 'ymd'],
])('%s in the order %s is no time', (text, order) => {
  expect(readReportTime(text, order, 'UTC')).toBeNull();
});

it('a wall clock time without a zone is in the zone of the file', () => {
  expect(readReportTime('11/01/2026 00:30', 'mdy', 'America/New_York')).toBe(Date.UTC(2026, 10, 1, 4, 30));
});

it('the order that is found reads each date as it was written, or none is found', () => {
  const day = fc.integer({ min: Date.UTC(2020, 0, 1) / 86_400_000, max: Date.UTC(2026, 10, 1) / 86_400_000 });
  const write = (at: number, order: 'dmy' | 'mdy', mark: string): string => {
    const [year, month, date] = new Date(at * 86_400_000).toISOString().slice(0, 10).split('-');
    return (order === 'dmy' ? [date, month, year] : [month, date, year]).join(mark);
  };
  fc.assert(
    fc.property(
      fc.array(day, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('dmy' as const, 'mdy' as const),
      fc.constantFrom('/', '-'),
      (days, order, mark) => {
        const values = days.map((at) => write(at, order, mark));
        const found = detectDateOrder(values, '', Date.UTC(2026, 11, 1));
        expect(found.candidates).toContain(order);
        if (found.order !== null)
          expect(values.map((value) => readReportTime(value, found.order as DateOrder, 'UTC'))).toEqual(
            days.map((at) => at * 86_400_000),
          );
      },
    ),
  );
});
