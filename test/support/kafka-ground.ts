import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { conversionChangedV1, topics, type ConversionChangedV1 } from '#contracts';
import { done, type Verdict } from '#domain';
import {
  connectProducer,
  ensureTopics,
  startConsumer,
  type Batch,
  type BatchNumbers,
  type Consumer,
  type ConsumerOptions,
  type KafkaConnection,
  type KafkaMetrics,
  type OutRecord,
  type Producer,
  type ProducerOptions,
} from '#kafka';
import { createLog } from '#runtime';
import { Kafka, logLevel } from 'kafkajs';

const sample = conversionChangedV1.parse(
  JSON.parse(readFileSync('libs/contracts/samples/conversion-changed.v1.json', 'utf8')),
);

/** A conversion change that says its place in a sequence by its revision; the cheapest valid record
 * to follow through Kafka. */
export const change = (revision: number, key = 'one'): OutRecord => ({
  topic: topics.conversions.name,
  key,
  value: JSON.stringify({ ...sample, revision, networkKey: key }),
  headers: { id: `${key}-${revision}`, type: topics.conversions.type },
});

type Seen = { partition: number; key: string | null; revision: number };
type Handle = (batch: Batch<ConversionChangedV1>) => Promise<readonly Verdict[]>;

type Jump = { reason: string; missed: number | null };

/** Keeps the numbers of every batch that was handled, and every jump of an offset. */
const metricsInto = (batches: BatchNumbers[], jumps: Jump[]): KafkaMetrics => ({
  sent: () => undefined,
  waiting: () => undefined,
  fetched: () => undefined,
  handled: (numbers) => batches.push(numbers),
  stopped: () => undefined,
  entrySkipped: () => undefined,
  rejoined: () => undefined,
  jumped: ({ reason, missed }) => jumps.push({ reason, missed }),
});

/** A group on the broker: its state and the number of its members. */
const describeGroup = async (
  { brokers, topicPrefix }: KafkaConnection,
  group: string,
): Promise<{ state: string; members: number }> => {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([topicPrefix + group]);
  await admin.disconnect();
  return { state: groups[0]?.state ?? 'Unknown', members: groups[0]?.members.length ?? 0 };
};

/** Topics of its own on a real broker, and consumers and producers that are closed with it. */
export const openKafkaGround = async (of: { brokers?: string[]; timeoutMs?: number } = {}) => {
  const brokers = of.brokers ?? (process.env.KAFKA_BROKERS ?? '').split(',');
  // A machine that runs all tests at once can be slow; only tests of slowness use a short time.
  const { timeoutMs = 20_000 } = of;
  const connection: KafkaConnection = {
    brokers,
    clientId: 'spec',
    topicPrefix: `spec-${randomBytes(4).toString('hex')}.`,
    log: createLog('spec', process.env.CAROM_LOG_LEVEL ?? 'silent'),
  };
  const batches: BatchNumbers[] = [];
  const jumps: Jump[] = [];
  const metrics = metricsInto(batches, jumps);
  const open: { close(): Promise<void> }[] = [];
  const fatal: Error[] = [];

  const produce = async (options: Partial<ProducerOptions> = {}): Promise<Producer> => {
    const producer = await connectProducer({ ...connection, metrics, timeoutMs, ...options });
    open.push(producer);
    return producer;
  };
  await ensureTopics(connection);
  const producer = await produce();

  /** Starts a consumer that keeps every record it gets. Without `handle` each record is `done`. */
  const consume = (group: string, handle?: Handle, options: Partial<ConsumerOptions> = {}) => {
    const seen: Seen[] = [];
    const consumer: Consumer = startConsumer({
      ...connection,
      group,
      topic: topics.conversions,
      producer,
      metrics,
      onFatal: (error) => fatal.push(error),
      sessionTimeoutMs: 6_000,
      ...options,
      handle: async (batch) => {
        const typed = batch as Batch<ConversionChangedV1>;
        for (const { partition, key, value } of typed.messages) seen.push({ partition, key, revision: value.revision });
        return handle ? handle(typed) : typed.messages.map(() => done);
      },
    });
    open.push(consumer);
    return { seen, consumer, revisions: () => seen.map(({ revision }) => revision) };
  };

  return {
    connection,
    describeGroup: (group: string) => describeGroup(connection, group),
    metrics,
    batches,
    jumps,
    fatal,
    producer,
    produce,
    consume,
    close: async (): Promise<void> => {
      for (const each of open.reverse()) await each.close();
    },
  };
};

export type KafkaGround = Awaited<ReturnType<typeof openKafkaGround>>;

/** A promise that is settled from outside: the test says when a handler may go on. */
export const gate = (): { opened: Promise<void>; open: () => void } => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};
