import { describe, expect, it } from '@jest/globals';
import { createCatalogView, network, postbackReceivedV1, type PostbackReceivedV1 } from '#contracts';
import { createTokenHash, mintClickId } from '#domain';
import fc from 'fast-check';
import { ingestPipeline } from '../../apps/ingest/ingest.pipeline.js';
import type { PostbackCall } from '../../apps/ingest/ports.js';
import { testRuns } from '../support/test-seed.js';

/** Whatever the bytes: no crash, no 5xx, exactly one record per call, and the record is one that
 * its readers can read. */

const secret = 'a secret for the tests, long enough';
const ours = mintClickId(
  { atMs: 1_790_000_000_000, campaignNumber: 1, offerNumber: 1, random: new Uint8Array(5) },
  secret,
);
const tokenHash = createTokenHash([secret]);
const view = createCatalogView();
const changedAt = new Date(0).toISOString();
view.apply({
  kind: 'network',
  key: 'net',
  version: 1,
  changedAt,
  value: network.parse({
    key: 'net',
    name: 'net',
    number: 1,
    tokens: [{ hash: tokenHash.of('tok'), until: null }],
    security: { requireToken: false },
    params: { transactionId: ['data.order.id', 'payload>order.id', 'txid'], amount: ['amount'] },
    statusMap: { '2': 'approved', constructor: 'rejected' },
    reversalPrefix: 'R-',
    dropIns: ['keitaro', 'binom'],
  }),
});

const recorded: PostbackReceivedV1[] = [];
let ids = 0;
const pipeline = ingestPipeline({
  catalog: () => ({ view, withheld: new Set(), isCurrent: true }),
  record: { click: () => Promise.resolve(), postback: (postback) => Promise.resolve(void recorded.push(postback)) },
  time: { nowMs: () => 1_790_000_000_000 },
  random: {
    unit: () => 0,
    bytes: (size) => new Uint8Array(size),
    uuidV7: () => `01900000-0000-7000-8000-${(ids += 1).toString(16).padStart(12, '0')}`,
  },
  secrets: [secret],
  hashesOfToken: tokenHash.all,
  publicUrl: 'https://track.example.com',
  strangers: { admit: () => 'keep' },
  count: { click: () => undefined, problem: () => undefined, postback: () => undefined },
});

const spice = fc.constantFrom(
  'click_id',
  'txid',
  'transaction_id',
  'amount',
  'currency',
  'status',
  'event',
  'conversion_time',
  'payload',
  '&',
  '=',
  '%',
  '%00',
  '%ff',
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  '#',
  ';',
  '\0',
  'amp;',
  '¤cy=',
  '>',
  '1e999',
  '-',
  '1,234',
  '12.5 USD',
  '$',
  '{{x}}',
  '##X##',
  '%%%',
  'R-',
  '__proto__',
  'constructor',
  '2',
  ours,
  '99999999999999999999',
  '2026-01-01 00:00:00',
  '\ud800',
  '٣',
  '{"order":{"id":1}}',
  'lead_status',
);
const text = fc
  .array(fc.oneof(spice, spice, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 14 })
  .map((parts) => parts.join(''));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  text.map((content) => new TextEncoder().encode(content)),
);
const path = fc.constantFrom('/postback', '/postback/tok', '/postback/wrong', '/click.php', '/aff_lsr', '/k/postback');
const type = fc.constantFrom(
  undefined,
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  ';;',
);

const callOf = (
  where: string,
  query: string,
  bytes: Uint8Array | null,
  contentType: string | undefined,
): PostbackCall => ({
  method: bytes ? 'POST' : 'GET',
  target: query === '' ? where : `${where}?${query}`,
  headers: contentType === undefined ? {} : { 'content-type': contentType },
  body: bytes && Buffer.from(bytes),
  address: '198.51.100.7',
  token: where.startsWith('/postback/') ? where.slice('/postback/'.length) : null,
  key: where === '/k/postback' ? 'k' : null,
  tooLarge: false,
});

/** Bare comparisons: an `expect` costs more than the call it looks at. */
const holds = async (call: PostbackCall): Promise<void> => {
  const before = recorded.length;
  const answer = await pipeline.takePostback(call);
  if (![200, 400, 403].includes(answer.status)) throw new Error(`answered ${answer.status}`);
  if (recorded.length !== before + 1) throw new Error(`left ${recorded.length - before} records`);
  const written = JSON.stringify(recorded.pop());
  // What Postgres can hold in text and jsonb: no NUL, no half of a surrogate pair.
  const kept: unknown = JSON.parse(written);
  if (written.includes('\\u') && !isStorable(kept)) throw new Error(`cannot be stored: ${written}`);
  if (!postbackReceivedV1.safeParse(kept).success) throw new Error(`cannot be read: ${written}`);
};

const isStorable = (value: unknown): boolean => {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isStorable);
};

describe('any bytes as query and body', () => {
  it(
    'are answered without a fault and leave exactly one record, 100,000 times',
    async () => {
      await fc.assert(
        fc.asyncProperty(path, text, fc.option(body), type, (where, query, bytes, contentType) =>
          holds(callOf(where, query, bytes, contentType)),
        ),
        { numRuns: 100_000, interruptAfterTimeLimit: 150_000, markInterruptAsFailure: true },
      );
    },
    200_000 * testRuns,
  );

  it('cost no more than their length, however they are made', async () => {
    const monsters = [
      'a=1&'.repeat(16_000),
      '='.repeat(60_000),
      '&'.repeat(60_000),
      '%'.repeat(60_000),
      '{'.repeat(60_000),
      `amount=${'1,'.repeat(30_000)}`,
      `click_id=${'#'.repeat(60_000)}`,
      `click_id=${'{a'.repeat(20_000)}`,
      `txid=${'xx'.repeat(30_000)}`,
      `amount=${'9'.repeat(60_000)}`,
      `amp;${'amp;'.repeat(15_000)}=1`,
      `status=${' '.repeat(60_000)}x`,
      `conversion_time=${'1'.repeat(60_000)}`,
      `txid=${'%25'.repeat(20_000)}`,
      `amount=1e${'9'.repeat(50_000)}`,
      `txid=${'[['.repeat(30_000)}`,
      `click_id=${'!!!a'.repeat(15_000)}`,
      `amount=${'$'.repeat(60_000)}`,
    ];
    for (const monster of monsters) {
      for (const bytes of [
        null,
        Buffer.from(monster),
        Buffer.from(`${'['.repeat(30_000)}${monster.slice(0, 20_000)}`),
      ]) {
        const startedAt = performance.now();
        await holds(callOf('/postback/tok', bytes ? '' : monster, bytes, 'application/json'));
        expect([monster.slice(0, 20), performance.now() - startedAt < 500]).toEqual([monster.slice(0, 20), true]);
      }
    }
  });
});
