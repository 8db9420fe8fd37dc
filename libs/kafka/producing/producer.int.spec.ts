import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import { KafkaProduceError, type OutRecord } from '#kafka';
import { change, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';

let ground: KafkaGround;
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(() => ground.close());

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const refusalOf = (produced: Promise<void>): Promise<KafkaProduceError> =>
  produced.then(
    () => Promise.reject(new Error('it was acknowledged')),
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(KafkaProduceError);
      return thrown as KafkaProduceError;
    },
  );

describe('a producer', () => {
  it('keeps the order of every key while many calls wait', async () => {
    const producer = await ground.produce({ maxBatchRecords: 20 });
    const keys = range(0, 30).map((number) => `order-${number}`);
    // Not awaited one by one: many calls wait at once, as they do in front of HTTP.
    await Promise.all(
      range(1, 101).flatMap((revision) => keys.map((key) => producer.produce([change(revision, key)]))),
    );
    const { seen } = ground.consume('order-of-keys');
    await waitFor(() => seen.length >= 3_000);
    for (const key of keys) {
      const revisions = seen.filter((each) => each.key === key).map(({ revision }) => revision);
      // As a set: where one partition of a request fails (a topic just made, a leader just moved)
      // kafkajs sends all of it again.
      expect([...new Set(revisions)]).toEqual(range(1, 101));
    }
  });

  it('puts a key on the partition on which every other Kafka client would look for it', async () => {
    // murmur2 as the Java client has it: these keys out of twelve partitions, computed with
    // kafka-clients 4.3.1 (Utils.murmur2).
    expect(topics.conversions.partitions).toBe(12);
    await ground.producer.produce([change(1, 'one'), change(1, 'acme'), change(1, 'A-1001')]);
    const { seen } = ground.consume('partitions');
    await waitFor(() => ['one', 'acme', 'A-1001'].every((key) => seen.some((each) => each.key === key)));
    const partitionOf = (key: string) => seen.find((each) => each.key === key)?.partition;
    expect(['one', 'acme', 'A-1001'].map(partitionOf)).toEqual([11, 0, 5]);
  });

  it('names the one record that the broker refuses, and writes the others of the same batch', async () => {
    const huge: OutRecord = { ...change(2, 'huge'), value: 'x'.repeat(1_200_000) };
    const producer = await ground.produce({ spacingMs: 20 });
    const calls = [
      producer.produce([change(1, 'beside')]),
      refusalOf(producer.produce([change(3, 'beside'), huge])),
      producer.produce([change(4, 'beside')]),
    ] as const;
    const [, error] = await Promise.all(calls);
    expect(error.code).toBe('KAFKA_REFUSED');
    expect(error.failed).toEqual([huge]);
    expect(producer.state).toBe('connected');
    const { seen } = ground.consume('beside-the-huge');
    await waitFor(() => seen.filter(({ key }) => key === 'beside').length >= 3);
    const revisions = seen.filter(({ key }) => key === 'beside').map(({ revision }) => revision);
    expect([...new Set(revisions)]).toEqual([1, 3, 4]);
  });

  it('refuses a topic that does not exist without holding up the others', async () => {
    const lost: OutRecord = { ...change(1), topic: 'carom.no-such-topic.v1' };
    const producer = await ground.produce({ timeoutMs: 10_000 });
    const [error] = await Promise.all([
      refusalOf(producer.produce([lost])),
      producer.produce([change(1, 'elsewhere')]),
    ]);
    expect(error.code).toBe('KAFKA_REFUSED');
  });

  it('says at once that too much waits, and sends nothing of that call', async () => {
    const producer = await ground.produce({ maxWaitingRecords: 10, spacingMs: 50 });
    const accepted = producer.produce(range(1, 9).map((revision) => change(revision, 'pressed')));
    const error = await refusalOf(producer.produce(range(9, 12).map((revision) => change(revision, 'pressed'))));
    expect(error.code).toBe('KAFKA_BACKPRESSURE');
    expect(error.failed).toHaveLength(3);
    await accepted;
    expect(producer.waitingRecords).toBe(0);
    await producer.produce([change(12, 'pressed')]);
    const { seen } = ground.consume('pressed');
    const mine = () => seen.filter(({ key }) => key === 'pressed').map(({ revision }) => revision);
    await waitFor(() => mine().includes(12));
    expect(mine()).toEqual([...range(1, 9), 12]);
  });

  it('sends what waits before it closes', async () => {
    const producer = await ground.produce({ spacingMs: 5_000 });
    await producer.produce([change(0, 'last-words')]);
    const produced = producer.produce([change(1, 'last-words')]);
    await producer.close();
    await produced;
    expect((await refusalOf(producer.produce([change(2, 'last-words')]))).code).toBe('KAFKA_AWAY');
  });
});

describe('a producer without Kafka', () => {
  const closedPort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    return port;
  };

  it('starts nevertheless, and fails every call at once instead of letting it wait', async () => {
    const producer = await ground.produce({ brokers: [`127.0.0.1:${await closedPort()}`] });
    expect(producer.state).toBe('away');
    const startedAt = performance.now();
    const error = await refusalOf(producer.produce([change(1), change(2)]));
    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(error.code).toBe('KAFKA_AWAY');
    expect(error.failed).toHaveLength(2);
  });

  it('gives up a server that takes the connection and never answers', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const producer = await ground.produce({ brokers: [`127.0.0.1:${port}`], timeoutMs: 300 });
    expect(producer.state).toBe('away');
    await producer.close();
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
});
