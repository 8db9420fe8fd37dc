import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { withClient } from '../support/template.js';
import { callApi, makeTopics, type Api } from '../support/system.js';

type Refusal = { code: string; errors: { path: string; code: string }[] };

/** The edge of the API: who is let in, and what it makes of input that is none. */
let ground: TestGround;
let service: Service;
let api: Api;

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', { ...ground.env, CAROM_PUBLIC_URL: 'https://tracker.example.com/' });
  api = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
  await api('POST', '/networks', { key: 'acme', name: 'Acme' });
});

afterAll(async () => {
  await service?.stop();
  await ground?.close();
});

describe('access', () => {
  const as = async (role: string): Promise<Api> => {
    const { body } = await api<{ token: string }>('POST', '/tokens', { name: `the ${role}`, role });
    return callApi(service.url, body.token);
  };

  it('rejects a call without a valid token', async () => {
    const anonymous = await fetch(`${service.url}/api/v1/networks`);
    expect([anonymous.status, anonymous.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining('application/problem+json'),
    ]);
    expect((await callApi(service.url, 'made-up')('GET', '/networks')).body['code']).toBe('token_wrong');
  });

  it('lets a viewer read but neither write nor see tokens', async () => {
    const viewer = await as('viewer');
    expect((await viewer('POST', '/networks', { key: 'v', name: 'V' })).body['code']).toBe('role_too_low');
    const { body } = await viewer<{ token: string; postbackUrl: string }>('GET', '/networks/acme');
    expect(body.token).toBe('[redacted]');
    expect(body.postbackUrl).toContain('/postback/[redacted]?');
  });

  it('lets an editor write but not manage access', async () => {
    const editor = await as('editor');
    expect((await editor('PUT', '/networks/acme', { name: 'By the editor' })).status).toBe(200);
    expect((await editor('GET', '/tokens')).status).toBe(403);
  });

  it('stops a token at once when it or its user is switched off', async () => {
    const { body: user } = await api<{ id: string }>('POST', '/users', {
      name: 'Ann',
      email: 'ann@example.com',
      role: 'viewer',
    });
    const { body: made } = await api<{ id: string; token: string }>('POST', '/tokens', {
      name: 'laptop',
      role: 'admin',
      userId: user.id,
    });
    const ann = callApi(service.url, made.token);
    expect((await ann('GET', '/networks')).status).toBe(200);
    expect((await ann('GET', '/tokens')).status).toBe(403);
    await api('PATCH', `/users/${user.id}`, { disabled: true });
    expect((await ann('GET', '/networks')).status).toBe(401);
    await api('PATCH', `/users/${user.id}`, { disabled: false });
    expect((await api('DELETE', `/tokens/${made.id}`)).status).toBe(204);
    expect((await ann('GET', '/networks')).status).toBe(401);
  });

  it('does not let an admin remove their own access', async () => {
    const { body: user } = await api<{ id: string }>('POST', '/users', { name: 'Bob', role: 'admin' });
    const { body: made } = await api<{ id: string; token: string }>('POST', '/tokens', {
      name: 'desk',
      role: 'admin',
      userId: user.id,
    });
    const bob = callApi(service.url, made.token);
    const codes = [
      await bob('DELETE', `/tokens/${made.id}`),
      await bob('PATCH', `/users/${user.id}`, { disabled: true }),
      await bob('PATCH', `/users/${user.id}`, { role: 'viewer' }),
    ].map(({ status, body }) => [status, body['code']]);
    expect(codes).toEqual([
      [409, 'own_token'],
      [409, 'own_user'],
      [409, 'own_user'],
    ]);
    expect((await api('PATCH', `/users/${user.id}`, { role: 'viewer' })).status).toBe(200);
    const { body } = await api<{ items: object[] }>('GET', `/audit?kind=user&key=${user.id}`);
    expect(body.items).toMatchObject([
      { actor: 'CAROM_ADMIN_TOKEN', action: 'updated', before: { role: 'admin' }, after: { role: 'viewer' } },
      { action: 'created', before: null, after: { name: 'Bob', role: 'admin' } },
    ]);
    expect(JSON.stringify((await api('GET', '/audit?kind=token')).body)).not.toContain(made.token);
  });

  it('records who changed what, with the values before and after', async () => {
    const { body } = await api<{
      items: { actor: string; action: string; before: { name: string }; after: { name: string } }[];
    }>('GET', '/audit?kind=network&key=acme');
    const line = body.items.find(({ actor }) => actor === 'the editor');
    expect(line).toMatchObject({ action: 'updated', after: { name: 'By the editor' } });
    expect(line?.before.name).not.toBe('By the editor');
  });

  it('keeps no change whose line in the audit cannot be written', async () => {
    const asOwner = (sql: string) => withClient(ground.databaseUrl, (client) => client.query(sql));
    await api('POST', '/sources', {
      key: 'ads',
      name: 'Ads',
      destination: { url: 'https://ads.example/?c={click_id}' },
    });
    await api('POST', '/offers', { key: 'shoes', networkKey: 'acme', url: 'https://shop.example/?c={click_id}' });
    await api('POST', '/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes', weight: 1 }] });
    const day = '2026-03-01';
    const restateCosts = () =>
      fetch(`${service.url}/api/v1/costs/upload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
        body: `day,campaign,amount,currency\n${day},spring,12.00,USD\n`,
      });
    await asOwner(
      `create function spec_fail() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$`,
    );
    await asOwner('create trigger spec_fails before insert on audit for each row execute function spec_fail()');
    try {
      const answers = await Promise.all([
        api('POST', '/rates', { rates: [{ day, currency: 'SEK', perEuro: '11' }] }),
        api('POST', '/destinations/source:ads/pause'),
        api('PUT', '/networks/acme', { key: 'acme', name: 'Never kept' }),
        restateCosts(),
      ]);
      expect(answers.map(({ status }) => status >= 500)).toEqual([true, true, true, true]);
    } finally {
      await asOwner('drop trigger spec_fails on audit');
    }
    expect((await api<{ items: object[] }>('GET', `/rates?from=${day}&to=${day}`)).body.items).toEqual([]);
    const { rows } = await asOwner('select from destination_controls where paused');
    expect(rows).toEqual([]);
    expect((await asOwner('select from cost_entries')).rows).toEqual([]);
    expect((await restateCosts()).ok).toBe(true);
    expect((await asOwner('select from cost_entries')).rows).toHaveLength(1);
    expect((await api('GET', '/networks/acme')).body['name']).not.toBe('Never kept');
  });
});

describe('malformed input', () => {
  const raw = (init: RequestInit, path = '/networks') =>
    fetch(`${service.url}/api/v1${path}`, {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, ...init.headers },
    });
  const json = { 'content-type': 'application/json' };

  it.each<[string, RequestInit, string, number, string]>([
    ['a broken JSON text', { headers: json, body: '{"key": ' }, '/networks', 400, 'malformed_json'],
    ['an array', { headers: json, body: '[]' }, '/networks', 422, 'invalid'],
    ['null', { headers: json, body: 'null' }, '/networks', 422, 'invalid'],
    ['a poisoned prototype', { headers: json, body: '{"__proto__": {"key": 1}}' }, '/networks', 400, 'malformed_json'],
    [
      'bytes that are no UTF-8',
      { headers: json, body: Buffer.from([0x7b, 0xff, 0xfe]) },
      '/networks',
      400,
      'malformed_json',
    ],
    ['a body far too large', { headers: json, body: `"${'x'.repeat(3_000_000)}"` }, '/networks', 413, 'too_large'],
    [
      'an unknown content type',
      { headers: { 'content-type': 'image/png' }, body: 'x' },
      '/networks',
      415,
      'content_type_unknown',
    ],
    [
      'a NUL in a text',
      { headers: json, body: JSON.stringify({ key: 'nul', name: 'a\0b' }) },
      '/networks',
      422,
      'invalid',
    ],
    [
      'a text nested two hundred thousand deep',
      { headers: json, body: `{"key": "deep", "name": ${'['.repeat(200_000)}${']'.repeat(200_000)}}` },
      '/networks',
      422,
      'invalid',
    ],
    [
      'fifty thousand fields that do not exist',
      {
        headers: json,
        body: JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`x${at}`, 1]))),
      },
      '/networks',
      422,
      'invalid',
    ],
    [
      'a file where JSON belongs',
      { headers: { 'content-type': 'text/csv' }, body: 'key,name' },
      '/networks',
      415,
      'content_type_unknown',
    ],
    ['a path that cannot be decoded', { headers: json, body: '{}' }, '/networks/%zz', 400, 'url_unreadable'],
    ['a route that is not there', { headers: json, body: '{}' }, '/nothing', 404, 'no_such_route'],
  ])('answers %s with a problem document and lives on', async (_what, init, path, status, code) => {
    const answer = await raw(init, path);
    expect([answer.status, ((await answer.json()) as Refusal).code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await fetch(`${service.healthUrl}/health/ready`)).status).toBe(200);
  });

  it.each(['?cursor=%00', '?cursor=W10', '?limit=0', '?limit=x', '?unknown=1', '?limit=1&limit=2', '?cursor=bnVsbA'])(
    'refuses the list query %s',
    async (query) => {
      expect((await api<Refusal>('GET', `/networks${query}`)).status).toBe(422);
    },
  );
});

it('answers its own address and every deep link with the page, under a strict policy', async () => {
  for (const path of ['/', '/log?state=refused', '/conversions/0199', '/catalog/networks/acme']) {
    const page = await fetch(`${service.url}${path}`);
    expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/);
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-store');
  }
  expect((await fetch(`${service.url}/api/v1`)).status).toBe(200);
});

it('answers a path of the API that does not exist with a problem document, never with the page', async () => {
  for (const path of ['/api', '/api/v2/networks', '/api/v1/no-such-list', '/assets/old.123.js']) {
    const answer = await fetch(`${service.url}${path}`);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

it('forbids browsers to guess types, to frame it and to run anything in an answer of the API', async () => {
  const { headers } = await fetch(`${service.url}/api/v1/openapi.json`);
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  });
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('server')).toBeNull();
});

it('shows the document as a page without sign-in, which loads nothing and runs nothing', async () => {
  const page = await fetch(`${service.url}/api/docs`);
  const text = await page.text();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  expect(policy).not.toMatch(/script-src|unsafe/);
  expect(text).not.toMatch(
    /<script|<link[^>]+href="(?!data:)|(?:src|action)=|@import|https?:\/\/(?!\S*example)[^<"]*\.(?:js|css)/,
  );
  for (const part of ['GET', '/api/v1/postbacks', 'csrf_header_missing', 'id="schema-Postback"'])
    expect(text).toContain(part);
  const again = await fetch(`${service.url}/api/docs`, {
    headers: { 'if-none-match': page.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});

it('takes a DELETE whose client states a content type and sends nothing', async () => {
  await api('POST', '/networks', { key: 'brief', name: 'Brief' });
  const answer = await fetch(`${service.url}/api/v1/networks/brief`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(204);
});

it('describes every route it serves, and only those, in OpenAPI 3.1', async () => {
  const { body } = await api<{ openapi: string; paths: Record<string, Record<string, object>> }>(
    'GET',
    '/openapi.json',
  );
  expect(body.openapi).toBe('3.1.0');
  for (const [path, operations] of Object.entries(body.paths)) {
    const url = `${service.url}${path.replace('{id}', '00000000-0000-7000-8000-000000000000').replace('{key}', 'no')}`;
    for (const [method, operation] of Object.entries(operations)) {
      const open = JSON.stringify((operation as { security?: unknown }).security) === '[]';
      const answer = await fetch(url, { method: method.toUpperCase() });
      // An open route that takes a body refuses an empty one.
      const expected = open ? (method === 'get' ? 200 : 422) : 401;
      expect([path, method, answer.status]).toEqual([path, method, expected]);
    }
  }
});
