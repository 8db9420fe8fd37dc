import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog } from '#runtime';
import { openSpool, type Spool } from '#spool';
import { startKafka, type KafkaServer } from '../../../stack/servers/kafka.js';
import { change, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';
import { DurableProducer } from './durable-produce.js';

/** A broker of its own, to be frozen and stopped. */
const folder = mkdtempSync(join(tmpdir(), 'carom-durable-'));
let broker: KafkaServer;
let ground: KafkaGround;
let spool: Spool;
let durable: DurableProducer;
beforeAll(async () => {
  broker = await startKafka({ dataDir: join(folder, 'kafka') });
  ground = await openKafkaGround({ brokers: [broker.brokers], timeoutMs: 2_000 });
  await open();
}, 60_000);
afterAll(async () => {
  await shut();
  await ground.close();
  await broker.stop(2_000);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const log = createLog('spec', process.env.CAROM_LOG_LEVEL ?? 'silent');
const open = async (maxBytes = 50_000_000): Promise<void> => {
  spool = await openSpool({ folder: join(folder, 'spool'), maxBytes });
  durable = new DurableProducer({ kafka: ground.producer, spool, log });
};
const shut = async (): Promise<void> => {
  await durable.close();
  await spool.close();
};

const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
let revision = 0;
const durableOnes: { key: string; revision: number }[] = [];
const failures: unknown[] = [];
/** One call every 2 ms, as it is behind HTTP: none waits for the one before. */
const keepProducing = (): (() => Promise<void>) => {
  const calls: Promise<void>[] = [];
  const timer = setInterval(() => {
    const mine = { key: keys[revision % keys.length]!, revision: (revision += 1) };
    const call = durable.produce([change(mine.revision, mine.key)]);
    calls.push(
      call.then(
        () => void durableOnes.push(mine),
        (thrown: unknown) => void failures.push(thrown),
      ),
    );
  }, 2);
  return async () => {
    clearInterval(timer);
    await Promise.all(calls);
  };
};
const ofKey = (all: readonly { key: string | null; revision: number }[], key: string) => [
  ...new Set(all.filter((each) => each.key === key).map((each) => each.revision)),
];

describe('producing durably', () => {
  it('continues without a failure while Kafka is frozen or down, and keeps the order of every key', async () => {
    const { seen, consumer } = ground.consume('all-of-it');
    const stop = keepProducing();
    await waitFor(() => durableOnes.length > 100 && durable.state === 'kafka');

    broker.signal('SIGSTOP');
    await waitFor(() => durable.state === 'spooling');
    const before = durableOnes.length;
    await waitFor(() => durableOnes.length > before + 200);
    expect(spool.depth).toBeGreaterThan(0);
    broker.signal('SIGCONT');
    await waitFor(() => durable.state === 'kafka', 30_000);

    await broker.stop(2_000);
    await waitFor(() => spool.depth > 300);
    broker = await startKafka({ dataDir: join(folder, 'kafka'), port: broker.port });
    await waitFor(() => durable.state === 'kafka', 30_000);
    await stop();

    expect(failures).toEqual([]);
    expect(durableOnes).toHaveLength(revision);
    await waitFor(() => keys.every((key) => ofKey(seen, key).length === ofKey(durableOnes, key).length), 40_000);
    for (const key of keys) {
      const produced = ofKey(durableOnes, key).sort((a, b) => a - b);
      expect(ofKey(seen, key)).toEqual(produced);
    }
    await consumer.close();
  }, 120_000);

  it('reports that neither Kafka nor the disk accepts more, and drains the rest at the next start', async () => {
    await shut();
    await broker.stop(2_000);
    await waitFor(
      () =>
        ground.producer.state === 'away' ||
        ground.producer.produce([change(0)]).then(
          () => false,
          () => true,
        ),
    );
    await open(4_000);
    const kept: number[] = [];
    const refused = async (number: number): Promise<unknown> =>
      durable.produce([change(number, 'last')]).then(
        () => kept.push(number) && null,
        (thrown: unknown) => thrown,
      );
    let error: unknown = null;
    for (let number = 1; error === null && number < 100; number += 1) error = await refused(number);
    expect(error).toMatchObject({ code: 'NOT_DURABLE' });
    expect(durable.state).toBe('full');
    expect(kept.length).toBeGreaterThan(0);
    await shut();

    await open();
    expect(spool.depth).toBe(kept.length);
    expect(durable.state).toBe('spooling');
    broker = await startKafka({ dataDir: join(folder, 'kafka'), port: broker.port });
    await waitFor(() => durable.state === 'kafka', 30_000);
    const { seen } = ground.consume('what-was-left');
    await waitFor(() => ofKey(seen, 'last').length === kept.length, 40_000);
    expect(ofKey(seen, 'last')).toEqual(kept);
  }, 120_000);

  it('does not put a record on the disk that Kafka refuses, because it would stay there for ever', async () => {
    const huge = { ...change(1, 'huge'), value: 'x'.repeat(1_200_000) };
    await expect(durable.produce([huge])).rejects.toMatchObject({ code: 'KAFKA_REFUSED' });
    expect(spool.depth).toBe(0);
  });
});
