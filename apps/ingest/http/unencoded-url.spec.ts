import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mendUnencoded } from './unencoded-url.js';

const packet = (target: string, rest = '\r\n') => Buffer.from(`GET ${target} HTTP/1.1\r\nhost: x\r\n${rest}`, 'latin1');

describe('a call with bytes above ASCII in its URL', () => {
  it('is the same call with these bytes percent-encoded', () => {
    const utf8 = Buffer.from('/postback?txid=1&name=Größe').toString('latin1');
    expect(mendUnencoded(packet(utf8))).toEqual({
      method: 'GET',
      url: '/postback?txid=1&name=Gr%C3%B6%C3%9Fe',
      headers: { host: 'x' },
      payload: Buffer.alloc(0),
    });
  });

  it('keeps the body of a POST', () => {
    const whole = Buffer.from('POST /p?n=\xe9 HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\ntxid=1', 'latin1');
    expect(mendUnencoded(whole)).toMatchObject({ method: 'POST', url: '/p?n=%E9', payload: Buffer.from('txid=1') });
  });

  it.each([
    ['its head is not whole', Buffer.from('GET /p?n=\xe9 HTTP/1.1\r\nhost: x\r\n', 'latin1')],
    ['its body is not whole', packet('/p?n=\xe9', 'content-length: 9\r\n\r\ntxid')],
    ['its body comes in chunks', packet('/p?n=\xe9', 'transfer-encoding: chunked\r\n\r\n0\r\n\r\n')],
    ['another call stands before it', Buffer.concat([packet('/p?n=1'), packet('/p?n=\xe9')])],
    ['another call stands behind it', Buffer.concat([packet('/p?n=\xe9'), packet('/p?n=1')])],
    ['a header is broken', packet('/p?n=\xe9', 'broken\r\n\r\n')],
  ])('is left alone where %s', (_why, bytes) => {
    expect(mendUnencoded(bytes)).toBeNull();
  });

  it('never throws, whatever the bytes, and leaves no byte above ASCII', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const call = mendUnencoded(packet(`/p?${Buffer.from(bytes).toString('latin1')}\xff`));
        expect(call === null || !/[\x80-\xff]/.test(call.url)).toBe(true);
      }),
    );
  });
});
