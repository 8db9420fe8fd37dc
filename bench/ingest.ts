import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { topics } from '#contracts';
import { topicLag } from '#kafka';
import { createLog } from '#runtime';
import { openTestGround, type TestGround } from '../test/support/ground.js';
import { startService, testSecrets, type Service } from '../test/support/service.js';
import { callApi, makeTopics } from '../test/support/system.js';
import { waitFor } from '../test/support/wait-for.js';
import { expectAll, load } from './load.js';
import { alternately, type BenchContext, type BenchRow, type Measured } from './row.js';

type Stage = {
  /** Unique transaction ids, one real click id: the postback of a network that reports many
   * sales. */
  postbackUrl: string;
  clickUrl: string;
  bare: string;
  /** Records that lie on a topic. */
  recorded: (topic: string) => Promise<number>;
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
  const child = fork(fileURLToPath(new URL('./bare-fastify.js', import.meta.url)));
  const [said] = (await once(child, 'message')) as [{ port: number }];
  const stop = async (): Promise<void> => {
    child.disconnect();
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${said.port}`, stop };
};

/** Ingest as it is deployed, on real Kafka, and a bare Fastify beside it. The other services are
 * not started: on one machine they would be measured too, and in a real installation they are
 * elsewhere. */
const onStage = async <T>(play: (stage: Stage) => Promise<T>): Promise<T> => {
  const ground: TestGround = await openTestGround();
  const open: (() => Promise<void>)[] = [ground.close];
  try {
    await makeTopics(ground);
    const env = { ...ground.env, CAROM_LOG_LEVEL: 'warn' };
    const ingest: Service = await startService('ingest', env);
    open.unshift(ingest.stop);
    const console: Service = await startService('console', env);
    const token = await saveCatalog(console.url).finally(console.stop);
    const bare = await startBare();
    open.unshift(bare.stop);
    const clickId = await waitFor(async () => {
      const answer = await fetch(`${ingest.url}/c/spring?click_id=first`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('subid');
    });
    const fields = `clickid=${clickId}&transaction_id=[<id>]&amount=12.50&currency=USD&status=approved`;
    const kafka = { brokers: ground.kafkaBrokers.split(','), clientId: 'bench', topicPrefix: ground.topicPrefix };
    return await play({
      postbackUrl: `${ingest.url}/postback/${token}?${fields}`,
      clickUrl: `${ingest.url}/c/spring?click_id=[<id>]`,
      bare: bare.url,
      recorded: async (topic) => {
        const lags = await topicLag({ ...kafka, log: createLog('bench', 'silent') }, 'nobody', topic);
        return lags.reduce((sum, { lag }) => sum + lag, 0);
      },
    });
  } finally {
    for (const close of open) await close();
  }
};

const timesOf = ({ long }: BenchContext) => ({ seconds: long ? 15 : 4, rounds: long ? 4 : 2 });
const connections = 256;
/** Until the compilers of Node and of Kafka have done what they do: before, the same load has half
 * the throughput. */
const warmUpSeconds = 10;

/** Ours and bare alternately under full load; counts what was answered and checks that all of it is
 * on the topic. */
const throughput = async (
  context: BenchContext,
  stage: Stage,
  side: { ours: string; bare: string; topic: string; status: number },
): Promise<Measured> => {
  const { seconds, rounds } = timesOf(context);
  const run = async (url: string, forSeconds = seconds) =>
    expectAll(await load({ url, connections, seconds: forSeconds }), side.status);
  await run(side.ours, warmUpSeconds);
  await run(side.bare, 2);
  const before = await stage.recorded(side.topic);
  let answered = 0;
  const [ours, limit] = await alternately(
    rounds,
    async () => {
      const answer = await run(side.ours);
      answered += answer.answered;
      context.say(`ours ${Math.round(answer.perSecond)}/s, p99 ${answer.p99Ms} ms`);
      return answer.perSecond;
    },
    async () => {
      const answer = await run(side.bare);
      context.say(`bare ${Math.round(answer.perSecond)}/s, p99 ${answer.p99Ms} ms`);
      return answer.perSecond;
    },
  );
  const recorded = await waitFor(async () => {
    const now = (await stage.recorded(side.topic)) - before;
    return now >= answered ? now : null;
  }, 30_000);
  return { ours, limit, details: { connections, seconds, rounds, answered, recorded } };
};

export const postbacksIn: BenchRow = {
  name: 'postbacks',
  what: 'postbacks in, acks=all, 256 connections',
  unit: '/s',
  limitIs: 'bare Fastify answering 200',
  atLeast: 0.3,
  aim: 0.5,
  better: 'higher',
  measure: (context) =>
    onStage((stage) => {
      const bare = stage.bare + stage.postbackUrl.slice(new URL(stage.postbackUrl).origin.length);
      const side = { ours: stage.postbackUrl, bare, topic: topics.postbacks.name, status: 200 };
      return throughput(context, stage, side);
    }),
};

export const postbackLatency: BenchRow = {
  name: 'postback-latency',
  what: 'p99 of a postback at half that load',
  unit: 'ms',
  limitIs: null,
  atLeast: 25,
  aim: 10,
  better: 'lower',
  measure: (context) =>
    onStage(async ({ postbackUrl }) => {
      const { seconds } = timesOf(context);
      await load({ url: postbackUrl, connections, seconds: warmUpSeconds });
      const full = expectAll(await load({ url: postbackUrl, connections, seconds }), 200);
      const perSecond = Math.round(full.perSecond / 2);
      context.say(`full load ${Math.round(full.perSecond)}/s, now ${perSecond}/s`);
      const half = expectAll(await load({ url: postbackUrl, connections: 64, seconds: seconds * 2, perSecond }), 200);
      const reached = half.perSecond / perSecond;
      if (reached < 0.95) throw new Error(`only ${Math.round(reached * 100)}% of the planned load was sent`);
      return { ours: half.p99Ms, details: { perSecond, p50Ms: half.p50Ms, maxMs: half.maxMs } };
    }),
};

export const clickRedirects: BenchRow = {
  name: 'clicks',
  what: 'click redirects, recorded',
  unit: '/s',
  limitIs: 'bare Fastify answering 302',
  atLeast: 0.3,
  aim: 0.5,
  better: 'higher',
  measure: (context) =>
    onStage((stage) => {
      const bare = stage.bare + stage.clickUrl.slice(new URL(stage.clickUrl).origin.length);
      return throughput(context, stage, { ours: stage.clickUrl, bare, topic: topics.clicks.name, status: 302 });
    }),
};
