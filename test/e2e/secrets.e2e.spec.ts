import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { createTokenHash } from '#domain';
import { createSeal } from '#runtime';
import pg from 'pg';
import { serviceNames, type ServiceName } from '../../stack/system/services.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { readTopicBytes } from '../support/topic-bytes.js';
import { waitFor } from '../support/wait-for.js';

/** Secrets in the whole system: where they are readable, the rotation of `CAROM_SECRET`, and what
 * an entry that cannot be opened leads to. */

const secretOfToday = testSecrets.CAROM_SECRET;
const secretOfTomorrow = randomBytes(24).toString('hex');
const dataDir = mkdtempSync(join(tmpdir(), 'carom-secrets-'));
const shared = 'shared-secret-of-acme';
const credential = 'Bearer credential-of-the-ad-network';

let ground: TestGround;
let system: System;
let adNetwork: Receiver;
let pool: pg.Pool;
let token = '';

type Network = { token: string; postbackUrl: string };
const source = (key: string) => ({
  key,
  name: key,
  externalIdParam: 'sid',
  destination: {
    url: `${adNetwork.url}/${key}?click_id={click_id}&conversion_value={value}`,
    headers: { Authorization: credential },
  },
});
const network = (key: string) => ({
  key,
  name: key,
  defaultCurrency: 'USD',
  security: { secret: { param: 'key', value: shared } },
});
const save = async <Answer>(method: string, path: string, body: object): Promise<Answer> => {
  const answer = await system.api<Answer>(method, path, body);
  if (answer.status > 201)
    throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer)}`);
  return answer.body;
};
const addCampaign = async (key: string): Promise<string> => {
  const { token: made } = await save<Network>('POST', '/networks', network(key));
  await save('POST', '/sources', source(key));
  const url = 'https://shop.example/?subid={click_id}';
  await save('POST', '/offers', { key, networkKey: key, url });
  await save('POST', '/campaigns', { key, sourceKey: key, offers: [{ offerKey: key }] });
  return made;
};

const visit = (campaign: string, word: string) =>
  fetch(`${system.ingest.url}/c/${campaign}?sid=${word}`, { redirect: 'manual' });
const postback = async (path: string): Promise<number> => (await fetch(`${system.ingest.url}/postback/${path}`)).status;
/** Both calls of the trade: a click and its sale come in, and the ad network receives the sale. */
const trade = async (word: string): Promise<void> => {
  const location = await waitFor(async () => (await visit('acme', word)).headers.get('location'), 10_000);
  const clickId = new URL(location).searchParams.get('subid');
  expect(await postback(`${token}?click_id=${clickId}&transaction_id=${word}&amount=5&key=${shared}`)).toBe(200);
  const [call] = await adNetwork.awaitRequests(({ query }) => query.get('click_id') === word, 20_000);
  expect([call?.query.get('conversion_value'), call?.headers.authorization]).toEqual(['5', credential]);
};
const unreadable = async (name: ServiceName): Promise<number> => {
  const text = await (await fetch(`${system[name].healthUrl}/metrics`)).text();
  return Number(/^carom_catalog_unreadable_entries\{[^}]*\} (\d+)/m.exec(text)?.[1]);
};
const restart = (names: readonly ServiceName[], env: Record<string, string> = {}) =>
  Promise.all(
    names.map(async (name) => {
      await system[name].server.stop();
      await system[name].restart(env);
    }),
  );

beforeAll(async () => {
  ground = await openTestGround();
  adNetwork = await startReceiver();
  pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 1 });
  system = await startSystem(ground, { CAROM_DATA_DIR: dataDir });
  token = await addCampaign('acme');
}, 60_000);
afterAll(async () => {
  await system?.stop();
  await pool?.end();
  await adNetwork?.close();
  await ground?.close();
  rmSync(dataDir, { recursive: true, force: true });
}, 30_000);

describe('the secrets of a network and a destination', () => {
  it('work, while no token and no secret is readable in Postgres, on the topics or on the disk of ingest', async () => {
    await trade('first');
    expect(await postback(`${token}x?transaction_id=T&key=${shared}`)).toBe(403);
    expect(await postback(`${token}?transaction_id=T&key=wrong`)).toBe(403);
    const { body } = await system.api<Network>('GET', '/networks/acme');
    expect([body.token, body.postbackUrl]).toEqual([token, expect.stringContaining(`/postback/${token}?`)]);
    const snapshot = await waitFor(() => {
      const text = readFileSync(join(dataDir, 'catalog.json'), 'utf8');
      return text.includes('"campaign"') && text.includes('acme') ? text : null;
    }, 10_000);
    const { rows } = await pool.query('select body from catalog_entries union all select to_jsonb(audit) from audit');
    const topic = (name: string) => readTopicBytes(ground, name);
    const bytes = Buffer.concat([
      await topic(topics.catalog.name),
      await topic(topics.postbacks.name),
      Buffer.from(snapshot),
      Buffer.from(JSON.stringify(rows)),
    ]);
    expect(bytes.length).toBeGreaterThan(5_000);
    for (const secret of [token, shared, credential.slice(7)]) expect(bytes.includes(secret)).toBe(false);
    // Ingest keeps no destination, not even sealed.
    expect(snapshot).not.toContain(adNetwork.url);
  });
});

describe('the rotation of CAROM_SECRET', () => {
  const rotated = `${secretOfTomorrow},${secretOfToday}`;

  it('goes through the steps of docs/operating/secrets.md while both calls of the trade go on', async () => {
    const set = (names: readonly ServiceName[], secrets: string) => restart(names, { CAROM_SECRET: secrets });
    await set(serviceNames, `${secretOfToday},${secretOfTomorrow}`);
    await trade('known');
    await set(['ingest', 'console'], rotated);
    await trade('first-in-two');
    await set(['attribution', 'dispatch'], rotated);
    await trade('first-in-all');
    const env = { ...process.env, DATABASE_URL: ground.env['DATABASE_URL'], CAROM_SECRET: rotated };
    const done = spawnSync(process.execPath, ['dist/ops/secrets-reseal.js'], { env, encoding: 'utf8' });
    expect([done.status, done.stdout]).toEqual([0, expect.stringContaining('0 secrets left')]);
    await trade('resealed');
    await set(serviceNames, secretOfTomorrow);
    await trade('alone');
    for (const name of ['ingest', 'dispatch', 'console'] as const)
      expect([name, await unreadable(name)]).toEqual([name, 0]);
    expect((await system.api<Network>('GET', '/networks/acme')).body.token).toBe(token);
  }, 120_000);
});

describe('an entry that cannot be opened', () => {
  const foreign = createSeal(['a0c4e8f27b1d5936a0c4e8f27b1d5937']);
  /** As a key that was lost leaves it. */
  const damage = (kind: string, place: string, key = 'lost') =>
    pool.query(
      `update catalog_entries set version = nextval('catalog_version'), body = jsonb_set(body, $1, to_jsonb($2::text))
       where kind = $3 and key = $4`,
      [place, foreign.seal('x', `${kind}:${key}`), kind, key],
    );

  /** As a person with access to the database would: the secrets of acme under another key. */
  const copy = (kind: string, field: string, value: unknown) =>
    pool.query(
      `insert into catalog_entries (kind, key, number, body, version)
       select kind, 'copied', 999, jsonb_set(jsonb_set(body, '{key}', '"copied"'), $1, $2), nextval('catalog_version')
       from catalog_entries where kind = $3 and key = 'acme'`,
      [field, JSON.stringify(value), kind],
    );

  it('leaves the version before in force; without one it holds up its own network and source alone', async () => {
    const lost = await addCampaign('lost');
    const call = (id: string) => postback(`${lost}?transaction_id=${id}&key=${shared}`);
    await waitFor(async () => (await call('L-1')) === 200, 10_000);
    await damage('network', '{security,secret,value}');
    await damage('source', '{destination,headers,Authorization}');
    for (const name of ['ingest', 'dispatch'] as const)
      await waitFor(async () => (await unreadable(name)) === 1, 10_000);
    expect(system.ingest.log()).toContain('"event":"catalog.entry_unreadable"');
    expect(await call('L-2')).toBe(200);

    const hash = createTokenHash([secretOfTomorrow]).of('copied-token');
    await copy('network', '{tokens,0,hash}', hash);
    await copy('source', '{name}', 'Copied');
    const ofCopy = () => postback(`copied-token?transaction_id=C-1&key=${shared}`);
    await waitFor(async () => (await ofCopy()) === 503, 10_000);
    await restart(['ingest', 'dispatch', 'console']);
    await trade('beside');
    expect([await ofCopy(), await postback('no-such-token?transaction_id=T')]).toEqual([503, 403]);
    expect((await visit('lost', 'x')).status).toBe(302);
    expect([await unreadable('ingest'), await unreadable('dispatch'), await unreadable('console')]).toEqual([2, 2, 2]);
  }, 60_000);

  it('is shown as such, and is back in order once its secret is entered again', async () => {
    await damage('network', '{tokens,0,token}');
    const list = await system.api<{ items: Network[] }>('GET', '/networks');
    const closed = '[cannot be opened]';
    expect([list.status, list.body.items.map(({ token: shown }) => shown)]).toEqual([200, [token, closed, closed]]);
    const tried = await system.api<{ code: string }>('POST', '/destinations/test', { destinationKey: 'source:lost' });
    expect([tried.status, tried.body.code]).toEqual([409, 'secret_unreadable']);
    await save('PUT', '/networks/lost', network('lost'));
    await save('PUT', '/sources/lost', source('lost'));
    for (const path of ['/networks/copied', '/sources/copied'])
      expect((await system.api('DELETE', path)).status).toBe(204);
    const { token: renewed } = await save<Network>('POST', '/networks/lost/token/rotate', { overlapHours: 1 });
    await waitFor(async () => (await postback(`${renewed}?transaction_id=L-4&key=${shared}`)) === 200, 10_000);
    for (const name of ['ingest', 'dispatch'] as const)
      await waitFor(async () => (await unreadable(name)) === 0, 10_000);
  });
});
