import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type CatalogEntryV1, type PostbackReceivedV1 } from '#contracts';
import { done } from '#domain';
import { connectProducer, kafkaMetrics, startConsumer, type Consumer, type Producer } from '#kafka';
import { createLog, createMetrics, failPoints, failPointsOf, type FailPoint } from '#runtime';
import { openTestGround, type TestGround } from '../support/ground.js';
import { printTable } from '../support/result-table.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { callApi, makeTopics } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

/** Console fails at each of its fail points: it dies, freezes for longer than the lease of its
 * jobs, or throws. Each time a network is saved and a file of conversions is uploaded as a job; in
 * the end the network has reached the services, and each row is one postback. */

const actions = ['die', 'throw', 'freeze'] as const;
type Action = (typeof actions)[number];
const points = failPointsOf('console');
const rows = 700;
const results = new Map<string, string>();

type Lane = {
  ground: TestGround;
  producer: Producer;
  consumers: Consumer[];
  networks: Set<string>;
  /** Transaction ids by postback id. */
  postbacks: Map<string, string>;
};
type Job = { id: string; state: string; result: { counts?: object } | null };

const openLane = async (): Promise<Lane> => {
  const ground = await openTestGround();
  await makeTopics(ground);
  const log = createLog('spec', 'silent');
  const metrics = kafkaMetrics(createMetrics('spec'));
  const kafka = { brokers: ground.kafkaBrokers.split(','), clientId: 'spec', topicPrefix: ground.topicPrefix, log };
  const producer = await connectProducer({ ...kafka, metrics });
  const networks = new Set<string>();
  const postbacks = new Map<string, string>();
  const read = (topic: typeof topics.catalog | typeof topics.postbacks, take: (value: unknown) => void) =>
    startConsumer({
      ...{ ...kafka, group: `spec.${topic.name}`, topic, producer, metrics, onFatal: () => undefined },
      handle: ({ messages }) => {
        for (const { value } of messages) take(value);
        return Promise.resolve(messages.map(() => done));
      },
    });
  const consumers = [
    read(topics.catalog, (value) => networks.add((value as CatalogEntryV1).key)),
    read(topics.postbacks, (value) => {
      const { id, read: postback } = value as PostbackReceivedV1;
      postbacks.set(id, postback.transactionId?.value ?? '');
    }),
  ];
  return { ground, producer, consumers, networks, postbacks };
};

const upload = (console_: Service, network: string) =>
  fetch(`${console_.url}/api/v1/conversions/upload?networkKey=${network}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`,
      'content-type': 'text/csv',
      prefer: 'respond-async',
    },
    body: `transaction_id,amount,currency,status\n${Array.from({ length: rows }, (_, n) => `${network}-${n},1.50,USD,approved\n`).join('')}`,
  });

const jobOf = async (console_: Service, network: string): Promise<Job | undefined> => {
  const api = callApi(console_.url, testSecrets.CAROM_ADMIN_TOKEN);
  const { body } = await api<{ items: Job[] }>('GET', '/jobs?kind=conversions.upload');
  const { body: lines } = await api<{ items: { key: string; after: object }[] }>('GET', '/audit?kind=job');
  const own = lines.items.find(({ after }) => JSON.stringify(after).includes(`"${network}"`));
  return body.items.find(({ id }) => id === own?.key);
};

const runCell = async (lane: Lane, point: string, action: Action): Promise<void> => {
  const beganAt = performance.now();
  const network = `${point.replaceAll('.', '-')}-${action}`;
  const env = { ...lane.ground.env, CONSOLE_JOB_LEASE_MS: '1000' };
  const failing = await startService('console', { ...env, CAROM_FAIL_POINT: `${point}:${action}` });
  const running = [failing];
  try {
    const api = callApi(failing.url, testSecrets.CAROM_ADMIN_TOKEN);
    const isOfJobs = point.startsWith('console.job');
    // It may die or freeze before it answers: what counts is what it has committed.
    const asked = api('POST', '/networks', { key: network, name: network })
      .then(() => (isOfJobs ? upload(failing, network) : undefined))
      .catch(() => undefined);
    const failed = () => failing.log().includes(`fail point ${point}: ${action}`);
    await waitFor(failed, 30_000, `the fail point ${point}`);
    if (action === 'throw') await asked;
    if (action === 'die') await failing.server.exited;
    const next = action === 'throw' ? failing : await startService('console', env);
    if (next !== failing) running.push(next);
    if (!isOfJobs) await upload(next, network);
    const ended = () => jobOf(next, network).then((job) => (job?.state === 'done' ? job : null));
    const job = await waitFor(ended, 30_000, `${point} ${action}: the job to be done`);
    expect(job.result?.counts).toMatchObject({ rows, accepted: rows, failed: 0 });
    if (action === 'freeze') await thaw(failing);
    const own = () => [...lane.postbacks.values()].filter((id) => id.startsWith(`${network}-`));
    await waitFor(() => new Set(own()).size === rows, 20_000, 'each row on its topic');
    await waitFor(() => lane.networks.has(network), 20_000, 'the network on its topic');
    // A row that was sent twice has the same id: attribution counts it once.
    expect([point, action, own().length]).toEqual([point, action, rows]);
    expect(await jobOf(next, network)).toEqual(job);
    results.set(`${point} ${action}`, `ok, ${((performance.now() - beganAt) / 1000).toFixed(1)} s`);
  } finally {
    for (const service of running) await service.stop();
  }
};

/** What was frozen goes on where it stopped, and finds that its job belongs to another. */
const thaw = async (frozen: Service): Promise<void> => {
  frozen.server.signal('SIGCONT');
  const api = callApi(frozen.url, testSecrets.CAROM_ADMIN_TOKEN);
  await waitFor(async () => (await api('GET', '/status')).status === 200, 20_000, 'the thawed console to answer');
  if (!frozen.log().includes('fail point console.relay'))
    await waitFor(() => frozen.log().includes('job.ended'), 20_000, 'the thawed console to end its run');
};

describe('console that fails at any point', () => {
  const open: Lane[] = [];
  beforeAll(async () => {
    for (const _ of actions) open.push(await openLane());
  }, 60_000);
  afterAll(async () => {
    const cells = (point: FailPoint) => actions.map((action) => results.get(`${point} ${action}`) ?? '-');
    printTable([['fail point', ...actions, ''], ...points.map((point) => [point, ...cells(point), failPoints[point]])]);
    for (const { ground, producer, consumers } of open) {
      for (const consumer of consumers) await consumer.close();
      await producer.close();
      await ground.close();
    }
  }, 60_000);

  it('relays what was saved and ends its jobs, each row of a file as one postback', async () => {
    const ended = await Promise.allSettled(
      actions.map(async (action, index) => {
        for (const point of points) await runCell(open[index] as Lane, point, action);
      }),
    );
    expect(ended.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []))).toEqual([]);
  }, 300_000);
});
