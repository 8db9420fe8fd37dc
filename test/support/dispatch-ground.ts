import { createHash, randomUUID } from 'node:crypto';
import {
  campaignSettings,
  destinationSettings,
  sourceSettings,
  topics,
  type ConversionChangedV1,
  type DestinationSettings,
} from '#contracts';
import { connectProducer, kafkaMetrics, KafkaProduceError, type OutRecord, type Producer } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import pg from 'pg';
import { openTestGround } from './ground.js';
import { startService, type Service } from './service.js';
import { makeTopics } from './system.js';
import { waitFor } from './wait-for.js';

type DestinationInput = Parameters<typeof destinationSettings.parse>[0];
type DeliveryRow = {
  state: string;
  reason: string | null;
  attempts: number;
  once: string;
  id: string;
  destination_key: string;
};

/** Sends records, and retries those that failed: a topic that was made a moment ago may have no
 * leader yet. */
const produceWith =
  (producer: Producer) =>
  async (records: readonly OutRecord[]): Promise<void> => {
    let left = records;
    await waitFor(async () => {
      try {
        await producer.produce([...left]);
        return true;
      } catch (thrown) {
        if (!(thrown instanceof KafkaProduceError)) throw thrown;
        left = thrown.failed;
        throw thrown;
      }
    }, 20_000);
  };

/** Writes sources and campaigns as console does: committed in Postgres, then published. With
 * `published: false` the entry is committed only. */
const catalogWriter = (pool: pg.Pool, produce: (records: readonly OutRecord[]) => Promise<void>) => {
  let version = 0;
  const putEntry = async (
    kind: 'source' | 'campaign',
    settings: { key: string },
    published: boolean,
  ): Promise<void> => {
    version += 1;
    const { key } = settings;
    const value = { ...settings, number: version };
    const changedAt = new Date().toISOString();
    await pool.query(
      `insert into catalog_entries (kind, key, number, body, version, changed_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (kind, key) do update set body = excluded.body, version = excluded.version`,
      [kind, key, value.number, JSON.stringify(value), version, changedAt],
    );
    if (published) await produce([record(topics.catalog, `${kind}:${key}`, { kind, key, version, changedAt, value })]);
  };
  const setSource = (key: string, destination: DestinationInput | null, published = true): Promise<void> =>
    putEntry('source', sourceSettings.parse({ key, name: key, destination }), published);
  const setCampaign = (
    key: string,
    sourceKey: string,
    destination: DestinationInput | null,
    published = true,
  ): Promise<void> =>
    putEntry(
      'campaign',
      campaignSettings.parse({ key, sourceKey, offers: [{ offerKey: 'shoes' }], destination }),
      published,
    );
  return { setSource, setCampaign };
};

/** Dispatch by itself on real Kafka and Postgres: the catalog and the conversions are put on their
 * topics as console and attribution would. */
export const openDispatchGround = async (env: Record<string, string> = {}) => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const log = createLog('test', 'silent');
  const producer = await connectProducer({
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'test',
    topicPrefix: ground.topicPrefix,
    log,
    metrics: kafkaMetrics(createMetrics('test')),
  });
  const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 3 });
  const services: Service[] = [];
  const produce = produceWith(producer);
  const { setSource, setCampaign } = catalogWriter(pool, produce);
  const publish = (changes: readonly ConversionChangedV1[]): Promise<void> =>
    produce(changes.map((change) => record(topics.conversions, change.conversionId, change)));

  return {
    ...ground,
    pool,
    setSource,
    setCampaign,
    publish,
    start: async (more: Record<string, string> = {}): Promise<Service> => {
      const service = await startService('dispatch', {
        ...ground.env,
        CAROM_ALLOW_ADDRESSES: '127.0.0.0/8',
        ...env,
        ...more,
      });
      services.push(service);
      return service;
    },
    deliveries: async (): Promise<DeliveryRow[]> =>
      (await pool.query<DeliveryRow>('select * from deliveries order by created_at, revision')).rows,
    /** "delivered: 3, waiting: 1" as an object. */
    states: async (): Promise<Record<string, number>> => {
      const { rows } = await pool.query<{ state: string; n: bigint }>(
        'select state, count(*) as n from deliveries group by 1',
      );
      return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
    },
    close: async (): Promise<void> => {
      for (const service of services) await service.stop();
      await producer.close();
      await pool.end();
      await ground.close();
    },
  };
};
export type DispatchGround = Awaited<ReturnType<typeof openDispatchGround>>;

const record = (topic: (typeof topics)[keyof typeof topics], key: string, value: unknown): OutRecord => ({
  topic: topic.name,
  key,
  value: JSON.stringify(value),
  headers: { id: randomUUID(), type: topic.type },
});

/** A conversion id that is always the same for the same word. */
export const conversionIdOf = (word: string): string => {
  const hex = createHash('sha256').update(word).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** An approved conversion of 12.5 USD for the source `ads`; `fields` override. */
export const conversionChange = (word: string, fields: Partial<ConversionChangedV1> = {}): ConversionChangedV1 => ({
  conversionId: conversionIdOf(word),
  revision: 1,
  changedAtMs: Date.now(),
  postbackId: null,
  networkKey: 'acme',
  campaignKey: null,
  sourceKey: 'ads',
  offerKey: 'shoes',
  clickId: '106zj8c1m4000g002d5n3pq7k9wrtxyz',
  clickedAtMs: Date.now() - 60_000,
  externalId: `ext-${word}`,
  externalIdRaw: `ext-${word}`,
  tokens: { zone: '77' },
  visitor: null,
  event: null,
  transactionId: `T-${word}`,
  state: 'approved',
  previousState: null,
  previousValue: null,
  restored: 0,
  marks: [],
  currency: 'USD',
  money: { pending: '0', approved: '12.5', rejected: '0', reversed: '0' },
  value: '12.5',
  occurredAtMs: Date.now(),
  recordedAtMs: Date.now(),
  suppressDelivery: false,
  ...fields,
});

export const destinationOf = (fields: DestinationInput): DestinationSettings => destinationSettings.parse(fields);
