import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { servePage } from './web-page.js';

/** A build as Vite leaves it, small. */
const folder = mkdtempSync(join(tmpdir(), 'carom-page-'));
let fastify: FastifyInstance;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<script nonce="__NONCE__" src="/assets/a.js"></script>');
  writeFileSync(join(folder, 'assets', 'a.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'a.js.gz'), gzipSync('export {};'));
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  fastify = Fastify();
  await servePage(fastify, folder);
  await fastify.ready();
});
afterAll(async () => {
  await fastify.close();
  rmSync(folder, { recursive: true });
});

describe('the built page', () => {
  it('opens at every path that is not a file, each time with a nonce of its own', async () => {
    const [one, two] = [await fastify.inject('/'), await fastify.inject('/conversions/0199?tab=money')];
    const nonces = [one, two].map(({ body }) => /nonce="([^"]+)"/.exec(body)?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonces[0]}'`);
    expect(one.body).not.toContain('__NONCE__');
  });

  it('serves hashed files for a year, compressed, and the others to be asked for again', async () => {
    const asset = await fastify.inject({ url: '/assets/a.js', headers: { 'accept-encoding': 'gzip' } });
    expect([asset.statusCode, asset.headers['content-encoding']]).toEqual([200, 'gzip']);
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await fastify.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each(['/assets/of-last-week.js', '/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json'])(
    'has nothing at %s',
    async (url) => expect((await fastify.inject(url)).statusCode).toBe(404),
  );

  it('never answers the template itself, with its placeholder', async () => {
    for (const url of ['/index.html', '/index.html?x=1'])
      expect((await fastify.inject(url)).body).not.toContain('__NONCE__');
  });
});
