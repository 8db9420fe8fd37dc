import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mintClickId, readClickId } from '../click-id/click-id.js';
import { commonDialect, type Dialect } from './dialect.js';
import { callOfRaw, partitionKeyOf, readPostback, type PostbackReading } from './postback.js';

const secret = 'a secret for the tests, long enough';
const recognise = (text: string) => readClickId(text, [secret]);
const ours = mintClickId(
  { atMs: 1_790_000_000_123, campaignNumber: 7, offerNumber: 9, random: Uint8Array.of(1, 2, 3, 4, 5) },
  secret,
);
const get = (query: string, dialect: Partial<Dialect> = {}) =>
  readPostback({ method: 'GET', query, body: null, contentType: null }, { ...commonDialect, ...dialect }, recognise);
const post = (body: string | Uint8Array, contentType: string | null = null, dialect: Partial<Dialect> = {}) =>
  readPostback(
    { method: 'POST', query: '', body: Buffer.from(body), contentType },
    { ...commonDialect, ...dialect },
    recognise,
  );
const values = (read: PostbackReading) =>
  Object.fromEntries(Object.entries(read).flatMap(([field, found]) => (found ? [[field, found.value]] : [])));
const codes = (result: { problems: { code: string; param: string | null }[] }) =>
  result.problems.map(({ code, param }) => `${code}(${param ?? ''})`);

describe("the seed's own form", () => {
  it('is read with no configuration at all', () => {
    const result = get(`transaction_id=T-001&amount=12.50&status=approved&click_id=${ours}&currency=usd`);
    expect(values(result.read)).toEqual({
      clickId: ours,
      transactionId: 'T-001',
      amount: '12.5',
      status: 'approved',
      currency: 'USD',
    });
    expect(result).toMatchObject({ refusal: null, problems: [], ownClick: { campaignNumber: 7, offerNumber: 9 } });
  });

  it('takes our click id for the click id when the network echoes it as the transaction id', () => {
    const { read, refusal } = get(`transaction_id=${ours.toUpperCase()}&amount=1`);
    expect(values(read)).toEqual({ clickId: ours, amount: '1' });
    expect(read.clickId).toMatchObject({ param: 'transaction_id', raw: ours.toUpperCase() });
    expect(refusal).toBeNull();
  });

  it('keeps a transaction id that comes beside an echo', () => {
    expect(values(get(`transaction_id=${ours}&order_id=77`).read)).toEqual({ clickId: ours, transactionId: '77' });
  });

  it('prefers our click id under any name to a foreign id under a known name', () => {
    expect(values(get(`cid=555&p9=${ours}&txid=1x`).read)).toEqual({ clickId: ours, transactionId: '1x' });
  });

  it('says nothing of money that the call does not mention', () => {
    expect(get('txid=77').read).toMatchObject({ amount: null, currency: null, status: null });
  });
});

describe('the parameters of a call', () => {
  it('are found in any case, and the first real value of repeated ones wins', () => {
    expect(values(get('ClickID=%7Bsub1%7D&CLICKID=abc&clickid=def&TxId=9').read)).toEqual({
      clickId: 'abc',
      transactionId: '9',
    });
  });

  it('come as a form, as JSON, under a wrong content type or none', () => {
    const expected = { clickId: 'abc', transactionId: '9', amount: '1.5' };
    expect(values(post('click_id=abc&txid=9&amount=1.5', 'application/x-www-form-urlencoded').read)).toEqual(expected);
    expect(values(post('click_id=abc&txid=9&amount=1.5', 'application/json').read)).toEqual(expected);
    expect(values(post('{"click_id":"abc","txid":9,"amount":1.5}', 'application/json').read)).toEqual(expected);
    expect(values(post('[{"click_id":"abc","txid":9,"amount":1.5}]').read)).toEqual(expected);
    expect(
      values(post('{"click_id":"abc","txid":"9","amount":"1.5"}', 'application/x-www-form-urlencoded').read),
    ).toEqual(expected);
    const multipart = ['click_id', 'abc', 'txid', '9', 'amount', '1.5'].map((text) => text);
    const parts = [0, 2, 4].map(
      (at) => `--B\r\nContent-Disposition: form-data; name="${multipart[at]}"\r\n\r\n${multipart[at + 1]}\r\n`,
    );
    expect(values(post(`${parts.join('')}--B--\r\n`, 'multipart/form-data; boundary=B').read)).toEqual(expected);
  });

  it('keep JSON numbers by their literal text', () => {
    const { read } = post('{"transaction_id":12345678901234567890,"amount":0.0000001,"click_id":"c"}');
    expect(values(read)).toEqual({ clickId: 'c', transactionId: '12345678901234567890', amount: '0.0000001' });
  });

  it('read a JSON number with a point whatever the network writes elsewhere', () => {
    expect(post('{"txid":1,"amount":1.234}').read.amount?.value).toBe('1.234');
    expect(post('{"txid":1,"amount":"1.234"}').read.amount?.value).toBeNull();
  });

  it('are found by a path, also into JSON inside a form field', () => {
    const params = { transactionId: ['data.order.id'], clickId: ['payload>Click.sub'], amount: ['items.0.sum'] };
    expect(values(post('{"data":{"order":{"id":77}},"items":[{"sum":3}]}', null, { params }).read)).toEqual({
      transactionId: '77',
      amount: '3',
    });
    const payload = encodeURIComponent('{"click":{"sub":"abc"}}');
    expect(values(post(`payload=${payload}`, null, { params }).read)).toEqual({ clickId: 'abc' });
  });

  it('are taken from the names a network has set, which then mean nothing else', () => {
    const params = { clickId: ['transaction_id'] };
    expect(values(get('transaction_id=abc&txid=9', { params }).read)).toEqual({ clickId: 'abc', transactionId: '9' });
  });
});

describe('the damage of the real world', () => {
  it('is repaired where HTML entities swallowed an ampersand', () => {
    const result = get('click_id=a&amp;payout=5&amp;amp;txid=7');
    expect(values(result.read)).toEqual({ clickId: 'a', amount: '5', transactionId: '7' });
    expect(codes(result)).toEqual(['html_entity_mended(payout)', 'html_entity_mended(txid)']);
    expect(
      values(get('txid=7&payout=5%C2%A4cy=EUR', { params: { currency: ['currency', 'currency'] } }).read),
    ).toMatchObject({ amount: '5' });
    expect(values(get('txid=7&payout=5&curren;cy=EUR').read)).toEqual({
      transactionId: '7',
      amount: '5',
      currency: 'EUR',
    });
    expect(values(get('txid=7&payout=5¤cy=EUR').read)).toEqual({ transactionId: '7', amount: '5', currency: 'EUR' });
  });

  it('keeps what follows a # or a bare %', () => {
    expect(values(get('click_id=#s2#&txid=a%zz&amount=100%').read)).toEqual({ transactionId: 'a%zz', amount: null });
  });

  it('is read byte by byte where it is no UTF-8', () => {
    expect(values(get('txid=caf%E9&click_id=caf%C3%A9').read)).toEqual({ transactionId: 'café', clickId: 'café' });
    expect(codes(post(Buffer.from([0x7b, 0xff])))).toEqual(['text_not_utf8()', 'body_unreadable()']);
  });

  it('leaves nothing that a database cannot hold', () => {
    const { read } = post('{"txid":"a\\u0000b\\ud800"}');
    expect(read.transactionId).toMatchObject({ value: 'ab\ufffd', raw: 'ab\ufffd' });
  });
});

describe('our click id inside something else', () => {
  it.each([
    ['in the braces of a template', `click_id={${ours}}&txid=7`, '7'],
    ['in quotes', `click_id=%22${ours}%22&txid=7`, '7'],
    ['with a suffix', `click_id=${ours}_2&txid=7`, '7'],
    ['twice', `click_id=${ours},${ours}&txid=7`, '7'],
    ['before a second question mark', `click_id=${ours}?txid=7&payout=1`, '7'],
    ['in upper case between semicolons', `click_id=${ours.toUpperCase()};txid=7;payout=1`, '7'],
    ['as a transaction id with a number of its own', `transaction_id=${ours}-2`, `${ours}-2`],
    ['as a quoted echo', `transaction_id=%22${ours}%22`, undefined],
  ])('is found %s', (_where, query, transactionId) => {
    const result = get(query);
    expect([result.refusal, values(result.read)['clickId'], values(result.read)['transactionId']]).toEqual([
      null,
      ours,
      transactionId,
    ]);
    expect(result.problems).not.toEqual([]);
    expect(result.problems.map(({ code }) => code)).not.toContain('macro_unreplaced');
  });

  it('gives way to one that is a value alone', () => {
    const other = mintClickId({ atMs: 1, campaignNumber: 1, offerNumber: 1, random: new Uint8Array(5) }, secret);
    expect(values(get(`page=https://shop.example/?c=${other}&x9=${ours}&txid=7`).read)['clickId']).toBe(ours);
  });

  it('leaves an address alone that has a query of its own', () => {
    expect(values(get(`click_id=abc&txid=7&page=https://shop.example/?amount=5`).read)).toEqual({
      clickId: 'abc',
      transactionId: '7',
    });
  });
});

describe('a body with several reports', () => {
  const two = '[{"click_id":"a","txid":1,"amount":2},{"click_id":"b","txid":2,"amount":3}]';
  it('is refused, because one call is about one conversion', () => {
    expect(post(two)).toMatchObject({ refusal: 'several_reports', problems: [{ code: 'several_reports' }] });
  });
  it('is read where the settings name the one that is meant', () => {
    const result = post(two, null, { params: { transactionId: ['1.txid'], clickId: ['1.click_id'] } });
    expect([result.refusal, values(result.read)]).toEqual([null, { clickId: 'b', transactionId: '2' }]);
  });
});

describe('what is missing', () => {
  it('is named when a macro was not replaced', () => {
    const result = get('click_id={sub1}&txid=%23tid%23&payout=payout&amount=3');
    expect(result.refusal).toBe('macro_unreplaced');
    expect(codes(result)).toEqual(['macro_unreplaced(click_id)', 'macro_unreplaced(txid)', 'macro_unreplaced(payout)']);
    expect(values(result.read)).toEqual({ amount: '3' });
  });

  it('leaves an amount beside an empty neighbour', () => {
    const result = get('txid=1&payout=12.5,##RS_AMOUNT##');
    expect(result.read.amount?.value).toBe('12.5');
    expect(codes(result)).toEqual(['macro_unreplaced(payout)']);
  });

  it.each(['', '0', 'null', 'undefined'])('is a transaction id of %p', (text) => {
    expect(values(get(`click_id=c&txid=${text}`).read)).toEqual({ clickId: 'c' });
  });

  it('leaves nothing to identify', () => {
    expect(get('amount=5').refusal).toBe('nothing_to_identify');
    expect(get('').refusal).toBe('nothing_to_identify');
  });
});

describe('a click id that looks like ours', () => {
  const forged = `${ours.slice(0, 31)}${ours.endsWith('0') ? '1' : '0'}`;
  it('is refused when it was made up', () => {
    const result = get(`click_id=${forged}&amount=1`);
    expect(result).toMatchObject({ refusal: 'click_id_invalid', read: { clickId: { value: null, raw: forged } } });
  });
  it('does not hide a transaction id', () => {
    expect(get(`click_id=${forged}&txid=5`)).toMatchObject({ refusal: null, read: { transactionId: { value: '5' } } });
  });
});

describe('words and money under a network’s own dialect', () => {
  it('are read by its map first, and by words that mean the same everywhere', () => {
    const statusMap = { '2': 'approved', P: 'pending', lead: 'approved', sale: 'pending' } as const;
    const status = (word: string) => get(`txid=1&status=${word}`, { statusMap }).read.status?.value;
    expect(['2', 'P', 'Lead', 'sale', 'DECLINED', 'on_refund'].map(status)).toEqual([
      'approved',
      'pending',
      'approved',
      'pending',
      'rejected',
      'reversed',
    ]);
  });

  it.each(['lead', '1', 'accepted', 'fnord'])('leave the status word %s unmapped without a map', (word) => {
    expect(get(`txid=1&status=${word}`)).toMatchObject({
      refusal: 'status_unmapped',
      read: { status: { value: null, raw: word } },
    });
  });

  it('name events by its map, else in lower case', () => {
    expect(get('txid=1&goal=3', { eventMap: { '3': 'deposit' } }).read.event?.value).toBe('deposit');
    expect(get('txid=1&goal=FTD').read.event?.value).toBe('ftd');
    expect(get('txid=1&goal_id=0').read.event).toBeNull();
  });

  it('take the currency beside the amount, and none when the two differ', () => {
    expect(values(get('txid=1&payout=12.5+USD').read)).toMatchObject({ amount: '12.5', currency: 'USD' });
    const conflict = get('txid=1&payout=12.5+USD&currency=EUR');
    expect(conflict.read.currency?.value).toBeNull();
    expect(codes(conflict)).toEqual(['currency_conflict(currency)']);
  });

  it.each([
    ['payout=$12', 'USD', 'USD', null],
    ['payout=$12', 'CAD', 'CAD', null],
    ['payout=$12', 'EUR', null, 'currency_conflict(payout)'],
    ['payout=$12', null, null, 'currency_ambiguous(payout)'],
    ['payout=$12&currency=CAD', 'EUR', 'CAD', null],
    ['payout=$12&currency=EUR', 'USD', null, 'currency_conflict(currency)'],
    ['payout=12&currency=$', 'USD', 'USD', null],
    ['payout=12&currency=$', 'EUR', null, 'currency_conflict(currency)'],
    ['payout=12&currency=¥', null, null, 'currency_ambiguous(currency)'],
    ['payout=kr+12&currency=kr', 'SEK', 'SEK', null],
    ['payout=12&currency=euro', 'USD', 'EUR', null],
    ['payout=12+USD&currency=dollars', 'USD', null, 'currency_unreadable(currency)'],
  ])('%s of a network that counts in %s is money in %s', (query, defaultCurrency, code, problem) => {
    const result = get(`txid=1&${query}`, { defaultCurrency });
    expect([result.read.amount?.value, result.read.currency?.value, codes(result)]).toEqual([
      '12',
      code,
      problem === null ? [] : [problem],
    ]);
  });

  it('read a time in its zone', () => {
    const at = (text: string, timeZone = 'UTC') =>
      get(`txid=1&conversion_time=${text}`, { timeZone }).read.occurredAt?.value;
    expect(at('2026-07-01+12:00:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z');
    expect(at('2026-07-01%2012:00:00', '+08:00')).toBe('2026-07-01T04:00:00.000Z');
    expect(at('1790000000')).toBe('2026-09-21T14:13:20.000Z');
    expect(at('1790000000123')).toBe('2026-09-21T14:13:20.123Z');
    expect(at('2026-07-01T12:00:00.5-0300')).toBe('2026-07-01T15:00:00.500Z');
    expect(at('03/04/2026')).toBeNull();
  });

  it('know the original of a reversal by its prefix', () => {
    const result = get('txid=R-55', { reversalPrefix: 'R-' });
    expect(values(result.read)).toEqual({ transactionId: 'R-55', reversalOf: '55' });
    expect(partitionKeyOf(result.read, 'id')).toBe('55');
  });

  it('read a test call and the wish to suppress deliveries', () => {
    expect(get('txid=1&status=test')).toMatchObject({ test: true });
    expect(get('txid=1&disable_postback=1')).toMatchObject({ test: false, suppressDelivery: true });
  });
});

describe('any bytes at all', () => {
  const bytes = fc.uint8Array({ maxLength: 120 });
  const seasoned = fc.array(
    fc.oneof(
      fc.constantFrom(
        'click_id',
        'txid',
        'amount',
        '&',
        '=',
        '%',
        '%00',
        '{',
        '}',
        '[',
        '"',
        '#',
        ';',
        '\0',
        'amp;',
        '>',
        '1e999',
        ours,
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  );

  it('give a reading that says the same when the kept call is read again', () => {
    fc.assert(
      fc.property(seasoned, bytes, fc.constantFrom('POST', 'GET'), (parts, body, method) => {
        const query = parts.join('');
        const call = { method, query, body, contentType: 'application/json' };
        const first = readPostback(call, commonDialect, recognise);
        const kept = { method, target: `/postback?${query}`, headers: { 'content-type': 'application/json' } };
        const again = callOfRaw({
          ...kept,
          body: Buffer.from(body).toString('base64'),
          bodyEncoding: 'base64',
          remoteAddress: null,
        });
        expect(readPostback(again, commonDialect, recognise)).toEqual(first);
        expect(JSON.stringify(first.read).includes('\\u0000')).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
