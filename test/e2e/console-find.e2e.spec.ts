import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { testSecrets } from '../support/service.js';
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
  const answer = await fetch(url, { redirect: 'manual', headers: { 'user-agent': 'Visitor-Agent/7' } });
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

  it('finds a report file by the id of its upload', async () => {
    const file = `click_id,transaction_id,amount,status\n${clicks['x-2']},T-7,1,approved\n`;
    const answer = await fetch(`${system.console.url}/api/v1/conversions/upload?networkKey=acme&dispatch=false`, {
      method: 'POST',
      headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
      body: file,
    });
    const { uploadId } = (await answer.json()) as { uploadId: string };
    await waitFor(async () => (await list(`/postbacks?uploadId=${uploadId}`)).length === 1, 20_000, 'the row decided');
    const { items } = await get<Search>(`/search?q=${uploadId.toUpperCase()}`);
    expect(items).toMatchObject([{ kind: 'upload', id: uploadId, title: 'report file of 1 call' }]);
  });

  it('says what was searched when it finds nothing, and shows the refused calls that come nearest', async () => {
    const nothing = await get<Search>('/search?q=gezahlt');
    expect(nothing.items).toEqual([]);
    expect(nothing.searched.map(({ what }) => what)).toEqual(['click', 'transaction', 'external', 'refused']);
    expect(nothing.nearest).toHaveLength(2);
    expect((await get<Search>('/search?q=unheard-of')).nearest).toHaveLength(3);
  });
});

describe('a destination', () => {
  it('is shown with its settings in force, its deliveries by state and how its calls went', async () => {
    type Bucket = {
      deliveries: { delivered: number };
      attempts: { seen: number; accepted: number; p95Ms: number | null };
    };
    type History = { settings: { url: string }; waiting: number; lastDeliveredAt: string | null; buckets: Bucket[] };
    const found = await get<History>('/destinations/source:ads?bucket=hour');
    expect(found.settings.url).toContain('/conversion?click_id={click_id}');
    const filled = found.buckets.filter(({ attempts }) => attempts.seen > 0);
    const sum = (read: (bucket: Bucket) => number) => filled.reduce((total, bucket) => total + read(bucket), 0);
    expect([sum(({ deliveries }) => deliveries.delivered), sum(({ attempts }) => attempts.accepted)]).toEqual([2, 2]);
    expect(filled[0]?.attempts).toMatchObject({ successShare: 1, statuses: { 200: expect.any(Number) as unknown } });
    expect([found.buckets.length, found.waiting, found.lastDeliveredAt === null]).toEqual([24, 0, false]);
    const refused = [
      '/destinations/source:none',
      '/destinations/ads',
      '/destinations/source:ads?bucket=minute&from=2026-01-01',
    ];
    const codes = await Promise.all(refused.map(async (path) => (await system.api('GET', path)).body['code']));
    expect(codes).toEqual(['not_found', 'invalid', 'too_many_buckets']);
  });
});

describe('what a viewer sees of visitors', () => {
  const tokens: Record<'viewer' | 'allowed', string> = { viewer: '', allowed: '' };
  beforeAll(async () => {
    const mint = async (body: object) => (await system.api<{ token: string }>('POST', '/tokens', body)).body.token;
    tokens.viewer = await mint({ name: 'a viewer', role: 'viewer' });
    tokens.allowed = await mint({ name: 'one who may see', role: 'viewer', seesVisitors: true });
  });
  const read = (who: 'viewer' | 'allowed', path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${system.console.url}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${tokens[who]}`, ...init.headers },
    });
  /** Addresses of our own servers carry a port. */
  const visitorIn = (text: string): string[] =>
    text.replace(/127\.0\.0\.1:\d+/g, '').match(/127\.0\.0\.1|Visitor-Agent/g) ?? [];

  it('is neither an address nor a user agent, in lists, in single answers and in CSV', async () => {
    const [call] = await list('/postbacks?transactionId=T-1');
    const paths = ['/clicks', `/clicks/${clicks['x-1']}`, '/postbacks', `/postbacks/${call?.id}`];
    for (const path of paths) {
      expect([path, visitorIn(await (await read('viewer', path)).text())]).toEqual([path, []]);
      expect([path, visitorIn(await (await read('allowed', path)).text()).length > 0]).toEqual([path, true]);
    }
    const csv = await (await read('viewer', '/clicks', { headers: { accept: 'text/csv' } })).text();
    expect([csv.split('\r\n').length > 3, visitorIn(csv)]).toEqual([true, []]);
  });

  it('is hidden in the stream of calls too', async () => {
    const leaving = new AbortController();
    const stream = await read('viewer', '/postbacks/stream', { signal: leaving.signal });
    await postback(`clickid=${clicks['x-1']}&transaction_id=T-stream&amount=1&status=approved`);
    let text = '';
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.includes('T-stream')) break;
    }
    leaving.abort();
    expect([text.includes('[hidden]'), visitorIn(text)]).toEqual([true, []]);
  });

  it('is hidden in a file that a viewer has made, which only they and admins get', async () => {
    type Job = { id: string; state: string; result: { rows: number } | null };
    const body = JSON.stringify({ list: 'clicks', query: { campaignKey: 'spring' } });
    const made = await read('viewer', '/exports', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const { job } = (await made.json()) as { job: Job };
    const done = await waitFor(async () => {
      const now = await get<Job>(`/jobs/${job.id}`);
      return now.state === 'done' ? now : null;
    }, 20_000);
    const file = await read('viewer', `/jobs/${job.id}/file`);
    const text = await file.text();
    expect([made.status, done?.result?.rows, file.headers.get('content-type')]).toEqual([
      202,
      2,
      'text/csv; charset=utf-8',
    ]);
    expect([text.split('\r\n').length, text.includes('x-1'), visitorIn(text)]).toEqual([4, true, []]);
    expect(((await (await read('allowed', `/jobs/${job.id}/file`)).json()) as { code: string }).code).toBe('not_yours');
    const wrong = await system.api('POST', '/exports', { list: 'clicks', query: { campaign: 'spring' } });
    expect([wrong.status, wrong.body['code']]).toEqual([422, 'invalid']);
  });
});

it('counts for sending again what the list of deliveries shows, by any of its filters', async () => {
  const filters: Record<string, string>[] = [
    { transactionId: 'T-1' },
    { campaignKey: 'spring', state: 'delivered' },
    { status: '200', minAttempts: '1' },
    { externalId: 'x-3', networkKey: 'acme', state: '!parked' },
    { status: '404' },
  ];
  for (const filter of filters) {
    const shown = await list(`/deliveries?${new URLSearchParams(filter).toString()}`);
    const counted = await system.api('POST', '/deliveries/replay', { filter, dryRun: true });
    expect([filter, counted.body['matched']]).toEqual([filter, shown.length]);
  }
});

it('sends deliveries again as a job, however many there are', async () => {
  const answer = await fetch(`${system.console.url}/api/v1/deliveries/replay`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`,
      'content-type': 'application/json',
      prefer: 'respond-async',
    },
    body: JSON.stringify({ filter: { destinationKey: 'source:ads', status: '200' }, force: true }),
  });
  const { job } = (await answer.json()) as { job: { id: string } };
  const done = await waitFor(async () => {
    const { state, result } = await get<{ state: string; result: Record<string, unknown> | null }>(`/jobs/${job.id}`);
    return state === 'done' ? result : null;
  }, 20_000);
  expect([answer.status, done]).toMatchObject([202, { dryRun: false, delivered: 0, overtaken: 0 }]);
  expect(done?.['replayed']).toBe(done?.['matched']);
  await waitFor(
    async () => (await list('/deliveries?state=delivered')).every(({ replays }) => replays === 1),
    20_000,
    'every delivery sent again',
  );
});
