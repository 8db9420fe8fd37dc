import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** What a stranger can send to the public edge, over HTTP. Each title names a kind; the requests in
 * it are cases of the kind. */

const url = 'https://offer.example.com/?aff_sub={click_id}';
const hmac = {
  algorithm: 'sha256',
  encoding: 'hex',
  param: 'sig',
  template: '{param:txid}|{param:payout}',
  secret: 'the key of the network',
  toleranceSeconds: 300,
};
let ground: IntakeGround;

beforeAll(async () => {
  ground = await openIntakeGround(
    {
      networks: [{ key: 'acme' }, { key: 'signs', security: { hmac, requireToken: false } }],
      sources: [{ key: 'ads', tokens: { zone: 'zone' }, externalIdParam: 'sid' }],
      offers: [
        { key: 'shoes', networkKey: 'acme', url },
        { key: 'bags', networkKey: 'signs', url },
      ],
      campaigns: [
        { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] },
        { key: 'autumn', sourceKey: 'ads', offers: [{ offerKey: 'bags' }] },
      ],
    },
    { CAROM_MAX_CONNECTIONS_PER_ADDRESS: '200' },
  );
});
afterAll(() => ground?.close());

const send = (path: string, init?: RequestInit): Promise<Response> => fetch(`${ground.ingest.url}${path}`, init);
const post = (path: string, body: string, type = 'application/x-www-form-urlencoded'): Promise<Response> =>
  send(path, { method: 'POST', body, headers: { 'content-type': type } });
const metric = async (pattern: RegExp): Promise<number> => {
  const text = await (await fetch(`${ground.ingest.healthUrl}/metrics`)).text();
  return Number(pattern.exec(text)?.[1] ?? 0);
};

/** Writes bytes to a socket and answers everything that comes back. */
/** `leaveOpen`: a call that takes a moment gets no answer once its caller has closed its side. */
const raw = (bytes: Buffer | string, { leaveOpen = false } = {}): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(ground.ingest.url).port), '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    if (leaveOpen) socket.write(bytes);
    else socket.end(bytes);
  });

/** CPU time that ingest has used, in ms: what a call costs does not depend on other processes. */
const cpuMs = async (): Promise<number> => 1_000 * (await metric(/process_cpu_user_seconds_total\{[^}]*\} ([\d.]+)/));

const isStorable = (value: unknown): boolean => {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isStorable);
};

describe('text that no database can hold', () => {
  const half = `${'a'.repeat(1_999)}😀`;
  const nul = 'x\0y';

  it('enters no click: by link, by POST /clicks, in headers', async () => {
    const ids = [
      await ground.click(`spring?sid=1&zone=${encodeURIComponent(half)}`),
      await ground.click('spring?sid=%00%00&zone=a%00b'),
    ];
    for (const body of [
      { campaign: 'spring', referrer: nul },
      { campaign: 'spring', referrer: `${'r'.repeat(1_999)}\ud83d` },
      { campaign: 'spring', params: { zone: half, sid: nul } },
      { campaign: 'spring', query: `zone=${'z'.repeat(1_999)}%F0%9F%98%80` },
    ]) {
      const answer = await post('/clicks', JSON.stringify(body), 'text/plain');
      expect(answer.status).toBe(201);
      ids.push(((await answer.json()) as { clickId: string }).clickId);
    }
    for (const id of ids) expect(isStorable(await ground.clickOf(id))).toBe(true);
  });

  it('enters no postback: in the target, in a body, in headers, in the token', async () => {
    const cut = `${'a'.repeat(199)}%F0%9F%98%80`;
    const answers = [
      await send(`/postback/token-acme?${cut}=x?y=1&transaction_id=T`),
      await send(`/postback/token-acme?transaction_id=${'a'.repeat(497)}%F0%9F%98%80`),
      await post('/postback/token-acme', `{"transaction_id":"T\\u0000","amount":"\\ud83d","x\\ud83d":1}`),
      await post('/postback/token-acme', `transaction_id=T&event=${encodeURIComponent('e'.repeat(99))}%F0%9F%98%80`),
      await send('/postback/token-acme?transaction_id=T', { headers: { 'user-agent': 'x'.repeat(9_000) } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (const answer of answers) expect(isStorable(await ground.postbackOf(answer))).toBe(true);
  });
});

describe('a call that is made to be expensive', () => {
  const repeated = (unit: string, bytes = 60_000): string => unit.repeat(bytes / unit.length);
  const cases: [string, () => Promise<number>][] = [
    [
      'recursion: queries hung on queries in a body',
      () => post('/postback/token-acme', `x=${repeated('?a=')}`).then(({ status }) => status),
    ],
    [
      'recursion: queries hung on queries in a click link',
      () => ground.follow(`/c/spring?x=${repeated('?a=', 15_000)}`).then(({ status }) => status),
    ],
    [
      'one problem per element: a wide JSON list',
      () =>
        post('/postback/token-acme', `{"transaction_id":"T","a":[${repeated('0,')}0]}`).then(({ status }) => status),
    ],
    [
      'recursion: deep JSON',
      () =>
        post(
          '/postback/token-acme',
          `{"transaction_id":"T","a":${repeated('[', 30_000)}${repeated(']', 30_000)}}`,
        ).then(({ status }) => status),
    ],
    [
      'quadratic search: multipart headers',
      () =>
        post('/postback/token-acme', `--x${repeated('content-disposition:')}`, 'multipart/form-data; boundary=x').then(
          ({ status }) => status,
        ),
    ],
    [
      'quadratic search: a URL of bytes above ASCII',
      () =>
        raw(Buffer.from(`GET /postback?x=${repeated('\xe9', 40_000)} FOO\r\nHost: x\r\n\r\n`, 'latin1')).then((text) =>
          Number(text.slice(9, 12)),
        ),
    ],
  ];

  it.each(cases)('%s: costs ingest a few milliseconds, and is answered', async (_kind, call) => {
    await call();
    const before = await cpuMs();
    const statuses = await Promise.all(Array.from({ length: 8 }, call));
    for (const status of statuses) expect([200, 302, 400]).toContain(status);
    // Eight calls of 200 ms each, as they once were, are 1,600.
    expect((await cpuMs()) - before).toBeLessThan(800);
  });

  it('leaves one record per call, with the values in front of the flood', async () => {
    const answer = await post('/postback/token-acme', `{"transaction_id":"WIDE","a":[${repeated('0,')}0]}`);
    const { read, problems } = await ground.postbackOf(answer);
    expect(read.transactionId?.value).toBe('WIDE');
    expect(problems).toEqual([{ code: 'too_many_parameters', param: null }]);
    expect(await metric(/carom_ingest_problems_total\{[^}]*too_many_parameters[^}]*\} (\d+)/)).toBeGreaterThan(0);
  });

  it('is refused by its size before it is read, and by the number of its headers', async () => {
    expect(await raw(`GET /postback?x=1 HTTP/1.1\r\nHost: x\r\nX: ${repeated('h', 90_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    );
    expect(await metric(/carom_ingest_unparsed_total\{[^}]*431[^}]*\} (\d+)/)).toBe(1);
    const statusWith = async (count: number): Promise<number> => {
      const headers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'h']));
      return (await send('/postback/token-acme?transaction_id=HEADERS', { headers })).status;
    };
    expect([await statusWith(150), await statusWith(300)]).toEqual([200, 431]);
  });
});

describe('a call without proof', () => {
  it('records how the caller proved its identity', async () => {
    const clickId = await ground.click('spring');
    const signedBy = (txid: string, payout: string) =>
      createHmac('sha256', hmac.secret).update(`${txid}|${payout}`).digest('hex');
    const proofOf = async (path: string) => (await ground.postbackOf(await send(path))).proof;
    expect(await proofOf('/postback/token-acme?transaction_id=P1')).toBe('token');
    expect(await proofOf(`/postback?click_id=${clickId}`)).toBe('none');
    expect(await proofOf('/postback?transaction_id=P1')).toBe('none');
    expect(
      await proofOf(`/postback?click_id=${await ground.click('autumn')}&txid=S1&payout=5&sig=${signedBy('S1', '5')}`),
    ).toBe('signature');
  });

  it('cannot add money, status or ids to a call that a network has signed', async () => {
    const clickId = await ground.click('autumn');
    const sig = createHmac('sha256', hmac.secret).update('S2|5').digest('hex');
    const answer = await send(
      `/postback/token-signs?txid=S2&payout=5&sig=${sig}&amount=9999&status=rejected&clickid=${clickId}&payout=77`,
    );
    expect(answer.status).toBe(200);
    const { read, problems } = await ground.postbackOf(answer);
    expect([read.transactionId?.value, read.amount?.value, read.status, read.clickId]).toEqual(['S2', '5', null, null]);
    expect(problems.map(({ code, param }) => [code, param])).toContainEqual(['not_signed', 'amount']);
  });

  it('that states a time in the future is noted as such', async () => {
    const answer = await send('/postback/token-acme?transaction_id=F&conversion_time=2099-01-01');
    expect((await ground.postbackOf(answer)).problems).toEqual([{ code: 'time_in_future', param: 'conversion_time' }]);
  });

  it('that is garbage is counted, kept as a sample, and its body is cut', async () => {
    const before = ground.postbacks.length;
    const statuses: Record<number, number> = {};
    const bodies = Array.from({ length: 400 }, () => () => post('/postback?garbage=1', repeatedBody));
    for (let from = 0; from < bodies.length; from += 40)
      for (const { status } of await Promise.all(bodies.slice(from, from + 40).map((call) => call())))
        statuses[status] = (statuses[status] ?? 0) + 1;
    expect(Object.keys(statuses).sort()).toEqual(['400', '429']);
    const counted = await metric(/carom_ingest_strangers_total\{[^}]*garbage[^}]*fate="count"[^}]*\} (\d+)/);
    const heldOff = await metric(/carom_ingest_strangers_total\{[^}]*garbage[^}]*fate="hold_off"[^}]*\} (\d+)/);
    expect(counted).toBeGreaterThan(100);
    expect(heldOff).toBeGreaterThan(50);
    await waitFor(() => ground.postbacks.length > before);
    const kept = ground.postbacks.slice(before);
    // A burst of 120, and two more for each second that the calls take.
    expect(kept.length).toBeLessThan(200);
    for (const { raw: call, problems } of kept) {
      expect(call.body?.length).toBe(4_096);
      expect(problems).toContainEqual({ code: 'call_cut', param: null });
    }
  });

  it('that names a click of ours is kept all the same, and so is a network with its token', async () => {
    const clickId = await ground.click('spring');
    expect((await send(`/postback?click_id=${clickId}&amount=1`)).status).toBe(200);
    expect((await send('/postback/token-acme?transaction_id=AFTER')).status).toBe(200);
    // Of further garbage the calls that are answered OK are those that are kept.
    const answers = await Promise.all(Array.from({ length: 40 }, () => send('/postback?transaction_id=GARBAGE')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status !== 429 && status !== 200)).toEqual([]);
    for (const answer of answers.filter(({ status }) => status === 200)) await ground.postbackOf(answer);
  });
});

const repeatedBody = 'g'.repeat(60_000);

describe('connections', () => {
  it('of one address are limited, and those of its open calls go on', async () => {
    const port = Number(new URL(ground.ingest.url).port);
    const closed: number[] = [];
    const sockets = Array.from({ length: 300 }, (_, index) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => closed.push(index));
      return socket;
    });
    await waitFor(() => closed.length >= 100);
    expect(await metric(/carom_ingest_connections_refused_total\{[^}]*address[^}]*\} (\d+)/)).toBeGreaterThanOrEqual(
      30,
    );
    for (const socket of sockets) socket.destroy();
    const call = 'GET /postback/token-acme?transaction_id=LATER HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    await waitFor(async () => (await raw(call, { leaveOpen: true })).startsWith('HTTP/1.1 200 '));
  });

  it('never learn which server answers', async () => {
    for (const path of ['/postback/token-acme?transaction_id=H', '/c/spring', '/nothing', '/postback/wrong']) {
      const { headers } = await send(path, { redirect: 'manual' });
      expect([headers.get('x-content-type-options'), headers.get('server'), headers.get('x-powered-by')]).toEqual([
        'nosniff',
        null,
        null,
      ]);
    }
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/x-content-type-options: nosniff/);
  });
});
