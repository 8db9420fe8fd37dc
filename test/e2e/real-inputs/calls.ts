import { describe, expect, it } from '@jest/globals';
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { waitFor } from '../../support/wait-for.js';
import type { RealInputs } from './ground.js';

/** Calls as networks really send them: signed in their own ways, in other charsets, repeated, by
 * machines, and about what is no money. */

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');
const form = 'application/x-www-form-urlencoded';
const place = { algorithm: 'sha256', encoding: 'hex', param: 'sig', secret: 'sEcReT' } as const;

/** A call byte by byte: `fetch` would encode what no URL may hold. */
const rawCall = (
  base: string,
  target: string,
  body: Buffer | null = null,
  type = 'application/json',
): Promise<number> => {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const call = request({
      host: hostname,
      port,
      path: target,
      method: body === null ? 'GET' : 'POST',
      headers: body === null ? {} : { 'content-type': type, 'content-length': body.length },
      // Node would refuse a byte above 0x7f in a target that it makes itself.
    });
    call.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end(body ?? undefined);
  });
};

export const signatureCases = (given: () => RealInputs): void => {
  describe('signed calls', () => {
    it('a plain hash of the id and the key is verified, its reversal takes the money back, a wrong one is refused', async () => {
      const { network, call, approvedAfter } = given();
      const [click] = await network(
        'cpx',
        {
          defaultCurrency: 'USD',
          params: { clickId: ['user_id'], transactionId: ['trans_id'], amount: ['amount_usd'], status: ['status'] },
          statusMap: { '1': 'approved', '2': 'reversed' },
          answer: { status: 200, body: '1' },
          security: {
            cidrs: ['127.0.0.0/8', '2001:db8::/32'],
            signature: {
              kind: 'digest',
              algorithm: 'md5',
              param: 'hash',
              template: '{param:trans_id}-{secret}',
              secret: 'sEcReT',
            },
          },
        },
        1,
      );
      const sent = (status: string, key: string) =>
        call(
          'cpx',
          `user_id=${click}&trans_id=55500012&status=${status}&amount_local=500&amount_usd=0.50&hash=${hash('md5', `55500012-${key}`)}`,
        );
      expect(await sent('1', 'sEcReT')).toMatchObject({ status: 200, text: '1' });
      expect(await approvedAfter('cpx', 1)).toEqual({ '55500012': '0.5' });
      expect((await sent('2', 'sEcReT')).status).toBe(200);
      expect(await approvedAfter('cpx', 2)).toEqual({ '55500012': '0' });
      expect((await sent('1', 'guess')).status).toBe(403);
    });

    it('Lootably: the preset and the secret are all that it needs', async () => {
      const { network, call, approvedAfter } = given();
      const security = { signature: { secret: 'sEcReT' } };
      const [click] = await network('loot', { preset: 'lootably', security }, 1);
      const query = (revenue: string, signed: string): string =>
        `userID=${click}&ip=203.0.113.9&revenue=${revenue}&currencyReward=1&transactionID=L-1&hash=${hash('sha256', `${click}203.0.113.9${signed}1sEcReT`)}`;
      expect((await call('loot', query('0.01', '0.01'))).status).toBe(200);
      expect(await approvedAfter('loot', 1)).toEqual({ 'L-1': '0.01' });
      expect((await call('loot', query('9.99', '0.01'))).status).toBe(403);
    });

    it('JVZoo: all values in the order of their names, of which eight digits are sent; the amount is in cents', async () => {
      const { network, call, approvedAfter } = given();
      const [click] = await network('jv', { preset: 'jvzoo', security: { signature: { secret: 'sEcReT' } } }, 1);
      const fields = { ctransreceipt: 'RX-1', ctransaction: 'SALE', ctransamount: '2997', caffitid: click as string };
      const values = Object.entries(fields)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, value]) => value);
      const cverify = hash('sha1', [...values, 'sEcReT'].join('|'))
        .slice(0, 8)
        .toUpperCase();
      const body = new URLSearchParams({ ...fields, cverify }).toString();
      expect((await call('jv', { body, contentType: form })).status).toBe(200);
      expect(await approvedAfter('jv', 1)).toEqual({ 'RX-1': '29.97' });
      expect((await call('jv', { body: body.replace('2997', '9997'), contentType: form })).status).toBe(403);
    });

    it('Digistore24: every field with its name and the passphrase behind it', async () => {
      const { network, call, approvedAfter } = given();
      const [click] = await network(
        'ds',
        { preset: 'digistore24-ipn', security: { signature: { secret: 'pAsS' } } },
        1,
      );
      const fields = {
        event: 'on_payment',
        order_id: 'O1',
        transaction_id: '77',
        amount_affiliate: '23.70',
        currency: 'EUR',
        cid: click as string,
        note: '',
      };
      const text = Object.entries(fields)
        .filter(([, value]) => value !== '')
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}pAsS`)
        .join('');
      const body = new URLSearchParams({ ...fields, sha_sign: hash('sha512', text).toUpperCase() }).toString();
      expect(await call('ds', { body, contentType: form })).toMatchObject({ status: 200, text: 'OK' });
      expect(await approvedAfter('ds', 1)).toEqual({ '77': '23.7' });
      expect((await call('ds', { body: body.replace('23.70', '99.70'), contentType: form })).status).toBe(403);
    });

    it('ayeT: the parameters in their order under the API key, in a header; coins are not the payout', async () => {
      const { network, call, approvedAfter } = given();
      const [click] = await network('ayet', { preset: 'ayet-studios', security: { signature: { secret: 'kEy' } } }, 1);
      const query = `click_id=${click}&transaction_id=ay-1&amount=0.36&note=a+b%26c`;
      const sorted = `amount=0.36&click_id=${click}&note=a+b%26c&transaction_id=ay-1`;
      const header = createHmac('sha256', 'kEy').update(sorted).digest('hex');
      const sent = (text: string) => call('ayet', { query: text, headers: { 'x-ayetstudios-security-hash': header } });
      expect((await sent(query)).status).toBe(200);
      expect(await approvedAfter('ayet', 1)).toEqual({ 'ay-1': '0.36' });
      expect((await sent(query.replace('0.36', '9.36'))).status).toBe(403);
    });

    it('ClickBank: the notification is opened, booked and kept without its buyer; another key opens nothing', async () => {
      const { network, call, approvedAfter, system, logged } = given();
      const [click] = await network(
        'cb',
        { preset: 'clickbank-ins', security: { signature: { secret: 'MYKEY123' } } },
        1,
      );
      const sealed = (fields: object, secret: string): string => {
        const iv = randomBytes(16);
        const cipher = createCipheriv('aes-256-cbc', hash('sha1', secret).slice(0, 32), iv);
        const bytes = Buffer.concat([cipher.update(JSON.stringify(fields)), cipher.final()]);
        return JSON.stringify({ notification: bytes.toString('base64'), iv: iv.toString('base64') });
      };
      const sale = {
        transactionTime: '2026-06-13T12:05:00-07:00',
        receipt: 'CWOGBLTN',
        transactionType: 'SALE',
        totalAccountAmount: 31.42,
        currency: 'USD',
        trackingCodes: [click],
        customer: { shipping: { fullName: 'Jané Roe', email: 'jane@example.com', address: { city: 'Boise' } } },
      };
      const sent = (fields: object, secret: string) =>
        call('cb', { body: sealed(fields, secret), contentType: 'application/json' });
      expect((await sent(sale, 'MYKEY123')).status).toBe(200);
      expect(await approvedAfter('cb', 1)).toEqual({ CWOGBLTN: '31.42' });
      const refund = { ...sale, transactionType: 'RFND', totalAccountAmount: -31.42 };
      expect((await sent(refund, 'MYKEY123')).status).toBe(200);
      expect(await approvedAfter('cb', 2)).toEqual({ CWOGBLTN: '0' });
      expect((await sent(sale, 'OTHERKEY')).status).toBe(403);
      expect((await call('cb', { body: JSON.stringify(sale), contentType: 'application/json' })).status).toBe(403);
      const [first] = (await logged('cb')).filter(({ state }) => state === 'applied');
      const { body } = await system.api<{ raw: { body: string; headers: Record<string, string> } }>(
        'GET',
        `/postbacks/${first?.id}`,
      );
      expect(body.raw.body).toContain('CWOGBLTN');
      expect(body.raw.body).not.toMatch(/Roe|jane@|Boise/);
      // What was kept is read again without the key.
      const replayed = await system.api<{ matched: number; changes: object }>('POST', '/postbacks/replay', {
        filter: { networkKey: 'cb', state: 'applied' },
        dryRun: true,
      });
      expect(replayed.body).toMatchObject({ matched: 2, changes: {} });
    });

    it('what is verified are the bytes as they were sent, in whatever charset', async () => {
      const { network, system, approvedAfter, postbackUrl } = given();
      const base = system.ingest.url;
      const signed = (template: string, kind = 'hmac') => ({
        defaultCurrency: 'USD',
        security: { signature: { ...place, kind, template } },
      });
      const mac = (bytes: Buffer | string): string => createHmac('sha256', 'sEcReT').update(bytes).digest('hex');
      const path = async (key: string): Promise<string> => new URL(await postbackUrl(key)).pathname;

      const [a, b] = await network('bytes-body', signed('{body}'), 2);
      const json = (click: string | undefined, id: string): string =>
        JSON.stringify({ click_id: click, transaction_id: id, amount: 5, name: 'Bjørn Åse' });
      for (const bytes of [Buffer.from(json(a, 'N-1'), 'utf8'), Buffer.from(json(b, 'N-2'), 'latin1')])
        expect(await rawCall(base, `${await path('bytes-body')}?sig=${mac(bytes)}`, bytes)).toBe(200);
      expect(await approvedAfter('bytes-body', 2)).toEqual({ 'N-1': '5', 'N-2': '5' });

      const [c, d] = await network('bytes-param', signed('{param:name}{param:transaction_id}'), 2);
      const latin = (id: string): string => mac(Buffer.concat([Buffer.from('Bjørn', 'latin1'), Buffer.from(id)]));
      const query = (click: string | undefined, name: string, id: string): string =>
        `?click_id=${click}&name=${name}&transaction_id=${id}&amount=5&sig=${latin(id)}`;
      expect(await rawCall(base, (await path('bytes-param')) + query(c, 'Bj%F8rn', 'P-1'))).toBe(200);
      expect(await rawCall(base, (await path('bytes-param')) + query(d, 'Bj\u00f8rn', 'P-2'))).toBe(200);

      const [e] = await network('bytes-uri', signed('{uri}'), 1);
      const target = `${await path('bytes-uri')}?click_id=${e}&name=Bj\u00f8rn&transaction_id=U-1&amount=5`;
      const uri = Buffer.from(base + target, 'latin1');
      expect(await rawCall(base, `${target}&sig=${mac(uri)}`)).toBe(200);
      expect(await approvedAfter('bytes-uri', 1)).toEqual({ 'U-1': '5' });
    });

    it('a signed URL counts once however often it comes, and not at all in another order or with more behind it', async () => {
      const { network, call, postbackUrl, approvedAfter, conversions } = given();
      const [click] = await network(
        'replayed',
        { defaultCurrency: 'USD', security: { signature: { ...place, kind: 'hmac', template: '{uri}' } } },
        1,
      );
      const url = await postbackUrl('replayed');
      const query = `click_id=${click}&transaction_id=S-1&amount=5`;
      const sig = createHmac('sha256', 'sEcReT').update(`${url}?${query}`).digest('hex');
      const answers = await Promise.all(Array.from({ length: 50 }, () => call('replayed', `${query}&sig=${sig}`)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await approvedAfter('replayed', 50)).toEqual({ 'S-1': '5' });
      const reordered = `transaction_id=S-1&click_id=${click}&amount=5`;
      expect((await call('replayed', `${reordered}&sig=${sig}`)).status).toBe(403);
      expect((await call('replayed', `${query}&sig=${sig}&amount=9`)).status).toBe(403);
      expect(await conversions('replayed')).toHaveLength(1);
    });

    it('a signature that covers the id alone is warned of, and an amount beside it is marked as not signed', async () => {
      const { network, call, logged, system, decided } = given();
      const security = { signature: { ...place, kind: 'hmac', template: '{param:transaction_id}' } };
      const params = { transactionId: ['transaction_id'], clickId: ['click_id'], amount: ['amount'] };
      const [click] = await network('covers-little', { defaultCurrency: 'USD', params, security }, 1);
      const { body } = await system.api<{ warnings: { code: string }[] }>('GET', '/networks/covers-little');
      expect(body.warnings.map(({ code }) => code)).toEqual(['signature_covers_little']);
      const sig = createHmac('sha256', 'sEcReT').update('H-1').digest('hex');
      await call('covers-little', `click_id=${click}&transaction_id=H-1&amount=500&sig=${sig}`);
      await decided('covers-little', 1);
      const [first] = await logged('covers-little');
      expect(first?.problems).toContainEqual({ code: 'not_signed', param: 'amount' });
    });
  });
};

export const callCases = (given: () => RealInputs): void => {
  describe('calls about what is no money', () => {
    it('a conversion value of SKAdNetwork never becomes money', async () => {
      const { network, call, logged, conversions, decided } = given();
      const [click] = await network('skan', { defaultCurrency: 'USD' }, 1);
      const lost = `click_id=${click}&transaction_id=6aafb7a5-0170-41b5-bbe4-fe71dedf1e28&conversion_value=63&did_win=false`;
      const apple = {
        version: '4.0',
        'ad-network-id': 'example.skadnetwork',
        'transaction-id': '6aafb7a5',
        'did-win': true,
        'conversion-value': 63,
        'postback-sequence-index': 0,
        'attribution-signature': 'MEUC',
      };
      expect((await call('skan', lost)).status).toBe(400);
      for (const index of [0, 1]) {
        const body = JSON.stringify({
          ...apple,
          'postback-sequence-index': index,
          ...(index === 1 && { 'coarse-conversion-value': 'high' }),
        });
        expect((await call('skan', { body, contentType: 'application/json' })).status).toBe(400);
      }
      await decided('skan', 3);
      expect(new Set((await logged('skan')).map(({ refusal }) => refusal))).toEqual(new Set(['skadnetwork_postback']));
      expect(await conversions('skan')).toEqual([]);
    });

    it('a call that only a person can settle is answered so that its sender stops, and kept', async () => {
      const { network, call, logged, decided } = given();
      const [click] = await network('stops', { defaultCurrency: 'USD' }, 1);
      for (let nth = 0; nth < 3; nth += 1)
        expect(await call('stops', `click_id=${click}&transaction_id=W-1&amount=5&status=zzz`)).toMatchObject({
          status: 200,
          text: 'OK',
        });
      await decided('stops', 3);
      expect((await logged('stops')).map(({ refusal }) => refusal)).toEqual([
        'status_unmapped',
        'status_unmapped',
        'status_unmapped',
      ]);
    });

    it('clicks by machines are redirected and not counted, and the id that a prefetch was given still earns', async () => {
      const { network, system, call, approvedAfter } = given();
      await network('machines', { defaultCurrency: 'USD' }, 0);
      type Click = { clickId: string };
      const count = async (): Promise<number> =>
        (await system.api<{ items: Click[] }>('GET', '/clicks?campaignKey=machines-ads&limit=200')).body.items.length;
      // The one that the set-up followed.
      const before = await waitFor(count);
      const link = `${system.ingest.url}/c/machines-ads?click_id=x`;
      const browser = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0' };
      const visit = async (method: string, headers: Record<string, string>): Promise<string> => {
        const answer = await fetch(link, { method, headers, redirect: 'manual' });
        expect(answer.status).toBe(302);
        return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('sub') ?? '';
      };
      for (let nth = 0; nth < 3; nth += 1) await visit('HEAD', browser);
      await visit('GET', { ...browser, 'x-moz': 'prefetch' });
      const prefetched = await visit('GET', { ...browser, 'sec-purpose': 'prefetch;prerender' });
      const real = await visit('GET', browser);
      await call('machines', `click_id=${prefetched}&transaction_id=M-1&amount=5`);
      await call('machines', `click_id=${real}&transaction_id=M-2&amount=6`);
      expect(await approvedAfter('machines', 2)).toEqual({ 'M-1': '5', 'M-2': '6' });
      expect((await count()) - before).toBe(1);
    });

    it('the calls suggest the settings of their network, and one step applies them and replays what they help', async () => {
      const { network, call, system, decided, approvedAfter } = given();
      const ids = await network('suggests', { defaultCurrency: 'USD' }, 4);
      const sale = (nth: number, amount: string): string =>
        `click_id=${ids[nth]}&transaction_id=G-${nth}&amount=${amount}`;
      for (const [nth, amount] of ['12.50', '0.477', '1.071', '1.250'].entries())
        await call('suggests', sale(nth, amount));
      await decided('suggests', 4);
      type Items = { items: { code: string; message: string; change: object | null; affected: number }[] };
      const { body } = await system.api<Items>('GET', '/networks/suggests/suggestions');
      expect(body.items).toMatchObject([
        {
          code: 'amount_format',
          message: '2 calls of this network write the decimal point: set amountFormat to dot and replay 2.',
          change: { amountFormat: 'dot' },
        },
      ]);
      const path = '/networks/suggests/suggestions';
      const tried = await system.api('POST', `${path}?dryRun=true`, { code: 'amount_format' });
      expect(tried.body).toMatchObject({ replay: { dryRun: true, replayed: 2 } });
      const applied = await system.api('POST', path, { code: 'amount_format' });
      expect([applied.status, applied.body]).toMatchObject([200, { replay: { matched: 2, replayed: 2 } }]);
      await waitFor(async () => (await approvedAfter('suggests', 4))['G-3'] === '1.25');
      expect(await approvedAfter('suggests', 4)).toEqual({
        'G-0': '12.5',
        'G-1': '0.477',
        'G-2': '1.071',
        'G-3': '1.25',
      });
      expect((await system.api<Items>('GET', '/networks/suggests/suggestions')).body.items).toEqual([]);
      const again = await system.api('POST', '/networks/suggests/suggestions', { code: 'amount_format' });
      expect([again.status, again.body['code']]).toEqual([409, 'suggestion_gone']);
    });
  });
};
