import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** Long actions as jobs: their progress, their end, and a crash in the middle. */
let ground: TestGround;
let service: Service;
let admin: Api;

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', { ...ground.env, CONSOLE_JOB_LEASE_MS: '2000' });
  admin = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
  await admin('POST', '/networks', { key: 'acme', name: 'Acme' });
});
afterAll(async () => {
  await service?.stop();
  await ground?.close();
});

type Job = { id: string; state: string; done: number; result: Record<string, unknown> | null; problem: object | null };
const authorization = `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`;

const uploadAsJob = async (csv: string, query = ''): Promise<{ status: number; location: string; job: Job }> => {
  const answer = await fetch(`${service.url}/api/v1/conversions/upload?networkKey=acme${query}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv', prefer: 'respond-async' },
    body: csv,
  });
  const { job } = (await answer.json()) as { job: Job };
  return { status: answer.status, location: answer.headers.get('location') ?? '', job };
};
const rows = (count: number, prefix: string): string =>
  `transaction_id,amount,currency,status\n${Array.from({ length: count }, (_, n) => `${prefix}-${n},1.50,USD,approved\n`).join('')}`;
const ended = async (id: string): Promise<Job> => {
  let job: Job | undefined;
  await waitFor(async () => {
    job = (await admin<Job>('GET', `/jobs/${id}`)).body;
    return ['done', 'failed', 'cancelled'].includes(job.state);
  }, 55_000);
  return job as Job;
};

describe('an upload as a job', () => {
  it('answers at once, and has in the end what the upload itself answers', async () => {
    const { status, location, job } = await uploadAsJob(`${rows(3, 'first')}broken,1,USD,no-such-status\n`);
    expect([status, location]).toEqual([202, `/api/v1/jobs/${job.id}`]);
    const { state, done, result } = await ended(job.id);
    expect([state, done]).toEqual(['done', 4]);
    expect(result).toMatchObject({ complete: true, counts: { rows: 4, failed: 0 } });
    expect(result?.['rows']).toHaveLength(4);
  });

  it('fails with a code that says why, when the file cannot be read', async () => {
    const { job } = await uploadAsJob('transaction_id,amount\n');
    expect(await ended(job.id)).toMatchObject({ state: 'failed', problem: { code: expect.any(String) as unknown } });
  });

  it('streams its changes until it has ended', async () => {
    const { job } = await uploadAsJob(rows(2_000, 'streamed'));
    const stream = await fetch(`${service.url}/api/v1/jobs/${job.id}/stream`, { headers: { authorization } });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const events = (await stream.text()).split('\n\n').filter((event) => event.startsWith('event: job'));
    const last = JSON.parse(events.at(-1)?.split('data: ')[1] ?? '{}') as Job;
    expect(last).toMatchObject({ id: job.id, state: 'done', done: 2_000 });
  });

  it('continues in another process when its own dies halfway, and applies every row once', async () => {
    const { job } = await uploadAsJob(rows(20_000, 'crashed'));
    await waitFor(async () => (await admin<Job>('GET', `/jobs/${job.id}`)).body.state === 'running');
    await service.kill9();
    await service.restart();
    const { state, result } = await ended(job.id);
    expect([state, result?.['counts']]).toMatchObject(['done', { rows: 20_000, accepted: 20_000, failed: 0 }]);
  });

  it('can be cancelled by its owner or an admin', async () => {
    const { job } = await uploadAsJob(rows(60_000, 'cancelled'));
    const { body } = await admin<{ token: string }>('POST', '/tokens', { name: 'another', role: 'editor' });
    const another = callApi(service.url, body.token);
    expect((await another('DELETE', `/jobs/${job.id}`)).body['code']).toBe('not_yours');
    expect((await admin('DELETE', `/jobs/${job.id}`)).status).toBe(200);
    expect((await ended(job.id)).state).toBe('cancelled');
    expect((await admin('DELETE', `/jobs/${job.id}`)).body['code']).toBe('job_ended');
  });
});

it('runs a replay as a job, with the result of a replay', async () => {
  const answer = await fetch(`${service.url}/api/v1/postbacks/replay`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify({ filter: { networkKey: 'acme' }, dryRun: true }),
  });
  const { job } = (await answer.json()) as { job: Job };
  expect(await ended(job.id)).toMatchObject({ state: 'done', result: { dryRun: true, matched: 0, next: null } });
  const { body } = await admin<{ items: Job[] }>('GET', '/jobs?kind=postbacks.replay');
  expect(body.items.map(({ id }) => id)).toEqual([job.id]);
});
