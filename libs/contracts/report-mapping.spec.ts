import { expect, it } from '@jest/globals';
import { reportMapping } from './report-mapping.js';

it('a mapping names only a time zone that exists, because reading a time would fail', () => {
  expect(reportMapping.safeParse({ timeZone: 'Europe/Berlin' }).success).toBe(true);
  expect(reportMapping.safeParse({ timeZone: 'Mars/Olympus' }).success).toBe(false);
});
