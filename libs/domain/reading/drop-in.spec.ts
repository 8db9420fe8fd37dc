import { describe, expect, it } from '@jest/globals';
import { commonDialect } from './dialect.js';
import { dialectAt, dropInOfTarget, readKeptCall, type DialectWithDropIns } from './drop-in.js';
import { redactHeaders, redactText } from './redaction.js';

const network = (more: Partial<DialectWithDropIns>): DialectWithDropIns => ({ ...commonDialect, dropIns: [], ...more });
const read = (target: string, more: Partial<DialectWithDropIns>) => {
  const result = readKeptCall(
    { method: 'GET', target, headers: {}, body: null, bodyEncoding: 'utf8', remoteAddress: null },
    network(more),
    () => null,
  );
  return Object.fromEntries(
    Object.entries(result.read).flatMap(([field, found]) => (found ? [[field, found.value]] : [])),
  );
};

describe('a template made for another tracker', () => {
  it.each([
    [
      'voluum',
      '/postback?cid=c1&payout=2&txid=t1&et=lead&currency=EUR',
      { clickId: 'c1', amount: '2', transactionId: 't1', event: 'lead', currency: 'EUR' },
    ],
    [
      'binom',
      '/click.php?cnv_id=c1&payout=2&cnv_status=approved&cnv_currency=USD',
      { clickId: 'c1', amount: '2', status: 'approved', currency: 'USD' },
    ],
    [
      'keitaro',
      '/abc/postback?subid=c1&tid=t1&revenue=2&status=lead',
      { clickId: 'c1', transactionId: 't1', amount: '2', status: 'pending' },
    ],
    [
      'redtrack',
      '/postback?clickid=c1&sum=2&type=Purchase&rdtk_event_id=e1',
      { clickId: 'c1', amount: '2', event: 'purchase', transactionId: 'e1' },
    ],
    [
      'bemob',
      '/postback?cid=c1&payout=2&txid=t1&status=declined',
      { clickId: 'c1', amount: '2', transactionId: 't1', status: 'rejected' },
    ],
    [
      'tune',
      '/aff_lsr?transaction_id=c1&amount=2&adv_sub=t1&goal_id=7',
      { clickId: 'c1', amount: '2', transactionId: 't1', event: '7' },
    ],
  ] as const)('of %s is read as it is', (dropIn, target, expected) => {
    expect(read(target, { dropIns: [dropIn] })).toEqual(expected);
  });

  it('reads the meaning of words out of a Keitaro URL, below the network’s own map', () => {
    const target = '/abc/postback?subid=c1&status=hold2&lead_status=hold2,wait2&sale_status=ok2';
    expect(read(target, { dropIns: ['keitaro'] })).toMatchObject({ status: 'pending' });
    expect(read(target, { dropIns: ['keitaro'], statusMap: { hold2: 'approved' } })).toMatchObject({
      status: 'approved',
    });
  });

  it('lets the network’s own names come first', () => {
    expect(read('/click.php?cnv_id=c1&own=c2', { dropIns: ['binom'], params: { clickId: ['own'] } })).toEqual({
      clickId: 'c2',
    });
  });

  it('changes nothing for a network that has not switched it on', () => {
    const plain = network({});
    expect(dialectAt(plain, '/click.php?cnv_id=1', [])).toBe(plain);
    const other = network({ dropIns: ['tune'] });
    expect(dialectAt(other, '/postback?x=1', [])).toBe(other);
  });

  it('is known by its path', () => {
    const targets = [
      '/click.php?cnv_id=1',
      '/aff_lsr',
      '/k/postback?subid=1',
      '/postback?cid=1',
      '/postback/token?x=1',
      '/c/x',
      '//Click.php?cnv_id=1',
      '/k/postback/?subid=1',
    ];
    expect(targets.map(dropInOfTarget)).toEqual(['binom', 'tune', 'keitaro', null, null, null, 'binom', 'keitaro']);
  });
});

describe('a secret', () => {
  const secrets = { params: ['key'], values: ['s3cr3t/x'] };
  it.each([
    ['/postback?a=1&KEY=anything&b=2', '/postback?a=1&KEY=[redacted]&b=2'],
    ['/postback?a=s3cr3t/x&b=s3cr3t%2Fx', '/postback?a=[redacted]&b=[redacted]'],
    ['{"key": "a\\"b", "n": 1}', '{"key": "[redacted]", "n": 1}'],
    ['{"key":12,"n":1}', '{"key":"[redacted]","n":1}'],
    ['/postback?monkey=1', '/postback?monkey=1'],
  ])('is taken out of %s', (text, expected) => {
    expect(redactText(text, secrets)).toBe(expected);
  });

  it('is taken out of the headers', () => {
    expect(redactHeaders({ cookie: 'a=b', accept: ['x', 'y'] }, secrets)).toEqual({
      cookie: '[redacted]',
      accept: 'x, y',
    });
    const headers = {
      'x-original-uri': '/postback?key=a-slip&a=1',
      referer: 'https://track.example/s3cr3t/x/postback',
      'x-forwarded-uri': '/postback?a=s3cr3t%2Fx',
      'user-agent': 'Curl/8 (monkey=1; 100%)',
    };
    expect(redactHeaders(headers, secrets)).toEqual({
      'x-original-uri': '/postback?key=[redacted]&a=1',
      referer: 'https://track.example/[redacted]/postback',
      'x-forwarded-uri': '/postback?a=[redacted]',
      'user-agent': 'Curl/8 (monkey=1; 100%)',
    });
  });
});

describe('a row of a report file that was kept', () => {
  const target = '/postback?carom.amount=5&carom.transactionId=T-1&amount=7';
  const network = { ...commonDialect, dropIns: [] };
  const row = {
    method: 'GET',
    target,
    body: null,
    bodyEncoding: 'utf8' as const,
    headers: { 'carom-report-row': '1' },
  };

  it('is read by our own names', () => {
    const { read } = readKeptCall({ ...row, remoteAddress: null }, network, () => null);
    expect(read.amount?.value).toBe('5');
    expect(read.transactionId?.value).toBe('T-1');
  });

  it('is not imitated by a caller who sends the header', () => {
    const { read } = readKeptCall({ ...row, remoteAddress: '203.0.113.9' }, network, () => null);
    expect(read.amount?.value).toBe('7');
  });
});
