import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { everyConsoleRoute } from '../support/console-routes.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics } from '../support/system.js';

/** Every route, called as each role: the table in docs/reference/roles.md is what really happens.
 */
const ranks = ['none', 'viewer', 'editor', 'admin'] as const;
let ground: TestGround;
let service: Service;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', { ...ground.env, CONSOLE_SIGN_INS_PER_MINUTE: '500' });
  const admin = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
  for (const role of ranks.slice(1)) {
    const { body } = await admin<{ token: string }>('POST', '/tokens', { name: `a ${role}`, role });
    tokens[role] = body.token;
  }
});
afterAll(async () => {
  await service?.stop();
  await ground?.close();
});

const pathOf = (path: string): string =>
  path.replace(':id', '01990000-0000-7000-8000-000000000000').replace(/:key/, 'no-such').replace(/:\w+/g, 'none');

/** Only the head of the answer is awaited: some routes stream without end. */
const call = async (
  method: string,
  path: string,
  token: string | undefined,
): Promise<[status: number, code: string]> => {
  const over = new AbortController();
  const answer = await fetch(`${service.url}${pathOf(path)}`, {
    method: method.toUpperCase(),
    signal: over.signal,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(method !== 'get' && method !== 'delete' && { 'content-type': 'application/json' }),
    },
    ...(method !== 'get' && method !== 'delete' && { body: '{}' }),
  });
  const isProblem = answer.headers.get('content-type')?.includes('problem+json') === true;
  const code = isProblem ? ((await answer.json()) as { code: string }).code : '';
  over.abort();
  return [answer.status, code];
};

describe.each(everyConsoleRoute().map(({ method, path, settings }) => ({ method, path, role: settings.role })))(
  '$method $path, for $role',
  ({ method, path, role }) => {
    it.each(ranks)('is open to %s exactly when the table says so', async (caller) => {
      const [status, code] = await call(method, path, tokens[caller]);
      if (ranks.indexOf(caller) >= ranks.indexOf(role)) {
        expect(code).not.toMatch(/^(token_missing|role_too_low)$/);
        expect([code, status < 500 || code === 'temporarily_unavailable']).toEqual([code, true]);
      } else if (caller === 'none') expect([status, code]).toEqual([401, 'token_missing']);
      else expect([status, code]).toEqual([403, 'role_too_low']);
    });
  },
);
