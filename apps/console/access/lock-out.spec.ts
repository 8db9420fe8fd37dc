import { describe, expect, it } from '@jest/globals';
import { createLockOut } from './lock-out.js';

const failTimes = (lockOut: ReturnType<typeof createLockOut>, key: string, times: number): void => {
  for (let time = 0; time < times; time += 1) lockOut.failed(key, 0);
};

describe('wrong passwords', () => {
  it('make the next try wait, longer each time and a quarter of an hour at most', () => {
    const lockOut = createLockOut();
    failTimes(lockOut, 'ann@example.com', 4);
    expect(lockOut.waitSeconds('ann@example.com', 0)).toBe(0);
    const waits = Array.from({ length: 8 }, () => {
      failTimes(lockOut, 'ann@example.com', 1);
      return lockOut.waitSeconds('ann@example.com', 0);
    });
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    lockOut.succeeded('ann@example.com');
    expect(lockOut.waitSeconds('ann@example.com', 0)).toBe(0);
  });

  it('of very many e-mail addresses use a bounded memory: the oldest are dropped', () => {
    const lockOut = createLockOut();
    failTimes(lockOut, 'oldest@example.com', 5);
    for (let other = 0; other < 9_999; other += 1) lockOut.failed(`${other}@example.com`, 0);
    expect(lockOut.waitSeconds('oldest@example.com', 0)).toBe(30);
    lockOut.failed('one-more@example.com', 0);
    expect(lockOut.waitSeconds('oldest@example.com', 0)).toBe(0);
  });
});
