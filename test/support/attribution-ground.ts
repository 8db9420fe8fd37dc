import { randomBytes } from 'node:crypto';
import {
  createCatalogView,
  networkSettings,
  offerSettings,
  topics,
  type CatalogEntryV1,
  type CatalogView,
  type ClickRecordedV1,
  type ConversionChangedV1,
  type NetworkSettings,
  type OfferSettings,
  type PostbackReceivedV1,
} from '#contracts';
import { mintClickId, park, readClickId, readPostback, type Rate, type Verdict } from '#domain';
import { connectProducer, kafkaMetrics, type OutRecord, type Producer } from '#kafka';
import { ensurePartitions, openDatabase } from '#postgres';
import { openClickCache } from '#redis';
import { bisect, createLog, createMetrics, messageOf, readConfig, systemRandom, systemTime } from '#runtime';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { attributionProviders } from '../../apps/attribution/attribution.module.js';
import { Clicks } from '../../apps/attribution/clicks.js';
import { attributionConfig } from '../../apps/attribution/config.js';
import { attributionMetrics } from '../../apps/attribution/metrics.js';
import { Postbacks } from '../../apps/attribution/postbacks.js';
import { surroundingsToken, type Surroundings } from '../../apps/attribution/surroundings.js';
import { Upkeep } from '../../apps/attribution/upkeep/upkeep.js';
import { openTestGround } from './ground.js';
import { makeTopics } from './system.js';
import { waitFor } from './wait-for.js';

@Module({})
class GroundModule {}

const secret = 'b7e4d1906f2c8a35e09d7b14c6f3a825';

/** A topic that was made a moment ago, or whose broker has just started, has partitions without a
 * leader, which is not what is tested here. */
const untilTopicTakes = async (producer: Producer): Promise<void> => {
  const warmUp = Array.from({ length: 60 }, (_, key) => ({
    topic: topics.conversions.name,
    key: `${key}`,
    value: 'warm up',
  }));
  await waitFor(() => producer.produce(warmUp).then(() => true), 90_000, 'the topic to take records');
};

/** Another process of the same service: it shares the stores, and has its own cache client and
 * metrics. */
const openNode = async (shared: Omit<Surroundings, 'cache' | 'metrics'>, redisUrl: string | null) => {
  const cache = redisUrl ? openClickCache({ redisUrl, keyPrefix: 'carom:', keptSeconds: 600 }) : null;
  const surroundings: Surroundings = { ...shared, cache, metrics: attributionMetrics(createMetrics('spec')) };
  const app = await NestFactory.createApplicationContext(
    {
      module: GroundModule,
      providers: [{ provide: surroundingsToken, useValue: surroundings }, ...attributionProviders],
    },
    { logger: false },
  );
  const [postbacks, clicks, upkeep] = [app.get(Postbacks), app.get(Clicks), app.get(Upkeep)];
  return {
    cache,
    attributePostbacks: (messages: readonly PostbackReceivedV1[]) => attributeByPolicy(postbacks, messages),
    recordClicks: (all: readonly ClickRecordedV1[]) => clicks.record(all),
    sweepOrphans: () => upkeep.sweepOrphans(),
    endHolds: () => upkeep.endHolds(),
    liftCaps: () => upkeep.liftCaps(),
    relayOutbox: () => upkeep.relayOutbox(),
    mergeRollups: () => upkeep.mergeRollups(),
    keepPartitions: () => upkeep.keepPartitions(),
  };
};

/** Puts a network, an offer and a campaign into the catalog; tests change the first two. */
const fillCatalog = (catalog: CatalogView) => {
  let version = 0;
  const put = (entry: Pick<CatalogEntryV1, 'kind' | 'value'> & { key: string }) =>
    catalog.apply({ ...entry, version: (version += 1), changedAt: new Date().toISOString() } as CatalogEntryV1);
  const putNetwork = (given: Partial<NetworkSettings> & { key: string }) =>
    put({
      kind: 'network',
      key: given.key,
      value: {
        ...networkSettings.parse({ name: given.key, security: { requireToken: false }, ...given }),
        number: 1,
        tokens: [],
      },
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
  return { putNetwork, putOffer };
};

/** Makes clicks and postbacks as ingest would publish them. */
const recordsOf = (catalog: CatalogView, now: () => number) => {
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
  return { click, postback };
};

/** Runs SQL as the owner of the tables: tests read and break what the services may not touch. */
const rowsBy =
  (owner: pg.Pool) =>
  async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await owner.query(sql, values)).rows as Row[];

/** Attribution on real Postgres, Redis and Kafka, inside the test's own process, with a clock that
 * the test sets. What is published is kept in `published` as well as sent. */
export const openAttributionGround = async (
  settings: Record<string, string> = {},
  { cache = true, kafkaBrokers }: { cache?: boolean; kafkaBrokers?: string } = {},
) => {
  const ground = await openTestGround(kafkaBrokers);
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
  await untilTopicTakes(producer);
  const catalog = createCatalogView();
  const published: ConversionChangedV1[] = [];
  let offsetMs = 0;
  let beforePublishing = (): Promise<void> => Promise.resolve();
  const now = () => Date.now() + offsetMs;
  await ensurePartitions(pool, now());

  const shared = {
    ...{ config, pool, catalog, log, random: systemRandom },
    produce: async (records: OutRecord[]) => {
      await beforePublishing();
      await producer.produce(records);
      for (const { value } of records) published.push(JSON.parse(String(value)) as ConversionChangedV1);
    },
    time: { ...systemTime, nowMs: now },
  };
  const nodes = [await openNode(shared, cache ? ground.redisUrl : null)];
  const first = nodes[0] as Awaited<ReturnType<typeof openNode>>;

  const catalogFixture = fillCatalog(catalog);
  const owner = new pg.Pool({ connectionString: ground.databaseUrl, max: 4 });

  return {
    ...first,
    ground,
    pool,
    ownerPool: owner,
    catalog,
    published,
    config,
    secret,
    ...catalogFixture,
    ...recordsOf(catalog, now),
    rows: rowsBy(owner),
    putRate: async ({ day, currency, perEuroNanos }: Rate): Promise<void> => {
      await pool.query(
        `insert into rates (day, currency, per_euro_nanos, origin) values ($1, $2, $3, 'spec')
         on conflict (day, currency) do update set per_euro_nanos = excluded.per_euro_nanos, recorded_at = now()`,
        [day, currency, perEuroNanos.toString()],
      );
    },
    now,
    addNode: async () => {
      const added = await openNode(shared, ground.redisUrl);
      nodes.push(added);
      return added;
    },
    /** From now on, called before each call to Kafka. */
    beforePublishing: (look: () => Promise<void>) => void (beforePublishing = look),
    untilTopicTakes: () => untilTopicTakes(producer),
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

/** A batch as libs/kafka gives it to its handler: in halves where a record fails, which is then
 * parked. */
const attributeByPolicy = async (postbacks: Postbacks, messages: readonly PostbackReceivedV1[]): Promise<Verdict[]> => {
  const verdicts = new Map<PostbackReceivedV1, Verdict>();
  const { failed } = await bisect(messages, async (some) => {
    const answers = await postbacks.attribute(some);
    some.forEach((message, index) => verdicts.set(message, answers[index] as Verdict));
  });
  for (const { item, fault, error } of failed)
    verdicts.set(item, park(fault === 'record' ? 'cannot_be_written' : 'internal_error', messageOf(error)));
  return messages.map((message) => verdicts.get(message) as Verdict);
};

export type AttributionGround = Awaited<ReturnType<typeof openAttributionGround>>;
