import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '#contracts';
import type { KafkaProduceError } from '#kafka';
import { followTable, type Table } from '#kafka';
import { startKafka, type KafkaServer } from '../../../stack/servers/kafka.js';
import { change, openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';

/** A broker of its own: it is frozen, killed and started again here. */
let broker: KafkaServer;
let ground: KafkaGround;
let table: Table;
const dataDir = mkdtempSync(join(tmpdir(), 'carom-outage-'));
beforeAll(async () => {
  broker = await startKafka({ dataDir });
  ground = await openKafkaGround({ brokers: [broker.brokers], timeoutMs: 2_000 });
  table = followTable({
    ...ground.connection,
    topic: topics.catalog,
    onEntry: ({ key }) => entries.push(key),
    onFatal: (error) => ground.fatal.push(error),
  });
  await table.caughtUp;
}, 60_000);
afterAll(async () => {
  await table.close();
  await ground.close();
  await broker.stop(2_000);
  rmSync(dataDir, { recursive: true, force: true });
});

const entries: (string | null)[] = [];
let revision = 0;
const acknowledged: number[] = [];
const refused: KafkaProduceError[] = [];
let slowestMs = 0;
/** A record every 2 ms, each its own call, until stopped. */
const keepProducing = (): (() => Promise<void>) => {
  const calls: Promise<void>[] = [];
  const timer = setInterval(() => {
    const mine = (revision += 1);
    const startedAt = performance.now();
    const call = ground.producer.produce([change(mine, `key-${mine % 20}`)]).then(
      () => void acknowledged.push(mine),
      (error: unknown) => void refused.push(error as KafkaProduceError),
    );
    calls.push(call.then(() => void (slowestMs = Math.max(slowestMs, performance.now() - startedAt))));
  }, 2);
  return async () => {
    clearInterval(timer);
    await Promise.all(calls);
  };
};
const backAgain = () => waitFor(() => ground.producer.state === 'connected', 30_000);
const entry = (key: string) => ({
  topic: topics.catalog.name,
  key,
  value: JSON.stringify({ kind: 'source', key, version: 1, changedAt: '2026-01-01T00:00:00.000Z', value: null }),
});

describe('while Kafka is away', () => {
  it('a frozen broker fails callers after two seconds, the next ones at once, and nothing acknowledged is lost', async () => {
    const { revisions, consumer } = ground.consume('frozen');
    const stop = keepProducing();
    await waitFor(() => acknowledged.length > 100);
    broker.signal('SIGSTOP');
    await waitFor(() => ground.producer.state === 'away');
    const startedAt = performance.now();
    await expect(ground.producer.produce([change(0)])).rejects.toMatchObject({ code: 'KAFKA_AWAY' });
    expect(performance.now() - startedAt).toBeLessThan(50);
    broker.signal('SIGCONT');
    await backAgain();
    const before = acknowledged.length;
    await waitFor(() => acknowledged.length > before + 50);
    await stop();
    expect(slowestMs).toBeLessThan(2_500);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['KAFKA_AWAY']));
    await waitFor(() => {
      const seen = new Set(revisions());
      return acknowledged.every((each) => seen.has(each));
    });
    await consumer.close();
  }, 60_000);

  it('a broker that is killed and comes back finds producer, consumer and table at work again, with nothing lost', async () => {
    const { revisions, consumer } = ground.consume('restarted');
    const stop = keepProducing();
    await waitFor(() => acknowledged.length > 0 && revisions().includes(acknowledged.at(-1)!));
    broker.signal('SIGKILL');
    await broker.exited;
    await waitFor(() => ground.producer.state === 'away');
    broker = await startKafka({ dataDir, port: broker.port });
    await backAgain();
    const before = acknowledged.length;
    await waitFor(() => acknowledged.length > before + 50);
    await stop();
    await waitFor(() => {
      const seen = new Set(revisions());
      return acknowledged.every((each) => seen.has(each));
    }, 40_000);
    expect(consumer.state).toBe('consuming');
    await ground.producer.produce([entry('after-the-restart')]);
    await waitFor(() => entries.includes('after-the-restart'), 30_000);
    expect(entries).toHaveLength(1);
    await consumer.close();
    expect(ground.fatal).toEqual([]);
  }, 120_000);

  it('a table and a consumer that start without it begin as soon as it is there', async () => {
    await broker.stop(2_000);
    const late: (string | null)[] = [];
    const second = followTable({
      ...ground.connection,
      topic: topics.catalog,
      onEntry: ({ key }) => late.push(key),
      onFatal: (error) => ground.fatal.push(error),
    });
    const { revisions } = ground.consume('patient-start');
    broker = await startKafka({ dataDir, port: broker.port });
    await second.caughtUp;
    expect(late).toEqual(['after-the-restart']);
    await waitFor(() => revisions().length > 0, 30_000);
    await second.close();
    expect(ground.fatal).toEqual([]);
  }, 120_000);
});
