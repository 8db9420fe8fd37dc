import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import kafkajs, { Kafka, logLevel, type Admin } from 'kafkajs';
import { topics } from '#contracts';
import { startKafkaCluster, type KafkaCluster } from '../../../stack/servers/kafka-cluster.js';
import { waitFor } from '../../support/wait-for.js';
import { setEnvironment } from '../environment.js';
import { metricOf } from '../metrics.js';
import { accountSales, saleOf, salesCounted, salesDelivered, salesSentOnce, untilDelivered } from '../sales.js';
import { closingAfter, held, percentile, round, type Held, type Result, type Scenario } from '../scenario.js';
import { inParallel, isOk, paced, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

// A named import of this is not found in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

type Stage = { world: World; cluster: KafkaCluster; admin: Admin; close: () => Promise<void> };

/** Resolves when all brokers have registered: before that no topic can have three replicas. */
const openCluster = async (dataDir: string): Promise<{ cluster: KafkaCluster; admin: Admin }> => {
  const cluster = await startKafkaCluster({ dataDir, brokers: 3 });
  const admin = new Kafka({ brokers: cluster.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  try {
    await admin.connect();
    await waitFor(async () => (await admin.describeCluster()).brokers.length === 3, 30_000, 'three brokers');
  } catch (thrown) {
    await admin.disconnect();
    await cluster.stop();
    throw thrown;
  }
  return { cluster, admin };
};

/** The whole system on a cluster of three brokers of its own. */
const openStage = async (): Promise<Stage> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carom-brokers-'));
  const { cluster, admin } = await openCluster(dataDir);
  const restore = setEnvironment({ KAFKA_BROKERS: cluster.brokers });
  const end = async (): Promise<void> => {
    restore();
    await admin.disconnect();
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const world = await openWorld();
    return { world, cluster, admin, close: () => world.close().finally(end) };
  } catch (thrown) {
    await end();
    throw thrown;
  }
};

/** What Kafka says of the topics that the system made. */
const topicsAreSafe = async ({ world, admin }: Stage): Promise<Held> => {
  const names = (await admin.listTopics()).filter((name) => name.startsWith(world.ground.topicPrefix));
  const { topics: described } = await admin.fetchTopicMetadata({ topics: names });
  const configNames = ['min.insync.replicas'];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configNames })),
  });
  const replicas = described.flatMap(({ partitions }) => partitions.map((each) => each.replicas.length));
  const needed = resources.map(({ configEntries }) => Number(configEntries[0]?.configValue));
  return held(
    'each topic has three replicas, of which two are needed',
    replicas.every((n) => n === 3) && needed.every((n) => n === 2) && names.length >= Object.keys(topics).length,
    `${names.length} topics, replicas ${[...new Set(replicas)].join()}, needed ${[...new Set(needed)].join()}`,
  );
};

const spooled = ({ world }: Stage): Promise<number> =>
  metricOf(world.system.ingest.healthUrl, 'carom_ingest_spool_records');

/** Postbacks that count as written: those that consumers may read. */
const written = async ({ world, admin }: Stage): Promise<number> => {
  const topic = world.ground.topicPrefix + topics.postbacks.name;
  // Until new leaders are known it throws.
  const offsets = await waitFor(() => admin.fetchTopicOffsets(topic), 20_000);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
};

/** What two seconds under load change. Kafka is asked only where it has leaders to answer. */
const watch = async (stage: Stage, sent: readonly Sent[], kafka: 'answers' | 'has no leaders') => {
  const look = async () => ({
    spooled: await spooled(stage),
    written: kafka === 'answers' ? await written(stage) : 0,
    answered: sent.length,
  });
  const before = await look();
  await wait(2_000);
  const after = await look();
  return {
    spooled: after.spooled,
    spooledMore: after.spooled - before.spooled,
    written: after.written - before.written,
    answered: after.answered - before.answered,
  };
};

const run = async (stage: Stage, long: boolean, say: (line: string) => void): Promise<Result> => {
  const { world, cluster } = stage;
  const [perSecond, seconds] = long ? [200, 60] : [50, 20];
  const all = perSecond * seconds;
  const sender = world.sender(64);
  const safe = await topicsAreSafe(stage);
  const clickIds: string[] = [];
  await inParallel(Array.from({ length: all }), 16, async (_, index) => {
    clickIds[index] = await world.click(sender, `x${index}`);
  });
  const sent: Sent[] = [];
  const load = paced(perSecond, seconds, async (index) => {
    sent.push(await sender.get(`t${index}`, saleOf(world, `t${index}`, clickIds[index] as string)));
  });
  await wait(1_000);
  await cluster.kill(3);
  say('one of three brokers killed');
  await wait(4_500);
  await waitFor(async () => (await spooled(stage)) === 0, 30_000, 'the spool to be sent').catch(() => undefined);
  const without1 = await watch(stage, sent, 'answers');
  await cluster.kill(2);
  say('two of three brokers killed');
  await wait(long ? 20_000 : 5_000);
  const without2 = await watch(stage, sent, 'has no leaders');
  await load;
  await cluster.start(2);
  say('one of them is back');
  const settledSeconds = await untilDelivered(world, all, 60_000, say);
  const left = await spooled(stage);
  await cluster.start(3);
  const account = await accountSales(world, all, sent);
  const refused = sent.filter((each) => !isOk(each)).length;
  const times = sent.map(({ ms }) => ms);
  return {
    numbers: {
      postbacks: all,
      p99Ms: round(percentile(times, 0.99)),
      settledSeconds,
      restarts: JSON.stringify(world.restarts()),
    },
    held: [
      safe,
      held('every postback got its 2xx at the first try', refused === 0, `${refused} of ${all} without`),
      held(
        'without one broker they are acknowledged by the two others, none by the disk',
        without1.spooled === 0 && without1.written > 0,
        without1,
      ),
      held(
        'without two brokers the disk takes them all',
        without2.answered > 0 && without2.spooledMore >= without2.answered - 64,
        without2,
      ),
      held('with two brokers the disk is sent to Kafka', left === 0, `${left} records left`),
      ...salesCounted(account),
      ...salesDelivered(account),
      salesSentOnce(account),
    ],
  };
};

export const brokersLost: Scenario = {
  name: 'brokers-lost',
  what: 'of three Kafka brokers one is killed under postbacks, then a second, and both return',
  breaksServers: false,
  maxSeconds: { short: 180, long: 300 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openStage(), (stage) => run(stage, long, say)),
};
