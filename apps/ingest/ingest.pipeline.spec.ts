import { expect, it } from '@jest/globals';
import { createCatalogView } from '#contracts';
import { createMetrics } from '#runtime';
import { ingestPipeline } from './ingest.pipeline.js';
import type { PostbackCall } from './ports.js';
import { limitStrangers } from './strangers.js';

const limits = {
  ...{ clicksPerSecond: 100, clicksPerAddressPerSecond: 50 },
  ...{ keptPerSecond: 1, keptPerAddressPerMinute: 3, garbagePerAddressPerMinute: 10, maxAddresses: 100 },
};
const call = (target: string, token: string | null): PostbackCall => ({
  ...{ method: 'GET', target, headers: {}, body: null, address: '198.51.100.7', token, key: null, tooLarge: false },
});

it('garbage of an address that sends too much is refused before anything is read of it', async () => {
  let read = 0;
  let kept = 0;
  const outcomes: string[] = [];
  const time = { nowMs: () => 1_790_000_000_000, monotonicMs: () => 0 };
  const pipeline = ingestPipeline({
    catalog: () => ({ view: createCatalogView(), withheld: new Set(), isCurrent: true }),
    record: {
      click: () => Promise.resolve(),
      postback: () => Promise.resolve(void (kept += 1)),
    },
    time,
    // Each call that is read gets an id.
    random: { bytes: (size) => new Uint8Array(size), uuidV7: () => `id-${(read += 1)}`, unit: () => 0 },
    secrets: ['a secret for the tests, long enough'],
    hashesOfToken: (token) => [token],
    publicUrl: 'https://track.example.com',
    strangers: limitStrangers(limits, { time, metrics: createMetrics('spec') }),
    count: {
      click: () => undefined,
      problem: () => undefined,
      postback: (outcome) => void outcomes.push(outcome),
    },
  });
  const statuses: number[] = [];
  for (let number = 0; number < 20; number += 1)
    statuses.push((await pipeline.takePostback(call(`/postback/guess-${number}?transaction_id=1`, 'guess'))).status);
  for (let number = 0; number < 20; number += 1)
    statuses.push((await pipeline.takePostback(call('/postback?transaction_id=1', null))).status);
  expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 403));
  expect(statuses.slice(10)).toEqual(Array.from({ length: 30 }, () => 429));
  expect([read, kept, outcomes.length]).toEqual([10, 3, 40]);
});
