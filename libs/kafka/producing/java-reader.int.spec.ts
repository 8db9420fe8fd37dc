import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import type { OutRecord } from '#kafka';
import { fetchJars } from '../../../stack/servers/jars.js';
import { openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';

let ground: KafkaGround;
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(() => ground.close());

/** Fields that are empty, long, outside of ASCII, with lengths on both sides of where a length
 *  takes one byte more. */
const record = (number: number): OutRecord => ({
  topic: topics.conversions.name,
  key: [...`order ${number} ü€😀`].slice(0, 4 + (number % 12)).join(''),
  value: 'é'.repeat([0, 1, 31, 32, 63, 64, 4_095, 4_096, 8_191, 8_192][number % 10] ?? 0) + number,
  headers: {
    id: `id-${number}`,
    type: 'conversion-changed.v1',
    ...(number % 3 ? {} : { empty: '', 'naïve ✓': '漢字' }),
  },
});
const bare = ({ key, value, headers }: Omit<OutRecord, 'topic'>) => ({ key, value, headers });

describe('a Java consumer', () => {
  it('reads every record as it was produced, each on the partition of its key', async () => {
    const sent = Array.from({ length: 300 }, (_, number) => record(number));
    const producer = await ground.produce({ spacingMs: 1 });
    await Promise.all(sent.map((each) => producer.produce([each])));

    const { brokers, topicPrefix } = ground.connection;
    const reader = join('test', 'support', 'java', 'ReadTopic.java');
    const topic = topicPrefix + topics.conversions.name;
    const jars = join(await fetchJars(), 'kafka', '*');
    const { stdout } = await promisify(execFile)(
      'java',
      ['-XX:TieredStopAtLevel=1', '-cp', jars, reader, brokers.join(','), topic],
      { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    const read = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([partition, ...fields]) => {
        const [key = '', value = '', ...rest] = fields.map((each) => Buffer.from(each, 'base64').toString());
        const pairs = Array.from({ length: rest.length / 2 }, (_, at) => [rest[2 * at]!, rest[2 * at + 1]!]);
        return { partition, key, value, headers: Object.fromEntries(pairs) };
      });
    // As a set: where a topic was just made, kafkajs may send a request again.
    const byId = (records: Omit<OutRecord, 'topic'>[]) =>
      Object.fromEntries(records.map((each) => [each.headers?.id, bare(each)]));
    expect(byId(read)).toEqual(byId(sent));
    expect(Object.values(Object.groupBy(read, ({ key }) => key)).every(isOnOnePartition)).toBe(true);
  });
});

const isOnOnePartition = (records: { partition: string | undefined }[] | undefined): boolean =>
  new Set(records?.map(({ partition }) => partition)).size === 1;
