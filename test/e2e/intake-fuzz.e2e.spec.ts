import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { figuresOf, fuzz, proveCounts, proveRecords } from '../fuzz/fuzz.js';
import { fuzzFixture } from '../fuzz/world.js';
import { testSeed } from '../support/test-seed.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

let ground: IntakeGround;
beforeAll(async () => {
  ground = await openIntakeGround(fuzzFixture, { CAROM_TRUSTED_PROXIES: '127.0.0.0/8' });
});
afterAll(() => ground?.close());

const count = 100_000;

describe('calls of every kind over raw sockets', () => {
  it(`are answered without a fault, ${count.toLocaleString('en')} times, and each OK is one record`, async () => {
    const port = Number(new URL(ground.ingest.url).port);
    const clickIds = [await ground.click('spring'), await ground.click('autumn')];
    const honest = '/postback/token-acme?transaction_id=T&amount=1&status=approved';
    await fetch(ground.ingest.url + honest);
    const idle = await figuresOf(ground);
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let call = 0; call < 60; call += 1) await (await fetch(ground.ingest.url + honest)).text();
      }),
    );
    const afterHonest = await figuresOf(ground);

    const totals = await fuzz(port, { count, firstSeed: testSeed, callers: 48, clickIds });
    const afterFuzz = await figuresOf(ground);
    expect(totals.faults).toEqual([]);
    expect(totals.statuses['200']).toBeGreaterThan(count / 20);
    expect(totals.statuses['400']).toBeGreaterThan(count / 20);
    proveCounts(afterHonest, afterFuzz, totals);
    await proveRecords(ground, totals);
    expect(ground.ingest.log()).not.toMatch(/"level":"(?:error|fatal)"/);

    const honestCpu = (afterHonest.cpuSeconds - idle.cpuSeconds) / (32 * 60);
    const fuzzCpu = (afterFuzz.cpuSeconds - afterHonest.cpuSeconds) / count;
    expect(fuzzCpu / honestCpu).toBeLessThan(3);
    expect(afterFuzz.lagP99Ms).toBeLessThan(Math.max(50, 5 * afterHonest.lagP99Ms));
  }, 600_000);
});
