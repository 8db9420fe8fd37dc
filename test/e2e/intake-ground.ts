import {
  campaign,
  network,
  offer,
  source,
  topics,
  type CatalogEntryV1,
  type ClickRecordedV1,
  type PostbackReceivedV1,
} from '#contracts';
import { connectProducer, followTable, type KafkaConnection, type KafkaMetrics, type OutRecord } from '#kafka';
import { createLog } from '#runtime';
import { Kafka, logLevel } from 'kafkajs';
import { openTestGround } from '../support/ground.js';
import { startService, type Service } from '../support/service.js';
import { makeTopics } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** Ingest alone on a real broker: the catalog is written to its topic as console would, and what
 * ingest writes is read back. */

type Settings = Record<string, unknown> & { key: string };
export type CatalogFixture = {
  networks?: Settings[];
  sources?: Settings[];
  offers?: Settings[];
  campaigns?: Settings[];
};

let version = 0;
const entry = (kind: CatalogEntryV1['kind'], value: { key: string }): OutRecord => ({
  topic: topics.catalog.name,
  key: `${kind}:${value.key}`,
  value: JSON.stringify({ kind, key: value.key, version: (version += 1), changedAt: new Date().toISOString(), value }),
});

/** Numbers are given in the order of the lists; each network has the token `token-<key>`. */
const catalogRecords = (fixture: CatalogFixture): OutRecord[] => [
  ...(fixture.networks ?? []).map((value, index) =>
    entry(
      'network',
      network.parse({
        name: value.key,
        number: index + 1,
        tokens: [{ token: `token-${value.key}`, until: null }],
        ...value,
        security: { requireToken: false, ...(value['security'] as object | undefined) },
      }),
    ),
  ),
  ...(fixture.sources ?? []).map((value, index) =>
    entry('source', source.parse({ name: value.key, number: index + 1, ...value })),
  ),
  ...(fixture.offers ?? []).map((value, index) => entry('offer', offer.parse({ number: index + 1, ...value }))),
  ...(fixture.campaigns ?? []).map((value, index) =>
    entry('campaign', campaign.parse({ number: index + 1, ...value })),
  ),
];

export type IntakeGround = {
  ingest: Service;
  /** For a second service on the same ground. */
  env: Record<string, string>;
  postbacks: PostbackReceivedV1[];
  clicks: ClickRecordedV1[];
  /** The one record of a call, found by the id its answer carried. */
  postbackOf: (answer: Response) => Promise<PostbackReceivedV1>;
  clickOf: (clickId: string) => Promise<ClickRecordedV1>;
  /** Follows a click link as a browser would, to the redirect and no further. */
  follow: (path: string, headers?: Record<string, string>) => Promise<Response>;
  /** Mints a click through a campaign and answers its click id, which the offer URLs here carry as
   * `aff_sub`. */
  click: (campaignKey: string) => Promise<string>;
  saveCatalog: (fixture: CatalogFixture) => Promise<void>;
  /** Forgets what was recorded so far; on the broker, what was recorded when this was called
   * before, because it has been read by now. */
  dropRecords: () => Promise<void>;
  close: () => Promise<void>;
};

const nothing = () => undefined;
const noMetrics: KafkaMetrics = {
  sent: nothing,
  waiting: nothing,
  fetched: nothing,
  handled: nothing,
  stopped: nothing,
  entrySkipped: nothing,
  rejoined: nothing,
  jumped: nothing,
};

/** Collects every postback and click that ingest writes. */
const followRecords = async (kafka: KafkaConnection) => {
  const postbacks: PostbackReceivedV1[] = [];
  const clicks: ClickRecordedV1[] = [];
  const onFatal = (error: Error): void => {
    throw error;
  };
  const followed = [
    followTable<PostbackReceivedV1>({
      ...kafka,
      topic: topics.postbacks,
      onFatal,
      onEntry: ({ value }) => postbacks.push(value),
    }),
    followTable<ClickRecordedV1>({
      ...kafka,
      topic: topics.clicks,
      onFatal,
      onEntry: ({ value }) => clicks.push(value),
    }),
  ];
  await Promise.all(followed.map((table) => table.caughtUp));
  return { postbacks, clicks, followed };
};

/** `TOPIC` among the resources of Kafka's configuration. */
const topicResource = 2;
type TopicEnds = Map<string, { partition: number; offset: string }[]>;

/** Deletes the records of both topics up to `ends`, and answers where they end now. Small segments
 * let the broker free the disk at once. */
const cutTopics = async ({ brokers, topicPrefix = '' }: KafkaConnection, ends: TopicEnds): Promise<TopicEnds> => {
  const endsNow: TopicEnds = new Map();
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (const { name } of [topics.postbacks, topics.clicks]) {
      const topic = `${topicPrefix}${name}`;
      const configEntries = [{ name: 'segment.bytes', value: '33554432' }];
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: topicResource, name: topic, configEntries }],
      });
      const offsets = await admin.fetchTopicOffsets(topic);
      endsNow.set(
        topic,
        offsets.map(({ partition, high }) => ({ partition, offset: high })),
      );
      const partitions = ends.get(topic);
      if (partitions) await admin.deleteTopicRecords({ topic, partitions });
    }
  } finally {
    await admin.disconnect();
  }
  return endsNow;
};

export const openIntakeGround = async (
  fixture: CatalogFixture,
  env: Record<string, string> = {},
): Promise<IntakeGround> => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const log = createLog('test', 'silent');
  const kafka: KafkaConnection = {
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'intake-test',
    topicPrefix: ground.topicPrefix,
    log,
  };
  const producer = await connectProducer({ ...kafka, metrics: noMetrics, timeoutMs: 30_000 });
  // Writing the catalog twice is harmless, so a broker that is slow on a busy machine is simply
  // asked again.
  const write = (records: OutRecord[]) => waitFor(() => producer.produce(records).then(() => true), 60_000);
  await write(catalogRecords(fixture));
  const { postbacks, clicks, followed } = await followRecords(kafka);
  const ingest = await startService('ingest', { ...ground.env, ...env });

  let ends: TopicEnds = new Map();
  const follow = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${ingest.url}${path}`, { redirect: 'manual', headers });
  return {
    ingest,
    env: ground.env,
    postbacks,
    clicks,
    follow,
    postbackOf: (answer) => {
      const id = answer.headers.get('carom-postback-id');
      return waitFor(() => postbacks.find((postback) => postback.id === id), 10_000);
    },
    clickOf: (clickId) => waitFor(() => clicks.find((click) => click.clickId === clickId), 10_000),
    click: async (campaignKey) => {
      const answer = await follow(`/c/${campaignKey}`);
      return new URL(answer.headers.get('location') ?? '').searchParams.get('aff_sub') ?? '';
    },
    saveCatalog: async (changed) => {
      await write(catalogRecords(changed));
    },
    dropRecords: async () => {
      postbacks.length = 0;
      clicks.length = 0;
      ends = await cutTopics(kafka, ends);
    },
    close: async () => {
      await ingest.stop();
      await Promise.all(followed.map((table) => table.close()));
      await producer.close();
      await ground.close();
    },
  };
};
