import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCatalogView, openCatalogEntry, topics, type CatalogEntryV1, type CatalogView } from '#contracts';
import { createTokenHash } from '#domain';
import { followTable, type Table } from '#kafka';
import { createLog, createSeal } from '#runtime';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics, type Api } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';
import { wholeEntries } from './whole-catalog.js';

type Refusal = { code: string; errors: { path: string; code: string }[] };

let ground: TestGround;
let service: Service;
let table: Table;
let api: Api;
const onTopic: CatalogEntryV1[] = [];
const view: CatalogView = createCatalogView();

const destination = {
  url: 'https://adnetwork.example.com/conversion?click_id={click_id}&conversion_value={value}',
  headers: { Authorization: 'Bearer ad-network-password' },
  signing: { kind: 'standard-webhooks', secrets: ['whsec_c2VjcmV0LW9mLXRoZS1hZC1uZXR3b3Jr'] },
};

const fill = async (): Promise<void> => {
  await api('POST', '/networks', { key: 'acme', name: 'Acme' });
  await api('POST', '/sources', { key: 'adnetwork', name: 'Ad network', destination });
  await api('POST', '/offers', { key: 'shoes', networkKey: 'acme', url: 'https://shop.example.com/?sub={click_id}' });
  await api('POST', '/campaigns', { key: 'spring', sourceKey: 'adnetwork', offers: [{ offerKey: 'shoes' }] });
};

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  service = await startService('console', { ...ground.env, CAROM_PUBLIC_URL: 'https://tracker.example.com/' });
  api = callApi(service.url, testSecrets.CAROM_ADMIN_TOKEN);
  const { open } = createSeal([testSecrets.CAROM_SECRET]);
  table = followTable<CatalogEntryV1>({
    topic: topics.catalog,
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'test',
    topicPrefix: ground.topicPrefix,
    log: createLog('test', 'silent'),
    onFatal: () => undefined,
    onEntry: ({ value }) => {
      onTopic.push(value);
      view.apply(openCatalogEntry(value, open));
    },
  });
  await fill();
});

afterAll(async () => {
  await table?.close();
  await service?.stop();
  await ground?.close();
});

type Shown = { version: number; changedAt: string };

describe('the catalog API', () => {
  it('answers a network with a Postback URL that is ready to paste', async () => {
    const { status, body } = await api<{ token: string; postbackUrl: string }>('GET', '/networks/acme');
    expect(status).toBe(200);
    expect(body.token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(body.postbackUrl).toBe(
      `https://tracker.example.com/postback/${body.token}?transaction_id={transaction_id}&amount={amount}&status={status}`,
    );
  });

  it('writes the Postback URL of a network with a preset in that network’s own macros', async () => {
    const { body: preset } = await api<{ postback: { template: string } }>('GET', '/presets/networks/everflow');
    const { status, body } = await api<{ token: string; postbackUrl: string; statusMap: object }>('POST', '/networks', {
      key: 'ef',
      preset: 'everflow',
      statusMap: { weird: 'rejected' },
    });
    expect(status).toBe(201);
    expect(body.postbackUrl).toBe(`https://tracker.example.com/postback/${body.token}?${preset.postback.template}`);
    expect(body.statusMap).toMatchObject({ weird: 'rejected' });
    expect((await api<Refusal>('POST', '/networks', { key: 'x', preset: 'no-such' })).body.code).toBe('preset_unknown');
    for (const path of ['/networks/ef', '/sources/adnetwork']) {
      const { status: refused, body: problem } = await api<Refusal>('PUT', path, { name: 'X', preset: 'no-such' });
      expect([refused, problem.code, problem.errors[0]?.path]).toEqual([422, 'preset_unknown', 'preset']);
    }
  });

  it('puts a change in force for every reader of the topic within two seconds', async () => {
    await waitFor(() => view.campaign('spring'));
    const begin = performance.now();
    await api('PUT', '/offers/shoes', { networkKey: 'acme', url: 'https://shop.example.com/new?sub={click_id}' });
    await waitFor(() => view.offer('shoes')?.url.includes('/new'));
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('keeps secrets sealed on the topic, readable for a service, and hidden in every answer', async () => {
    const source = await waitFor(() => onTopic.find(({ key, value }) => key === 'adnetwork' && value !== null));
    expect(JSON.stringify(source)).not.toContain('ad-network-password');
    expect(view.source('adnetwork')?.destination?.headers).toEqual({ Authorization: 'Bearer ad-network-password' });
    const { body } = await api('GET', '/sources/adnetwork');
    expect(JSON.stringify(body)).not.toMatch(/ad-network-password|whsec_c2Vj/);
    expect(JSON.stringify((await api('GET', '/audit')).body)).not.toMatch(/ad-network-password|whsec_c2Vj/);
  });

  it('also seals secrets inside a URL or a body, and shows and accepts them masked in their place', async () => {
    const url = 'https://ads.example.com/c?id={click_id}&access_token=url-secret-9';
    const body = '{"api_key": "body-secret-9", "v": {value}}';
    const made = await api<{ destination: { url: string; body: string } }>('POST', '/sources', {
      key: 'keyed',
      name: 'Keyed',
      destination: { url, method: 'POST', body, onReversal: { url } },
    });
    expect(made.status).toBe(201);
    expect(made.body.destination).toMatchObject({
      url: url.replace('url-secret-9', '[redacted]'),
      body: body.replace('body-secret-9', '[redacted]'),
      onReversal: { url: url.replace('url-secret-9', '[redacted]') },
    });
    const destinationIs = () => view.source('keyed')?.destination;
    await waitFor(() => destinationIs()?.url === url && destinationIs()?.body === body);
    expect(JSON.stringify(onTopic.filter(({ key }) => key === 'keyed'))).not.toMatch(/(url|body)-secret-9/);
    expect(JSON.stringify((await api('GET', '/audit?key=keyed')).body)).not.toMatch(/(url|body)-secret-9/);
    const shown = { ...made.body, name: 'Keyed still' };
    expect((await api('PUT', '/sources/keyed', shown)).status).toBe(200);
    await waitFor(() => view.source('keyed')?.name === 'Keyed still');
    expect([destinationIs()?.url, destinationIs()?.body, destinationIs()?.onReversal?.url]).toEqual([url, body, url]);
    const onReversal = { url: 'https://thief.example.com/?access_token=[redacted]' };
    const moved = { name: 'Keyed', destination: { ...made.body.destination, onReversal } };
    const refused = await api<Refusal>('PUT', '/sources/keyed', moved);
    expect(refused.body.errors).toMatchObject([
      { path: 'destination.onReversal.url.access_token', code: 'secret_redacted' },
    ]);
  });

  it('keeps the value of {secret.name} like any secret, for the receivers it was entered for', async () => {
    const url = 'https://chat.example.com/bot{secret.chat}/send?id={click_id}';
    const destination = { url, secrets: { chat: '4711:path-secret-9', spare: 'never-said-9' } };
    type Made = { destination: object; warnings: { code: string; where: string }[] };
    const made = await api<Made>('POST', '/sources', { key: 'chatty', name: 'Chatty', destination });
    expect(made.body.destination).toMatchObject({ url, secrets: { chat: '[redacted]', spare: '[redacted]' } });
    expect(made.body.warnings).toMatchObject([{ code: 'secret_unused', where: 'destination.secrets.spare' }]);
    const keptIs = () => view.source('chatty')?.destination?.secrets;
    await waitFor(() => keptIs()?.chat === '4711:path-secret-9');
    expect(JSON.stringify(onTopic.filter(({ key }) => key === 'chatty'))).not.toMatch(/path-secret-9|never-said-9/);
    const put = (fields: object) =>
      api<Refusal>('PUT', '/sources/chatty', { name: 'Chatty', destination: { ...made.body.destination, ...fields } });
    const { body: seen } = await api('POST', '/destinations/preview', {
      destinationKey: 'source:chatty',
      click: { externalId: 'x' },
    });
    expect(seen).toMatchObject({ url: 'https://chat.example.com/bot***/send?id=x' });
    const onReversal = { url: 'https://thief.example.com/{secret.chat}' };
    for (const moved of [{ url: 'https://thief.example.com/{secret.chat}{secret.spare}' }, { onReversal }])
      expect((await put(moved)).body.errors[0]).toMatchObject({
        path: 'destination.secrets.chat',
        code: 'secret_redacted',
      });
    expect((await put({ onReversal: { url: `${url}&undo=1` }, secrets: { chat: '[redacted]' } })).status).toBe(200);
    await waitFor(() => keptIs()?.spare === undefined);
    expect(keptIs()).toEqual({ chat: '4711:path-secret-9' });
    expect((await put({ secrets: {} })).body.errors[0]).toMatchObject({
      code: 'secret_unknown',
      path: 'destination.url',
    });
  });

  it('warns at every save and read about what is probably wrong with a template', async () => {
    type Warned = { warnings: { code: string; where: string; suggestion: string | null }[] };
    const advised = { key: 'advised', name: 'Advised', destination: { url: 'http://ads.example.com/?cents={value}' } };
    const made = await api<Warned>('POST', '/sources', advised);
    const warnings = ['click_id_missing', 'amount_in_whole_units', 'not_encrypted'];
    expect(made.status).toBe(201);
    expect(made.body.warnings.map(({ code, where }) => `${code} ${where}`)).toEqual(
      warnings.map((code) => `${code} destination.url`),
    );
    expect((await api<Warned>('GET', '/sources/advised')).body.warnings).toEqual(made.body.warnings);
    const better = {
      destination: { url: 'https://ads.example.com/?c={click_id}&cents={value|cents}' },
      sourceKey: 'advised',
    };
    const campaign = { key: 'advised', offers: [{ offerKey: 'shoes' }], ...better };
    expect((await api<Warned>('POST', '/campaigns', campaign)).body.warnings).toEqual([]);
    const changed = await api<Warned>('PUT', '/sources/advised', { ...made.body, destination: better.destination });
    expect([changed.status, changed.body.warnings]).toEqual([200, []]);
  });

  it('accepts its own answer as input, and keeps a secret that is sent masked', async () => {
    const { body: shown } = await api('GET', '/sources/adnetwork');
    const { status } = await api('PUT', '/sources/adnetwork', { ...shown, name: 'The ad network' });
    expect(status).toBe(200);
    await waitFor(() => view.source('adnetwork')?.name === 'The ad network');
    expect(view.source('adnetwork')?.destination?.headers).toEqual({ Authorization: 'Bearer ad-network-password' });
  });

  it('keeps a source’s tokens: those it is made with, those it is given later, and those that are only put back', async () => {
    const tokens = { zone: 'z', creative: 'banner' };
    const url = 'https://adnetwork.example.com/c?id={click_id}&zone={token.zone}';
    const made = await api<{ tokens: object }>('POST', '/sources', {
      key: 'tokened',
      name: 'Tokened',
      tokens,
      destination: { url },
    });
    expect([made.status, made.body.tokens]).toEqual([201, tokens]);
    const again = await api<{ tokens: object }>('PUT', '/sources/tokened', { ...made.body, name: 'Still tokened' });
    expect([again.status, again.body.tokens]).toEqual([200, tokens]);
    await waitFor(() => view.source('tokened')?.name === 'Still tokened');
    expect(view.source('tokened')?.tokens).toEqual(tokens);
    const fewer = await api<Refusal>('PUT', '/sources/tokened', { ...again.body, tokens: { creative: 'banner' } });
    expect([fewer.status, fewer.body.errors?.[0]?.code]).toEqual([422, 'token_unknown']);
    const { body: audit } = await api('GET', '/audit?key=tokened');
    expect(JSON.stringify(audit)).toContain('banner');
  });

  it('puts a new signing secret before the old one, which the API shows only masked', async () => {
    const { body: shown } = await api<{ destination: { signing: object } }>('GET', '/sources/adnetwork');
    const secretsAre = (...secrets: string[]) => ({
      ...shown,
      version: undefined,
      destination: { ...shown.destination, signing: { kind: 'standard-webhooks', secrets } },
    });
    const [old] = destination.signing.secrets;
    const fresh = 'whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYg==';
    const stored = () => (view.source('adnetwork')?.destination?.signing as { secrets: string[] } | null)?.secrets;
    expect((await api('PUT', '/sources/adnetwork', secretsAre(fresh, '[redacted]'))).status).toBe(200);
    await waitFor(() => stored()?.length === 2);
    expect(stored()).toEqual([fresh, old]);
    expect((await api('PUT', '/sources/adnetwork', secretsAre('[redacted]'))).status).toBe(200);
    await waitFor(() => stored()?.length === 1);
    expect(stored()).toEqual([fresh]);
    const bad = await api<Refusal>('PUT', '/sources/adnetwork', secretsAre('whsec_!'));
    expect(bad.body.errors[0]).toMatchObject({ code: 'secret_invalid', path: 'destination.signing.secrets.0' });
    expect((await api('PUT', '/sources/adnetwork', secretsAre(old as string))).status).toBe(200);
    await waitFor(() => stored()?.[0] === old);
  });

  it('does not hand a stored secret to another receiver, nor sign for one with it', async () => {
    const { body: shown } = await api<{ destination: object }>('GET', '/sources/adnetwork');
    const url = 'https://thief.example.com/?c={click_id}';
    for (const moved of [{ url }, { headers: {}, onReversal: { url } }, { headers: {}, onRestatement: { url } }]) {
      const settings = { ...shown, destination: { ...shown.destination, ...moved } };
      const { status, body } = await api<Refusal>('PUT', '/sources/adnetwork', settings);
      expect([status, body.errors[0]?.code]).toEqual([422, 'secret_redacted']);
    }
  });

  it.each(wholeEntries)('stores and answers every field of %s', async (kind, body) => {
    const made = await api('POST', `/${kind}`, body);
    expect([made.status, made.body]).toEqual([201, expect.objectContaining(body)]);
    const shown = await api('GET', `/${kind}/${body.key}`);
    expect(shown.body).toEqual(made.body);
    // What was read may be put back as it is, and is the same afterwards but for its version.
    const { status, body: put } = await api<Shown>('PUT', `/${kind}/${body.key}`, shown.body);
    const { version, changedAt: _at, ...rest } = put;
    expect([status, shown.body]).toEqual([200, expect.objectContaining(rest)]);
    expect(version).toBeGreaterThan(made.body['version'] as number);
  });

  it.each<[string, string, object, string, string]>([
    ['an unknown field', '/networks', { key: 'a', name: 'A', surprise: 1 }, 'surprise', 'unknown_field'],
    [
      'an address range that cannot be read',
      '/networks',
      { key: 'a', name: 'A', security: { cidrs: ['192.0.2.0/24', '192.0.2.0/33'] } },
      'security.cidrs.1',
      'range_invalid',
    ],
    ['a missing field', '/networks', { key: 'a' }, 'name', 'missing'],
    [
      'a network that is not there',
      '/offers',
      { key: 'a', networkKey: 'no', url: 'https://a.example' },
      'networkKey',
      'reference_unknown',
    ],
    [
      'a macro in the host',
      '/offers',
      { key: 'a', networkKey: 'acme', url: 'https://{x}.example/' },
      'url',
      'macro_in_host',
    ],
    [
      'a macro that does not exist',
      '/offers',
      { key: 'a', networkKey: 'acme', url: 'https://a.example/?c={clickid}' },
      'url',
      'macro_unknown',
    ],
    [
      'half a macro',
      '/offers',
      { key: 'a', networkKey: 'acme', url: 'https://a.example/?c={click_id' },
      'url',
      'leftover',
    ],
    [
      'another tracker’s macro',
      '/offers',
      { key: 'a', networkKey: 'acme', url: 'https://a.example/your-home?c=[CLICK_ID]' },
      'url',
      'leftover',
    ],
    [
      'a fixed payout without its amount',
      '/offers',
      { key: 'a', networkKey: 'acme', url: 'https://a.example/', payout: { mode: 'fixed', currency: 'USD' } },
      'payout.amount',
      'missing',
    ],
    [
      'an unknown macro of a destination',
      '/sources',
      { key: 'a', name: 'A', destination: { url: 'https://a.example/?v={valeu}' } },
      'destination.url',
      'macro_unknown',
    ],
    [
      'a leftover signature',
      '/sources',
      { key: 'a', name: 'A', destination: { url: 'https://a.example/?s={signature}' } },
      'destination.url',
      'macro_unknown',
    ],
    [
      'a currency that no call can carry, whose cents would be others',
      '/destinations/preview',
      { destination: { url: 'https://a.example/?c={click_id}' }, conversion: { amount: '1', currency: 'jpy' } },
      'conversion.currency',
      'invalid',
    ],
    [
      'an offer listed twice',
      '/campaigns',
      { key: 'a', sourceKey: 'adnetwork', offers: [{ offerKey: 'shoes' }, { offerKey: 'shoes' }] },
      'offers.1.offerKey',
      'repeated',
    ],
  ])('refuses %s and names the field', async (_what, path, body, field, code) => {
    const answer = await api<Refusal>('POST', path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ path: field, code }));
  });

  it('lets a deleted destination that is paused be resumed, so that its backlog does not wait for ever', async () => {
    await api('POST', '/sources', { key: 'gone', name: 'gone', destination });
    const statuses: number[] = [];
    const ask = async (method: string, path: string) => void statuses.push((await api(method, path)).status);
    await ask('POST', '/destinations/source:gone/pause');
    await ask('DELETE', '/sources/gone');
    for (const what of ['pause', 'resume', 'resume']) await ask('POST', `/destinations/source:gone/${what}`);
    expect(statuses).toEqual([204, 204, 404, 204, 404]);
  });

  it('refuses to overwrite a change that another user made meanwhile', async () => {
    const { body } = await api<{ version: number }>('GET', '/networks/acme');
    const first = await api('PUT', '/networks/acme', { name: 'Acme 2', version: body.version });
    const second = await api('PUT', '/networks/acme', { name: 'Acme 3', version: body.version });
    expect([first.status, second.status, second.body['code']]).toEqual([200, 412, 'version_differs']);
  });

  it('refuses to delete what is in use, and publishes a deletion to all services', async () => {
    const refused = await api<Refusal>('DELETE', '/offers/shoes');
    expect([refused.status, refused.body.code]).toEqual([409, 'in_use']);
    await api('POST', '/networks', { key: 'gone', name: 'Gone' });
    await waitFor(() => view.network('gone'));
    expect((await api('DELETE', '/networks/gone')).status).toBe(204);
    await waitFor(() => view.network('gone') === undefined);
    expect((await api('GET', '/networks/gone')).status).toBe(404);
  });

  it('keeps the old Postback URL good for the time chosen when the token is rotated', async () => {
    const { body: before } = await api<{ token: string }>('GET', '/networks/acme');
    const { body: after } = await api<{ token: string }>('POST', '/networks/acme/token/rotate', { overlapHours: 1 });
    expect(after.token).not.toBe(before.token);
    const { all } = createTokenHash([testSecrets.CAROM_SECRET]);
    await waitFor(() => view.networkByToken(all(after.token), Date.now()));
    expect(view.networkByToken(all(before.token), Date.now())?.key).toBe('acme');
    expect(view.networkByToken(all(before.token), Date.now() + 2 * 3_600_000)).toBeUndefined();
  });

  it('lets one of twenty who add the same key at once succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api('POST', '/networks', { key: 'race', name: 'Race' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body['code'] === 'key_taken')).toHaveLength(19);
  });

  it('pages through a list without losing or repeating anything', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api<{ items: { key: string }[]; next: string | null }>(
        'GET',
        `/networks?limit=1${cursor}`,
      );
      seen.push(...body.items.map(({ key }) => key));
      cursor = body.next === null ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(seen).toEqual(['acme', 'ef', 'race', 'whole-network']);
  });

  it('publishes everything again when the topic was lost', async () => {
    await waitFor(() => view.network('race'));
    const before = onTopic.length;
    const { status, body } = await api<{ entries: number }>('POST', '/catalog/republish');
    expect(status).toBe(202);
    await waitFor(() => onTopic.length - before >= body.entries);
  });
});
