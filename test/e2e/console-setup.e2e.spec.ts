import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

type Step = { step: string; state: string; detail: Record<string, unknown> };
type Test = { id: string; settled: boolean; steps: Step[] };

let ground: TestGround;
let system: System;
let receiver: Receiver;

const get = async <Body>(path: string): Promise<Body> => (await system.api<Body>('GET', path)).body;
const list = async (path: string) => (await get<{ items: Record<string, unknown>[] }>(path)).items;

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground);
  const url = `${receiver.url}/conversion?click_id={click_id}&v={value}`;
  await system.api('POST', '/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD' });
  await system.api('POST', '/sources', {
    key: 'ads',
    name: 'Ads',
    tokens: { zone: 'zone', creative: 'creative' },
    destination: { url, when: { marks: ['test'] } },
  });
  await system.api('POST', '/sources', { key: 'quiet', name: 'Quiet', destination: { url } });
  await system.api('POST', '/offers', {
    key: 'shoes',
    networkKey: 'acme',
    url: 'https://shop.example.com/?sub={click_id}',
  });
  const offers = [{ offerKey: 'shoes' }];
  await system.api('POST', '/campaigns', { key: 'spring', sourceKey: 'ads', offers, reportTokens: ['zone'] });
  await system.api('POST', '/campaigns', { key: 'quiet', sourceKey: 'quiet', offers });
  await waitFor(async () => (await fetch(`${system.ingest.url}/c/quiet`, { redirect: 'manual' })).status === 302);
});

afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

describe('a test of a set-up', () => {
  const run = async (body: object): Promise<Test> => {
    const { id } = (await system.api<Test>('POST', '/tests', body)).body;
    return waitFor(
      async () => {
        const test = await get<Test>(`/tests/${id}`);
        return test.settled ? test : null;
      },
      40_000,
      'the test to be settled',
    );
  };
  const states = ({ steps }: Test) => steps.map(({ step, state }) => `${step} ${state}`);

  it('goes from the click to the answer of the ad network, and is in no report', async () => {
    const test = await run({ campaignKey: 'spring', amount: '7.5' });
    await waitFor(async () => states(await get<Test>(`/tests/${test.id}`)).includes('delivery done'), 30_000);
    const done = await get<Test>(`/tests/${test.id}`);
    expect(states(done)).toEqual(['click done', 'redirect done', 'postback done', 'conversion done', 'delivery done']);
    expect(done.steps[1]?.detail['location']).toMatch(/^https:\/\/shop\.example\.com\/\?sub=/);
    expect(done.steps[2]?.detail['url']).toContain('/postback/***?');
    expect(done.steps[3]?.detail['marks']).toEqual(['test']);
    expect(done.steps[4]?.detail).toMatchObject({ status: 200, state: 'delivered' });
    expect(receiver.requests.some((request) => JSON.stringify(request).includes(`test-${test.id}`))).toBe(true);
    const [click] = await list(`/clicks?externalId=test-${test.id}`);
    expect(click?.['flags']).toEqual(['test']);
    expect(await list('/reports?groupBy=campaign&campaignKey=spring')).toEqual([]);
  });

  it('says why a step does not happen', async () => {
    const refused = await run({ campaignKey: 'spring', status: 'unheard-of' });
    expect(refused.steps[2]).toMatchObject({ state: 'failed', detail: { refusal: 'status_unmapped' } });
    expect(refused.steps[2]?.detail['remedy']).toMatch(/\w/);
    expect(states(refused).slice(3)).toEqual(['conversion skipped', 'delivery skipped']);
    const quiet = await run({ campaignKey: 'quiet' });
    expect(quiet.steps[4]).toMatchObject({ state: 'skipped', detail: { reason: 'test_not_sent' } });
    expect((await system.api('POST', '/tests', { campaignKey: 'none' })).status).toBe(404);
  });

  it('cannot be claimed by a visitor, whose click counts', async () => {
    const answer = await fetch(`${system.ingest.url}/c/quiet?zone=1`, {
      redirect: 'manual',
      headers: { 'carom-test': `${Date.now()}.${'0'.repeat(32)}` },
    });
    expect([answer.status, answer.headers.get('carom-click-id')]).toEqual([302, null]);
  });
});

describe('setting up a network', () => {
  it('shows how a call would be read, with settings that are not saved', async () => {
    const call = { target: '?clickid=abc&xsum=12,50&xstate=bezahlt&transaction_id=9' };
    const plain = (await system.api('POST', '/networks/preview', { network: 'acme', call })).body;
    expect(plain).toMatchObject({ read: { transactionId: { value: '9' }, amount: null } });
    const network = {
      defaultCurrency: 'EUR',
      params: { amount: ['xsum'], status: ['xstate'] },
      statusMap: { bezahlt: 'approved' },
    };
    const read = (await system.api('POST', '/networks/preview', { network, call })).body;
    expect(read).toMatchObject({
      read: { amount: { value: '12.5', param: 'xsum', raw: '12,50' }, status: { value: 'approved', raw: 'bezahlt' } },
    });
    const wrong = await system.api('POST', '/networks/preview', { network: { nonsense: 1 }, call });
    expect([wrong.status, wrong.body['code']]).toEqual([422, 'invalid']);
  });

  it('says what mapping a word would move, maps it, and applies the calls that were refused for it', async () => {
    const { token } = await get<{ token: string }>('/networks/acme');
    const visit = await fetch(`${system.ingest.url}/c/spring?zone=5&creative=a`, { redirect: 'manual' });
    const clickId = new URL(visit.headers.get('location') ?? '').searchParams.get('sub') ?? '';
    const url = `${system.ingest.url}/postback/${token}?clickid=${clickId}&amount=2`;
    await fetch(`${url}&transaction_id=W-1&status=gezahlt`);
    await fetch(`${url}&transaction_id=W-2&status=anders`);
    const words = 'state=refused&statusWord=gezahlt,anders';
    await waitFor(async () => (await list(`/postbacks?${words}`)).length === 2, 20_000, 'two refused calls');
    const word = { word: 'gezahlt', meaning: 'approved' };
    const tried = await system.api('POST', '/networks/acme/statuses?dryRun=true', word);
    expect(tried.body).toMatchObject({
      statusMap: { gezahlt: 'approved' },
      replay: {
        dryRun: true,
        replayed: 1,
        moves: { conversionsChanged: 1, money: [{ currency: 'USD', approved: '2' }] },
      },
    });
    expect(await get('/networks/acme')).toMatchObject({ statusMap: {} });
    expect(await list('/postbacks?transactionId=W-1&state=refused')).toHaveLength(1);
    const mapped = await system.api('POST', '/networks/acme/statuses', word);
    expect(mapped.body).toMatchObject({ statusMap: { gezahlt: 'approved' }, replay: { matched: 1, replayed: 1 } });
    await waitFor(async () => (await list('/postbacks?transactionId=W-1&state=applied')).length === 1);
    expect(await list('/postbacks?transactionId=W-2&state=refused')).toHaveLength(1);
  });

  it('lists every reason for a refusal in words, and the tokens that a campaign’s clicks carry', async () => {
    const refusals = await list('/refusals');
    expect(refusals.find(({ code }) => code === 'status_unmapped')).toMatchObject({ replayable: true });
    await waitFor(async () => (await list('/campaigns/spring/tokens')).length === 2, 20_000, 'two tokens');
    expect(await list('/campaigns/spring/tokens')).toMatchObject([
      { name: 'creative', reported: false, distinctValues: 1, topValues: [{ value: 'a', clicks: 1 }] },
      { name: 'zone', reported: true },
    ]);
    expect((await system.api('GET', '/campaigns/none/tokens')).status).toBe(404);
  });
});
