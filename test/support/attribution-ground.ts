import { randomBytes } from 'node:crypto';
import {
  createCatalogView,
  networkSettings,
  offerSettings,
  topics,
  type CatalogEntryV1,
  type ClickRecordedV1,
  type ConversionChangedV1,
  type NetworkSettings,
  type OfferSettings,
  type PostbackReceivedV1,
} from '#contracts';
import { mintClickId, readClickId, readPostback } from '#domain';
import { connectProducer, kafkaMetrics } from '#kafka';
import { ensurePartitions, openDatabase } from '#postgres';
import { openClickCache } from '#redis';
import { createLog, createMetrics, readConfig } from '#runtime';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { compose } from '../../apps/attribution/composition.js';
import { attributionConfig } from '../../apps/attribution/config.js';
import { openTestGround } from './ground.js';
import { makeTopics } from './system.js';
import { waitFor } from './wait-for.js';

const secret = 'a secret that only tests know';

/** Attribution on real Postgres, Redis and Kafka, inside the test's own process, with a clock that
 * the test sets. What is published is kept in `published` as well as sent. */
export const openAttributionGround = async (settings: Record<string, string> = {}, { cache = true } = {}) => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const log = createLog('spec', process.env.CAROM_LOG_LEVEL ?? 'silent');
  const config = readConfig(attributionConfig, { ...ground.env, CAROM_SECRET: secret, ...settings });
  const { pool, close: closeDatabase } = await openDatabase({
    databaseUrl: config.DATABASE_URL,
    poolSize: 16,
    applicationName: 'spec',
    planned: 'once',
  });
  const kafka = { brokers: config.KAFKA_BROKERS, clientId: 'spec', topicPrefix: ground.topicPrefix, log };
  const producer = await connectProducer({ ...kafka, metrics: kafkaMetrics(createMetrics('spec')), spacingMs: 0 });
  // A topic that was made a moment ago has partitions without a leader yet: what is tested here is
  // not that.
  const warmUp = Array.from({ length: 60 }, (_, key) => ({
    topic: topics.conversions.name,
    key: `${key}`,
    value: 'warm up',
  }));
  await waitFor(() => producer.produce(warmUp).then(() => true), 90_000, 'the topic to take records');
  const catalog = createCatalogView();
  const published: ConversionChangedV1[] = [];
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  await ensurePartitions(pool, now());

  /** Another node of the same service: same stores, its own cache client and metrics. */
  const node = (redisUrl: string | null = ground.redisUrl) => {
    const cache = redisUrl ? openClickCache({ redisUrl, keyPrefix: 'carom:', keptSeconds: 600 }) : null;
    const attribution = compose({
      config,
      pool,
      cache,
      catalog,
      produce: async (records) => {
        await producer.produce(records);
        for (const { value } of records) published.push(JSON.parse(String(value)) as ConversionChangedV1);
      },
      metrics: createMetrics('spec'),
      log,
      now,
    });
    return { ...attribution, cache };
  };
  const nodes = [node(cache ? ground.redisUrl : null)];
  const first = nodes[0] as ReturnType<typeof node>;

  let version = 0;
  const put = (entry: Pick<CatalogEntryV1, 'kind' | 'value'> & { key: string }) =>
    catalog.apply({ ...entry, version: (version += 1), changedAt: new Date().toISOString() } as CatalogEntryV1);
  const putNetwork = (given: Partial<NetworkSettings> & { key: string }) =>
    put({
      kind: 'network',
      key: given.key,
      value: { ...networkSettings.parse({ name: given.key, ...given }), number: 1, tokens: [] },
    });
  const putOffer = (given: Partial<OfferSettings> = {}) => {
    const offer = offerSettings.parse({
      key: 'shoes',
      networkKey: 'acme',
      url: 'https://shop.example/?c={click_id}',
      ...given,
    });
    put({ kind: 'offer', key: offer.key, value: { ...offer, number: 2 } });
  };
  putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  putOffer();
  put({
    kind: 'campaign',
    key: 'spring',
    value: {
      key: 'spring',
      sourceKey: 'adnet',
      offers: [{ offerKey: 'shoes', weight: 1 }],
      destination: null,
      reportTokens: [],
      number: 3,
    },
  });

  const click = (given: Partial<ClickRecordedV1> = {}): ClickRecordedV1 => {
    const clickedAtMs = given.clickedAtMs ?? now() - 60_000;
    return {
      clickId: mintClickId({ atMs: clickedAtMs, campaignNumber: 3, offerNumber: 2, random: randomBytes(5) }, secret),
      clickedAtMs,
      campaignKey: 'spring',
      sourceKey: 'adnet',
      offerKey: 'shoes',
      networkKey: 'acme',
      externalId: `ext-${clickedAtMs}`,
      externalIdRaw: `ext-${clickedAtMs}`,
      tokens: { zone: '7' },
      cost: null,
      visitor: { ip: '203.0.113.9', userAgent: 'Mozilla/5.0', referer: null, language: null },
      channel: 'redirect',
      unique: true,
      flags: [],
      ...given,
    };
  };
  const recognise = (text: string) => readClickId(text, [secret]);

  /** A postback as ingest would publish it for this query. `networkKey: null`: the plain address,
   * nothing known. */
  const postback = (query: string, given: Partial<PostbackReceivedV1> = {}): PostbackReceivedV1 => {
    const receivedAtMs = given.receivedAtMs ?? now();
    const networkKey = given.networkKey === undefined ? 'acme' : given.networkKey;
    const dialect = catalog.network(networkKey ?? '') ?? { ...networkSettings.parse({ key: 'x', name: 'x' }) };
    const { read, problems, refusal, test, suppressDelivery } = readPostback(
      { method: 'GET', query, body: null, contentType: null },
      dialect,
      recognise,
    );
    return {
      id: uuidV7({ msecs: receivedAtMs }),
      receivedAtMs,
      channel: 'postback',
      authenticatedBy: networkKey === null ? 'none' : 'token',
      raw: {
        method: 'GET',
        target: `/postback?${query}`,
        headers: {},
        body: null,
        bodyEncoding: 'utf8',
        remoteAddress: null,
      },
      read,
      problems,
      refusal,
      test,
      suppressDelivery,
      ...given,
      networkKey,
    };
  };

  const owner = new pg.Pool({ connectionString: ground.databaseUrl, max: 4 });
  /** As the owner of the tables: tests look behind, and sometimes break, what the services may
   * not. */
  const rows = async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await owner.query(sql, values)).rows as Row[];

  return {
    ...first,
    ground,
    pool,
    ownerPool: owner,
    catalog,
    published,
    config,
    secret,
    putNetwork,
    putOffer,
    click,
    postback,
    rows,
    now,
    addNode: () => {
      const added = node();
      nodes.push(added);
      return added;
    },
    /** Sets the clock forward; back, if below zero. */
    later: (ms: number) => void (offsetMs += ms),
    close: async () => {
      for (const each of nodes) await each.cache?.close();
      await producer.close();
      await Promise.all([closeDatabase(), owner.end()]);
      await ground.close();
    },
  };
};

export type AttributionGround = Awaited<ReturnType<typeof openAttributionGround>>;
