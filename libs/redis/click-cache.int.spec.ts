import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClickCache, type ClickCache } from '#redis';
import { startRedis, type RedisServer } from '../../stack/servers/redis.js';
import { waitFor } from '../../test/support/wait-for.js';

/** A Redis of its own, because it is frozen and killed here. */
let dataDir: string;
let redis: RedisServer;
let cache: ClickCache;
const states: string[] = [];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'carom-redis-'));
  redis = await startRedis({ dataDir });
  cache = openClickCache({
    redisUrl: redis.url,
    keyPrefix: 'spec:',
    keptSeconds: 60,
    restMs: 300,
    onState: (state) => states.push(state),
  });
  await holds('warm', 'up');
});
afterAll(async () => {
  await cache?.close();
  redis?.signal('SIGCONT');
  await redis?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const holds = (clickId: string, value: string) =>
  waitFor(async () => {
    cache.write([{ clickId, value }]);
    return (await cache.read([clickId]))[0] === value;
  });
const took = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
};

describe('the cache of clicks', () => {
  it('returns what was written, and nothing for an unknown key', async () => {
    await holds('a', '{"clickId":"a"}');
    expect(await cache.read(['a', 'b'])).toEqual(['{"clickId":"a"}', null]);
  });

  it('returns nothing quickly when Redis is frozen, then does not call it for a while', async () => {
    redis.signal('SIGSTOP');
    for (let failure = 0; failure < 3; failure += 1) expect(await cache.read(['a'])).toEqual([null]);
    expect(cache.state()).toBe('resting');
    expect(await took(() => cache.read(['a']))).toBeLessThan(20);
    redis.signal('SIGCONT');
    await waitFor(async () => (await cache.read(['a']))[0] !== null);
    // A busy machine may be slow once more just after the thaw.
    expect(states.slice(0, 2)).toEqual(['resting', 'up']);
    expect(states.at(-1)).toBe('up');
  });

  it('works on when Redis dies and comes back empty', async () => {
    await redis.stop();
    expect(await took(() => cache.read(['a']))).toBeLessThan(1_000);
    expect(await cache.read(['a'])).toEqual([null]);
    redis = await startRedis({ dataDir, port: redis.port });
    await holds('c', 'again');
  });
});
