import { describe, expect, it } from '@jest/globals';
import { mintClickId, readClickId } from '../click-id/click-id.js';
import { commonDialect } from './dialect.js';
import { findOwnClicks } from './own-clicks.js';
import { readParameters } from './call/parameters.js';
import { readFields, readPostback } from './postback.js';
import { redactText } from './redaction.js';
import { signedOnly, type SignatureRule } from './signature.js';

/** Calls that are made to be expensive. Each is one case of a kind: recursion, a problem per
 *  element, quadratic search. */

const secrets = ['a secret for the tests, long enough'];
const post = (body: string, contentType = 'application/x-www-form-urlencoded') => ({
  method: 'POST',
  query: '',
  body: Buffer.from(body),
  contentType,
});
const repeated = (unit: string, bytes = 64_000): string => unit.repeat(bytes / unit.length);
const look = (call: ReturnType<typeof post>) => readPostback(call, commonDialect, (text) => readClickId(text, secrets));

/** CPU time and not time of day: other processes of the machine do not make a call expensive. */
const cpuClock = (): (() => number) => {
  const from = process.cpuUsage();
  return () => process.cpuUsage(from).user / 1_000;
};

const cases: [string, ReturnType<typeof post>][] = [
  ['queries hung on queries', post(`x=${repeated('?a=')}`)],
  ['a wide JSON list', post(`{"transaction_id":"T","a":[${repeated('0,')}0]}`, 'application/json')],
  ['a deep JSON list', post(`${repeated('[')}${repeated(']')}`, 'application/json')],
  ['JSON objects of empty objects', post(`[${repeated('{},')}{}]`, 'application/json')],
  [
    'multipart headers without a line end',
    post(`--x${repeated('content-disposition:')}`, 'multipart/form-data; boundary=x'),
  ],
  [
    'many names in one multipart header',
    post(`--x\r\ncontent-disposition:${repeated(' name="')}\r\n\r\n`, 'multipart/form-data; boundary=x'),
  ],
  ['words in the form of click ids', post(`x=${repeated(`k${'0'.repeat(31)},`)}`)],
  ['click ids in every parameter', post(repeated(`a=k${'0'.repeat(31)}&`))],
  ['the same macro in every parameter', post(repeated('click_id={x}&'))],
  ['entities in every parameter', post(repeated('amp;x=1&'))],
  ['a word of spaces', post(`status=${repeated(' ')}x`)],
  ['an amount of digits', post(`amount=${repeated('9')}`)],
];

describe('a call that is made to be expensive', () => {
  it.each(cases)('%s: is read in a time like its length', (_what, call) => {
    look(call);
    const usedMs = cpuClock();
    const result = look(call);
    expect(usedMs()).toBeLessThan(100);
    expect(result.problems.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(result).length).toBeLessThan(40_000);
  });

  it('keeps the values that come before the limit, in their order, and says once that there are more', () => {
    const { list, problems } = readParameters(post(`x=1${repeated('?a=2')}`));
    expect(list.slice(0, 3).map(({ name, value }) => `${name}=${value}`)).toEqual(['x=1', 'a=2', 'a=2']);
    expect(list.length).toBeLessThanOrEqual(502);
    expect(problems.map(({ code }) => code).filter((code) => code === 'too_many_parameters')).toHaveLength(1);
  });

  it('does not hide a transaction id in front of a wide list', () => {
    const { read, problems } = look(post(`{"transaction_id":"T","a":[${repeated('0,')}0]}`, 'application/json'));
    expect(read.transactionId?.value).toBe('T');
    expect(problems).toEqual([{ code: 'too_many_parameters', param: null }]);
  });

  it('loses no secret in a body of unfinished texts', () => {
    const places = { params: ['key'], values: [] };
    expect(redactText('{"a":1,"key" : "x\\"y","b":2}', places)).toBe('{"a":1,"key" : "[redacted]","b":2}');
    expect(redactText('{"key":12,"KEY": "z', places)).toBe('{"key":"[redacted]","KEY": "[redacted]"');
    const usedMs = cpuClock();
    redactText(repeated('"key":"\\', 500_000), places);
    redactText(repeated('"key"      ', 500_000), places);
    expect(usedMs()).toBeLessThan(500);
  });
});

describe('a call whose network signs named parameters', () => {
  const rule: SignatureRule & { template: string } = {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    param: 'sig',
    template: '{param:txid}|{param:payout}',
    secret: 'key',
    toleranceSeconds: 300,
  };
  const click = mintClickId(
    { atMs: 1_790_000_000_000, campaignNumber: 1, offerNumber: 1, random: new Uint8Array(5) },
    secrets[0]!,
  );
  const readSigned = (query: string, template = rule.template, body: string | null = null) => {
    const call = { method: 'GET', query, body: body === null ? null : Buffer.from(body), contentType: null };
    const parameters = signedOnly(readParameters(call), { ...rule, template }, { isRead: (name) => name !== 'zone' });
    const own = findOwnClicks(parameters.list, (text) => readClickId(text, secrets));
    const { read, problems, suppressDelivery } = readFields(parameters, commonDialect, own);
    return [
      read.transactionId?.value,
      read.amount?.value,
      read.status?.value,
      read.clickId?.value,
      suppressDelivery,
      problems.map(({ param }) => param),
    ];
  };

  it('is read from the signed parameters only, and says which others it had', () => {
    const appended = `txid=T&payout=5&sig=s&amount=9999&status=rejected&click_id=${click}&disable_postback=1&zone=3`;
    expect(readSigned(appended)).toEqual([
      'T',
      '5',
      undefined,
      undefined,
      false,
      ['sig', 'amount', 'status', 'click_id', 'disable_postback'],
    ]);
  });

  it('takes only the first of a repeated name, because only that is signed', () => {
    expect(readSigned('txid=T&payout=&payout=9999')).toEqual(['T', undefined, undefined, undefined, false, ['payout']]);
  });

  it('is read whole where the whole query is signed, but not the body beside it', () => {
    expect(readSigned('txid=T&amount=5', '{query}', 'status=rejected')).toEqual([
      'T',
      '5',
      undefined,
      undefined,
      false,
      ['status'],
    ]);
    expect(readSigned('amount=9', '{body}', 'txid=T')).toEqual([
      'T',
      undefined,
      undefined,
      undefined,
      false,
      ['amount'],
    ]);
  });
});
