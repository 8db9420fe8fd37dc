import { afterAll, describe, expect, it } from '@jest/globals';
import { serveHealth } from './health.js';
import { createLiveness } from './liveness.js';
import { createMetrics } from './metrics.js';

const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

const ready = async (checks: Parameters<typeof serveHealth>[0]['checks']) => {
  const { port, close } = await serveHealth({ host: '127.0.0.1', port: 0, checks, metrics: createMetrics('spec') });
  closers.push(close);
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
  return { status: answer.status, body: (await answer.json()) as { checks: object } };
};

describe('readiness', () => {
  it('is 200 when all it depends on is there, and shows the notes', async () => {
    const { status, body } = await ready({ kafka: () => ({ ok: true, note: 'spooling' }) });
    expect([status, body]).toEqual([200, { status: 'ready', checks: { kafka: { ok: true, note: 'spooling' } } }]);
  });

  it('is 503 and says why when one is not, though it throws or does not answer at all', async () => {
    const { status, body } = await ready({
      fine: () => ({ ok: true }),
      throwing: () => Promise.reject(new Error('connect ECONNREFUSED')),
      frozen: () => new Promise(() => undefined),
    });
    expect(status).toBe(503);
    expect(body.checks).toEqual({
      fine: { ok: true },
      throwing: { ok: false, note: 'connect ECONNREFUSED' },
      frozen: { ok: false, note: 'no answer within 2000 ms' },
    });
  });
});

describe('liveness', () => {
  it('fails while a chore hangs, and names it', async () => {
    const metrics = createMetrics('spec');
    let nowMs = 0;
    const liveness = createLiveness(metrics, { monotonicMs: () => nowMs });
    const { port, close } = await serveHealth({ host: '127.0.0.1', port: 0, checks: {}, metrics, liveness });
    closers.push(close);
    const live = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health/live`);
      return [answer.status, await answer.json()];
    };
    const ended = liveness.begin('renew leases', 1_000);
    expect(await live()).toEqual([200, { status: 'live' }]);
    nowMs = 2_000;
    expect(await live()).toEqual([503, { status: 'a chore hangs', hung: ['renew leases'] }]);
    ended('late');
    expect(await live()).toEqual([200, { status: 'live' }]);
  });
});
