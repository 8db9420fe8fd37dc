import { Kafka, logLevel, type EachBatchPayload } from 'kafkajs';
import type { TestGround } from './ground.js';

/** The bytes of every record that lies on a topic now, keys and headers too, as Kafka has them. */
export const readTopicBytes = async (
  { kafkaBrokers, topicPrefix }: Pick<TestGround, 'kafkaBrokers' | 'topicPrefix'>,
  topic: string,
): Promise<Buffer> => {
  const kafka = new Kafka({ brokers: kafkaBrokers.split(','), clientId: 'test-bytes', logLevel: logLevel.NOTHING });
  const name = topicPrefix + topic;
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map((await admin.fetchTopicOffsets(name)).map(({ partition, high }) => [partition, Number(high)]));
  const group = `${topicPrefix}bytes-${process.hrtime.bigint()}`;
  const consumer = kafka.consumer({ groupId: group });
  const pieces: Buffer[] = [];
  const open = new Set([...ends].flatMap(([partition, end]) => (end > 0 ? [partition] : [])));
  await consumer.connect();
  await consumer.subscribe({ topic: name, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (open.size === 0) return resolve();
    const eachBatch = ({ batch }: EachBatchPayload): Promise<void> => {
      for (const { key, value, headers } of batch.messages)
        for (const piece of [key, value, ...Object.values(headers ?? {}).flat()])
          pieces.push(Buffer.from(piece ?? ''), Buffer.from('\n'));
      if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0)) open.delete(batch.partition);
      if (open.size === 0) resolve();
      return Promise.resolve();
    };
    consumer.run({ eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  await admin.deleteGroups([group]).catch(() => undefined);
  await admin.disconnect();
  return Buffer.concat(pieces);
};
