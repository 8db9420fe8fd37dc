import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parkedV1, topics } from '#contracts';
import { decode, type RawRecord } from './batch.js';
import { parkedRecord } from './parking.js';

const raw = (value: Buffer | null, headers: RawRecord['headers'] = {}): RawRecord => ({
  key: Buffer.from('key'),
  value,
  headers,
  offset: '9007199254740993',
  timestamp: '1790000000000',
});
const origin = { topic: topics.conversions.name, partition: 3, consumer: 'carom.dispatch', nowMs: 1_790_000_000_000 };

describe('decoding a record', () => {
  it('never throws and never lets a wrong value through, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decode(topics.conversions, 0, raw(Buffer.from(bytes)));
        expect('undecodable' in decoded).toBe(true);
      }),
    );
  });

  it('reads the golden sample of every topic back as it was written', () => {
    for (const topic of Object.values(topics)) {
      const sample = readFileSync(`libs/contracts/samples/${topic.type}.json`);
      const decoded = decode(topic, 0, raw(sample, { type: Buffer.from(topic.type), id: 'x' }));
      expect(decoded).toMatchObject({
        message: { key: 'key', headers: { type: topic.type, id: 'x' }, offset: '9007199254740993' },
      });
    }
  });

  it('says of a record without a value that it has none', () => {
    expect(decode(topics.clicks, 0, raw(null))).toMatchObject({ undecodable: { reason: 'value_missing' } });
  });
});

describe('a parked record', () => {
  it('holds every byte of what could not be read, and where it lies', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const record = parkedRecord(raw(Buffer.from(bytes), { id: 'abc' }), origin, { reason: 'not_json', cause: 'x' });
        const parked = parkedV1.parse(JSON.parse(record.value.toString()));
        expect(Buffer.from(parked.valueBase64 ?? '', 'base64')).toEqual(Buffer.from(bytes));
        expect(parked).toMatchObject({ topic: origin.topic, partition: 3, offset: '9007199254740993', key: 'key' });
        expect(parked.headers).toEqual({ id: 'abc' });
        expect(record.key).toBe('key');
      }),
    );
  });

  it('leaves out a value that would not fit the topic of parked records, and says so', () => {
    const record = parkedRecord(raw(Buffer.alloc(700_000, 'x')), origin, { reason: 'not_json', cause: 'at 1' });
    const parked = parkedV1.parse(JSON.parse(record.value.toString()));
    expect(parked.valueBase64).toBeNull();
    expect(parked.error).toContain('700000 bytes');
    expect(Buffer.byteLength(record.value)).toBeLessThan(10_000);
  });

  it('has a key of its own where the original had none, so that it lands on some partition', () => {
    const record = parkedRecord({ ...raw(null), key: null }, origin, { reason: 'value_missing', cause: null });
    expect(record.key).toBe(`${origin.topic}/3/9007199254740993`);
  });
});
