import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repairUnencoded } from './unencoded-url.js';

const packet = (target: string, rest = '\r\n') => Buffer.from(`GET ${target} HTTP/1.1\r\nhost: x\r\n${rest}`, 'latin1');

describe('a call with bytes above ASCII in its URL', () => {
  it('is the same call with these bytes percent-encoded', () => {
    const utf8 = Buffer.from('/postback?txid=1&name=Größe').toString('latin1');
    expect(repairUnencoded(packet(utf8))).toEqual({
      method: 'GET',
      url: '/postback?txid=1&name=Gr%C3%B6%C3%9Fe',
      headers: { host: 'x' },
      payload: Buffer.alloc(0),
    });
  });

  it('keeps the body of a POST', () => {
    const whole = Buffer.from('POST /p?n=\xe9 HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\ntxid=1', 'latin1');
    expect(repairUnencoded(whole)).toMatchObject({ method: 'POST', url: '/p?n=%E9', payload: Buffer.from('txid=1') });
  });

  it.each([
    ['its head is not whole', Buffer.from('GET /p?n=\xe9 HTTP/1.1\r\nhost: x\r\n', 'latin1')],
    ['its body is not whole', packet('/p?n=\xe9', 'content-length: 9\r\n\r\ntxid')],
    ['its body comes in chunks', packet('/p?n=\xe9', 'transfer-encoding: chunked\r\n\r\n0\r\n\r\n')],
    ['another call comes before it', Buffer.concat([packet('/p?n=1'), packet('/p?n=\xe9')])],
    ['another call comes behind it', Buffer.concat([packet('/p?n=\xe9'), packet('/p?n=1')])],
    ['a header is broken', packet('/p?n=\xe9', 'broken\r\n\r\n')],
  ])('is left alone where %s', (_why, bytes) => {
    expect(repairUnencoded(bytes)).toBeNull();
  });

  it.each([
    ['a target of bytes', packet(`/p?x=${'\xe9'.repeat(60_000)} FOO`)],
    ['a header line of spaces', packet('/p?x=\xe9', `a:${' '.repeat(60_000)}b\r\n\r\n`)],
    ['no end of the head', Buffer.from(`GET /p?x=${'\xe9'.repeat(60_000)}`, 'latin1')],
  ])('costs no more than its length: %s', (_what, bytes) => {
    const from = process.cpuUsage();
    repairUnencoded(bytes);
    expect(process.cpuUsage(from).user / 1_000).toBeLessThan(100);
  });

  it('never throws, whatever the bytes, and leaves no byte above ASCII', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const call = repairUnencoded(packet(`/p?${Buffer.from(bytes).toString('latin1')}\xff`));
        expect(call === null || !/[\x7f-\xff]/.test(call.url)).toBe(true);
      }),
    );
  });
});
