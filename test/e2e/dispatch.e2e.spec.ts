import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  conversionChange,
  conversionIdOf,
  openDispatchGround,
  type DispatchGround,
} from '../support/dispatch-ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import type { Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

describe('dispatch sends a conversion to the ad network', () => {
  let ground: DispatchGround;
  let adNetwork: Receiver;
  let service: Service;
  const of = (word: string) => adNetwork.requests.filter(({ query }) => query.get('click_id') === `ext-${word}`);
  const stateOf = async (word: string) =>
    (await ground.deliveries()).filter(
      (row) => row.id && (row as { conversion_id?: string }).conversion_id === conversionIdOf(word),
    );

  beforeAll(async () => {
    adNetwork = await startReceiver();
    ground = await openDispatchGround();
    await ground.setSource('ads', {
      url: `${adNetwork.url}/conversion?click_id={click_id}&conversion_value={value}&s={status}&d={delivery_id}`,
      when: { statuses: ['pending', 'approved', 'reversed'] },
    });
    service = await ground.start();
  });
  afterAll(async () => {
    if (process.env.SHOW) console.log(service.log());
    await ground.close();
    await adNetwork.close();
  });

  it('with the source’s own click id and the value, once, however often the change arrives', async () => {
    const change = conversionChange('one');
    await ground.publish([change]);
    const [request] = await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-one');
    expect(request).toMatchObject({ method: 'GET', path: '/conversion' });
    expect(request?.query.get('conversion_value')).toBe('12.5');
    await waitFor(async () => (await stateOf('one'))[0]?.state === 'delivered');
    await ground.publish([change, change, conversionChange('after')]);
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-after');
    expect(of('one')).toHaveLength(1);
  });

  it('records every attempt with what was sent and what was answered', async () => {
    const { rows } = await ground.pool.query(
      `select a.* from delivery_attempts a join deliveries d on d.id = a.delivery_id where d.conversion_id = $1`,
      [conversionIdOf('one')],
    );
    expect(rows).toEqual([
      expect.objectContaining({
        number: 1,
        method: 'GET',
        status: 200,
        outcome: 'delivered',
        answer: 'OK',
        url: expect.stringContaining('/conversion?click_id=ext-one&conversion_value=12.5&s=approved'),
      }),
    ]);
  });

  it('each state once and in order', async () => {
    await ground.publish([
      conversionChange('states', { state: 'pending', revision: 1 }),
      conversionChange('other', { revision: 1 }),
    ]);
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-states');
    await waitFor(async () => (await stateOf('states'))[0]?.state === 'delivered');
    await ground.publish([conversionChange('states', { state: 'approved', previousState: 'pending', revision: 2 })]);
    await adNetwork.awaitRequests(
      ({ query }) => query.get('click_id') === 'ext-states' && query.get('s') === 'approved',
    );
    await ground.publish([conversionChange('states', { state: 'reversed', previousState: 'approved', revision: 3 })]);
    await adNetwork.awaitRequests(
      ({ query }) => query.get('click_id') === 'ext-states' && query.get('s') === 'reversed',
    );
    expect(of('states').map(({ query }) => query.get('s'))).toEqual(['pending', 'approved', 'reversed']);
  });

  it('of a campaign that is not on its topic yet, by the campaign’s own destination', async () => {
    await ground.setCampaign('young', 'ads', { url: `${adNetwork.url}/young?click_id={click_id}` }, false);
    await ground.setCampaign('plain', 'ads', null, false);
    const words = ['young', 'plain'];
    await ground.publish(words.map((word) => conversionChange(word, { campaignKey: word })));
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-young');
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-plain');
    expect(words.map((word) => of(word).map(({ path }) => path))).toEqual([['/young'], ['/conversion']]);
  });

  it('and parks one whose campaign is unknown, to be released when the catalog is complete again', async () => {
    const lost = conversionChange('lost', { campaignKey: 'forgotten' });
    await ground.publish([lost, conversionChange('beside')]);
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-beside');
    await waitFor(() => /"parked":1\b/.test(service.log()));
    const metrics = await (await fetch(`${service.healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/carom_dispatch_unmatched_total\{reason="catalog_unknown"[^}]*\} 1/);
    expect(of('lost')).toHaveLength(0);
    await ground.setCampaign('forgotten', 'ads', null);
    await ground.publish([lost]);
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-lost');
  });

  it('restates the amount when a part is refunded, and reverses the rest', async () => {
    await ground.setSource('restated', {
      url: `${adNetwork.url}/told?click_id={click_id}&v={value}`,
      onRestatement: { url: `${adNetwork.url}/restated?click_id={click_id}&v={value}` },
      onReversal: { url: `${adNetwork.url}/retracted?click_id={click_id}` },
    });
    const change = (fields: object) => conversionChange('refund', { sourceKey: 'restated', ...fields });
    // In one batch: the restatement must not take the place of what it restates.
    await ground.publish([
      change({}),
      change({ revision: 2, previousState: 'approved', previousValue: '12.5', value: '8' }),
    ]);
    await adNetwork.awaitRequests(({ path }) => path === '/restated');
    await ground.publish([change({ revision: 3, state: 'reversed', previousState: 'approved', previousValue: '8' })]);
    await adNetwork.awaitRequests(({ path }) => path === '/retracted');
    expect(of('refund').map(({ path, query }) => `${path} ${query.get('v')}`)).toEqual([
      '/told 12.5',
      '/restated 8',
      '/retracted null',
    ]);
  });

  it('retries what failed for a temporary reason', async () => {
    let calls = 0;
    adNetwork.answer(({ query }) =>
      query.get('click_id') === 'ext-retry' && (calls += 1) === 1 ? { status: 503 } : {},
    );
    await ground.publish([conversionChange('retry')]);
    await waitFor(() => of('retry').length === 2, 15_000);
    const [first, second] = of('retry');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_900);
    expect(first?.query.get('d')).toBe(second?.query.get('d'));
    await waitFor(async () => (await stateOf('retry'))[0]?.state === 'delivered');
    expect(await stateOf('retry')).toMatchObject([{ attempts: 2, reason: null }]);
  });

  it('retries what the ad network calls too early, and delays no other delivery', async () => {
    const early = Array.from({ length: 15 }, (_, index) => `early${index}`);
    const sold = (word: string) => conversionChange(word, { sourceKey: 'puts-off' });
    await ground.setSource('puts-off', {
      url: `${adNetwork.url}/told?click_id={click_id}`,
      successWhen: { bodyMustNotMatch: 'error' },
      retryWhen: { bodyMatches: 'TOO_RECENT' },
    });
    adNetwork.answer(({ query }) =>
      of(String(query.get('click_id')).slice('ext-'.length)).length === 1 && query.get('click_id') !== 'ext-ripe'
        ? { body: '{"error":"TOO_RECENT_EVENT"}' }
        : {},
    );
    await ground.publish(early.map(sold));
    await waitFor(() => early.every((word) => of(word).length === 1));
    // More than would pause a destination that fails.
    await ground.publish([sold('ripe')]);
    await waitFor(async () => (await stateOf('ripe'))[0]?.state === 'delivered', 3_000);
    await waitFor(() => early.every((word) => of(word).length === 2), 15_000);
    await waitFor(async () => (await stateOf('early0'))[0]?.state === 'delivered');
    adNetwork.answer({});
  });

  it('parks at once what no retry can fix, and what it cannot send, each with its reason', async () => {
    adNetwork.answer(({ query }) =>
      query.get('click_id') === 'ext-refused' ? { status: 404, body: 'no such click' } : {},
    );
    await ground.publish([
      conversionChange('refused'),
      conversionChange('no-id', { externalId: null, externalIdRaw: null }),
      conversionChange('macro', { externalId: null, externalIdRaw: '${SUBID}' }),
      conversionChange('no-money', { value: null, money: null, marks: ['money_unknown'] }),
    ]);
    await waitFor(async () => (await ground.states()).parked === 4);
    const reasons = await Promise.all(['refused', 'no-id', 'macro', 'no-money'].map(stateOf));
    expect(reasons.map(([row]) => row?.reason)).toEqual([
      'status_404',
      'external_id_missing',
      'external_id_macro',
      'value_unknown',
    ]);
  });

  it('sends a parked delivery once a later report has the missing value', async () => {
    await ground.publish([
      conversionChange('no-money', { revision: 2, previousState: 'approved', value: '7', occurredAtMs: Date.now() }),
      conversionChange('no-id', { revision: 2, previousState: 'approved' }),
    ]);
    const [request] = await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-no-money');
    expect(request?.query.get('conversion_value')).toBe('7');
    await adNetwork.awaitRequests(({ query }) => query.get('click_id') === 'ext-no-id');
    await waitFor(async () => (await stateOf('no-id'))[0]?.state === 'delivered');
    expect(await stateOf('no-id')).toMatchObject([{ revision: 2, attempts: 1, reason: null }]);
  });
});
