import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type CatalogEntryV1 } from '#contracts';
import { ensureTopics, followTable, type OutRecord, type Table } from '#kafka';
import { Kafka, logLevel } from 'kafkajs';
import { openKafkaGround, type KafkaGround } from '../../../test/support/kafka-ground.js';
import { waitFor } from '../../../test/support/wait-for.js';

let ground: KafkaGround;
const open: Table[] = [];
beforeAll(async () => {
  ground = await openKafkaGround();
});
afterAll(async () => {
  for (const table of open) await table.close();
  await ground.close();
});

const changedAt = '2026-01-01T00:00:00.000Z';
const entry = (key: string, version: number): OutRecord => ({
  topic: topics.catalog.name,
  key: `source:${key}`,
  value: JSON.stringify({ kind: 'source', key, version, changedAt, value: null } satisfies CatalogEntryV1),
  headers: { type: topics.catalog.type },
});

const follow = () => {
  const versions = new Map<string, number[]>();
  const table = followTable<CatalogEntryV1>({
    ...ground.connection,
    topic: topics.catalog,
    onEntry: ({ value }) => void versions.set(value.key, [...(versions.get(value.key) ?? []), value.version]),
    onFatal: (error) => ground.fatal.push(error),
  });
  open.push(table);
  return { table, versions };
};

describe('a table that is followed', () => {
  it('is caught up at once when its topic is empty', async () => {
    await follow().table.caughtUp;
  });

  it('gives everything that lay on the topic before it says it has caught up, and every later change once', async () => {
    await ground.producer.produce(Array.from({ length: 500 }, (_, index) => entry(`s${index}`, 1)));
    const first = follow();
    const second = follow();
    await Promise.all([first.table.caughtUp, second.table.caughtUp]);
    expect(first.versions.size).toBe(500);
    expect(second.versions.size).toBe(500);
    await ground.producer.produce([entry('s7', 2), entry('new', 1)]);
    for (const { versions } of [first, second]) {
      await waitFor(() => versions.has('new'));
      expect(versions.get('s7')).toEqual([1, 2]);
    }
  });

  it('passes over an entry that cannot be read', async () => {
    await ground.producer.produce([{ ...entry('bad', 1), value: '{"kind":"nonsense"}' }, entry('after-bad', 1)]);
    const { table, versions } = follow();
    await table.caughtUp;
    expect(versions.get('after-bad')).toEqual([1]);
    expect(versions.has('bad')).toBe(false);
  });

  it('leaves no consumer group behind', async () => {
    const { table } = follow();
    await table.caughtUp;
    const admin = new Kafka({ brokers: [...ground.connection.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const groups = async () => {
      const listed = await admin.listGroups();
      return listed.groups.filter(({ groupId }) => groupId.startsWith(`${ground.connection.topicPrefix}table.`)).length;
    };
    const before = await groups();
    await table.close();
    expect(await groups()).toBe(before - 1);
    await admin.disconnect();
  });
});

describe('the topics of the contracts table', () => {
  it('are created as the table says, and creating them again changes nothing', async () => {
    await Promise.all([ensureTopics(ground.connection), ensureTopics(ground.connection)]);
    const admin = new Kafka({ brokers: [...ground.connection.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const names = Object.values(topics).map(({ name }) => ground.connection.topicPrefix + name);
    const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({
        type: 2,
        name,
        configNames: ['cleanup.policy', 'retention.ms', 'min.insync.replicas'],
      })),
    });
    await admin.disconnect();
    for (const topic of Object.values(topics)) {
      const name = ground.connection.topicPrefix + topic.name;
      expect(found.find((each) => each.name === name)?.partitions).toHaveLength(topic.partitions);
      const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
      expect(entries.find(({ configName }) => configName === 'cleanup.policy')?.configValue).toBe(topic.cleanup);
      const retention = entries.find(({ configName }) => configName === 'retention.ms')?.configValue;
      expect(retention).toBe(String(topic.retentionMs ?? -1));
      expect(entries.find(({ configName }) => configName === 'min.insync.replicas')?.configValue).toBe('1');
    }
  });
});
