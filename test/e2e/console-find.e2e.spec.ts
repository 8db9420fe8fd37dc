import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

type Item = Record<string, unknown> & { id: string };
type List = { items: Item[]; next: string | null; estimate: number | null };
type Found = { kind: string; id: string; title: string };
type Search = { items: Found[]; searched: { what: string }[]; nearest: Found[] };

let ground: TestGround;
let system: System;
let receiver: Receiver;
/** Click ids by the source's id that they came with. */
const clicks: Record<string, string> = {};

const get = async <Body>(path: string): Promise<Body> => (await system.api<Body>('GET', path)).body;
const list = async (path: string): Promise<Item[]> => (await get<List>(path)).items;
const field = async (path: string, name: string): Promise<unknown[]> =>
  (await list(path)).map((item) => item[name]).sort();
const click = async (campaign: string, externalId: string, zone: string): Promise<string> => {
  const url = `${system.ingest.url}/c/${campaign}?click_id=${externalId}&zone=${zone}`;
  const answer = await fetch(url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('sub') ?? '';
};
const postback = async (query: string): Promise<string> => {
  const { token } = await get<{ token: string }>('/networks/acme');
  const answer = await fetch(`${system.ingest.url}/postback/${token}?${query}`);
  return answer.headers.get('carom-postback-id') ?? '';
};

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground);
  const url = `${receiver.url}/conversion?click_id={click_id}&v={value}`;
  await system.api('POST', '/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD' });
  await system.api('POST', '/sources', {
    key: 'ads',
    name: 'Ads',
    tokens: { zone: 'zone' },
    destination: { url },
  });
  await system.api('POST', '/offers', {
    key: 'shoes',
    networkKey: 'acme',
    url: 'https://shop.example.com/?sub={click_id}',
  });
  for (const key of ['spring', 'autumn'])
    await system.api('POST', '/campaigns', { key, sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] });
  await waitFor(async () => (await fetch(`${system.ingest.url}/c/autumn`, { redirect: 'manual' })).status === 302);
  clicks['x-1'] = await click('spring', 'x-1', '771');
  clicks['x-2'] = await click('spring', 'x-2', '772');
  clicks['x-3'] = await click('autumn', 'x-3', '771');
  await postback(`clickid=${clicks['x-1']}&transaction_id=T-1&amount=5&status=approved`);
  await postback(`clickid=${clicks['x-2']}&transaction_id=T,2&amount=6&status=pending`);
  await postback(`clickid=${clicks['x-3']}&transaction_id=T-3&amount=7&status=approved&event=signup`);
  await postback(`clickid=${clicks['x-3']}&transaction_id=T-4&amount=7&status=gezahlt`);
  await postback(`clickid=${clicks['x-3']}&transaction_id=T-5&amount=7&status=bezahlt`);
  await postback(`clickid=${clicks['x-3']}&transaction_id=T-6&amount=7&status=gezahlt`);
  await waitFor(async () => (await list('/postbacks?state=applied')).length === 3, 30_000, 'three applied calls');
  await waitFor(async () => (await list('/postbacks?state=refused')).length === 3, 30_000, 'three refused calls');
  await waitFor(async () => (await list('/deliveries?state=delivered')).length === 2, 30_000, 'two deliveries');
});

afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

describe('the filters of a list', () => {
  it('take several values, values to leave out, and values that hold a comma', async () => {
    expect(await field('/conversions?transactionId=T-1,T-3', 'transactionId')).toEqual(['T-1', 'T-3']);
    expect(await field('/conversions?transactionId=!T-1,T-3', 'transactionId')).toEqual(['T,2']);
    expect(await field('/conversions?transactionId=T%5C,2', 'transactionId')).toEqual(['T,2']);
    expect(await field('/conversions?event=', 'transactionId')).toEqual(['T,2', 'T-1']);
    expect(await field('/conversions?event=!', 'transactionId')).toEqual(['T-3']);
    expect(await field('/conversions?state=approved,pending&campaignKey=!autumn', 'transactionId')).toEqual([
      'T,2',
      'T-1',
    ]);
    const answer = await system.api('GET', '/conversions?state=approved,!pending');
    expect([answer.status, answer.body['code']]).toEqual([422, 'invalid']);
  });

  it('find conversions by one token or two, and by the lack of one', async () => {
    expect(await field('/conversions?token=zone:771', 'transactionId')).toEqual(['T-1', 'T-3']);
    expect(await field('/conversions?token=zone:771&campaignKey=spring', 'transactionId')).toEqual(['T-1']);
    expect(await field('/conversions?token=zone:771,zone:772', 'transactionId')).toEqual(['T,2', 'T-1', 'T-3']);
    expect(await field('/conversions?token=!zone:771', 'transactionId')).toEqual(['T,2']);
    expect(await list('/conversions?token=zone:771,creative:')).toHaveLength(2);
  });

  it('find calls by the word of the network, the campaign and the source’s id', async () => {
    expect(await field('/postbacks?statusWord=gezahlt', 'transactionId')).toEqual(['T-4', 'T-6']);
    expect(await field('/postbacks?campaignKey=spring', 'transactionId')).toEqual(['T,2', 'T-1']);
    expect(await field('/postbacks?externalId=x-3', 'transactionId')).toEqual(['T-3']);
    expect(await field('/postbacks?problem=status_unmapped', 'transactionId')).toEqual(['T-4', 'T-5', 'T-6']);
    expect(await field('/postbacks?text=BEZAHLT', 'transactionId')).toEqual(['T-5']);
    expect(await field('/postbacks?refusal=!status_unmapped', 'state')).toEqual(['applied', 'applied', 'applied']);
  });

  it('find deliveries by campaign, click, transaction, source’s id and HTTP status', async () => {
    expect(await field('/deliveries?campaignKey=spring&state=delivered', 'transactionId')).toEqual(['T-1']);
    expect(await field(`/deliveries?clickId=${clicks['x-3']?.toUpperCase()}`, 'externalId')).toEqual(['x-3']);
    expect(await field('/deliveries?transactionId=T-3', 'networkKey')).toEqual(['acme']);
    expect(await list('/deliveries?status=404')).toEqual([]);
    const [delivery] = await list('/deliveries?status=200&externalId=x-1');
    expect(delivery).toMatchObject({ attemptCount: 1, lastAttempt: { status: 200, outcome: 'delivered' } });
    expect(await get(`/deliveries/${delivery?.id}`)).toMatchObject({ attempts: [{ status: 200, method: 'GET' }] });
  });

  it('leave the call itself to its own page, and estimate the size of the list when asked', async () => {
    const page = await get<List>('/postbacks?limit=2&estimate=true');
    expect(page.items[0]).not.toHaveProperty('raw');
    expect(page.estimate).toBeGreaterThan(0);
    expect(page.next).not.toBeNull();
    expect((await get<List>('/postbacks?limit=2')).estimate).toBeNull();
    expect(await get(`/postbacks/${page.items[0]?.id}`)).toHaveProperty('raw.target');
  });
});

describe('a summary of calls', () => {
  it('counts words that no setting maps, most first, each with a sample', async () => {
    const summary = await get<{ items: { key: string[]; count: number; sampleId: string }[]; truncated: boolean }>(
      '/postbacks/summary?groupBy=networkKey,statusWord&refusal=status_unmapped',
    );
    expect(summary.items.map(({ key, count }) => [...key, count])).toEqual([
      ['acme', 'gezahlt', 2],
      ['acme', 'bezahlt', 1],
    ]);
    expect(await get(`/postbacks/${summary.items[0]?.sampleId}`)).toMatchObject({ statusWord: 'gezahlt' });
    const short = await get<{ items: unknown[]; truncated: boolean }>('/postbacks/summary?groupBy=state&limit=1');
    expect([short.items.length, short.truncated]).toEqual([1, true]);
  });
});

describe('clicks', () => {
  it('are listed by campaign, source’s id and token', async () => {
    const ids = async (path: string) => (await list(path)).map((item) => item['externalId']).sort();
    expect(await ids('/clicks?campaignKey=spring')).toEqual(['x-1', 'x-2']);
    expect(await ids('/clicks?externalId=x-2')).toEqual(['x-2']);
    expect(await ids('/clicks?token=zone:771')).toEqual(['x-1', 'x-3']);
    expect(await ids(`/clicks?clickId=${clicks['x-1']?.toUpperCase()}`)).toEqual(['x-1']);
    expect(await ids('/clicks?clickId=none-of-ours')).toEqual([]);
  });

  it('are shown with what became of them', async () => {
    expect(await get(`/clicks/${clicks['x-1']}`)).toMatchObject({
      clickId: clicks['x-1'],
      externalId: 'x-1',
      tokens: { zone: '771' },
      offerKey: 'shoes',
      conversions: [{ transactionId: 'T-1', state: 'approved' }],
      postbacks: [{ transactionId: 'T-1', state: 'applied' }],
      truncated: false,
    });
    expect((await system.api('GET', '/clicks/none-of-ours')).status).toBe(404);
  });
});

describe('the search', () => {
  const kinds = async (q: string): Promise<string[]> => {
    const { items } = await get<Search>(`/search?q=${encodeURIComponent(q)}`);
    return [...new Set(items.map(({ kind }) => kind))].sort();
  };

  it('finds whatever carries an id, of any kind', async () => {
    const [conversion] = await list('/conversions?transactionId=T-1');
    const [delivery] = await list('/deliveries?transactionId=T-1');
    const [call] = await list('/postbacks?transactionId=T-1');
    expect(await kinds(clicks['x-1'] ?? '')).toEqual(['click', 'conversion', 'postback']);
    expect(await kinds(' x-1 ')).toEqual(['click', 'conversion']);
    expect(await kinds('T-1')).toEqual(['conversion', 'postback']);
    expect(await kinds(conversion?.id ?? '')).toEqual(['conversion']);
    expect(await kinds(delivery?.id ?? '')).toEqual(['delivery']);
    expect(await kinds(call?.id ?? '')).toEqual(['postback']);
  });

  it('says what was searched when it finds nothing, and shows the refused calls that come nearest', async () => {
    const nothing = await get<Search>('/search?q=gezahlt');
    expect(nothing.items).toEqual([]);
    expect(nothing.searched.map(({ what }) => what)).toEqual(['click', 'transaction', 'external', 'refused']);
    expect(nothing.nearest).toHaveLength(2);
    expect((await get<Search>('/search?q=unheard-of')).nearest).toHaveLength(3);
  });
});
