import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import requestOfKafkajs from 'kafkajs/src/protocol/requests/produce/v7/request.js';
import murmur2OfKafkajs from 'kafkajs/src/producer/partitioners/default/murmur2.js';
import { murmur2 } from './murmur2.js';
import { encodeProduceRequest, type ProduceRequest } from './produce-request.js';

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ minLength: 60, maxLength: 9_000 }));
const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
const headers = fc.dictionary(fc.string({ unit: 'binary', maxLength: 20 }), text, { maxKeys: 5 });
const field = fc.oneof(text, bytes) as fc.Arbitrary<string | Buffer>;
type Message = ProduceRequest['topicData'][number]['partitions'][number]['messages'][number];
const message = fc.record({ key: field, value: field, headers }) as fc.Arbitrary<Message>;
const partition = fc.record({
  partition: fc.nat({ max: 5_000 }),
  messages: fc.array(message, { minLength: 1, maxLength: 90 }),
});
const topic = fc.record({
  topic: fc.string({ minLength: 1, maxLength: 249 }),
  partitions: fc.array(partition, { minLength: 1, maxLength: 3 }),
});
const request = fc.record({
  acks: fc.constant(-1),
  timeout: fc.nat({ max: 60_000 }),
  topicData: fc.array(topic, { minLength: 1, maxLength: 3 }),
});

/** What kafkajs writes for a producer that is neither idempotent nor transactional. */
const encodedByKafkajs = async ({ topicData, ...rest }: ProduceRequest): Promise<Buffer> => {
  const withSequence = topicData.map(({ topic: name, partitions }) => ({
    topic: name,
    partitions: partitions.map((each) => ({ ...each, firstSequence: 0 })),
  }));
  const params = { ...rest, topicData: withSequence, producerId: -1, producerEpoch: 0, compression: 0 };
  return (await requestOfKafkajs(params).encode()).buffer;
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a produce request', () => {
  it('has the bytes that kafkajs would send', async () => {
    const nowMs = 1_796_000_000_123;
    jest.spyOn(Date, 'now').mockReturnValue(nowMs);
    await fc.assert(
      fc.asyncProperty(request, async (each) => {
        expect(encodeProduceRequest(each, nowMs).equals(await encodedByKafkajs(each))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('writes text that is not well-formed as every other writer of Node does', async () => {
    const broken = { key: 'a\ud800', value: '\udc00\u0000z', headers: { 'x\ud800': 'ü' } };
    const each = {
      acks: -1,
      timeout: 1,
      topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [broken] }] }],
    };
    jest.spyOn(Date, 'now').mockReturnValue(5);
    expect(encodeProduceRequest(each, 5)).toEqual(await encodedByKafkajs(each));
  });
});

describe('the partition of a key', () => {
  it('comes from the hash of kafkajs, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (each) => {
        const key = Buffer.from(each);
        expect(murmur2(key)).toBe(murmur2OfKafkajs(key));
      }),
    );
  });

  it('comes from the hash of the Java client', () => {
    // kafka-clients 4.3.1, Utils.murmur2.
    const hashes = ['', 'a', 'ab', 'abc', 'abcd', 'ümläut'].map((key) => murmur2(Buffer.from(key)));
    expect(hashes).toEqual([275646681, -1563381124, 316155434, 479470107, -1323649548, -1046324207]);
  });
});
