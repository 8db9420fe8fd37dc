import { topics } from '#contracts';
import { connectProducer, startConsumer, type KafkaConnection } from '#kafka';
import { createLog } from '#runtime';

/** A consumer in a process of its own, to be killed: it says on stdout what it was given and then never finishes the batch.
 *  Argument: a connection and a group as JSON. */
const { group, ...rest } = JSON.parse(process.argv[2] ?? '{}') as Omit<KafkaConnection, 'log'> & { group: string };
const connection: KafkaConnection = { ...rest, log: createLog('child', 'silent') };
const metrics = { sent: () => undefined, waiting: () => undefined, handled: () => undefined };

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
  handle: ({ messages }) => {
    process.stdout.write(`handled ${messages.length}\n`);
    return new Promise(() => undefined);
  },
});
