import { describe, expect, it } from '@jest/globals';
import { clickRecordedV1, postbackReceivedV1, type SafeClickRecord, type SafePostbackRecord } from '#contracts';
import { readFileSync } from 'node:fs';
import { fitClick, fitPostback, maxRecordBytes } from './fit-record.js';

const sample = (type: string): unknown => JSON.parse(readFileSync(`libs/contracts/samples/${type}.json`, 'utf8'));
const postback = postbackReceivedV1.parse(sample('postback-received.v1')) as SafePostbackRecord;
const click = clickRecordedV1.parse(sample('click-recorded.v1')) as SafeClickRecord;
const raw = (more: object): SafePostbackRecord =>
  ({ ...postback, raw: { ...postback.raw, ...more } }) as SafePostbackRecord;

describe('a record that Kafka would refuse for its size', () => {
  // A control character is six bytes of JSON, a character of Asia three.
  it.each([
    ['a long body', raw({ body: 'x'.repeat(720_000) })],
    ['a body of control characters', raw({ body: '\u0001'.repeat(130_000) })],
    ['a body of three bytes a character', raw({ body: '価'.repeat(300_000) })],
    [
      'long headers',
      raw({ headers: Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`h${at}`, '\u0001'.repeat(500)])) }),
    ],
    [
      'everything at once',
      raw({ target: '\u0001'.repeat(65_536), body: '\u0001'.repeat(65_536), headers: { a: '\u0001'.repeat(65_536) } }),
    ],
  ])('is cut to what is safe, and says so: %s', (_what, given) => {
    const text = fitPostback(given);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxRecordBytes);
    const { read, problems, id } = postbackReceivedV1.parse(JSON.parse(text));
    expect([id, read.transactionId, problems]).toEqual([
      postback.id,
      postback.read.transactionId,
      [{ code: 'call_cut', param: null }],
    ]);
  });

  it('is cut for a click too, which keeps its ids', () => {
    const tokens = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`t${at}`, '\u0001'.repeat(2_000)]));
    const text = fitClick({ ...click, tokens } as SafeClickRecord);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxRecordBytes);
    expect(clickRecordedV1.parse(JSON.parse(text))).toMatchObject({ clickId: click.clickId, externalId: 'c-84f1' });
  });

  it('is left whole where it fits', () => {
    expect([fitPostback(postback), fitClick(click)]).toEqual([JSON.stringify(postback), JSON.stringify(click)]);
  });
});
