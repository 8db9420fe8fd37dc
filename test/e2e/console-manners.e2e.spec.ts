import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';

/** What holds for every list and every write of the API. */
let ground: TestGround;
let service: Service;
let admin: Api;

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', ground.env);
  admin = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
});
afterAll(async () => {
  await service?.stop();
  await ground?.close();
});

const request = (method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
  fetch(`${service.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
type Json = Record<string, unknown>;
const jsonOf = async (answer: Response): Promise<Json> => (await answer.json()) as Json;

describe('a write with an Idempotency-Key', () => {
  it('is done once, and answered again as the first time', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const create = () => request('POST', '/tokens', key, { name: 'once', role: 'viewer' });
    const [first, again] = [await create(), await create()];
    const [one, two] = [await jsonOf(first), await jsonOf(again)];
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
    expect(two).toEqual(one);
    const { body } = await admin<{ items: { name: string }[] }>('GET', '/tokens');
    expect(body.items.filter(({ name }) => name === 'once')).toHaveLength(1);
  });

  it('is done once also when both come at the same moment', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => request('POST', '/users', key, { name: 'Twin', role: 'viewer' })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const { body } = await admin<{ items: { name: string }[] }>('GET', '/users');
    expect(body.items.filter(({ name }) => name === 'Twin')).toHaveLength(1);
  });

  it('is refused when the key was used for something else', async () => {
    const key = { 'idempotency-key': 'my-key-1' };
    await request('POST', '/networks', key, { key: 'idem', name: 'Idem' });
    const other = await request('POST', '/networks', key, { key: 'idem-2', name: 'Idem' });
    expect([other.status, (await jsonOf(other))['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('may be corrected and sent again under the same key when it changed nothing', async () => {
    const key = { 'idempotency-key': 'my-key-2' };
    expect((await request('POST', '/offers', key, { key: 'x', networkKey: 'no-such' })).status).toBe(422);
    expect((await request('POST', '/networks', key, { key: 'after-error', name: 'A' })).status).toBe(201);
  });

  it('is refused the second time where its answer was a stream, which is not kept', async () => {
    const upload = () =>
      fetch(`${service.url}/api/v1/clicks/upload?dryRun=true`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`,
          'content-type': 'text/csv',
          'idempotency-key': 'my-file',
        },
        body: 'click_id,clicked_at,campaign\nx1,2026-11-01T00:00:00Z,none\n',
      });
    expect(await jsonOf(await upload())).toMatchObject({ dryRun: true, complete: true });
    const again = await upload();
    expect([again.status, (await jsonOf(again))['code']]).toEqual([409, 'idempotency_in_progress']);
  });

  it('is independent of the key of another caller, and keeps no secret in clear text', async () => {
    const key = { 'idempotency-key': 'shared-word' };
    const { body } = await admin<{ token: string }>('POST', '/tokens', { name: 'second', role: 'admin' });
    const mine = await jsonOf(await request('POST', '/tokens', key, { name: 'mine', role: 'viewer' }));
    const theirs = await jsonOf(
      await request(
        'POST',
        '/tokens',
        { ...key, authorization: `Bearer ${body.token}` },
        { name: 'mine', role: 'viewer' },
      ),
    );
    expect(theirs['id']).not.toBe(mine['id']);
    const { default: pg } = await import('pg');
    const client = new pg.Client(ground.databaseUrl);
    await client.connect();
    const { rows } = await client.query('select answer from idempotent_answers');
    await client.end();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(mine['token']);
  });
});

describe('a list that is polled', () => {
  it('answers 304 until something changes', async () => {
    const first = await request('GET', '/networks');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const same = await request('GET', '/networks', { 'if-none-match': etag });
    expect([same.status, await same.text()]).toEqual([304, '']);
    await admin('POST', '/networks', { key: 'news', name: 'News' });
    expect((await request('GET', '/networks', { 'if-none-match': etag })).status).toBe(200);
  });
});

describe('a list as CSV', () => {
  it('has every item, not only the first page, with a column per field', async () => {
    for (let n = 0; n < 7; n += 1) await admin('POST', '/sources', { key: `csv-${n}`, name: `Source ${n}` });
    const answer = await request('GET', '/sources?limit=2', { accept: 'text/csv' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="sources.csv"');
    const [header = '', ...lines] = (await answer.text()).trimEnd().split('\r\n');
    expect(header.split(',').slice(0, 3)).toEqual(['key', 'name', 'preset']);
    expect(header).toContain(',cost.model,');
    expect(lines.filter((line) => line.startsWith('csv-'))).toHaveLength(7);
  });

  it('lets no spreadsheet run what a stranger wrote, and leaves numbers alone', async () => {
    await admin('POST', '/sources', { key: 'formula', name: '=HYPERLINK("https://evil.example","x")' });
    await admin('POST', '/sources', { key: 'plus', name: '+1.5' });
    const text = await (await request('GET', '/sources', { accept: 'text/csv' })).text();
    expect(text).toContain('formula,"\'=HYPERLINK(""https://evil.example"",""x"")"');
    expect(text).toContain('plus,+1.5,');
  });

  it('refuses what the list refuses, with a problem document', async () => {
    const answer = await request('GET', '/sources?unknown=1', { accept: 'text/csv' });
    expect([answer.status, (await jsonOf(answer))['code']]).toEqual([422, 'invalid']);
  });
});

describe('a dry run of a catalog change', () => {
  it('answers as the change would, and keeps nothing', async () => {
    const dry = await request('POST', '/networks?dryRun=true', {}, { key: 'dry', name: 'Dry' });
    expect([dry.status, (await jsonOf(dry))['key']]).toEqual([200, 'dry']);
    expect((await admin('GET', '/networks/dry')).status).toBe(404);
    await admin('POST', '/networks', { key: 'dry', name: 'Dry' });
    expect((await admin('PUT', '/networks/dry?dryRun=true', { name: 'Wet' })).body).toMatchObject({ name: 'Wet' });
    expect((await admin('DELETE', '/networks/dry?dryRun=1')).status).toBe(204);
    expect((await admin('GET', '/networks/dry')).body).toMatchObject({ name: 'Dry' });
    const { body } = await admin<{ items: { action: string }[] }>('GET', '/audit?kind=network&key=dry');
    expect(body.items.map(({ action }) => action)).toEqual(['created']);
  });

  it('names what is wrong as the change would', async () => {
    const body = { key: 'dry-offer', networkKey: 'no-such', url: 'https://shop.example/?s={click_id}' };
    const answer = await admin<{ errors: object[] }>('POST', '/offers?dryRun=true', body);
    expect([answer.status, answer.body.errors]).toMatchObject([
      422,
      [{ path: 'networkKey', code: 'reference_unknown' }],
    ]);
  });
});

describe('saved views', () => {
  const view = { name: 'Refused today', page: '/log', query: 'state=refused' };
  it('are private unless shared, and a shared one is changed by its owner or an admin only', async () => {
    const { body } = await admin<{ token: string }>('POST', '/tokens', { name: 'viewer', role: 'viewer' });
    const viewer = callApi(service.url, body.token);
    const [own, shared] = [randomUUID(), randomUUID()];
    expect((await viewer('PUT', `/views/${own}`, view)).body).toMatchObject({ ...view, isOwn: true });
    expect((await admin('DELETE', `/views/${own}`)).status).toBe(404);
    await admin('PUT', `/views/${shared}`, { ...view, name: 'For all', shared: true });
    const seen = (await viewer<{ items: object[] }>('GET', '/views')).body.items;
    expect(seen).toMatchObject([{ name: 'For all', isOwn: false }, { name: 'Refused today' }]);
    expect((await viewer('DELETE', `/views/${shared}`)).body['code']).toBe('not_yours');
    expect((await admin('GET', '/views')).body['items']).toHaveLength(1);
    expect((await viewer('DELETE', `/views/${own}`)).status).toBe(204);
  });
});

describe('rates and the audit', () => {
  it('page through to their end, and take several values or leave some out', async () => {
    const rates = ['2026-01-02', '2026-01-05'].flatMap((day) =>
      ['USD', 'SEK', 'GBP'].map((currency) => ({ day, currency, perEuro: '1.25' })),
    );
    expect((await admin('POST', '/rates', { rates })).status).toBe(204);
    type Rates = { items: { day: string; currency: string }[]; next: string | null };
    const names = ({ items }: Rates) => items.map(({ day, currency }) => `${day} ${currency}`);
    const first = (await admin<Rates>('GET', '/rates?limit=4')).body;
    const second = (await admin<Rates>('GET', `/rates?limit=4&cursor=${first.next}`)).body;
    expect([...names(first), ...names(second)]).toEqual([
      '2026-01-05 GBP',
      '2026-01-05 SEK',
      '2026-01-05 USD',
      '2026-01-02 GBP',
      '2026-01-02 SEK',
      '2026-01-02 USD',
    ]);
    expect([first.next === null, second.next]).toEqual([false, null]);
    expect(names((await admin<Rates>('GET', '/rates?currency=!USD,GBP&to=2026-01-02')).body)).toEqual([
      '2026-01-02 SEK',
    ]);
    await admin('POST', '/rates', { rates: [{ day: '2026-01-02', currency: 'SEK', perEuro: '2' }] });
    const csv = await (await request('GET', '/rates?currency=SEK,USD', { accept: 'text/csv' })).text();
    expect(csv.split('\r\n').map((line) => line.split(',').slice(0, 3).join(' '))).toEqual([
      'day currency perEuro',
      '2026-01-05 SEK 1.25',
      '2026-01-05 USD 1.25',
      '2026-01-02 SEK 2',
      '2026-01-02 USD 1.25',
      '',
    ]);
    type Lines = { items: { kind: string; action: string }[] };
    const lines = async (query: string) =>
      new Set((await admin<Lines>('GET', `/audit?${query}`)).body.items.map(({ kind, action }) => `${kind} ${action}`));
    expect(await lines('kind=network,source&action=!updated')).toEqual(new Set(['network created', 'source created']));
    expect(await lines('actor=!CAROM_ADMIN_TOKEN&kind=rates,network')).toEqual(new Set());
    expect((await lines('kind=rates&actor=CAROM_ADMIN_TOKEN,Ada')).size).toBe(1);
  });
});

describe('codes and presets', () => {
  it('are explained and found by words', async () => {
    type Codes = { items: { code: string; scope: string; sentence: string }[] };
    const { items } = (await admin<Codes>('GET', '/problems')).body;
    expect(items.every(({ sentence }) => /^[A-Z].*\.$/s.test(sentence) || sentence.includes(':'))).toBe(true);
    expect(items.filter(({ code }) => code === 'time_unreadable').map(({ scope }) => scope)).toEqual([
      'request',
      'call',
    ]);
    type Presets = { items: { key: string; confidence: string }[] };
    const keys = async (path: string) => (await admin<Presets>('GET', path)).body.items.map(({ key }) => key);
    const all = await keys('/presets/networks');
    expect(await keys('/presets/networks?q=AWIN')).toEqual(['awin']);
    expect((await keys('/presets/networks?confidence=!D')).length).toBeLessThan(all.length);
    expect(await keys('/presets/sources?q=no+such+source')).toEqual([]);
  });
});
