import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';

/** People: invited, signed in, with sessions that end; and what a stranger cannot do. */
let ground: TestGround;
let service: Service;
let admin: Api;

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', { ...ground.env, CONSOLE_SIGN_INS_PER_MINUTE: '500' });
  admin = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
});
afterAll(async () => {
  await service?.stop();
  await ground?.close();
});

/** A console with settings of its own, which ends however the test ends. */
const withConsole = async (
  env: Record<string, string>,
  use: (console: Service) => void | Promise<void>,
): Promise<void> => {
  const console = await startService('console', { ...ground.env, ...env });
  try {
    await use(console);
  } finally {
    await console.stop();
  }
};

type Answer = { status: number; code: string | undefined; cookie: string | undefined; headers: Headers; body: unknown };

/** Calls the API as a browser that holds this cookie. */
const browse = async (
  method: string,
  path: string,
  {
    cookie,
    body,
    headers = { 'x-carom-csrf': '1' },
  }: { cookie?: string | undefined; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const answer = await fetch(`${service.url}/api/v1${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(cookie !== undefined && { cookie }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = text === '' ? null : (JSON.parse(text) as { code?: string });
  const [set] = answer.headers.getSetCookie();
  return {
    status: answer.status,
    code: parsed?.code,
    cookie: set?.split(';')[0],
    headers: answer.headers,
    body: parsed,
  };
};

const password = 'a horse that reads maps';
let people = 0;
const invite = async (role = 'editor'): Promise<{ id: string; email: string; code: string }> => {
  people += 1;
  const email = `person-${people}@example.com`;
  const { status, body } = await admin<{ id: string; invitation: { url: string } }>('POST', '/users', {
    name: `Person ${people}`,
    email: email.toUpperCase(),
    role,
  });
  expect(status).toBe(201);
  return { id: body.id, email, code: new URL(body.invitation.url).searchParams.get('code') ?? '' };
};
/** Someone who has joined, with the cookie that joining gave. */
const join = async (role = 'editor') => {
  const person = await invite(role);
  const joined = await browse('POST', '/join', { body: { code: person.code, password } });
  expect(joined.status).toBe(204);
  return { ...person, cookie: joined.cookie };
};

describe('an invitation', () => {
  it('lets a person choose a password and sign in, once', async () => {
    const { email, code } = await invite();
    const joined = await browse('POST', '/join', { body: { code, password } });
    expect([joined.status, joined.headers.getSetCookie()[0]]).toEqual([
      204,
      expect.stringMatching(/^carom_session=[\w-]{40}; .*HttpOnly.*SameSite=Strict/),
    ]);
    const me = await browse('GET', '/me', { cookie: joined.cookie });
    expect(me.body).toMatchObject({ user: { email }, role: 'editor', via: 'session', version: '0.1.0' });
    const again = await browse('POST', '/join', { body: { code, password } });
    expect([again.status, again.code]).toEqual([410, 'code_ended']);
  });

  it.each(['short', 'aaaaaaaaaaaaaaaa'])('does not take the password %s', async (weak) => {
    const { code } = await invite();
    expect((await browse('POST', '/join', { body: { code, password: weak } })).status).toBe(422);
    expect((await browse('POST', '/join', { body: { code, password } })).status).toBe(204);
  });

  it('is void as soon as a later reset link was made and used', async () => {
    const { id, code } = await invite();
    const { body } = await admin<{ url: string }>('POST', `/users/${id}/reset`);
    const reset = new URL(body.url).searchParams.get('code') ?? '';
    expect((await browse('POST', '/join', { body: { code: reset, password } })).status).toBe(204);
    expect((await browse('POST', '/join', { body: { code: reset, password } })).status).toBe(410);
    await admin('PATCH', `/users/${id}`, { disabled: true });
    expect((await browse('POST', '/join', { body: { code, password } })).status).toBe(410);
  });

  it('does not go to an address that another user has, in whatever case', async () => {
    const { email } = await invite();
    const { status, body } = await admin('POST', '/users', {
      name: 'Twin',
      email: email.toUpperCase(),
      role: 'viewer',
    });
    expect([status, body['code']]).toEqual([409, 'email_taken']);
  });
});

describe('signing in', () => {
  it('accepts the e-mail address in any case, and does not say which part of a sign-in was wrong', async () => {
    const { email } = await join();
    const right = await browse('POST', '/session', { body: { email: email.toUpperCase(), password } });
    expect(right.status).toBe(204);
    const wrong = await browse('POST', '/session', { body: { email, password: 'not this one' } });
    const unknown = await browse('POST', '/session', { body: { email: 'no-one@example.com', password } });
    expect([wrong.status, wrong.body]).toEqual([unknown.status, unknown.body]);
    expect(wrong.code).toBe('sign_in_wrong');
  });

  it('takes a token, and ends when the token is revoked', async () => {
    const { body } = await admin<{ id: string; token: string }>('POST', '/tokens', { name: 'desk', role: 'viewer' });
    const { cookie } = await browse('POST', '/session', { body: { token: body.token } });
    expect((await browse('GET', '/me', { cookie })).body).toMatchObject({ user: null, role: 'viewer', via: 'session' });
    await admin('DELETE', `/tokens/${body.id}`);
    const after = await browse('GET', '/me', { cookie });
    expect([after.status, after.code, after.cookie]).toEqual([401, 'session_ended', 'carom_session=']);
  });

  it('makes the next try wait after wrong passwords, for addresses that exist and those that do not', async () => {
    const { email } = await invite();
    for (const each of [email, 'no-one-else@example.com']) {
      const tries = [];
      for (let n = 0; n < 7; n += 1)
        tries.push((await browse('POST', '/session', { body: { email: each, password: `guess ${n}` } })).code);
      expect(tries).toEqual([...Array.from({ length: 5 }, () => 'sign_in_wrong'), 'sign_in_locked', 'sign_in_locked']);
    }
  });

  it('does not lock out a person who signs in from where they signed in before', async () => {
    const { email } = await join();
    for (let n = 0; n < 4; n += 1) await browse('POST', '/session', { body: { email, password: `guess ${n}` } });
    expect((await browse('POST', '/session', { body: { email, password } })).status).toBe(204);
  });

  it('works by the link that is printed at the start, once, and not from the page of another site', async () => {
    const { body } = await admin<{ url: string }>('POST', '/sign-in-links');
    const url = `${service.url}${new URL(body.url).pathname}`;
    const foreign = await fetch(url, { redirect: 'manual', headers: { 'sec-fetch-site': 'cross-site' } });
    expect(foreign.status).toBe(403);
    const opened = await fetch(url, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/']);
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0];
    expect((await browse('GET', '/me', { cookie })).body).toMatchObject({ role: 'admin' });
    const again = await fetch(url, { redirect: 'manual' });
    expect([again.headers.get('location'), again.headers.getSetCookie()]).toEqual(['/sign-in?ended=1', []]);
  });

  it('is possible on a new installation by the link of `npm run admin:link`', async () => {
    const command = ['dist/ops/admin-link.js'];
    const env = { ...process.env, ...ground.env, CONSOLE_URL: service.url };
    const { stdout } = await promisify(execFile)(process.execPath, command, { env });
    const opened = await fetch(stdout.trim(), { redirect: 'manual' });
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0];
    expect((await browse('GET', '/users', { cookie })).status).toBe(200);
  });

  it('puts no token into the log of a console that starts without one', async () => {
    await withConsole({ CAROM_ADMIN_TOKEN: '' }, (bare) => {
      expect(bare.log()).not.toMatch(/carom_[\w-]{20}/);
    });
  });
});

describe('a session', () => {
  it('may change nothing without the header that only our own page sends', async () => {
    const { cookie } = await join();
    const body = { key: 'forged', name: 'Forged' };
    const without = await browse('POST', '/networks', { cookie, body, headers: {} });
    expect([without.status, without.code]).toEqual([403, 'csrf_header_missing']);
    const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of foreign) {
      const answer = await browse('POST', '/networks', { cookie, body, headers: { 'x-carom-csrf': '1', ...headers } });
      expect([answer.status, answer.code]).toEqual([403, 'origin_foreign']);
    }
    expect((await browse('POST', '/networks', { cookie, body: { ...body, key: 'own' } })).status).toBe(201);
  });

  it('cannot be opened by a form of another site', async () => {
    const body = { token: testSecrets.CAROM_ADMIN_TOKEN };
    const answer = await browse('POST', '/session', { body, headers: { origin: 'https://evil.example' } });
    expect([answer.status, answer.cookie]).toEqual([403, undefined]);
  });

  it('ends by signing out', async () => {
    const { cookie } = await join();
    expect((await browse('DELETE', '/session', { cookie })).status).toBe(204);
    expect((await browse('GET', '/me', { cookie })).code).toBe('session_ended');
  });

  it('is listed to its owner, and ended by its owner or an admin only', async () => {
    const [ann, bob] = [await join(), await join('viewer')];
    const list = await browse('GET', '/sessions', { cookie: ann.cookie });
    const { items } = list.body as { items: { id: string; userId: string; isCurrent: boolean }[] };
    expect(items).toMatchObject([{ userId: ann.id, isCurrent: true, address: '127.0.0.1' }]);
    expect(JSON.stringify(items)).not.toContain(ann.cookie?.split('=')[1]);
    const path = `/sessions/${items[0]?.id ?? ''}`;
    expect((await browse('DELETE', path, { cookie: bob.cookie })).status).toBe(404);
    expect((await browse('GET', '/sessions?of=all', { cookie: bob.cookie })).status).toBe(403);
    expect((await admin<{ items: object[] }>('GET', '/sessions?of=all')).body.items.length).toBeGreaterThan(1);
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await browse('GET', '/me', { cookie: ann.cookie })).status).toBe(401);
  });

  it('follows its user: a lower role counts at once, a disabled user is out', async () => {
    const { id, cookie } = await join('admin');
    expect((await browse('GET', '/users', { cookie })).status).toBe(200);
    await admin('PATCH', `/users/${id}`, { role: 'viewer' });
    expect((await browse('GET', '/users', { cookie })).code).toBe('role_too_low');
    await admin('PATCH', `/users/${id}`, { disabled: true });
    expect((await browse('GET', '/me', { cookie })).status).toBe(401);
  });

  it('ends everywhere else when the password is changed', async () => {
    const { email, cookie } = await join();
    const other = await browse('POST', '/session', { body: { email, password } });
    const change = (current: string) =>
      browse('POST', '/me/password', { cookie, body: { current, next: 'another horse, no maps' } });
    expect((await change('not mine at all')).code).toBe('password_wrong');
    expect((await change(password)).status).toBe(204);
    expect((await browse('GET', '/me', { cookie })).status).toBe(200);
    expect((await browse('GET', '/me', { cookie: other.cookie })).status).toBe(401);
    expect((await browse('POST', '/session', { body: { email, password } })).status).toBe(401);
  });
});

describe('a token', () => {
  it('ends at its time and shows when and from where it was used', async () => {
    const past = new Date(Date.now() - 1000).toISOString();
    expect((await admin('POST', '/tokens', { name: 'old', role: 'viewer', expiresAt: past })).status).toBe(422);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await admin<{ id: string; token: string }>('POST', '/tokens', {
      name: 'b',
      role: 'viewer',
      expiresAt,
    });
    expect((await callApi(service.url, body.token)('GET', '/me')).status).toBe(200);
    const { body: list } = await admin<{ items: { id: string }[] }>('GET', '/tokens');
    expect(list.items.find(({ id }) => id === body.id)).toMatchObject({ expiresAt, lastUsedIp: '127.0.0.1' });
  });
});

it('records who did what by stable ids, with the current name and the difference', async () => {
  const { id, cookie } = await join();
  await browse('POST', '/networks', { cookie, body: { key: 'audited', name: 'Before' } });
  await browse('PUT', '/networks/audited', { cookie, body: { name: 'After' } });
  await admin('PATCH', `/users/${id}`, { name: 'Renamed' });
  type Line = { actor: string; userId: string; action: string; changes: object[] };
  const { body } = await admin<{ items: Line[] }>('GET', `/audit?actor=${id}&kind=network`);
  expect(body.items).toMatchObject([
    { actor: 'Renamed', userId: id, action: 'updated', changes: [{ path: 'name', before: 'Before', after: 'After' }] },
    { actor: 'Renamed', userId: id, action: 'created', changes: [] },
  ]);
  const own = await browse('GET', '/audit', { cookie });
  expect(new Set((own.body as { items: Line[] }).items.map(({ userId }) => userId))).toEqual(new Set([id]));
});

it('answers 429 to an address that tries to sign in or asks too often, and goes on with the others', async () => {
  const limits = {
    CONSOLE_SIGN_INS_PER_MINUTE: '3',
    CONSOLE_REQUESTS_PER_MINUTE: '5',
    CAROM_TRUSTED_PROXIES: '127.0.0.1',
  };
  await withConsole(limits, async (strict) => {
    const tryFrom = async (address: string) => {
      const answer = await fetch(`${strict.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ token: 'wrong' }),
      });
      return [answer.status, ((await answer.json()) as { code: string }).code, answer.headers.get('retry-after')];
    };
    for (let n = 0; n < 3; n += 1) expect((await tryFrom('203.0.113.1'))[0]).toBe(401);
    expect(await tryFrom('203.0.113.1')).toEqual([429, 'too_many_requests', expect.stringMatching(/^\d+$/)]);
    expect((await tryFrom('203.0.113.2'))[0]).toBe(401);
    const askFrom = async (address: string) =>
      (await fetch(`${strict.url}/api/v1/me`, { headers: { 'x-forwarded-for': address } })).status;
    for (let n = 0; n < 5; n += 1) expect(await askFrom('203.0.113.3')).toBe(401);
    expect([await askFrom('203.0.113.3'), await askFrom('203.0.113.4')]).toEqual([429, 401]);
    // One IPv6 caller has a whole /64.
    for (let n = 0; n < 3; n += 1) await tryFrom(`2001:db8::${n}`);
    expect((await tryFrom('2001:db8::ffff:1'))[0]).toBe(429);
  });
});

it('gives a cookie that only https and this host get, where people reach the console by https', async () => {
  await withConsole({ CONSOLE_URL: 'https://console.example.com' }, async (secure) => {
    const answer = await fetch(`${secure.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: testSecrets.CAROM_ADMIN_TOKEN }),
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-carom_session=.*Path=\/;.*HttpOnly; Secure; SameSite=Strict/,
    );
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=');
  });
});
