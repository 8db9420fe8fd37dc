import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { topicLag } from '#kafka';
import { createLog } from '#runtime';
import { openTestGround, type TestGround } from '../../test/support/ground.js';
import { startService, testSecrets, type Service } from '../../test/support/service.js';
import { callApi, makeTopics } from '../../test/support/system.js';
import { waitFor } from '../../test/support/wait-for.js';
import { load } from '../load.js';
import type { BenchContext, Opened } from '../row.js';
import { countIds } from './topic-ids.js';

export type IngestStage = {
  /** Without a query: a row adds the fields in its own way. */
  postbackUrl: string;
  /** Fields of a call: a transaction id of its own in each, one real click id. */
  fields: string;
  clickUrl: string;
  bare: string;
  /** Records that lie on a topic. */
  recorded: (topic: string) => Promise<number>;
  /** How many different ids the records of a topic have. */
  idsOn: (topic: string, count: number) => Promise<number>;
};

const saveCatalog = async (consoleUrl: string): Promise<string> => {
  const api = callApi(consoleUrl, testSecrets.CAROM_ADMIN_TOKEN);
  const save = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await api('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const params = { clickId: ['clickid'] };
  const network = await save('/networks', { key: 'acme', name: 'Acme', params, defaultCurrency: 'USD' });
  await save('/sources', { key: 'ads', name: 'Ads', externalIdParam: 'click_id', tokens: {} });
  const url = 'https://shop.example/shoes?subid={click_id}';
  await save('/offers', { key: 'shoes', networkKey: 'acme', url });
  await save('/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes', weight: 1 }] });
  return String(network.token);
};

const startBare = async (): Promise<{ url: string; stop: () => Promise<void> }> => {
  const child = fork(fileURLToPath(new URL('../bare-fastify.js', import.meta.url)));
  const [said] = (await once(child, 'message')) as [{ port: number }];
  const stop = async (): Promise<void> => {
    child.disconnect();
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${said.port}`, stop };
};

/** Until the compilers of Node and of Kafka have done what they do: before, the same load has half
 * the throughput. */
const warmUpSeconds = 8;

const idOf = (value: string): string | undefined => {
  const record = JSON.parse(value) as { clickId?: string; read?: { transactionId?: { value?: string } } };
  return record.read?.transactionId?.value ?? record.clickId;
};

/** Ingest as it is deployed, on real Kafka, and a bare Fastify beside it, both warm. The other
 * services are not started: on one machine they would be measured too, and in a real installation
 * they are elsewhere. */
const openIngest = async ({ meter }: BenchContext): Promise<Opened<IngestStage>> => {
  const ground: TestGround = await openTestGround();
  const open: (() => Promise<void>)[] = [ground.close];
  const close = async (): Promise<void> => {
    meter.forget('ingest');
    for (const each of open) await each();
  };
  try {
    await makeTopics(ground);
    const env = { ...ground.env, CAROM_LOG_LEVEL: 'warn' };
    const ingest: Service = await startService('ingest', env);
    meter.watch('ingest', ingest.server.pid);
    open.unshift(ingest.stop);
    const console: Service = await startService('console', env);
    const token = await saveCatalog(console.url).finally(console.stop);
    const bare = await startBare();
    open.unshift(bare.stop);
    const clickId = await waitFor(async () => {
      const answer = await fetch(`${ingest.url}/c/spring?click_id=first`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('subid');
    });
    const brokers = ground.kafkaBrokers.split(',');
    const kafka = { brokers, clientId: 'bench', topicPrefix: ground.topicPrefix, log: createLog('bench', 'silent') };
    const stage: IngestStage = {
      postbackUrl: `${ingest.url}/postback/${token}`,
      fields: `clickid=${clickId}&transaction_id=[<id>]&amount=12.50&currency=USD&status=approved`,
      clickUrl: `${ingest.url}/c/spring?click_id=[<id>]`,
      bare: bare.url,
      recorded: async (topic) => {
        const lags = await topicLag(kafka, 'nobody', topic);
        return lags.reduce((sum, { lag }) => sum + lag, 0);
      },
      idsOn: (topic, count) => countIds({ brokers, topic: ground.topicPrefix + topic, count }, idOf),
    };
    await load({ url: `${stage.postbackUrl}?${stage.fields}`, connections: 256, seconds: warmUpSeconds });
    await load({ url: `${stage.bare}/postback/x`, connections: 256, seconds: 2 });
    return { value: stage, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

export const ingestStage = (context: BenchContext): Promise<IngestStage> =>
  context.stage('ingest', () => openIngest(context));
