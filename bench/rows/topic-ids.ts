import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

/** Reads a topic from its beginning until `count` records have come, and returns how many different
 * ids they have. Throws when fewer records come within a minute. */
export const countIds = async (
  of: { brokers: readonly string[]; topic: string; count: number },
  idOf: (value: string) => string | undefined,
): Promise<number> => {
  const kafka = new Kafka({ brokers: [...of.brokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}` });
  const ids = new Set<string | undefined>();
  let read = 0;
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: of.topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${read} of ${of.count} records came from the topic`)), 60_000);
      void consumer.run({
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages) ids.add(idOf(value?.toString() ?? ''));
          read += batch.messages.length;
          if (read < of.count) return;
          clearTimeout(late);
          resolve();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  ids.delete(undefined);
  return ids.size;
};
