import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testCertificate } from '../support/certificate.js';
import { startService, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** The rarer ways in: clicks without a redirect, TLS, and callers who are slow, insistent or not in
 * their right mind. */

let ground: IntakeGround;
beforeAll(async () => {
  ground = await openIntakeGround(
    {
      networks: [{ key: 'net' }],
      sources: [{ key: 'ads', externalIdParam: 'sid' }],
      offers: [
        { key: 'shoes', networkKey: 'net', url: 'https://offer.example.com/?aff_sub={click_id}&e={external_id}' },
      ],
      campaigns: [{ key: 'camp', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] }],
    },
    {
      CAROM_REQUEST_TIMEOUT_MS: '1000',
      CAROM_UNAUTHORISED_KEPT_PER_SECOND: '3',
      CAROM_UNAUTHORISED_PER_ADDRESS_PER_MINUTE: '40',
      CAROM_UNAUTHORISED_KEPT_PER_ADDRESS_PER_MINUTE: '20',
    },
  );
});
afterAll(() => ground?.close());

const tell = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${ground.ingest.url}/clicks`, { method: 'POST', body: JSON.stringify(body), headers });

describe('a click without a redirect', () => {
  it('is recorded and answered with its id and the way to the offer', async () => {
    const answer = await tell({ campaign: 'camp', query: '?sid=EXT9', referrer: 'https://landing.example.com/' });
    const { clickId, offerUrl } = (await answer.json()) as { clickId: string; offerUrl: string };
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
    expect(offerUrl).toBe(`https://offer.example.com/?aff_sub=${clickId}&e=EXT9`);
    expect(await ground.clickOf(clickId)).toMatchObject({
      channel: 'direct',
      externalId: 'EXT9',
      visitor: { referer: 'https://landing.example.com/' },
    });
  });

  it('may state its parameters as an object, and is refused by a code when it cannot be read', async () => {
    const { clickId } = (await (await tell({ campaign: 'camp', params: { sid: 'a&b' } })).json()) as {
      clickId: string;
    };
    expect((await ground.clickOf(clickId)).externalId).toBe('a&b');
    const refused = await Promise.all([tell({ campaign: 'none' }), tell({ camp: 1 }), tell('x')]);
    const codes = await Promise.all(
      refused.map(async (answer) => [answer.status, ((await answer.json()) as { code: string }).code]),
    );
    expect(codes).toEqual([
      [404, 'campaign_unknown'],
      [400, 'click_unreadable'],
      [400, 'click_unreadable'],
    ]);
  });

  it('is open to pages of other origins', async () => {
    const preflight = await fetch(`${ground.ingest.url}/clicks`, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type']);
    const script = await fetch(`${ground.ingest.url}/carom.js`);
    const text = await script.text();
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
    expect(() => new Function(text)).not.toThrow();
  });
});

/** Writes bytes to a fresh connection and collects the answer until the other side closes it. */
const speak = (pieces: (Buffer | string)[], url = ground.ingest.url): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket: Socket = connect(Number(port), hostname, () => {
      for (const piece of pieces) socket.write(piece);
    });
    let answer = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => resolve(answer)).on('error', reject);
  });

describe('a slow sender', () => {
  it('is cut off in the time a request may take, and does not delay other callers', async () => {
    const slow = speak(['POST /postback/token-net HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\ntxid=1']);
    const startedAt = performance.now();
    expect((await fetch(`${ground.ingest.url}/postback/token-net?txid=quick`)).status).toBe(200);
    expect(await slow).toContain('408');
    expect(performance.now() - startedAt).toBeLessThan(9_000);
  });
});

describe('callers with any bytes', () => {
  it('are answered without a fault, and each call leaves one record', async () => {
    // Everything that a URL can contain: a space, a line's end and DEL end it.
    const bytes = fc.array(
      fc.oneof(
        fc.constantFrom(...'&=%{}[]#;"amp;txid'),
        fc
          .integer({ min: 0x21, max: 0xff })
          .filter((code) => code !== 0x7f)
          .map((code) => String.fromCharCode(code)),
      ),
      { maxLength: 40 },
    );
    const body = fc.uint8Array({ maxLength: 60 });
    const before = ground.postbacks.length;
    const answered: string[] = [];
    await fc.assert(
      fc.asyncProperty(bytes, body, async (query, content) => {
        const head = `POST /postback/token-net?${query.join('')} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${content.length}\r\n\r\n`;
        // Sent in one piece: ingest repairs what Node's parser rejects from the piece it rejected.
        const answer = await speak([Buffer.concat([Buffer.from(head, 'latin1'), content])]);
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
        const id = /carom-postback-id: (\S+)/i.exec(answer)?.[1];
        if (id) answered.push(id);
        return [200, 400].includes(status) && id !== undefined;
      }),
      { numRuns: 300, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    );
    expect(answered.length).toBeGreaterThan(0);
    await waitFor(() => answered.every((id) => ground.postbacks.some((postback) => postback.id === id)));
    const kept = ground.postbacks.slice(before).map(({ id }) => id);
    expect(new Set(kept).size).toBe(kept.length);
    expect(new Set(kept)).toEqual(new Set(answered));
  });

  it('may put a name into the URL as it is, in UTF-8 or Latin-1', async () => {
    for (const [name, read] of [
      [Buffer.from('Größe-1'), 'Größe-1'],
      [Buffer.from('Gr\xf6\xdfe-2', 'latin1'), 'Größe-2'],
    ] as const) {
      const head = Buffer.from('GET /postback/token-net?amount=1&txid=');
      const answer = await speak([Buffer.concat([head, name, Buffer.from(' HTTP/1.1\r\nhost: x\r\n\r\n')])]);
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
      const id = /carom-postback-id: (\S+)/i.exec(answer)?.[1];
      const postback = await waitFor(() => ground.postbacks.find((each) => each.id === id));
      expect(postback.read.transactionId?.value).toBe(read);
    }
  });
});

describe('an unauthorised caller', () => {
  it('is always counted, kept as a sample, and rate-limited when it continues', async () => {
    const before = ground.postbacks.length;
    const statuses: number[] = [];
    for (let call = 0; call < 60; call += 1) {
      const answer = await fetch(`${ground.ingest.url}/postback/guess-${call}?txid=1`);
      statuses.push(answer.status);
      await answer.body?.cancel();
    }
    expect(statuses.filter((status) => status === 403)).toHaveLength(40);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    const authorised = await fetch(`${ground.ingest.url}/postback/token-net?txid=2`);
    expect(authorised.status).toBe(200);
    await ground.postbackOf(authorised);
    const sampled = ground.postbacks.slice(before).filter(({ refusal }) => refusal === 'token_wrong');
    expect(sampled.length).toBeGreaterThan(0);
    expect(sampled.length).toBeLessThan(21);
    const metrics = await (await fetch(`${ground.ingest.healthUrl}/metrics`)).text();
    expect(Number(/carom_ingest_refusals_total\{[^}]*token_wrong[^}]*\} (\d+)/.exec(metrics)?.[1])).toBe(60);
    expect(metrics).toMatch(/carom_ingest_spool_records\{[^}]*\} 0/);
  });
});

describe('TLS', () => {
  let folder: string;
  let secure: Service | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'carom-tls-'));
    writeFileSync(join(folder, 'key.pem'), testCertificate.key);
    writeFileSync(join(folder, 'cert.pem'), testCertificate.cert);
  });
  afterAll(async () => {
    await secure?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is spoken where a certificate is given', async () => {
    secure = await startService('ingest', {
      ...ground.env,
      CAROM_TLS_CERT: join(folder, 'cert.pem'),
      CAROM_TLS_KEY: join(folder, 'key.pem'),
    });
    const target = `${secure.url.replace('http:', 'https:')}/postback/token-net?txid=tls`;
    const status = await new Promise((resolve, reject) => {
      httpsRequest(target, { ca: testCertificate.cert }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});
