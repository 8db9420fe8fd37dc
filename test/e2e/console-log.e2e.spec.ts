import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { connectProducer, type Producer } from '#kafka';
import { createLog } from '#runtime';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { testSecrets } from '../support/service.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

type Money = { pending: string; approved: string; rejected: string; reversed: string };
type Postback = {
  id: string;
  state: string;
  refusal: string | null;
  conversionId: string | null;
  replayCount: number;
  channel: string;
  read: Record<string, { value: string } | null>;
  raw: { target: string };
};
type Conversion = {
  id: string;
  state: string;
  money: Money | null;
  externalId: string;
};
type History = Conversion & {
  postbacks: Postback[];
  entries: { amount: string; from: string; to: string }[];
  deliveries: { state: string; attempts: { url: string; status: number }[] }[];
};
type Page<Item> = { items: Item[]; next: string | null };
type Uploaded = {
  uploadId: string;
  rows: { row: number; outcome: string; code?: string; postbackId?: string; conversion?: { id: string } | null }[];
  counts: Record<string, number>;
  complete: boolean;
};

let ground: TestGround;
let system: System;
let receiver: Receiver;
let producer: Producer;

const list = async <Item>(path: string): Promise<Item[]> => (await system.api<Page<Item>>('GET', path)).body.items;
const click = async (externalId: string, campaign = 'spring'): Promise<string> => {
  const answer = await fetch(`${system.ingest.url}/c/${campaign}?click_id=${externalId}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? 'none:').searchParams.get('sub') ?? '';
};
let token = '';
const postback = (query: string): Promise<Response> => fetch(`${system.ingest.url}/postback/${token}?${query}`);
const upload = async (path: string, csv: string): Promise<{ status: number; body: Uploaded }> => {
  const answer = await fetch(`${system.console.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`, 'content-type': 'text/csv' },
    body: csv,
  });
  return { status: answer.status, body: (await answer.json()) as Uploaded };
};
const settled = (path: string, state: string): Promise<Postback> =>
  waitFor(async () => (await list<Postback>(path)).find((each) => each.state === state));

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground);
  producer = await connectProducer({
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'test',
    topicPrefix: ground.topicPrefix,
    log: createLog('test', 'silent'),
    metrics: {
      sent: () => undefined,
      waiting: () => undefined,
      fetched: () => undefined,
      handled: () => undefined,
      stopped: () => undefined,
      entrySkipped: () => undefined,
      rejoined: () => undefined,
      jumped: () => undefined,
    },
  });
  const url = `${receiver.url}/conversion?click_id={click_id}&conversion_value={value}`;
  const acme = { key: 'acme', name: 'Acme', defaultCurrency: 'USD' };
  token = (await system.api<{ token: string }>('POST', '/networks', acme)).body.token;
  await system.api('POST', '/sources', { key: 'adnetwork', name: 'Ad network', destination: { url } });
  await system.api('POST', '/offers', {
    key: 'shoes',
    networkKey: 'acme',
    url: 'https://shop.example.com/?sub={click_id}',
  });
  await system.api('POST', '/campaigns', { key: 'spring', sourceKey: 'adnetwork', offers: [{ offerKey: 'shoes' }] });
  await waitFor(async () => (await fetch(`${system.ingest.url}/c/spring`, { redirect: 'manual' })).status === 302);
});

afterAll(async () => {
  await producer?.close();
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

describe('a conversion in the API', () => {
  it('is shown with the call that made it, its ledger entry and what was sent to the ad network', async () => {
    const clickId = await click('ext-1');
    await postback(`transaction_id=T-1&amount=12.50&status=approved&clickid=${clickId}`);
    const found = await waitFor(async () => (await list<Conversion>('/conversions?transactionId=T-1'))[0]);
    expect(found).toMatchObject({ state: 'approved', currency: 'USD', externalId: 'ext-1' });
    expect(found.money).toEqual({ pending: '0', approved: '12.5', rejected: '0', reversed: '0' });
    const history = await waitFor(async () => {
      const { body } = await system.api<History>('GET', `/conversions/${found.id}`);
      return body.deliveries[0]?.state === 'delivered' ? body : null;
    });
    expect(history.postbacks).toMatchObject([{ state: 'applied', conversionId: found.id }]);
    expect(history.entries).toMatchObject([{ amount: '12.5', to: 'approved' }]);
    expect(history.deliveries[0]?.attempts).toMatchObject([
      { status: 200, url: `${receiver.url}/conversion?click_id=ext-1&conversion_value=12.5` },
    ]);
    const [delivery] = await list<{ id: string }>(`/deliveries?conversionId=${found.id}&state=delivered`);
    expect((await system.api('GET', `/deliveries/${delivery?.id}`)).status).toBe(200);
    const asOf = new Date(Date.now() - 86_400_000).toISOString();
    expect((await system.api<History>('GET', `/conversions/${found.id}?asOf=${asOf}`)).body.entries).toEqual([]);
  });

  it('is found by each detail of its call that a user may know', async () => {
    const [call] = await list<Postback & { receivedAt: string }>('/postbacks?transactionId=T-1');
    const hour = new Date(Date.now() - 3_600_000).toISOString();
    for (const query of [
      `id=${call?.id}`,
      'networkKey=acme&state=applied',
      `from=${hour}&transactionId=T-1`,
      `clickId=${call?.read['clickId']?.value.toUpperCase()}`,
    ])
      expect((await list<Postback>(`/postbacks?${query}`)).map(({ id }) => id)).toContain(call?.id);
    expect(await list(`/postbacks?to=${hour}`)).toEqual([]);
    expect((await system.api<Postback>('GET', `/postbacks/${call?.id}`)).body.raw.target).toContain(
      'transaction_id=T-1',
    );
  });
});

describe('an upload of conversions', () => {
  it('shows in a dry run how each row is read and which conversion it belongs to, and changes nothing', async () => {
    const before = (await list('/postbacks?limit=500')).length;
    const { body } = await upload(
      '/conversions/upload?networkKey=acme&dryRun=true',
      'Transaction ID;Amount;Status\nT-1;"12,50";approved\nU-1;3,20;approved\n;;approved\n',
    );
    expect(body.rows).toMatchObject([
      { row: 2, outcome: 'accepted', conversion: { state: 'approved' } },
      { row: 3, outcome: 'accepted', conversion: null },
      { row: 4, outcome: 'refused', code: 'nothing_to_identify' },
    ]);
    expect(body.counts).toEqual({ rows: 3, accepted: 2, refused: 1, failed: 0, skipped: 0 });
    expect(await list('/postbacks?limit=500')).toHaveLength(before);
  });

  it('counts a row that repeats a postback as its duplicate, and sends nothing to the ad network when asked not to', async () => {
    const clickId = await click('ext-2');
    const csv = `transaction_id,amount,status,click_id\nT-1,12.50,approved,\nU-2,4,approved,${clickId}\n`;
    const { body } = await upload('/conversions/upload?networkKey=acme&dispatch=false', csv);
    expect(body.complete).toBe(true);
    await settled(`/postbacks?id=${body.rows[0]?.postbackId}`, 'duplicate');
    const applied = await settled(`/postbacks?id=${body.rows[1]?.postbackId}`, 'applied');
    expect(applied.channel).toBe('upload');
    const { body: history } = await system.api<History>('GET', `/conversions/${applied.conversionId}`);
    expect(history.money?.approved).toBe('4');
    expect(history.deliveries).toEqual([]);
  });

  it('counts once what is sent again under the same uploadId', async () => {
    const clickId = await click('ext-3');
    const csv = `transaction_id,amount,status,click_id\nU-3,7,approved,${clickId}\n`;
    const first = await upload('/conversions/upload?networkKey=acme', csv);
    const again = await upload(`/conversions/upload?networkKey=acme&uploadId=${first.body.uploadId}`, csv);
    expect(again.body.rows[0]?.postbackId).toBe(first.body.rows[0]?.postbackId);
    await settled(`/postbacks?id=${first.body.rows[0]?.postbackId}`, 'applied');
    expect(await list('/postbacks?transactionId=U-3')).toHaveLength(1);
  });

  it.each([
    ['no rows', 'transaction_id,amount\n', 422, 'rows_missing'],
    ['an empty file', '', 422, 'report_file_unreadable'],
    ['a file without a column of ids', 'amount,Amount\n1,2\n', 422, 'report_file_unreadable'],
  ])('refuses %s', async (_what, csv, status, code) => {
    const answer = await upload('/conversions/upload', csv);
    expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([status, code]);
  });

  it('reads 50,000 rows in bounded memory', async () => {
    const residentBytes = async (): Promise<number> => {
      const text = await (await fetch(`${system.console.healthUrl}/metrics`)).text();
      return Number(/^process_resident_memory_bytes\{[^}]*\} (\S+)$/m.exec(text)?.[1]);
    };
    const rows = Array.from({ length: 50_000 }, (_, index) => `L-${index},1.25,approved,not-a-click-of-ours-${index}`);
    const before = await residentBytes();
    const csv = `transaction_id,amount,status,click_id\n${rows.join('\n')}\n`;
    const { body } = await upload('/conversions/upload?networkKey=acme&dryRun=true', csv);
    expect(body.counts).toEqual({ rows: 50_000, accepted: 50_000, refused: 0, failed: 0, skipped: 0 });
    expect(body).toMatchObject({
      complete: true,
      totals: [{ status: 'approved', currency: null, rows: 50_000, amount: '62500', unknown: 0 }],
    });
    // One batch is held, and what the collector has not freed yet.
    expect((await residentBytes()) - before).toBeLessThan(300_000_000);
  }, 150_000);

  it('names the rows that cannot be read and takes the others', async () => {
    const { body } = await upload('/conversions/upload?dryRun=true', 'transaction_id,amount\nA,1\nB,2,3\nC,3\n');
    expect(body.rows.map(({ row, outcome }) => [row, outcome])).toEqual([
      [2, 'accepted'],
      [3, 'refused'],
      [4, 'accepted'],
    ]);
  });
});

describe('an import of clicks', () => {
  it('makes postbacks with another tracker’s click id attributable', async () => {
    await postback('clickid=wOTHERTRACKER123&transaction_id=I-1&amount=2&status=approved');
    await settled('/postbacks?transactionId=I-1', 'orphan');
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const csv = `click_id,clicked_at,campaign,external_id,token.zone\nwOTHERTRACKER123,${at},spring,ext-i1,7\nx,tomorrow,spring,,\ny,${at},nope,,\n`;
    const { body } = await upload('/clicks/upload', csv);
    expect(body.rows.map(({ outcome, code }) => code ?? outcome)).toEqual([
      'accepted',
      'clicked_at_invalid',
      'campaign_unknown',
    ]);
    const applied = await settled('/postbacks?transactionId=I-1', 'applied');
    const { body: conversion } = await system.api<Conversion>('GET', `/conversions/${applied.conversionId}`);
    expect(conversion.externalId).toBe('ext-i1');
  });
});

describe('a replay of postbacks', () => {
  it('applies a call with an unmapped status word once the network has mapped it', async () => {
    const clickId = await click('ext-4');
    await postback(`transaction_id=R-1&amount=5&status=gezahlt&clickid=${clickId}`);
    await settled('/postbacks?transactionId=R-1&refusal=status_unmapped', 'refused');
    const filter = { networkKey: 'acme', refusal: 'status_unmapped' };
    const replay = (dryRun: boolean) =>
      system.api<{ matched: number; replayed: number; changes: object; sample: { after: object }[] }>(
        'POST',
        '/postbacks/replay',
        { filter, dryRun },
      );
    const { body: acme } = await system.api('GET', '/networks/acme');
    await system.api('PUT', '/networks/acme', { ...acme, statusMap: { gezahlt: 'approved' } });
    const dry = await replay(true);
    expect(dry.body).toMatchObject({
      matched: 1,
      replayed: 1,
      changes: { status: 1, refusal: 1 },
      sample: [{ after: { status: 'approved' } }],
      moves: { conversionsChanged: 1, states: { approved: 1 }, money: [{ currency: 'USD', approved: '5' }] },
    });
    expect((await replay(true)).body).toEqual(dry.body);
    expect((await list<Postback>('/postbacks?transactionId=R-1'))[0]?.state).toBe('refused');
    expect((await replay(false)).body.replayed).toBe(1);
    const applied = await settled('/postbacks?transactionId=R-1', 'applied');
    expect(applied.replayCount).toBe(1);
    expect((await replay(false)).body.matched).toBe(0);
  });

  it('skips a call that still has no click id, and applies it once the settings name the parameter of the id', async () => {
    const clickId = 'wSOMEBODYELSES';
    const at = new Date(Date.now() - 3_600_000).toISOString();
    await upload('/clicks/upload', `click_id,clicked_at,campaign\n${clickId},${at},spring\n`);
    const { body: acme } = await system.api<{ token: string }>('GET', '/networks/acme');
    await fetch(`${system.ingest.url}/postback/${acme.token}?clickid={clickid}&aff_ref=${clickId}&amount=1`);
    const refused = await settled('/postbacks?refusal=macro_unreplaced', 'refused');
    const replay = async () =>
      (await system.api('POST', '/postbacks/replay', { filter: { refusal: 'macro_unreplaced' } })).body;
    expect(await replay()).toMatchObject({ matched: 1, replayed: 0, skipped: { unchanged: 1 } });
    await system.api('PUT', '/networks/acme', { ...acme, params: { clickId: ['click_id', 'clickid', 'aff_ref'] } });
    expect(await replay()).toMatchObject({ replayed: 1, changes: { clickId: 1, refusal: 1 }, becomes: { decided: 1 } });
    await settled(`/postbacks?id=${refused.id}`, 'applied');
  });

  it('applies calls from an unlisted address only when asked for, and only once the address is listed', async () => {
    const walled = { key: 'walled', name: 'Walled', defaultCurrency: 'USD', security: { cidrs: ['203.0.113.0/24'] } };
    const { body: network } = await system.api<{ token: string }>('POST', '/networks', walled);
    const belts = { key: 'belts', networkKey: 'walled', url: 'https://shop.example.com/?sub={click_id}' };
    await system.api('POST', '/offers', belts);
    await system.api('POST', '/campaigns', { key: 'walled', sourceKey: 'adnetwork', offers: [{ offerKey: 'belts' }] });
    const clickId = await waitFor(() => click('ext-5', 'walled'));
    const answered = await waitFor(async () => {
      const answer = await fetch(
        `${system.ingest.url}/postback/${network.token}?transaction_id=W-1&clickid=${clickId}&amount=2`,
      );
      return ((await answer.json()) as { code: string }).code === 'address_not_allowed' ? answer : null;
    });
    const id = answered.headers.get('carom-postback-id');
    await settled(`/postbacks?id=${id}`, 'refused');
    const replay = async (filter: object) => (await system.api('POST', '/postbacks/replay', { filter })).body;
    const broad = { networkKey: 'walled', state: 'refused' };
    expect(await replay(broad)).toMatchObject({ replayed: 0, skipped: { not_named: 1 } });
    const named = { networkKey: 'walled', refusal: 'address_not_allowed' };
    expect(await replay(named)).toMatchObject({ replayed: 0, skipped: { unchanged: 1 } });
    await system.api('PUT', '/networks/walled', { ...walled, security: { cidrs: ['127.0.0.0/8'] } });
    expect(await replay(named)).toMatchObject({ replayed: 1, becomes: { decided: 1 } });
    expect((await settled(`/postbacks?id=${id}`, 'applied')).read['transactionId']?.value).toBe('W-1');
  });

  it('does not replay everything by mistake', async () => {
    for (const path of ['/postbacks/replay', '/deliveries/replay'])
      for (const filter of [{}, { from: null }, { from: true }, { to: 0 }, { from: 'soon' }])
        expect((await system.api('POST', path, { filter, dryRun: true })).status).toBe(422);
  });
});

describe('parked records', () => {
  it('shows a record that no consumer could read, and releases or dismisses it', async () => {
    await producer.produce([
      {
        topic: topics.postbacks.name,
        key: 'k',
        value: '{"not": "a postback"',
        headers: { type: topics.postbacks.type },
      },
    ]);
    const parked = await waitFor(async () => (await list<{ id: string }>('/parked?resolved=false'))[0]);
    const whole = { topic: topics.postbacks.name, reason: 'not_json', value: '{"not": "a postback"', valueBytes: 20 };
    expect((await system.api('GET', `/parked/${parked.id}`)).body).toMatchObject(whole);
    expect((await system.api('POST', `/parked/${parked.id}/release`)).body).toMatchObject({ resolution: 'released' });
    expect((await system.api('POST', `/parked/${parked.id}/release`)).body['code']).toBe('resolved');
    // A record that still cannot be read is parked again, as a new record.
    const back = await waitFor(async () => (await list<{ id: string }>('/parked?resolved=false'))[0]);
    expect(back.id).not.toBe(parked.id);
    expect((await system.api('POST', `/parked/${back.id}/dismiss`)).body).toMatchObject({ resolution: 'dismissed' });
    expect(await list('/parked?resolved=false')).toEqual([]);
    expect(await list('/parked?resolved=true')).toHaveLength(2);
    expect((await system.api('POST', '/parked/none/release')).body['code']).toBe('not_found');
  });
});

describe('destinations', () => {
  const url = 'https://adnetwork.example.com/conversion?click_id={click_id}&v={value}';

  it('shows in a preview what would be sent', async () => {
    const { body } = await system.api('POST', '/destinations/preview', {
      destination: { url: `${receiver.url}/c?click_id={click_id}&v={value}`, valueScale: '0.5' },
      click: { externalId: 'a b' },
      conversion: { amount: '3', currency: 'USD' },
    });
    expect(body).toMatchObject({
      send: true,
      reason: null,
      method: 'GET',
      url: `${receiver.url}/c?click_id=a%20b&v=1.5`,
      address: { allowed: true },
    });
  });

  it('shows in a preview what would be sent for a real conversion, and what is wrong with a template for its source', async () => {
    const { items } = (
      await system.api<{ items: Record<string, string>[] }>('GET', '/conversions?state=approved&limit=1')
    ).body;
    const conversion = items[0] as Record<string, string>;
    const real = await system.api('POST', '/destinations/preview', {
      destinationKey: 'source:adnetwork',
      conversionId: conversion['id'],
    });
    expect(real.status).toBe(200);
    expect(String(real.body['url'])).toContain(encodeURIComponent(String(conversion['externalId'])));
    const wrong = await system.api<{ problems: object[] }>('POST', '/destinations/preview', {
      destination: { url: `${url}&z={token.nothing}&amount_cents={value}` },
      sourceKey: 'adnetwork',
    });
    expect(wrong.body.problems).toEqual([
      expect.objectContaining({ code: 'token_unknown', severity: 'error' }),
      expect.objectContaining({ code: 'amount_in_whole_units', suggestion: '{value|cents}' }),
    ]);
    const unknownConversion = {
      destinationKey: 'source:adnetwork',
      conversionId: '00000000-0000-7000-8000-000000000000',
    };
    expect((await system.api('POST', '/destinations/preview', unknownConversion)).status).toBe(404);
    expect((await system.api('POST', '/destinations/test', unknownConversion)).body['code']).toBe('conversion_real');
  });

  it('shows in a preview that the call of a conversion asked for no delivery', async () => {
    await postback(
      `transaction_id=T-quiet&amount=1&status=approved&disable_postback=1&clickid=${await click('quiet')}`,
    );
    const { conversionId } = await settled('/postbacks?transactionId=T-quiet', 'applied');
    const preview = { destinationKey: 'source:adnetwork', conversionId };
    expect((await system.api('POST', '/destinations/preview', preview)).body).toMatchObject({
      send: false,
      reason: 'suppressed',
    });
    expect(await list(`/deliveries?conversionId=${conversionId}`)).toEqual([]);
  });

  it('converts in a preview as dispatch does, and shows the signature that would be sent', async () => {
    const day = new Date().toISOString().slice(0, 10);
    await system.api('POST', '/rates', { rates: [{ day, currency: 'GBP', perEuro: '0.8' }] });
    const { body } = await system.api<{ url: string; headers: Record<string, string> }>(
      'POST',
      '/destinations/preview',
      {
        destination: { url, valueCurrency: 'EUR', signing: { kind: 'standard-webhooks', secrets: ['a plain secret'] } },
        click: { externalId: 'x' },
        conversion: { amount: '10', currency: 'GBP' },
      },
    );
    expect(body.url).toContain('v=12.5');
    expect(body.headers['webhook-signature']).toMatch(/^v1,/);
    const macro = {
      destination: { url },
      click: { externalId: '${SUBID}' },
      conversion: { amount: '1', currency: 'USD' },
    };
    expect((await system.api('POST', '/destinations/preview', macro)).body['reason']).toBe('external_id_macro');
  });

  it('shows in a preview why nothing would be sent', async () => {
    const preview = async (destination: object, rest: object) =>
      (await system.api<{ send: boolean; reason: string }>('POST', '/destinations/preview', { destination, ...rest }))
        .body;
    expect(await preview({ url }, { conversion: { amount: '3', currency: 'USD' } })).toMatchObject({
      send: false,
      reason: 'external_id_missing',
    });
    expect(await preview({ url }, { click: { externalId: 'x' }, conversion: { state: 'pending' } })).toMatchObject({
      send: false,
      reason: 'status',
    });
    const inside = await preview({ url: 'http://169.254.169.254/x?c={click_id}' }, { click: { externalId: 'x' } });
    expect(inside).toMatchObject({ send: false, reason: 'address_refused', address: { allowed: false } });
  });

  it('makes one real call with the saved settings when asked to, and shows the answer', async () => {
    const trial = { click: { externalId: 'trial-1' }, conversion: { amount: '3', currency: 'USD' } };
    const { body } = await system.api('POST', '/destinations/test', { destinationKey: 'source:adnetwork', ...trial });
    expect(body).toMatchObject({ send: true, attempt: { status: 200, outcome: 'delivered', answer: 'OK' } });
    expect(receiver.requests.filter(({ query }) => query.get('click_id') === 'trial-1')).toHaveLength(1);
    const outside = { destination: { url: 'http://169.254.169.254/?c={click_id}' }, ...trial };
    const refused = await system.api('POST', '/destinations/test', outside);
    expect(refused.body).toMatchObject({ send: false, reason: 'address_refused', attempt: null });
    const closed = { destination: { url: 'http://127.0.0.1:1/?c={click_id}' }, ...trial };
    expect(JSON.stringify((await system.api('POST', '/destinations/test', closed)).body)).toContain('ECONNREFUSED');
    expect((await system.api('POST', '/destinations/test', { destinationKey: 'source:no' })).status).toBe(404);
    expect((await system.api('POST', '/destinations/test', {})).status).toBe(422);
  });

  it('keeps the backlog of a paused destination and sends it when it is resumed', async () => {
    const key = 'source:adnetwork';
    const arrived = (externalId: string) => receiver.requests.some(({ query }) => query.get('click_id') === externalId);
    expect((await system.api('POST', `/destinations/${key}/pause`)).status).toBe(204);
    // Dispatch learns of a pause within a second: conversions are made until one of them is kept.
    let made = 0;
    const kept = await waitFor(async () => {
      const externalId = `paused-${(made += 1)}`;
      await postback(`transaction_id=${externalId}&amount=1&status=approved&clickid=${await click(externalId)}`);
      const { conversionId } = await settled(`/postbacks?transactionId=${externalId}`, 'applied');
      const delivery = await waitFor(
        async () => (await list<{ state: string }>(`/deliveries?conversionId=${conversionId}`))[0],
      );
      return delivery.state === 'waiting' ? externalId : null;
    });
    expect(arrived(kept)).toBe(false);
    const [destination] = await list<{ paused: boolean; waiting: number }>('/destinations');
    expect(destination).toMatchObject({ paused: true, waiting: 1 });
    await system.api('POST', `/destinations/${key}/resume`);
    await waitFor(() => arrived(kept));
    expect((await system.api('POST', '/destinations/source:no/pause')).status).toBe(404);
  });

  it('sends a delivery again only when that is forced', async () => {
    const filter = { destinationKey: 'source:adnetwork', states: ['delivered'] };
    const replay = async (rest: object) =>
      (await system.api<{ replayed: number; delivered: number }>('POST', '/deliveries/replay', { filter, ...rest }))
        .body;
    // What the receiver has seen is recorded a moment later: counted is only when nothing is under
    // way any more.
    const underWay = ['waiting', 'sending'].map(
      (state) => `/deliveries?destinationKey=source:adnetwork&state=${state}`,
    );
    await waitFor(async () => (await Promise.all(underWay.map((query) => list(query)))).flat().length === 0);
    const kept = await replay({});
    expect(kept).toMatchObject({ replayed: 0 });
    expect(kept.delivered).toBeGreaterThan(0);
    expect((await replay({ force: true, dryRun: true })).replayed).toBe(kept.delivered);
    const before = receiver.requests.length;
    await replay({ force: true });
    await waitFor(() => receiver.requests.length >= before + kept.delivered);
  });
});

describe('money tools', () => {
  it('takes rates as the European Central Bank publishes them, and lists them', async () => {
    const csv = 'Date, USD, JPY, \n2026-01-05, 1.0800, 160.5, \n2026-01-06, N/A, x, \n';
    const dry = await upload('/rates/upload?dryRun=true', csv);
    expect(dry.body).toMatchObject({ rates: 2, from: '2026-01-05', problems: [{ line: 3, code: 'rate_unreadable' }] });
    expect(await list('/rates?to=2026-01-31')).toEqual([]);
    await upload('/rates/upload', csv);
    await system.api('POST', '/rates', { rates: [{ day: '2026-01-06', currency: 'USD', perEuro: '1.09' }] });
    expect(await list('/rates?currency=USD&to=2026-01-31')).toMatchObject([
      { day: '2026-01-06', perEuro: '1.09', origin: 'CAROM_ADMIN_TOKEN' },
      { day: '2026-01-05', perEuro: '1.08', origin: 'ecb' },
    ]);
    expect((await upload('/rates/upload', 'no,rates\n')).status).toBe(422);
  });

  it('restates what a campaign cost, once, and writes nothing while a row is wrong', async () => {
    type Costs = { dryRun: boolean; problems: { row: number; code: string }[]; changes: object[] };
    const day = new Date().toISOString().slice(0, 10);
    const costs = async (csv: string, query = '') =>
      (await upload(`/costs/upload${query}`, csv)).body as unknown as Costs;
    const header = 'day,campaign,amount,currency\n';
    const wrong = await costs(`${header}${day},spring,12.5,USD\n${day},nope,1,USD\n${day},spring,"1,5",USD\n`);
    expect(wrong).toMatchObject({
      dryRun: true,
      problems: [
        { row: 3, code: 'campaign_unknown' },
        { row: 4, code: 'amount_invalid' },
      ],
    });
    const once = await costs(`${header}${day},spring,12.5,USD\n`);
    expect(once).toMatchObject({
      dryRun: false,
      changes: [{ campaignKey: 'spring', stood: '0', stated: '12.5', change: '12.5' }],
    });
    expect((await costs(`${header}${day},spring,12.5,USD\n`)).changes).toEqual([]);
    expect((await costs(`${header}${day},spring,10,USD\n`)).changes).toMatchObject([{ change: '-2.5' }]);
    const byToken = await costs(`day,campaign,amount,currency,token.zone\n${day},spring,1,USD,7\n`);
    expect(byToken).toMatchObject({ dryRun: true, problems: [{ row: 2, code: 'token_not_reported' }] });
  });
});
