import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RenderedRequest } from '#domain';
import { testCertificate } from '../../test/support/certificate.js';
import { waitFor } from '../../test/support/wait-for.js';
import { answerLimitBytes, createSender, type Call, type Sender, type SenderOptions } from './sender.js';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const listen = (server: Server): Promise<string> => {
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
};
const receiver = async (answer: RequestListener): Promise<string> => `http://${await listen(createServer(answer))}`;
const sender = (more: Partial<SenderOptions> = {}): Sender => {
  const made = createSender({
    allowAddresses: ['127.0.0.0/8'],
    allowPorts: [80, 443],
    maxPools: 10,
    userAgent: 'Carom',
    now: () => Date.now(),
    ...more,
  });
  open.push(made);
  return made;
};
const callTo = (origin: string, more: Partial<Call> = {}, request: Partial<RenderedRequest> = {}): Call => ({
  request: { method: 'GET', origin, target: '/c?id=1', headers: {}, body: null, ...request },
  timeouts: { connectMs: 400, headersMs: 400, bodyMs: 400, totalMs: 5_000 },
  needsBody: false,
  certificate: null,
  ...more,
});
const sendTo = async (answer: RequestListener, more: Partial<Call> = {}, request: Partial<RenderedRequest> = {}) =>
  sender().send(callTo(await receiver(answer), more, request));

describe('a call to an ad network', () => {
  it('arrives as rendered and comes back with what was answered', async () => {
    let seen: { url?: string | undefined; method?: string | undefined; headers: object; body: string } | null = null;
    const result = await sendTo(
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          seen = { url: request.url, method: request.method, headers: request.headers, body };
          response.writeHead(201).end('made');
        });
      },
      {},
      {
        method: 'POST',
        target: '/a%2Fb//?x=%7e&&y=',
        headers: { 'Content-Type': 'application/json', 'X-Key': 'k', 'User-Agent': 'Ad Network Client/1' },
        body: '{"é":1}',
      },
    );
    expect(result).toMatchObject({ kind: 'answered', status: 201, body: 'made', retryAfter: null });
    expect(seen).toMatchObject({
      url: '/a%2Fb//?x=%7e&&y=',
      method: 'POST',
      body: '{"é":1}',
      headers: { 'x-key': 'k', 'user-agent': 'Ad Network Client/1', 'content-type': 'application/json' },
    });
  });

  it('writes nothing when it may not start any more by the time it has a connection, new or kept', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await receiver((request, response) => {
      seen.push(request.url);
      response.end();
    });
    const own = sender();
    const ask = (mayStart: boolean, target: string) => own.sendIf(() => mayStart, callTo(origin, {}, { target }));
    expect(await ask(false, '/on-a-new-one')).toBeNull();
    expect(await ask(true, '/first')).toMatchObject({ kind: 'answered', status: 200 });
    expect(await ask(false, '/on-a-kept-one')).toBeNull();
    expect(await ask(true, '/last')).toMatchObject({ kind: 'answered', status: 200 });
    expect(seen).toEqual(['/first', '/last']);
    expect(own.inFlight()).toBe(0);
  });

  it('follows no redirect', async () => {
    let calls = 0;
    const result = await sendTo((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect(result).toMatchObject({ kind: 'answered', status: 302 });
    expect(calls).toBe(1);
  });

  it.each<[string, RequestListener, string]>([
    ['that never answers', () => undefined, 'timeout_headers'],
    ['that cuts the connection', (request) => request.socket.resetAndDestroy(), 'network'],
    [
      'whose headers have no end',
      (request) => {
        const more = setInterval(() => request.socket.write(`X-${Math.random()}: ${'x'.repeat(100)}\r\n`), 1);
        request.socket.write('HTTP/1.1 200 OK\r\n');
        request.socket.on('close', () => clearInterval(more)).on('error', () => undefined);
      },
      'network',
    ],
    ['that does not speak HTTP', (request) => request.socket.end('SSH-2.0-OpenSSH\r\n'), 'network'],
  ])('ends by itself at a receiver %s', async (_what, answer, code) => {
    const result = await sendTo(answer, { timeouts: { ...callTo('').timeouts, headersMs: 1_000 } });
    expect(result).toMatchObject({ kind: 'failed', code });
    expect(result.ms).toBeLessThan(1_400);
  });

  it('reads no more of an endless answer than it keeps, and cuts it off', async () => {
    const cut = Promise.withResolvers<void>();
    const result = await sendTo((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('close', cut.resolve);
      more();
    });
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(result.kind === 'answered' && result.body.length).toBe(answerLimitBytes);
    await cut.promise;
  });

  it.each<[string, string, string, object]>([
    ['early answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', { kind: 'failed', code: 'network' }],
    ['empty lines', '', '\r\n', { kind: 'failed', code: 'network' }],
    ['a status line', 'HTTP/1.1 200 ', 'x', { kind: 'failed', code: 'network' }],
    [
      'an extension of a chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;',
      'x',
      { kind: 'answered', status: 200, body: '' },
    ],
  ])('reads no more of %s without end than any answer needs', async (_what, head, piece, expected) => {
    const chunk = piece.repeat(Math.ceil(65_536 / piece.length));
    let socket: Socket | undefined;
    const flood: RequestListener = (request) => {
      socket = request.socket;
      const more = () => {
        while (!request.socket.destroyed && request.socket.write(chunk));
      };
      request.socket.on('drain', more).on('error', () => undefined);
      request.socket.write(head);
      more();
    };
    const timeouts = { ...callTo('').timeouts, headersMs: 5_000, bodyMs: 5_000 };
    const result = await sendTo(flood, { timeouts });
    expect(result).toMatchObject(expected);
    expect(result.ms).toBeLessThan(1_900);
    await waitFor(() => socket?.destroyed);
  });

  it('does not unpack a compressed answer', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const result = await sendTo((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(result.kind === 'answered' && result.body.length).toBeLessThanOrEqual(answerLimitBytes);
    expect(result.kind === 'answered' && result.body).not.toContain('\0');
  });

  it('takes an answer whose body never ends by its status, unless the body decides', async () => {
    const drip: RequestListener = (_request, response) => void response.writeHead(200).write('OK');
    expect(await sendTo(drip)).toMatchObject({ kind: 'answered', status: 200, body: 'OK' });
    expect(await sendTo(drip, { needsBody: true })).toMatchObject({ kind: 'failed', code: 'timeout_body' });
  });

  it('looks at one that drips byte by byte some dozens of times, and not for as long as it drips', async () => {
    let written = 0;
    const drip: RequestListener = (_request, response) => {
      const more = setInterval(() => response.write(String((written += 1) % 10)), 2);
      response.on('close', () => clearInterval(more)).on('error', () => clearInterval(more));
    };
    const answer = await sendTo(drip, { needsBody: true });
    if (answer.kind !== 'answered') throw new Error(answer.code);
    expect(answer.body.startsWith('12345678')).toBe(true);
    expect(answer.body.length).toBeGreaterThanOrEqual(64);
    expect(answer.body.length).toBeLessThan(written + 1);
    expect(answer.ms).toBeLessThan(1_500);
    const pieces: RequestListener = (_request, response) => {
      for (let index = 0; index < 300; index += 1) response.write('y');
      response.end();
    };
    expect(await sendTo(pieces, { needsBody: true })).toMatchObject({ kind: 'answered', body: 'y'.repeat(300) });
  });

  it.each<[string, RequestListener, Partial<Call['timeouts']>, string]>([
    ['the head of its answer', () => undefined, { headersMs: 200 }, 'timeout_headers'],
    [
      'the end of its answer',
      (_request, response) => void response.writeHead(200).write('O'),
      { bodyMs: 200 },
      'timeout_body',
    ],
    [
      'the whole call, though no phase is over its time',
      (_request, response) => void setTimeout(() => response.writeHead(200).write('O'), 150),
      { headersMs: 300, bodyMs: 300, totalMs: 300 },
      'timeout_total',
    ],
  ])('waits so long for %s and no longer', async (_what, answer, timeouts, code) => {
    const whole = { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, totalMs: 10_000, ...timeouts };
    const result = await sendTo(answer, { needsBody: true, timeouts: whole });
    expect(result).toMatchObject({ kind: 'failed', code });
    expect(result.ms).toBeGreaterThanOrEqual(190);
    expect(result.ms).toBeLessThan(600);
  });

  it('waits so long for a connection and no longer', async () => {
    // The name is never found: a connection that is neither refused nor accepted.
    const { send } = sender({ resolve: () => undefined });
    const timeouts = { connectMs: 200, headersMs: 5_000, bodyMs: 5_000, totalMs: 10_000 };
    const result = await send(callTo('http://ads.example', { timeouts }));
    expect(result).toMatchObject({ kind: 'failed', code: 'timeout_connect' });
    expect(result.ms).toBeLessThan(600);
  });

  it('gives Retry-After on', async () => {
    const result = await sendTo((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(result).toMatchObject({ status: 429, retryAfter: '7' });
  });

  it('cannot be made to send a header that a stranger wrote', async () => {
    let calls = 0;
    const result = await sendTo(() => (calls += 1), {}, { headers: { 'X-Id': 'a\r\nX-Evil: 1' } });
    expect(result).toMatchObject({ kind: 'failed', code: 'template_error' });
    expect(calls).toBe(0);
  });

  it('uses its connections again', async () => {
    const sockets = new Set<unknown>();
    const origin = await receiver((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    const { send } = sender();
    for (let call = 0; call < 5; call += 1) await send(callTo(origin));
    // undici counts a connection as free a moment after the answer's end, so a call made in that
    // moment opens a second one.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('keeps connections to a bounded number of origins', async () => {
    const bounded = sender({ maxPools: 3 });
    for (let call = 0; call < 6; call += 1)
      expect(await bounded.send(callTo(await receiver((_request, response) => response.end())))).toMatchObject({
        status: 200,
      });
    expect(bounded.openPools()).toBe(3);
  });
});

describe('where a call may go', () => {
  it('is judged at the connect, so a name that resolves to another address the second time is refused', async () => {
    let calls = 0;
    const origin = await receiver((_request, response) => {
      calls += 1;
      response.writeHead(200, { connection: 'close' }).end();
    });
    const port = Number(new URL(origin).port);
    const addresses = ['127.0.0.2', '127.0.0.1'];
    const { send } = sender({
      allowAddresses: ['127.0.0.1/32'],
      resolve: (_hostname, answer) => answer(null, [{ address: addresses.pop() ?? '127.0.0.2', family: 4 }]),
    });
    expect(await send(callTo(`http://ads.example:${port}`))).toMatchObject({ kind: 'answered', status: 200 });
    expect(await send(callTo(`http://ads.example:${port}`))).toMatchObject({ kind: 'failed', code: 'address_refused' });
    expect(calls).toBe(1);
  });

  it('is refused without a connect for a literal', async () => {
    let calls = 0;
    const origin = await receiver(() => (calls += 1));
    expect(await sender({ allowAddresses: [] }).send(callTo(origin))).toMatchObject({
      kind: 'failed',
      code: 'address_refused',
    });
    expect(calls).toBe(0);
  });

  it('says that no server listens, or that the name is unknown', async () => {
    const refused = await sender().send(callTo('http://127.0.0.1:9'));
    expect(refused).toMatchObject({ kind: 'failed', code: 'network' });
    // Attempts are shown to people who may not know the addresses behind names.
    expect(refused).toMatchObject({ message: expect.stringContaining('ECONNREFUSED an internal address:9') });
    const resolve: SenderOptions['resolve'] = (_hostname, answer) =>
      answer(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    expect(await sender({ resolve }).send(callTo('http://ads.example'))).toMatchObject({ kind: 'failed', code: 'dns' });
  });
});

describe('TLS', () => {
  const secureReceiver = async (more: object = {}) =>
    `https://${await listen(createTlsServer({ ...testCertificate, ...more }, (_request, response) => response.end('OK')) as never)}`;

  it('is refused when no authority vouches for the receiver', async () => {
    expect(await sender().send(callTo(await secureReceiver()))).toMatchObject({ kind: 'failed', code: 'tls' });
  });

  it('shows a client certificate where the destination has one', async () => {
    const trusted = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...trusted, testCertificate.cert]);
    try {
      const origin = await secureReceiver({ requestCert: true, rejectUnauthorized: true, ca: [testCertificate.cert] });
      const { send } = sender();
      expect(await send(callTo(origin, { certificate: testCertificate }))).toMatchObject({
        kind: 'answered',
        status: 200,
        body: 'OK',
      });
      expect(await send(callTo(origin))).toMatchObject({ kind: 'failed' });
    } finally {
      tls.setDefaultCACertificates(trusted);
    }
  });
});
