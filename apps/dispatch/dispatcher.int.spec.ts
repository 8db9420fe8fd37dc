import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConversionChangedV1, DestinationSettings } from '#contracts';
import { createLiveness, createLog, createMetrics, readConfig, systemRandom, systemTime, type Time } from '#runtime';
import pg from 'pg';
import { openDeliveryGround, type DeliveryGround } from '../../test/support/delivery-ground.js';
import { conversionChange, destinationOf } from '../../test/support/dispatch-ground.js';
import { startReceiver, type Receiver } from '../../test/support/receiver.js';
import { waitFor } from '../../test/support/wait-for.js';
import { dispatchConfig } from './config.js';
import { Dispatcher } from './dispatcher.js';
import { createDestinations } from './sending/destinations.js';

const hourMs = 3_600_000;

/** Dispatch without Kafka, in this process, on a real Postgres and a real receiver, so that a test
 *  can own its clock. */
describe('dispatch with a clock of its own', () => {
  let ground: DeliveryGround;
  let adNetwork: Receiver;
  let dispatcher: Dispatcher;
  let wallStepMs = 0;
  const time: Time = { ...systemTime, nowMs: () => systemTime.nowMs() + wallStepMs };
  const destinations = createDestinations((_entry, thrown) => {
    throw thrown;
  });
  let version = 0;
  const save = (key: string, settings: DestinationSettings): void => {
    version += 1;
    const value = { key, name: key, number: version, destination: settings } as never;
    const entry = { kind: 'source', key, version, changedAt: new Date(0).toISOString(), value } as const;
    destinations.applySealed(entry, (text) => text);
  };
  const changes = (source: string, ...words: string[]): ConversionChangedV1[] =>
    words.map((word) => conversionChange(word, { sourceKey: source, occurredAtMs: Date.now() }));
  const rows = async (source: string) =>
    (
      await ground.pool.query<{ state: string; reason: string | null; due_in: number; attempts: number }>(
        `select state, reason, attempts, extract(epoch from due_at - now())::float8 as due_in from deliveries
         where destination_key = $1 order by id`,
        [`source:${source}`],
      )
    ).rows;
  const states = async (source: string) => (await rows(source)).map(({ state }) => state);

  const start = async (env: Record<string, string> = {}): Promise<void> => {
    const config = readConfig(dispatchConfig, {
      KAFKA_BROKERS: '127.0.0.1:9092',
      CAROM_SECRET: 'b7e4d1906f2c8a35e09d7b14c6f3a825',
      DATABASE_URL: ground.databaseUrl,
      CAROM_ALLOW_ADDRESSES: '127.0.0.0/8',
      DISPATCH_LEASE_MS: '3000',
      ...env,
    });
    const metrics = createMetrics('dispatch');
    const log = createLog('dispatch', 'silent');
    const context = { config, pool: ground.pool, destinations, metrics, log, random: systemRandom };
    dispatcher = new Dispatcher({ ...context, time, liveness: createLiveness(metrics, time), open: (text) => text });
    await dispatcher.onApplicationBootstrap();
  };

  beforeAll(async () => {
    ground = await openDeliveryGround();
    adNetwork = await startReceiver();
  });
  afterEach(async () => {
    wallStepMs = 0;
    await dispatcher.beforeApplicationShutdown();
    await ground.clear();
  });
  afterAll(async () => {
    await adNetwork.close();
    await ground.close();
  });

  it.each([
    ['forward', hourMs],
    ['back', -hourMs],
  ])('steps %s by an hour: calls in flight, waits, retries and the lease go on', async (direction, stepMs) => {
    await start();
    const source = `step-${direction}`;
    save(source, destinationOf({ url: `${adNetwork.url}/${source}?id={click_id}`, timeoutMs: 4_000 }));
    const slow = `slow-${source}`;
    const refused = `refused-${source}`;
    adNetwork.answer(({ query }) => {
      const calls = adNetwork.requests.filter(({ query: other }) => other.get('id') === query.get('id')).length;
      if (query.get('id') === `ext-${slow}`) return { delayMs: 1_500 };
      return query.get('id') === `ext-${refused}` && calls === 1 ? { status: 503 } : {};
    });
    await dispatcher.dispatch(changes(source, slow));
    await adNetwork.awaitRequests(({ query }) => query.get('id') === `ext-${slow}`);
    wallStepMs = stepMs;
    await dispatcher.dispatch(changes(source, refused, `after-${source}`));
    await waitFor(async () => (await states(source)).filter((state) => state === 'delivered').length === 2, 5_000);
    const [waiting] = (await rows(source)).filter(({ state }) => state === 'waiting');
    expect(waiting?.due_in).toBeGreaterThan(-1);
    expect(waiting?.due_in).toBeLessThan(7);
    await waitFor(async () => (await states(source)).every((state) => state === 'delivered'), 12_000);
    expect(dispatcher.isReady()).toBe(true);
    expect(adNetwork.requests.filter(({ path }) => path === `/${source}`)).toHaveLength(4);
  });

  it('records the other outcomes when Postgres refuses one, and says what it could not store', async () => {
    await start();
    save('poison', destinationOf({ url: `${adNetwork.url}/poison?id={click_id}` }));
    await ground.pool.query(
      `alter table delivery_attempts add constraint no_poison check (answer not like '%poison%')`,
    );
    await ground.pool.query(`alter table delivery_attempts add constraint no_teapot check (status <> 418)`);
    try {
      adNetwork.answer(({ query }) => {
        if (query.get('id') === 'ext-word-7') return { body: 'this is poison' };
        return query.get('id') === 'ext-word-9' ? { status: 418 } : {};
      });
      await dispatcher.dispatch(changes('poison', ...Array.from({ length: 20 }, (_, index) => `word-${index}`)));
      await waitFor(async () => (await states('poison')).every((state) => state !== 'sending'), 10_000);
      const found = await rows('poison');
      expect(found.filter(({ state }) => state === 'delivered')).toHaveLength(19);
      expect(found.filter(({ state }) => state === 'parked')).toMatchObject([{ reason: 'outcome_not_recorded' }]);
      const { rows: kept } = await ground.pool.query<{ answer: string; url: string; status: number }>(
        `select answer, url, status from delivery_attempts where answer like 'not stored:%'`,
      );
      expect(kept).toEqual([{ status: 200, url: '', answer: 'not stored: refused by Postgres (23514)' }]);
      expect(adNetwork.requests.filter(({ path }) => path === '/poison')).toHaveLength(20);
    } finally {
      await ground.pool.query('alter table delivery_attempts drop constraint no_poison, drop constraint no_teapot');
    }
  });

  it('keeps the whole call as it was sent and answered, without its secrets', async () => {
    await start();
    const body = '{"id":"{click_id}","key":"{secret.key}"}';
    const headers = { Authorization: 'Bearer header-secret-7', 'X-Zone': '{token.zone}' };
    const secrets = { key: 'body-secret-7' };
    save('whole', destinationOf({ url: `${adNetwork.url}/whole`, method: 'POST', body, headers, secrets }));
    const echo = { 'x-echo': 'header-secret-7', 'x-request': 'r-1', 'set-cookie': 'session=abc' };
    adNetwork.answer({ status: 202, headers: echo, body: 'accepted' });
    await dispatcher.dispatch(changes('whole', 'whole'));
    await waitFor(async () => (await states('whole'))[0] === 'delivered');
    const { rows: attempts } = await ground.pool.query('select * from delivery_attempts');
    expect(attempts).toMatchObject([
      {
        method: 'POST',
        request_headers: { 'user-agent': 'Carom', 'X-Zone': '77', 'Content-Type': 'application/json' },
        request_body: '{"id":"ext-whole","key":"***"}',
        answer_headers: { 'x-echo': '***', 'x-request': 'r-1', 'set-cookie': '***' },
        answer: 'accepted',
      },
    ]);
    expect(JSON.stringify(attempts)).not.toMatch(/secret-7|session=abc/);
    const { ms, connect_ms, headers_ms } = attempts[0] as Record<string, number>;
    expect(connect_ms).toBeLessThanOrEqual(headers_ms as number);
    expect(headers_ms).toBeLessThanOrEqual((ms as number) + 1);
  });

  it('waits at a clean stop for a call that takes long, and returns what was never sent as never sent', async () => {
    await start({ DISPATCH_LEASE_MS: '3000' });
    save(
      'slow',
      destinationOf({ url: `${adNetwork.url}/slow?id={click_id}`, timeoutMs: 20_000, caps: { inFlight: 1 } }),
    );
    adNetwork.answer({ delayMs: 8_000 });
    await dispatcher.dispatch(changes('slow', 'in flight', 'queued', 'also queued'));
    await adNetwork.awaitRequests(({ path }) => path === '/slow');
    const begun = performance.now();
    await dispatcher.beforeApplicationShutdown();
    expect(performance.now() - begun).toBeGreaterThan(6_000);
    expect(adNetwork.requests.filter(({ path }) => path === '/slow')).toHaveLength(1);
    const { rows: left } = await ground.pool.query<{ state: string; maybe_sent: boolean }>(
      'select state, maybe_sent from deliveries order by state',
    );
    expect(left).toEqual([
      { state: 'delivered', maybe_sent: false },
      { state: 'waiting', maybe_sent: false },
      { state: 'waiting', maybe_sent: false },
    ]);
    adNetwork.answer({});
    await start();
    await waitFor(async () => (await states('slow')).every((state) => state === 'delivered'), 10_000);
    expect(adNetwork.requests.filter(({ path }) => path === '/slow')).toHaveLength(3);
  }, 40_000);

  it('is not ready within three seconds of losing Postgres', async () => {
    await start();
    expect(dispatcher.isReady()).toBe(true);
    const blocker = new pg.Client(ground.databaseUrl);
    await blocker.connect();
    await blocker.query('begin; lock table dispatch_processes in access exclusive mode');
    const begun = performance.now();
    await waitFor(() => !dispatcher.isReady(), 5_000);
    expect(performance.now() - begun).toBeLessThan(3_200);
    await blocker.query('rollback');
    await blocker.end();
    await waitFor(() => dispatcher.isReady(), 5_000);
  });
});
