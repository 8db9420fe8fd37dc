import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { callerAddress, isAddressIn, judgeCaller, parseRange, wantsProof, type CallerSecurity } from './caller.js';
import { readParameters } from './call/parameters.js';
import { sameText, type HmacRule, type JudgedCall } from './signature.js';
import { queryOf } from './call/target.js';

const open: CallerSecurity = { requireToken: false, cidrs: [], secret: null, hmac: null };
const nowMs = 1_790_000_000_000;

const call = (target: string, more: Partial<JudgedCall> = {}): JudgedCall => ({
  uri: `https://track.example.com${target}`,
  target,
  headers: {},
  body: null,
  parameters: readParameters({ method: 'GET', query: queryOf(target), body: more.body ?? null, contentType: null })
    .list,
  address: '203.0.113.9',
  ...more,
});
const signature = (rule: Partial<HmacRule>, text: string) =>
  createHmac(rule.algorithm ?? 'sha256', 'key')
    .update(text)
    .digest(rule.encoding ?? 'hex');
const rule = (more: Partial<HmacRule>): HmacRule => ({
  algorithm: 'sha256',
  encoding: 'hex',
  param: 'sig',
  template: '{param:txid}',
  secret: 'key',
  toleranceSeconds: 300,
  ...more,
});
const judge = (judged: JudgedCall, security: Partial<CallerSecurity>, byToken = false) =>
  judgeCaller(judged, { ...open, ...security }, byToken, nowMs);

describe('a shared secret', () => {
  it('is refused in the same time, wherever a guess differs from it', () => {
    // Long, so that a comparison that stops at the first difference shows.
    const value = 'k'.repeat(200_000);
    const guesses = { first: `x${value.slice(1)}`, last: `${value.slice(0, -1)}x` };
    const ms: Record<keyof typeof guesses, number[]> = { first: [], last: [] };
    for (let round = 0; round < 60; round += 1)
      for (const place of ['first', 'last'] as const) {
        const startedAt = performance.now();
        const isSame = sameText(guesses[place], value);
        ms[place].push(performance.now() - startedAt);
        expect(isSame).toBe(false);
      }
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length / 2] ?? 0;
    expect(median(ms.last) / median(ms.first)).toBeLessThan(3);
    expect(sameText(value, value)).toBe(true);
  });
});

describe('an allow list of addresses', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24', true],
    ['203.0.114.9', '203.0.113.0/24', false],
    ['203.0.113.9', '203.0.113.9', true],
    ['::ffff:203.0.113.9', '203.0.113.0/24', true],
    ['2001:db8::5', '2001:db8::/32', true],
    ['2001:db9::5', '2001:db8::/32', false],
    ['203.0.113.9', '2001:db8::/32', false],
    ['203.0.113.9', '0.0.0.0/0', true],
  ])('%s in %s: %p', (address, range, expected) => {
    expect(isAddressIn(address, [range])).toBe(expected);
  });

  it('refuses a caller whose address is unknown', () => {
    expect(isAddressIn(null, ['0.0.0.0/0'])).toBe(false);
    expect(isAddressIn('nonsense', ['0.0.0.0/0'])).toBe(false);
    expect(judge(call('/postback', { address: null }), { cidrs: ['0.0.0.0/0'] })).toBe('address_not_allowed');
  });

  it('knows what is no range', () => {
    expect(parseRange('10.0.0.0/33')).toBeNull();
    expect(parseRange('localhost')).toBeNull();
  });
});

describe('the address of a caller', () => {
  const proxies = ['10.0.0.0/8', '127.0.0.1'];
  it.each([
    ['10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.7, 10.2.3.4', '198.51.100.7'],
    ['10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
    ['10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '10.9.9.9', '10.0.0.1'],
    ['198.51.100.99', '203.0.113.1', '198.51.100.99'],
  ])('a socket from %s that says %s is %s', (socket, forwarded, expected) => {
    expect(callerAddress(socket, forwarded, proxies)).toBe(expected);
  });
  it('is the socket’s where no proxy is trusted', () => {
    expect(callerAddress('10.0.0.1', '203.0.113.1', [])).toBe('10.0.0.1');
  });
});

describe('a signature', () => {
  it.each([
    [{}, '/postback?txid=7&sig=', '7'],
    [{ algorithm: 'sha1', encoding: 'base64' }, '/postback?txid=7&sig=', '7'],
    [{ algorithm: 'md5', encoding: 'base64url' }, '/postback?txid=7&sig=', '7'],
    [{ template: '{uri}' }, '/postback?txid=7&sig=', 'https://track.example.com/postback?txid=7'],
    [{ template: '{path}|{query}|{secret}' }, '/postback?txid=7&sig=', '/postback|txid=7|key'],
  ] as [Partial<HmacRule>, string, string][])('%j over the call holds', (more, target, text) => {
    const signed = target + encodeURIComponent(signature(more, text));
    expect(judge(call(signed), { hmac: rule(more) })).toBeNull();
    expect(judge(call(signed.replace('txid=7', 'txid=8')), { hmac: rule(more) })).toBe('signature_wrong');
  });

  it('may be in a header, after its algorithm, over the body and a time', () => {
    const hmac = rule({
      param: undefined,
      header: 'X-Signature',
      timestampHeader: 'X-Time',
      template: '{timestamp}.{body}',
    });
    const body = Buffer.from('{"txid":7}');
    const at = (stamp: string) => ({
      body,
      headers: { 'x-time': stamp, 'x-signature': `sha256=${signature({}, `${stamp}.${body.toString()}`)}` },
    });
    expect(judge(call('/postback', at('1790000000')), { hmac })).toBeNull();
    expect(judge(call('/postback', at('1790000299123')), { hmac })).toBeNull();
    expect(judge(call('/postback', at('1789999000')), { hmac })).toBe('signature_expired');
    expect(judge(call('/postback', at('soon')), { hmac })).toBe('signature_expired');
    expect(judge(call('/postback', { body }), { hmac })).toBe('signature_missing');
  });
});

describe('all that is switched on', () => {
  it('must hold, and the first that fails is named', () => {
    const security = { cidrs: ['203.0.113.0/24'], secret: { param: 'key', value: 'sesame' }, requireToken: true };
    expect(judge(call('/postback?key=sesame', { address: '1.2.3.4' }), security, true)).toBe('address_not_allowed');
    expect(judge(call('/postback?key=Sesame'), security, true)).toBe('secret_wrong');
    expect(judge(call('/postback'), security, true)).toBe('secret_wrong');
    expect(judge(call('/postback?KEY=sesame'), security, false)).toBe('token_required');
    expect(judge(call('/postback?key=sesame'), security, true)).toBeNull();
  });

  it('is asked of a call whose network is found later', () => {
    expect(wantsProof(open)).toBe(false);
    expect(wantsProof({ ...open, cidrs: ['10.0.0.0/8'] })).toBe(true);
  });
});
