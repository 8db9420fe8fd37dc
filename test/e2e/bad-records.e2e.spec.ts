import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** A record that Postgres refuses, at each consumer that writes: the others go on, the bad one is
 * parked, and an operator releases it. Each is made by a constraint that only a bad value breaks.
 */
let ground: TestGround;
let system: System;
let receiver: Receiver;
let owner: pg.Pool;

type Item = Record<string, unknown> & { id: string };
const list = async (path: string): Promise<Item[]> => (await system.api<{ items: Item[] }>('GET', path)).body.items;
const one = (path: string): Promise<Item> => waitFor(async () => (await list(path))[0], 30_000, path);
const click = async (externalId: string): Promise<string> => {
  const answer = await fetch(`${system.ingest.url}/c/spring?click_id=${externalId}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('sub') ?? '';
};
const postback = async (query: string): Promise<string> => {
  const answer = await fetch(`${system.ingest.url}/postback?${query}`);
  expect(answer.status).toBe(200);
  return answer.headers.get('carom-postback-id') ?? '';
};
const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await owner.query<{ n: bigint }>(sql, values)).rows[0]?.n ?? 0n);
const clicksOf = (externalId: string) => count('select count(*) as n from clicks where external_id = $1', [externalId]);

/** Until the answer is called, the table refuses rows that break the condition. */
const refusing = async (table: string, condition: string): Promise<() => Promise<void>> => {
  await owner.query(`alter table ${table} add constraint spec_refuses check (${condition})`);
  return async () => void (await owner.query(`alter table ${table} drop constraint spec_refuses`));
};
const release = async (topic: string): Promise<void> => {
  const parked = await list(`/parked?resolved=false&topic=${topic}`);
  expect(parked.length).toBeGreaterThan(0);
  for (const { id, reason } of parked) {
    expect(reason).toBe('cannot_be_written');
    const answer = await system.api('POST', `/parked/${id}/release`);
    expect(answer.body).toMatchObject({ resolution: 'released' });
  }
};

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground);
  owner = new pg.Pool({ connectionString: ground.databaseUrl, max: 2 });
  const url = `${receiver.url}/notify?click_id={click_id}`;
  const put = (path: string, body: object) => system.api('POST', path, body);
  expect(
    (await put('/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD', security: { requireToken: false } }))
      .status,
  ).toBe(201);
  expect((await put('/sources', { key: 'adnet', name: 'Adnet', destination: { url } })).status).toBe(201);
  expect(
    (await put('/offers', { key: 'shoes', networkKey: 'acme', url: 'https://shop.example/?sub={click_id}' })).status,
  ).toBe(201);
  const campaign = { key: 'spring', sourceKey: 'adnet', offers: [{ offerKey: 'shoes' }] };
  expect((await put('/campaigns', campaign)).status).toBe(201);
  await waitFor(async () => (await click('warm-up')) !== '', 20_000, 'the campaign to reach ingest');
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await owner?.end();
  await receiver?.close();
  await ground?.close();
});

describe('a record that cannot be written', () => {
  it('as a click, on every partition at once, stops no other click, and is recorded after its release', async () => {
    const accept = await refusing('clicks', `external_id is distinct from 'poison'`);
    for (let round = 0; round < 60; round += 1) await click('poison');
    const good = await Promise.all(Array.from({ length: 24 }, (_, index) => click(`good-${index}`)));
    expect(good.every((id) => id !== '')).toBe(true);
    await waitFor(
      () => count(`select count(*) as n from clicks where external_id like 'good-%'`).then((n) => n === 24),
      40_000,
      'the good clicks',
    );
    await waitFor(
      async () => (await list('/parked?resolved=false&topic=carom.clicks.v1&limit=100')).length === 60,
      40_000,
      'the parked clicks',
    );
    expect(await clicksOf('poison')).toBe(0);
    await accept();
    for (let left = 60; left > 0; left = (await list('/parked?resolved=false&topic=carom.clicks.v1&limit=100')).length)
      await release('carom.clicks.v1');
    await waitFor(() => clicksOf('poison').then((n) => n === 60), 30_000, 'the released clicks');
  }, 150_000);

  it('as a postback is `parked` in the log, and its release applies it and calls the ad network', async () => {
    const sub = await click('ext-parked');
    await waitFor(() => clicksOf('ext-parked').then((n) => n === 1), 20_000);
    const accept = await refusing('conversions', `transaction_id is distinct from 'P-1'`);
    const bad = await postback(`click_id=${sub}&transaction_id=P-1&amount=5`);
    const good = await postback(`click_id=${sub}&transaction_id=P-2&amount=6`);
    await waitFor(
      async () => (await system.api('GET', `/postbacks/${good}`)).body['state'] === 'applied',
      30_000,
      'the good postback',
    );
    await waitFor(
      async () => (await system.api('GET', `/postbacks/${bad}`)).body['state'] === 'parked',
      30_000,
      'the parked postback',
    );
    await one('/parked?resolved=false&topic=carom.postbacks.v1');
    await accept();
    await release('carom.postbacks.v1');
    await waitFor(
      async () => (await system.api('GET', `/postbacks/${bad}`)).body['state'] === 'applied',
      30_000,
      'the released postback',
    );
    expect(await list('/conversions?transactionId=P-1')).toMatchObject([
      { state: 'approved', money: { approved: '5' } },
    ]);
    await waitFor(
      () => receiver.requests.filter(({ target }) => target.includes('ext-parked')).length === 2,
      30_000,
      'both calls',
    );
  }, 120_000);

  it('as a change of a conversion stops no other delivery, and is delivered after its release', async () => {
    const sub = await click('ext-delivery');
    await waitFor(() => clicksOf('ext-delivery').then((n) => n === 1), 20_000);
    const accept = await refusing('deliveries', `facts ->> 'transactionId' is distinct from 'D-1'`);
    await postback(`click_id=${sub}&transaction_id=D-1&amount=5`);
    await postback(`click_id=${sub}&transaction_id=D-2&amount=6`);
    const called = () => receiver.requests.filter(({ target }) => target.includes('ext-delivery')).length;
    await waitFor(() => called() === 1, 30_000, 'the good delivery');
    await one('/parked?resolved=false&topic=carom.conversions.v1');
    await accept();
    await release('carom.conversions.v1');
    await waitFor(() => called() === 2, 30_000, 'the released delivery');
  }, 120_000);
});
