import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { replayDeliveries, setDestinationPaused } from '#postgres';
import { Webhook } from 'standardwebhooks';
import {
  conversionChange,
  conversionIdOf,
  openDispatchGround,
  type DispatchGround,
} from '../support/dispatch-ground.js';
import { startReceiver, type Received, type Receiver } from '../support/receiver.js';
import { waitFor } from '../support/wait-for.js';

const secretOf = (word: string) => `whsec_${Buffer.from(`${word} and some more bytes`).toString('base64')}`;
const [before, today] = [secretOf('before'), secretOf('today')];

describe('operating a destination', () => {
  let ground: DispatchGround;
  let adNetwork: Receiver;
  let service: { log: () => string };
  const arrivals = (source: string): string[] =>
    adNetwork.requests
      .filter(({ path }) => path === `/${source}`)
      .map(({ query }) => `${query.get('id')} ${query.get('s')}`);
  const save = (source: string, more: object = {}) =>
    ground.setSource(source, {
      url: `${adNetwork.url}/${source}?id={click_id}&s={status}&v={value}`,
      when: { statuses: ['pending', 'approved', 'reversed'] },
      ...more,
    });
  const stateOf = async (word: string): Promise<Record<string, string>> => {
    const { rows } = await ground.pool.query<{ once: string; state: string; reason: string | null }>(
      'select once, state, reason from deliveries where conversion_id = $1',
      [conversionIdOf(word)],
    );
    return Object.fromEntries(
      rows.map(({ once, state, reason }) => [once, reason === null ? state : `${state} ${reason}`]),
    );
  };

  beforeAll(async () => {
    adNetwork = await startReceiver();
    ground = await openDispatchGround();
    await save('ads');
    service = await ground.start();
  });
  afterAll(async () => {
    await ground.close();
    await adNetwork.close();
  });

  const pause = async (source: string): Promise<void> => {
    await setDestinationPaused(ground.pool, `source:${source}`, true, 'a partner manager');
    // Dispatch reads the pauses every second; what is published before it has read this one may
    // still go out.
    await waitFor(async () => {
      const word = `probe-${Date.now()}`;
      await ground.publish([conversionChange(word, { sourceKey: source })]);
      await waitFor(async () => Object.keys(await stateOf(word)).length > 0);
      return (await stateOf(word)).approved === 'waiting';
    });
  };
  const resume = (source: string) => setDestinationPaused(ground.pool, `source:${source}`, false, 'a partner manager');
  const arrivalsOf = (source: string, word: string): string[] =>
    arrivals(source).flatMap((call) => (call.startsWith(`ext-${word} `) ? [call.slice(`ext-${word} `.length)] : []));

  it('receives nothing while it is paused by hand; when it is resumed, it receives the newest states in order', async () => {
    await pause('ads');
    const already = arrivals('ads').length;
    await ground.publish(['a', 'b', 'c'].map((word) => conversionChange(word, { state: 'pending' })));
    await ground.publish([conversionChange('b', { state: 'approved', previousState: 'pending', revision: 2 })]);
    await waitFor(async () => (await stateOf('b')).approved === 'waiting');
    expect(await stateOf('b')).toEqual({ pending: 'superseded newer_state', approved: 'waiting' });
    expect(arrivals('ads')).toHaveLength(already);

    await resume('ads');
    await waitFor(() => arrivals('ads').length >= already + 4);
    expect(arrivals('ads').slice(-3).sort()).toEqual(['ext-a pending', 'ext-b approved', 'ext-c pending']);
  });

  it('receives, once it is resumed, the current amount of a sale, not the amount from before', async () => {
    await save('worth');
    await ground.publish([conversionChange('heard-before', { sourceKey: 'worth' })]);
    await waitFor(() => arrivalsOf('worth', 'heard-before').length === 1);
    await pause('worth');
    const words = ['corrected', 'as-it-was'];
    await ground.publish(words.map((word) => conversionChange(word, { sourceKey: 'worth', value: '10' })));
    await waitFor(async () => (await stateOf('as-it-was')).approved === 'waiting');
    const corrected = { sourceKey: 'worth', revision: 2, previousState: 'approved', previousValue: '10', value: '12' };
    await ground.publish([
      conversionChange('corrected', corrected as object),
      conversionChange('after', { sourceKey: 'worth' }),
    ]);
    await waitFor(async () => (await stateOf('after')).approved === 'waiting');
    await resume('worth');
    await waitFor(() => arrivalsOf('worth', 'after').length === 1);
    const worth = adNetwork.requests.filter(({ query }) =>
      words.includes(String(query.get('id')).slice('ext-'.length)),
    );
    expect(worth.map(({ query }) => `${query.get('id')} ${query.get('v')}`).sort()).toEqual([
      'ext-as-it-was 10',
      'ext-corrected 12',
    ]);
  });

  it('receives no reversal of a sale it never received, and a restored sale only where it does not know it', async () => {
    await save('turns');
    const sold = (word: string) => conversionChange(word, { sourceKey: 'turns' });
    const reversed = (word: string, restored = 0, revision = 2) =>
      conversionChange(word, { sourceKey: 'turns', state: 'reversed', previousState: 'approved', restored, revision });
    const back = (word: string) =>
      conversionChange(word, { sourceKey: 'turns', previousState: 'reversed', restored: 1, revision: 3 });
    await ground.publish(['told', 'kept'].map(sold));
    await waitFor(() => arrivals('turns').length === 2);
    await waitFor(async () => (await stateOf('kept')).approved === 'delivered');
    await pause('turns');
    // One by one, and all in one batch: no difference.
    await ground.publish([sold('never'), sold('anew')]);
    await waitFor(async () => (await stateOf('anew')).approved === 'waiting');
    await ground.publish(['never', 'anew', 'kept'].map((word) => reversed(word)));
    await ground.publish([
      sold('at-once'),
      reversed('at-once'),
      sold('all-three'),
      reversed('all-three'),
      back('all-three'),
    ]);
    await waitFor(async () => (await stateOf('kept')).reversed === 'waiting');
    await ground.publish([back('anew'), back('kept')]);
    await waitFor(async () => (await stateOf('kept'))['approved:2'] !== undefined);
    const notSent = { approved: 'superseded newer_state', reversed: 'superseded nothing_to_reverse' };
    expect(await stateOf('never')).toEqual(notSent);
    expect(await stateOf('at-once')).toEqual(notSent);
    expect(await stateOf('anew')).toEqual({ ...notSent, 'approved:2': 'waiting' });
    expect(await stateOf('all-three')).toEqual({ ...notSent, 'approved:2': 'waiting' });
    expect(await stateOf('kept')).toEqual({
      approved: 'delivered',
      reversed: 'superseded newer_state',
      'approved:2': 'superseded already_told',
    });

    await resume('turns');
    await waitFor(() => arrivalsOf('turns', 'anew').length > 0 && arrivalsOf('turns', 'all-three').length > 0);
    await ground.publish([reversed('told')]);
    await waitFor(() => arrivalsOf('turns', 'told').length === 2);
    // Twice, as after a crash between the ledger and the topic: the same ids, so nothing more.
    await ground.publish([back('told'), back('told')]);
    await waitFor(async () => (await stateOf('told'))['approved:2'] === 'delivered');
    await ground.publish([reversed('told', 1, 4), back('told')]);
    await waitFor(async () => (await stateOf('told'))['reversed:2'] === 'delivered');
    expect(arrivalsOf('turns', 'told')).toEqual(['approved', 'reversed', 'approved', 'reversed']);
    expect(
      ['never', 'at-once', 'anew', 'all-three', 'kept'].map((word) => arrivalsOf('turns', word).join(' ')),
    ).toEqual(['', '', 'approved', 'approved', 'approved']);
  });

  it('receives a reversal after a sale whose call had no answer: the sale may have arrived', async () => {
    await save('silent', { timeouts: { headersMs: 500 } });
    let silent = true;
    adNetwork.answer(({ path }) => (path === '/silent' && silent ? { fault: 'hang' } : {}));
    const change = (fields: object) => conversionChange('doubtful', { sourceKey: 'silent', ...fields });
    await ground.publish([change({ state: 'pending' })]);
    await adNetwork.awaitRequests(({ path }) => path === '/silent');
    // While the first call hangs; the sale between is never sent, and must not let its reversal
    // pass the one in flight.
    await ground.publish([change({ revision: 2 })]);
    await ground.publish([change({ revision: 3, state: 'reversed', previousState: 'approved' })]);
    await waitFor(async () => (await stateOf('doubtful')).pending === 'waiting timeout_headers');
    silent = false;
    await waitFor(() => arrivals('silent').length === 3, 20_000);
    expect(arrivalsOf('silent', 'doubtful')).toEqual(['pending', 'pending', 'reversed']);
    expect(await stateOf('doubtful')).toMatchObject({ approved: 'superseded newer_state' });
  }, 30_000);

  it('receives nothing twice for a call that it rejected, and no restatement of a sale it does not know', async () => {
    const url = (kind: string) => `${adNetwork.url}/careful?id={click_id}&s=${kind}-{value}`;
    const template = (kind: string) => ({ url: url(kind) });
    const when = { statuses: ['approved' as const], minAmount: '10' };
    await save('careful', { url: url('sale'), when, onReversal: template('undo'), onRestatement: template('worth') });
    const change = (word: string, revision: number, fields: object) =>
      ground.publish([conversionChange(word, { sourceKey: 'careful', revision, ...fields })]);
    const settled = (word: string, revision: number) =>
      waitFor(async () => {
        const { rows } = await ground.pool.query<{ state: string }>(
          'select state from deliveries where conversion_id = $1 and revision = $2',
          [conversionIdOf(word), revision],
        );
        return rows.some(({ state }) => !['waiting', 'sending'].includes(state));
      });
    const reversed = { state: 'reversed', previousState: 'approved' };
    const worth = (value: string, previousValue = '12.5') => ({ previousState: 'approved', previousValue, value });
    adNetwork.answer(({ query }) => (query.get('s')?.startsWith('undo') ? { status: 404 } : {}));
    // Its reversal is rejected, so the ad network already knows the sale that comes back.
    await change('back', 1, {});
    await change('back', 2, reversed);
    await settled('back', 2);
    await change('back', 3, { previousState: 'reversed', restored: 1 });
    await settled('back', 3);
    // The amount is too small to be sent at first; it is sent when it has grown, and restated when
    // it changes.
    await change('small', 1, { value: '6' });
    await change('small', 2, worth('7', '6'));
    await settled('small', 2);
    await change('small', 3, worth('11', '7'));
    await settled('small', 3);
    await change('small', 4, worth('5', '11'));
    await settled('small', 4);
    // A mark that comes after a new amount says nothing of the amount, and must not take its place.
    await change('marked', 1, {});
    await settled('marked', 1);
    await pause('careful');
    await change('marked', 2, worth('11'));
    await change('marked', 3, { ...worth('11', '11'), marks: ['money_unknown'] });
    await change('last', 1, {});
    await waitFor(async () => (await stateOf('last')).approved === 'waiting');
    await resume('careful');
    await waitFor(() => arrivalsOf('careful', 'marked').length === 2 && arrivalsOf('careful', 'last').length === 1);
    expect(arrivalsOf('careful', 'back')).toEqual(['sale-12.5', 'undo-12.5']);
    expect(arrivalsOf('careful', 'small')).toEqual(['sale-11', 'worth-5']);
    expect(arrivalsOf('careful', 'marked')).toEqual(['sale-12.5', 'worth-11']);
    expect(await stateOf('small')).toMatchObject({ 'revision:2': 'superseded nothing_to_restate' });
    // Another destination of the same ad network does not send a sale again that it knows.
    await ground.setCampaign('override', 'careful', { url: `${adNetwork.url}/careful?id={click_id}&s=again` });
    await change('marked', 4, { ...worth('15', '11'), campaignKey: 'override' });
    await settled('marked', 4);
    expect(arrivalsOf('careful', 'marked')).toHaveLength(2);
  });

  it('receives states in order while a campaign gets its own destination and the source’s still has some to send', async () => {
    await save('moved');
    adNetwork.answer(({ path, query }) =>
      path === '/moved' && query.get('id') === 'ext-tried' ? { status: 503 } : {},
    );
    await ground.publish([conversionChange('tried', { sourceKey: 'moved' })]);
    await waitFor(async () => (await stateOf('tried')).approved === 'waiting status_503');
    await pause('moved');
    await ground.publish(['unsent', 'grown'].map((word) => conversionChange(word, { sourceKey: 'moved' })));
    await waitFor(async () => (await stateOf('grown')).approved === 'waiting');
    const when = { statuses: ['approved' as const, 'reversed' as const] };
    await ground.setCampaign('mover', 'moved', {
      url: `${adNetwork.url}/mover?id={click_id}&s={status}&v={value}`,
      when,
    });
    const moved = { sourceKey: 'moved', campaignKey: 'mover', revision: 2, previousState: 'approved' as const };
    await ground.publish(['tried', 'unsent'].map((word) => conversionChange(word, { ...moved, state: 'reversed' })));
    await ground.publish([conversionChange('grown', { ...moved, previousValue: '12.5', value: '20' })]);
    await waitFor(() => arrivalsOf('mover', 'grown').length > 0 && arrivals('moved').length > 0);
    await waitFor(async () => (await stateOf('unsent')).reversed === 'superseded nothing_to_reverse');
    expect(await stateOf('unsent')).toMatchObject({ approved: 'superseded newer_state' });
    expect(await stateOf('tried')).toEqual({ approved: 'waiting status_503', reversed: 'waiting' });
    adNetwork.answer(() => ({}));
    await resume('moved');
    await waitFor(() => arrivalsOf('mover', 'tried').length > 0);
    expect(arrivalsOf('moved', 'tried').at(-1)).toBe('approved');
    expect(['unsent', 'grown'].flatMap((word) => arrivalsOf('moved', word))).toEqual([]);
    expect(arrivalsOf('mover', 'tried')).toEqual(['reversed']);
  }, 30_000);

  it('is called with the corrected template when a delivery is retried', async () => {
    await save('mended', { url: `${adNetwork.url}/wrong?id={click_id}` });
    adNetwork.answer(({ path }) => (path === '/wrong' ? { status: 503 } : {}));
    await ground.publish([conversionChange('mended', { sourceKey: 'mended' })]);
    await adNetwork.awaitRequests(({ path }) => path === '/wrong');
    await save('mended');
    await adNetwork.awaitRequests(({ path }) => path === '/mended');
    await waitFor(async () => (await stateOf('mended')).approved === 'delivered');
  });

  it('stores no secret of a call, even when the receiver echoes the whole call', async () => {
    await save('echo', {
      url: `${adNetwork.url}/echo/{secret.path}?id={click_id}&s={status}&skey=url-secret-7`,
      secrets: { path: 'path-secret/7' },
      headers: { Authorization: 'Bearer header-secret-7' },
    });
    adNetwork.answer(({ path, target, headers }) =>
      path.startsWith('/echo') ? { status: 401, body: `no ${target} with ${headers.authorization}` } : {},
    );
    await ground.publish([conversionChange('echo', { sourceKey: 'echo' })]);
    await waitFor(async () => (await stateOf('echo')).approved === 'parked status_401');
    const [request] = adNetwork.requests.filter(({ path }) => path.startsWith('/echo'));
    expect(request?.target).toBe('/echo/path-secret%2F7?id=ext-echo&s=approved&skey=url-secret-7');
    const { rows } = await ground.pool.query<{ url: string; answer: string }>(
      `select a.url, a.answer from delivery_attempts a join deliveries d on d.id = a.delivery_id where d.conversion_id = $1`,
      [conversionIdOf('echo')],
    );
    expect(rows[0]?.answer).toBe('no /echo/***?id=ext-echo&s=approved&skey=*** with Bearer ***');
    expect(rows[0]?.url).toBe(`${adNetwork.url}/echo/***?id=ext-echo&s=approved&skey=***`);
    expect(service.log()).not.toMatch(/url-secret-7|header-secret-7|path-secret/);
  });

  it('parks a delivery whose value cannot be converted, instead of guessing', async () => {
    await save('euros', { valueCurrency: 'EUR' });
    await ground.publish([conversionChange('yen', { sourceKey: 'euros', currency: 'JPY' })]);
    await waitFor(async () => (await stateOf('yen')).approved === 'parked rate_unknown');
  });

  it('receives a delivery that is too old only when a replay forces it', async () => {
    await save('late', { maxAgeDays: 1 });
    const occurredAtMs = Date.now() - 2 * 86_400_000;
    await ground.publish([conversionChange('late', { sourceKey: 'late', occurredAtMs })]);
    await waitFor(async () => (await stateOf('late')).approved === 'parked too_old');
    const [which, how] = [{ conversionIds: [conversionIdOf('late')] }, { force: true, dryRun: false }];
    expect((await replayDeliveries(ground.pool, which, how)).replayed).toBe(1);
    await waitFor(async () => (await stateOf('late')).approved === 'delivered');
    expect(arrivalsOf('late', 'late')).toEqual(['approved']);
  });

  it('changes its signing secret without one refused call', async () => {
    const signing = (...secrets: string[]) => ({ signing: { kind: 'standard-webhooks', secrets } });
    let accepted = [before];
    const verified = (request: Received): boolean =>
      accepted.some((secret) => {
        try {
          new Webhook(secret).verify(request.body.toString(), request.headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      });
    const body = { method: 'POST', body: '{"id":"{click_id}","value":{value}}' };
    adNetwork.answer((request) => (request.path !== '/signed' || verified(request) ? {} : { status: 401 }));
    let number = 0;
    const publishSome = async (): Promise<void> => {
      const from = number;
      number += 20;
      const words = Array.from({ length: 20 }, (_, index) => `signed-${from + index}`);
      await ground.publish(words.map((word) => conversionChange(word, { sourceKey: 'signed' })));
      await waitFor(() => arrivals('signed').length >= number);
    };
    await save('signed', { ...body, ...signing(before) });
    await publishSome();
    // Both are sent, then the receiver changes, then the old one goes: at no moment do they
    // disagree.
    await save('signed', { ...body, ...signing(today, before) });
    await waitFor(async () => {
      await publishSome();
      const last = adNetwork.requests.filter(({ path }) => path === '/signed').at(-1);
      return String(last?.headers['webhook-signature']).split(' ').length === 2;
    });
    accepted = [today];
    await publishSome();
    await save('signed', { ...body, ...signing(today) });
    await publishSome();
    const states = async () =>
      (
        await ground.pool.query<{ state: string }>(
          `select distinct state from deliveries where destination_key = 'source:signed'`,
        )
      ).rows;
    await waitFor(async () => (await states()).every(({ state }) => state === 'delivered' || state === 'parked'));
    expect(await states()).toEqual([{ state: 'delivered' }]);
  });
});
