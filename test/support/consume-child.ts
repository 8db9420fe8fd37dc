import { once } from 'node:events';
import { topics } from '#contracts';
import { done } from '#domain';
import { connectProducer, startConsumer, type KafkaConnection } from '#kafka';
import { createLog } from '#runtime';

/** A consumer in a process of its own, to be killed or frozen: it prints what it received and then
 * finishes the batch only when its signal says that the outcome no longer counts, which it prints
 * too. Argument: a connection and a group as JSON. */
const { group, ...rest } = JSON.parse(process.argv[2] ?? '{}') as Omit<KafkaConnection, 'log'> & { group: string };
const connection: KafkaConnection = { ...rest, log: createLog('child', 'silent') };
const metrics = {
  sent: () => undefined,
  waiting: () => undefined,
  fetched: () => undefined,
  handled: () => undefined,
  stopped: () => undefined,
  entrySkipped: () => undefined,
  rejoined: () => undefined,
  jumped: () => undefined,
};

startConsumer({
  ...connection,
  group,
  topic: topics.conversions,
  producer: await connectProducer({ ...connection, metrics }),
  metrics,
  sessionTimeoutMs: 6_000,
  onFatal: (error) => {
    throw error;
  },
  handle: async ({ messages, signal }) => {
    process.stdout.write(`handled ${messages.length}\n`);
    await once(signal, 'abort');
    process.stdout.write(`too late: ${String(signal.reason)}\n`);
    return messages.map(() => done);
  },
});
