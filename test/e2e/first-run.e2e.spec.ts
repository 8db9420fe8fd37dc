import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { connectProducer, kafkaMetrics } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import { serviceNames } from '../../stack/system/services.js';
import { accountDeliveries, accountLog, conversionsOf, count, ledgerDifferences, sumOf } from '../faults/accounts.js';
import { inParallel, isOk, type Sent } from '../faults/senders.js';
import { countBy } from '../faults/tally.js';
import { openWorld, type World } from '../faults/world.js';
import { alertRules, selectedBy } from '../support/alert-rules.js';
import { waitFor } from '../support/wait-for.js';

/** The main job of the whole system, four processes on real servers, held to account by ids that
 * the sender kept. */
let world: World;
beforeAll(async () => {
  // A click whose record died with a killed ingest is credited from its id after this, not after
  // ten minutes.
  world = await openWorld({ ATTRIBUTION_CREDIT_AFTER_SECONDS: '20' });
}, 60_000);
afterAll(() => world?.close(), 30_000);

const idsOf = (sent: readonly Sent[]): string[] => sent.flatMap(({ id }) => id ?? []);
const report = (clickId: string, transactionId: string, amount: number | string): string =>
  `${world.postbackPath}?clickid=${clickId}&transaction_id=${transactionId}&amount=${amount}&status=approved`;

describe('the system as a whole', () => {
  it('counts fifty identical postbacks in parallel once, and shows the other forty-nine as duplicates', async () => {
    const sender = world.sender(50);
    const clickId = await world.click(sender, 'fifty');
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => sender.get('fifty', report(clickId, 'FIFTY', '12.50'))),
    );
    expect(sent.filter(isOk)).toHaveLength(50);
    const states = await waitFor(async () => {
      const account = await accountLog(world.pool, idsOf(sent));
      return account.missing === 0 && !account.states.orphan ? account.states : null;
    }, 20_000);
    expect(states).toEqual({ applied: 1, duplicate: 49 });
    const { body } = await world.system.api<{ items: object[] }>('GET', '/conversions?transactionId=FIFTY');
    expect(body.items).toEqual([expect.objectContaining({ state: 'approved', transactionId: 'FIFTY' })]);
    await waitFor(() => countBy(world.adNetwork.arrivals, 'click_id').get('fifty'), 10_000);
  });

  it('follows a change of the catalog at the click link within two seconds', async () => {
    const sender = world.sender(1);
    const offer = { networkKey: 'acme', url: 'https://shop.example/boots?subid={click_id}' };
    const begin = performance.now();
    expect((await world.system.api('PUT', '/offers/shoes', offer)).status).toBe(200);
    await waitFor(async () => (await sender.get('boots', '/c/spring?click_id=b')).location?.includes('/boots'), 10_000);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });

  it('sends a sale, its reversal and the sale again, and no reversal of a sale that was never sent', async () => {
    const { api } = world.system;
    const key = 'returns';
    const destination = {
      url: `${world.adNetwork.url}/returns?click_id={click_id}&s={status}&d={delivery_id}`,
      when: { statuses: ['approved', 'reversed'] },
    };
    await api('POST', '/sources', { key, name: 'Returns', destination });
    await api('POST', '/campaigns', { key, sourceKey: key, offers: [{ offerKey: 'shoes' }] });
    const sender = world.sender(1);
    const clickIds = new Map<string, string>();
    const clicked = async (externalId: string): Promise<string | undefined> => {
      if (clickIds.has(externalId)) return clickIds.get(externalId);
      const { location } = await sender.persist(externalId, `/c/${key}?click_id=${externalId}`);
      const clickId = location && new URL(location).searchParams.get('subid');
      if (clickId) clickIds.set(externalId, clickId);
      return clickIds.get(externalId);
    };
    await waitFor(() => clicked('probe'), 10_000);
    const say = async (externalId: string, status: string): Promise<void> => {
      const path = `${world.postbackPath}?clickid=${await clicked(externalId)}&transaction_id=${externalId}&amount=1&status=${status}`;
      expect(isOk(await sender.persist(`${externalId} ${status}`, path))).toBe(true);
    };
    const received = (externalId: string) =>
      world.adNetwork.arrivals
        .map(({ query }) => new URLSearchParams(query))
        .filter((query) => query.get('click_id') === externalId);
    const course = ['approved', 'reversed', 'approved'];
    for (const [before, status] of course.entries()) {
      await say('returns', status);
      await waitFor(() => received('returns').length === before + 1, 10_000);
    }
    expect(received('returns').map((query) => query.get('s'))).toEqual(course);
    expect(new Set(received('returns').map((query) => query.get('d'))).size).toBe(3);
    await say('never', 'reversed');
    await waitFor(async () => {
      const query = `destinationKey=source:${key}&state=superseded&reason=nothing_to_reverse`;
      return (await api<{ items: object[] }>('GET', `/deliveries?${query}`)).body.items.length === 1;
    }, 10_000);
    const { body } = await api<{ items: { id: string }[] }>('GET', '/conversions?transactionId=never');
    const trial = { destinationKey: `source:${key}`, conversionId: body.items[0]?.id };
    expect((await api('POST', '/destinations/preview', trial)).body['reason']).toBe('nothing_to_reverse');
  });

  it('answers an unreadable call with a code, parks an unreadable record, and keeps running', async () => {
    const pids = serviceNames.map((name) => world.system[name].server.pid);
    const http = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`${world.system.ingest.url}${path}`, { redirect: 'manual', ...init });
      const text = await answer.text();
      return `${answer.status} ${text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : text}`;
    };
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    expect(await http('/postback')).toMatch(/^400 \w+/);
    // Bytes that are no text and half an escape: a transaction id all the same, so it is kept and
    // visible in the log.
    expect(await http('/postback?transaction_id=%ff%fe&amount=%zz')).toBe('200 OK');
    expect(await http('/postback', { ...json, body: '{"transaction_id": ' })).toMatch(/^400 \w+/);
    expect(await http('/postback/no-such-token?transaction_id=1')).toMatch(/^403 \w+/);
    expect(await http('/c/no-such-campaign')).toMatch(/^404 \w+/);
    const refused = await world.system.api('POST', '/offers', { key: 'x', networkKey: 'no', url: 'http://{x}/', y: 1 });
    expect(refused).toMatchObject({ status: expect.any(Number), body: { code: expect.stringMatching(/^\w+$/) } });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.status).toBeLessThan(500);

    const producer = await connectProducer({
      brokers: world.ground.kafkaBrokers.split(','),
      clientId: 'first-run',
      topicPrefix: world.ground.topicPrefix,
      log: createLog('first-run', 'silent'),
      metrics: kafkaMetrics(createMetrics('first-run')),
    });
    const poison = [Buffer.from([0xff, 0x00, 0xfe]), '{"half": ', '{"fits": "nothing"}', 'null'];
    await producer.produce(
      Object.values(topics).flatMap(({ name, type }) =>
        poison.map((value) => ({ topic: name, key: 'poison', value, headers: { type } })),
      ),
    );
    await producer.close();
    const consumed = [topics.clicks.name, topics.postbacks.name, topics.conversions.name];
    for (const topic of consumed) {
      const items = await waitFor(async () => {
        const { body } = await world.system.api<{ items: { topic: string; reason: string }[] }>('GET', '/parked');
        const found = body.items.filter((item) => item.topic === topic);
        return found.length === poison.length ? found : null;
      }, 20_000);
      expect(items.every(({ reason }) => /^\w+$/.test(reason))).toBe(true);
    }

    const sender = world.sender(1);
    const clickId = await world.click(sender, 'after-poison');
    expect(await sender.get('after', report(clickId, 'AFTER', 1))).toMatchObject({ status: 200 });
    await waitFor(() => countBy(world.adNetwork.arrivals, 'click_id').get('after-poison'), 20_000);
    expect(serviceNames.map((name) => world.system[name].server.pid)).toEqual(pids);
    expect(world.restarts()).toEqual({});
  });

  it('exposes every metric that an alert uses, with the labels the alert selects', async () => {
    const texts = serviceNames.map(async (name) => (await fetch(`${world.system[name].healthUrl}/metrics`)).text());
    const exposed = (await Promise.all(texts)).join('\n');
    for (const { metric, labels } of alertRules().flatMap(selectedBy)) {
      expect(exposed).toMatch(new RegExp(`^# TYPE ${metric.replace(/_count$/, '')} `, 'm'));
      // What has never happened has no series, and so shows no labels.
      const [series] = new RegExp(`^${metric}\\{.*`, 'm').exec(exposed) ?? [];
      for (const label of series === undefined ? [] : labels) expect(series).toContain(`${label}="`);
    }
  });

  it('keeps every account through a kill -9 of ingest, attribution and dispatch, each in the middle of the work', async () => {
    const total = 2_000;
    const sender = world.sender(32);
    const sent: Sent[] = [];
    const clicked = new Map<string, { clickId: string; atMs: number }>();
    const before = { owed: (await accountDeliveries(world.pool, new Map())).owed, log: await logSize() };
    const kills = (['ingest', 'attribution', 'dispatch'] as const).map((name, at) => ({
      after: ((at + 1) * total) / 4,
      kill: async () => {
        await world.kill9(world.system[name]);
        await world.system[name].restart();
      },
    }));
    const restarting: Promise<void>[] = [];
    let killedIngestAtMs = 0;
    await inParallel(Array.from({ length: total }), 32, async (_, index) => {
      const clickId = await world.click(sender, `k${index}`);
      clicked.set(`k${index}`, { clickId, atMs: Date.now() });
      sent.push(await sender.persist(`K${index}`, report(clickId, `K${index}`, index + 1)));
      while (kills[0] && sent.length >= kills[0].after) {
        killedIngestAtMs ||= Date.now();
        restarting.push(kills.shift()?.kill() ?? Promise.resolve());
      }
    });
    await Promise.all(restarting);
    expect(restarting).toHaveLength(3);
    expect(sent.filter(isOk)).toHaveLength(total);

    // Every 2xx is in the log once and in one state, and the sales are in the ledger once.
    const log = await waitFor(async () => {
      const account = await accountLog(world.pool, idsOf(sent));
      return account.missing === 0 && !account.states.orphan ? account : null;
    }, 60_000);
    expect({ ...log, sum: sumOf(log.states) }).toMatchObject({ accepted: total, missing: 0, twice: 0, sum: total });
    // A call that ingest had made durable but not yet answered was sent again: it is in the log
    // beside the one that was answered.
    expect((await logSize()) - before.log).toBeGreaterThanOrEqual(total);
    const sales = (await conversionsOf(world.pool)).filter(({ transactionId }) => transactionId.startsWith('K'));
    expect(sales.map(({ transactionId }) => transactionId).sort()).toEqual(sent.map(({ tag }) => tag).sort());
    expect(sales.filter((sale) => sale.approved !== Number(sale.transactionId.slice(1)) + 1)).toEqual([]);
    expect(await ledgerDifferences(world.pool)).toBe(0);

    // What is owed has arrived. A redirect does not wait for Kafka, so clicks of the last moments
    // before the kill may be lost: these sales are credited by the click id alone, and
    // nothing can be sent without the ad network's own id.
    const lost = sales.filter(({ externalId }) => externalId === null);
    for (const { transactionId } of lost)
      expect(clicked.get(transactionId.toLowerCase())?.atMs).toBeGreaterThan(killedIngestAtMs - 3_000);
    // A dispatch that comes back waits for the group to miss it, so not even all deliveries are
    // made yet.
    const account = await waitFor(async () => {
      const now = await accountDeliveries(world.pool, countBy(world.adNetwork.arrivals, 'd'));
      return now.owed - before.owed >= total - lost.length && now.neverArrived === 0 ? now : null;
    }, 60_000);
    expect(account.owed - before.owed).toBe(total - lost.length);
    // Twice only what dispatch had in flight when it was killed: 32 calls at once, and what they
    // had not written down yet.
    expect(account.twice).toBeLessThanOrEqual(32 * 3);
  }, 120_000);
});

const logSize = (): Promise<number> => count(world.pool, 'select count(*) as n from postbacks');
