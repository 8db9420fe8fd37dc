import { expect, it } from '@jest/globals';
import { hashPassword, isPassword } from './password.js';

it('hashes one password after another, and refuses more than sixteen that wait', async () => {
  const settled = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => hashPassword(`password ${index}`)));
  const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as { code: string }] : []));
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'sign_in_busy'));
  const [first] = settled;
  const stored = first?.status === 'fulfilled' ? first.value : '';
  expect([await isPassword('password 0', stored, false), await isPassword('password 1', stored, false)]).toEqual([
    true,
    false,
  ]);
}, 30_000);
