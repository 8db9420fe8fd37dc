import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusals } from '#domain';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** Ingest as the outside world meets it: every way in, every refusal at the edge, and what is kept
 * of each call. */

const offerUrl = 'https://offer.example.com/in?aff_sub={click_id}&ext={external_id}&z={token.zone}&c={campaign}';
const hmac = {
  algorithm: 'sha256',
  encoding: 'hex',
  param: 'sig',
  template: '{param:txid}:{timestamp}:{secret}',
  secret: 'sign-me',
};

let ground: IntakeGround;
beforeAll(async () => {
  ground = await openIntakeGround(
    {
      networks: [
        { key: 'plain' },
        { key: 'closed', security: { requireToken: true } },
        { key: 'walled', security: { cidrs: ['203.0.113.0/24'] } },
        { key: 'secretive', security: { secret: { param: 'key', value: 'open-sesame' } } },
        { key: 'signed', security: { hmac: { ...hmac, timestampParam: 'ts', toleranceSeconds: 60 } } },
        { key: 'binom-user', dropIns: ['binom'], answer: { status: 202, body: 'thanks' } },
        { key: 'keitaro-user', dropIns: ['keitaro'], statusMap: { paid: 'approved' } },
        { key: 'tune-user', dropIns: ['tune'] },
      ],
      sources: [
        {
          key: 'ads',
          externalIdParam: 'sid',
          tokens: { zone: 'zoneid' },
          cost: { model: 'cpc', param: 'bid', currency: 'USD' },
        },
      ],
      offers: [
        { key: 'shoes', networkKey: 'plain', url: offerUrl },
        { key: 'hats', networkKey: 'closed', url: offerUrl },
        { key: 'belts', networkKey: 'walled', url: offerUrl },
      ],
      campaigns: [
        { key: 'shoes-camp', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] },
        { key: 'hats-camp', sourceKey: 'ads', offers: [{ offerKey: 'hats' }] },
        { key: 'belts-camp', sourceKey: 'ads', offers: [{ offerKey: 'belts' }] },
      ],
    },
    { CAROM_TRUSTED_PROXIES: '127.0.0.0/8', CAROM_UNAUTHORISED_KEPT_PER_SECOND: '1000' },
  );
});
afterAll(() => ground?.close());

const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${ground.ingest.url}${path}`, init);
const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body, headers });
const refusalOf = async (answer: Response) => ({
  status: answer.status,
  code: ((await answer.json()) as { code: string }).code,
});

describe('a click link', () => {
  it('sends the visitor to the offer with our click id and records the click', async () => {
    const answer = await ground.follow('/c/shoes-camp?sid=EXT%2F1&zoneid=7%207&bid=0.05', {
      'user-agent': 'Browser/1.0',
      referer: 'https://ad.example.com/',
      'x-forwarded-for': '198.51.100.7',
    });
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe('https://offer.example.com/in');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ ext: 'EXT/1', z: '7 7', c: 'shoes-camp' });
    const clickId = location.searchParams.get('aff_sub') ?? '';
    expect(clickId).toMatch(/^k[0-9a-z]{31}$/);
    expect(await ground.clickOf(clickId)).toMatchObject({
      campaignKey: 'shoes-camp',
      sourceKey: 'ads',
      offerKey: 'shoes',
      networkKey: 'plain',
      externalId: 'EXT/1',
      tokens: { zone: '7 7' },
      cost: { model: 'cpc', amountNanos: '50000000', currency: 'USD', raw: '0.05' },
      channel: 'redirect',
      visitor: { ip: '198.51.100.7', userAgent: 'Browser/1.0', referer: 'https://ad.example.com/' },
    });
  });

  it('takes a macro that the source did not replace for missing, and keeps its text', async () => {
    const answer = await ground.follow('/c/shoes-camp?sid=%7Bclickid%7D&zoneid=%7Bzoneid%7D');
    const clickId = new URL(answer.headers.get('location') ?? '').searchParams.get('aff_sub') ?? '';
    expect(await ground.clickOf(clickId)).toMatchObject({ externalId: null, externalIdRaw: '{clickid}', tokens: {} });
  });

  it('redirects HEAD, prefetches and link previews without counting a click', async () => {
    const uncounted = await Promise.all([
      fetch(`${ground.ingest.url}/c/shoes-camp`, { method: 'HEAD', redirect: 'manual' }),
      ground.follow('/c/shoes-camp', { purpose: 'prefetch' }),
      ground.follow('/c/shoes-camp', { 'sec-purpose': 'prefetch;prerender' }),
      ground.follow('/c/shoes-camp', { 'user-agent': 'TelegramBot (like TwitterBot)' }),
    ]);
    expect(uncounted.map(({ status }) => status)).toEqual([302, 302, 302, 302]);
    await ground.clickOf(await ground.click('shoes-camp'));
    const minted = uncounted.map(({ headers }) => new URL(headers.get('location') ?? '').searchParams.get('aff_sub'));
    expect(ground.clicks.filter(({ clickId }) => minted.includes(clickId))).toEqual([]);
  });

  it('leads nowhere when there is no such campaign', async () => {
    const answer = await ground.follow('/c/nothing');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await refusalOf(answer)).toEqual({ status: 404, code: 'campaign_unknown' });
  });
});

describe('a postback', () => {
  it('in the plain form is answered OK after it was kept, with its id', async () => {
    const clickId = await ground.click('shoes-camp');
    const answer = await call(`/postback?transaction_id=T-1&amount=12.50&status=approved&click_id=${clickId}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'OK']);
    expect(await ground.postbackOf(answer)).toMatchObject({
      networkKey: 'plain',
      authenticatedBy: 'click',
      channel: 'postback',
      refusal: null,
      problems: [],
      read: {
        clickId: { value: clickId },
        transactionId: { value: 'T-1' },
        amount: { value: '12.5', raw: '12.50' },
        status: { value: 'approved' },
      },
      raw: { method: 'GET', body: null },
    });
  });

  it('that echoes our click id as transaction_id is about that click', async () => {
    const clickId = await ground.click('shoes-camp');
    const { read } = await ground.postbackOf(await call(`/postback?transaction_id=${clickId.toUpperCase()}&amount=1`));
    expect(read).toMatchObject({ clickId: { value: clickId }, transactionId: null });
  });

  it('is accepted by POST as a form, as JSON, and with a wrong or missing content type', async () => {
    const form = 'txid=P-1&amount=3';
    const json = '{"txid":12345678901234567890,"amount":0.0000001}';
    const answers = await Promise.all([
      post('/postback/token-plain', form, { 'content-type': 'application/x-www-form-urlencoded' }),
      post('/postback/token-plain', form, { 'content-type': 'application/json' }),
      post('/postback/token-plain', form, { 'content-type': 'this is none' }),
      post('/postback/token-plain', Buffer.from(form)),
      post('/postback/token-plain', json, { 'content-type': 'application/json' }),
      post('/postback/token-plain', json, { 'content-type': 'application/x-www-form-urlencoded' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const read = await Promise.all(answers.map(async (answer) => (await ground.postbackOf(answer)).read));
    for (const one of read.slice(0, 4))
      expect(one).toMatchObject({ transactionId: { value: 'P-1' }, amount: { value: '3' } });
    for (const one of read.slice(4))
      expect(one).toMatchObject({ transactionId: { value: '12345678901234567890' }, amount: { value: '0.0000001' } });
  });

  it('keeps bytes that are no text as they came', async () => {
    const bytes = Uint8Array.from([0x74, 0x78, 0x69, 0x64, 0x3d, 0xff, 0x00, 0x31]);
    const { raw } = await ground.postbackOf(await post('/postback/token-plain', bytes));
    expect([raw.bodyEncoding, raw.body]).toEqual(['base64', Buffer.from(bytes).toString('base64')]);
  });

  it('is not changed by a # or a bare % in a macro', async () => {
    const { request } = await import('node:http');
    const target = '/postback/token-plain?click_id=#s2#&txid=50%off&amount=2';
    const { port } = new URL(ground.ingest.url);
    const id = await new Promise<string>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path: target }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['carom-postback-id']));
      });
      outgoing.on('error', reject).end();
    });
    const kept = await ground.postbackOf(new Response(null, { headers: { 'carom-postback-id': id } }));
    expect(kept).toMatchObject({
      read: { clickId: null, transactionId: { value: '50%off' } },
      raw: { target: expect.stringContaining('#s2#') },
    });
    expect(kept.problems).toEqual([{ code: 'macro_unreplaced', param: 'click_id' }]);
  });

  it('by any other method is 405 and leaves nothing', async () => {
    const before = ground.postbacks.length;
    const answers = await Promise.all(
      ['PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => call('/postback?txid=1', { method })),
    );
    expect(answers.map(({ status, headers }) => [status, headers.get('allow')])).toEqual(
      Array(4).fill([405, 'GET, POST']),
    );
    const after = await ground.postbackOf(await call('/postback/token-plain?txid=after'));
    expect(ground.postbacks.slice(before)).toEqual([after]);
  });

  it('keeps its trace, and loses its credentials', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const target = '/postback/token-plain?txid=1';
    const answer = await call(target, {
      headers: { traceparent, authorization: 'Bearer abcdef', 'x-original-uri': target },
    });
    const { raw } = await ground.postbackOf(answer);
    const original = '/postback/[redacted]?txid=1';
    expect(raw.headers).toMatchObject({ traceparent, authorization: '[redacted]', 'x-original-uri': original });
    expect(raw.target).toBe('/postback/[redacted]?txid=1');
  });
});

describe('a Postback URL as people write it', () => {
  it.each([
    ['a doubled slash', '//postback/token-plain?txid=1&amount=2'],
    ['a trailing slash', '/postback/token-plain/?txid=1&amount=2'],
    ['capitals', '/PostBack/token-plain?txid=1&amount=2'],
    ['no question mark', '/postback/token-plain&txid=1&amount=2'],
    ['a second question mark', '/postback/token-plain?txid=1?amount=2'],
    ['semicolons', '/postback/token-plain?txid=1;amount=2'],
  ])('is understood with %s, and its token is shown nowhere', async (_what, path) => {
    const answer = await call(path);
    const { read, raw } = await ground.postbackOf(answer);
    expect([answer.status, read.transactionId?.value, read.amount?.value]).toEqual([200, '1', '2']);
    expect(raw.target).toBe(path.replace('token-plain', '[redacted]'));
  });

  it('finds our click id in braces that were doubled', async () => {
    const clickId = await ground.click('shoes-camp');
    const { read, networkKey, problems } = await ground.postbackOf(
      await call(`/postback?click_id={${clickId}}&txid=9`),
    );
    expect([read.clickId?.value, networkKey]).toEqual([clickId, 'plain']);
    expect(problems).toEqual([{ code: 'click_id_mended', param: 'click_id' }]);
  });
});

const atTheEdge: [code: string, status: number, path: string, body: string | null][] = [
  ['macro_unreplaced', 400, '/postback?click_id={sub1}&txid=%23tid%23&amount=1', null],
  ['click_id_invalid', 400, '/postback?click_id=k0000000000000000000000000000000&amount=1', null],
  ['nothing_to_identify', 400, '/postback?amount=1', null],
  ['token_wrong', 403, '/postback/not-a-token?txid=1', null],
  ['address_not_allowed', 403, '/postback/token-walled?txid=1', null],
  ['secret_wrong', 403, '/postback/token-secretive?txid=1&key=open-samese', null],
  ['signature_missing', 403, '/postback/token-signed?txid=1', null],
  ['signature_expired', 403, '/postback/token-signed?txid=1&ts=1000000000&sig=ab', null],
  ['signature_wrong', 403, `/postback/token-signed?txid=1&ts=${Math.floor(Date.now() / 1000)}&sig=ab`, null],
  ['skadnetwork_postback', 400, '/postback/token-plain?click_id=x&conversion_value=63&did_win=false', null],
  ['several_reports', 400, '/postback', '[{"txid":1,"amount":2},{"txid":2,"amount":3}]'],
];

describe('a refusal at the edge', () => {
  it('is provoked here, each of them', () => {
    const apart = ['too_large', 'drop_in_off'];
    const codes = refusals.filter(({ stage }) => stage !== 'later').map(({ code }) => code);
    expect([...atTheEdge.map(([code]) => code), ...apart].sort()).toEqual(codes.sort());
  });

  it.each(atTheEdge)('%s is answered %i, kept and named', async (code, status, path, body) => {
    const answer = await (body === null ? call(path) : post(path, body));
    expect(await refusalOf(answer.clone())).toEqual({ status, code });
    const kept = await ground.postbackOf(answer);
    expect(kept.refusal).toBe(code);
    expect(JSON.stringify(kept.raw)).not.toMatch(/open-samese|token-signed|token-walled/);
  });

  it('drop_in_off is answered 403 where no network uses the endpoint', async () => {
    const before = await call('/aff_lsr?transaction_id=1');
    expect(before.status).toBe(200);
    await ground.saveCatalog({ networks: [{ key: 'tune-user', number: 8, dropIns: [] }] });
    const answer = await (async () => {
      for (let tries = 0; tries < 200; tries += 1) {
        const next = await call('/aff_lsr?transaction_id=1');
        if (next.status !== 200) return next;
      }
      return before;
    })();
    expect(await refusalOf(answer)).toEqual({ status: 403, code: 'drop_in_off' });
  });

  it('too_large is answered 413 or 414, and the rest of the call is kept', async () => {
    const body = await post('/postback/token-plain?txid=big', 'x'.repeat(70_000));
    expect(await refusalOf(body.clone())).toEqual({ status: 413, code: 'too_large' });
    expect(await ground.postbackOf(body)).toMatchObject({
      refusal: 'too_large',
      raw: { target: '/postback/[redacted]?txid=big' },
    });
    const url = await call(`/postback/token-plain?txid=${'x'.repeat(17_000)}`);
    expect(await refusalOf(url.clone())).toEqual({ status: 414, code: 'too_large' });
    expect((await ground.postbackOf(url)).refusal).toBe('too_large');
  });

  it('token_required and status_unmapped are decided later: the caller is answered OK, the log shows them', async () => {
    const clickId = await ground.click('hats-camp');
    const closed = await call(`/postback?click_id=${clickId}`);
    expect([closed.status, (await ground.postbackOf(closed)).refusal]).toEqual([200, 'token_required']);
    const unmapped = await call('/postback/token-plain?txid=1&status=fnord');
    expect([unmapped.status, (await ground.postbackOf(unmapped)).refusal]).toEqual([200, 'status_unmapped']);
    const ignored = await call('/postback/token-plain?txid=1&status=ping');
    expect([ignored.status, (await ground.postbackOf(ignored)).refusal]).toEqual([200, 'status_ignored']);
    const unknownNetwork = await call('/postback?txid=1&status=fnord');
    expect([unknownNetwork.status, (await ground.postbackOf(unknownNetwork)).refusal]).toEqual([200, null]);
  });
});

describe('a caller who is who the network says', () => {
  it('is let in by address, seen through the proxy we trust', async () => {
    const answer = await call('/postback/token-walled?txid=1', {
      headers: { 'x-forwarded-for': '10.9.9.9, 203.0.113.9' },
    });
    expect([answer.status, (await ground.postbackOf(answer)).raw.remoteAddress]).toEqual([200, '203.0.113.9']);
    const clickId = await ground.click('belts-camp');
    expect((await call(`/postback?click_id=${clickId}`)).status).toBe(403);
  });

  it('is let in by the secret, which is kept nowhere', async () => {
    const answer = await call('/postback/token-secretive?txid=1&KEY=open-sesame');
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await ground.postbackOf(answer))).not.toContain('open-sesame');
  });

  it('has its secret kept nowhere, even while its network is unknown', async () => {
    const answer = await post('/postback?sum=1', 'txid=nobody-knows&token=open%2Dsesame');
    const { raw, networkKey } = await ground.postbackOf(answer);
    expect([answer.status, networkKey, raw.body]).toEqual([200, null, 'txid=nobody-knows&token=[redacted]']);
  });

  it('is let in by the signature', async () => {
    const ts = Math.floor(Date.now() / 1000);
    const sig = createHmac('sha256', 'sign-me').update(`T9:${ts}:sign-me`).digest('hex');
    expect((await call(`/postback/token-signed?txid=T9&ts=${ts}&sig=${sig.toUpperCase()}`)).status).toBe(200);
  });
});

describe('the endpoints of other trackers', () => {
  it('Binom: click.php with cnv_id, and the answer the network wants', async () => {
    const answer = await call(
      '/click.php?cnv_id=abc123&payout=2.5&cnv_status=approved&cnv_currency=EUR&disable_postback=1',
    );
    expect([answer.status, await answer.text()]).toEqual([202, 'thanks']);
    expect(await ground.postbackOf(answer)).toMatchObject({
      networkKey: 'binom-user',
      authenticatedBy: 'drop-in',
      suppressDelivery: true,
      read: {
        clickId: { value: 'abc123' },
        amount: { value: '2.5' },
        currency: { value: 'EUR' },
        status: { value: 'approved' },
      },
    });
  });

  it('Keitaro: the key in the path, the meaning of words in the URL, the answer asked for', async () => {
    const answer = await call(
      '/k3itar0/postback?subid=s1&tid=9&payout=1&status=hold&lead_status=hold,wait&sale_status=paid&return=GOT',
    );
    expect([answer.status, await answer.text()]).toEqual([200, 'GOT']);
    expect(await ground.postbackOf(answer)).toMatchObject({
      networkKey: 'keitaro-user',
      raw: { target: expect.stringMatching(/^\/\[redacted\]\/postback\?/) },
      read: { clickId: { value: 's1' }, transactionId: { value: '9' }, status: { value: 'pending', raw: 'hold' } },
    });
  });
  it('are assigned by the key in the call where several networks use one path', async () => {
    const security = { secret: { param: 'key', value: 'k3y-of-one' } };
    await ground.saveCatalog({ networks: [{ key: 'keyed', number: 98, dropIns: ['keitaro'], security }] });
    const of = async (key: string) => {
      const answer = await call(`/${key}/postback?subid=foreign&tid=1`);
      const { networkKey, authenticatedBy, raw } = await ground.postbackOf(answer);
      expect(raw.target).toBe('/[redacted]/postback?subid=foreign&tid=1');
      return [networkKey, authenticatedBy];
    };
    await waitFor(async () => (await of('k3y-of-one'))[0] === 'keyed');
    expect(await of('k3y-of-one')).toEqual(['keyed', 'drop-in']);
    expect(await of('guessed')).toEqual([null, 'none']);
  });
});

describe('the catalog', () => {
  it('is in force within two seconds of a change, without a restart', async () => {
    await ground.saveCatalog({ networks: [{ key: 'late', number: 99 }] });
    const from = Date.now();
    let status = 0;
    while (status !== 200 && Date.now() - from < 2_000) status = (await call('/postback/token-late?txid=1')).status;
    expect(status).toBe(200);
  });
});
