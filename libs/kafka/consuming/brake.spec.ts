import { describe, expect, it } from '@jest/globals';
import { createBrake } from './brake.js';

describe('the brake for errors of our own code', () => {
  it('lets a few records of a partition go aside, and more when a minute has passed', () => {
    let now = 0;
    const brake = createBrake({ maxParked: 3, withinMs: 60_000 }, () => now);
    brake.parked(4, 2);
    expect(brake.room(4)).toBe(1);
    expect(brake.room(5)).toBe(3);
    now = 60_001;
    expect(brake.room(4)).toBe(3);
  });

  it('keeps a stopped partition stopped however long it takes, until one of its batches passes', () => {
    let now = 0;
    const brake = createBrake({ maxParked: 3, withinMs: 60_000 }, () => now);
    brake.stop(4);
    now = 3_600_000;
    expect(brake.room(4)).toBe(0);
    expect(brake.stopped()).toBe(1);
    brake.passed(4);
    expect(brake.room(4)).toBe(3);
    expect(brake.stopped()).toBe(0);
  });
});
