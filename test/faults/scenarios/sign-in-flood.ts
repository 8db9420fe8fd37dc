import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import pg from 'pg';
import { openTestGround } from '../../support/ground.js';
import { startService, testSecrets, type Service } from '../../support/service.js';
import { callApi, makeTopics } from '../../support/system.js';
import { held, percentile, round, type Result, type Scenario } from '../scenario.js';
import type { SignInAnswers, SignInOrder } from '../sign-in-child.js';

/** Strangers guess passwords at the console beside a person who reads reports. Calm and flood take
 *  turns in one run, so that both are measured on the machine as it is at that time. */

const addresses = 100;
const perSecond = 1_000;
const password = 'correct horse battery staple';

/** Half a year of a hundred campaigns, so that a report is work. */
const fillReports = (pool: pg.Pool): Promise<unknown> =>
  pool.query(
    `insert into rollup_quarters (at, campaign_key, source_key, offer_key, network_key, event, currency, clicks, unique_clicks,
       pending_count, approved_count, rejected_count, reversed_count, unknown_count,
       pending_nanos, approved_nanos, rejected_nanos, reversed_nanos, cost_nanos)
     select date_trunc('hour', now()) - make_interval(hours => h), 'campaign-' || c, 'ads', 'shoes', 'acme', '', 'USD', 100, 80,
       1, 2, 0, 0, 0, 1000000000, 2000000000, 0, 0, 500000000
     from generate_series(0, 700) h cross join generate_series(1, 100) c`,
  );

/** Reads reports one after the other. @returns how long each took, in ms */
const readReports = async (read: () => Promise<number>, untilOver: Promise<unknown>): Promise<number[]> => {
  const over = { is: false };
  void untilOver.finally(() => (over.is = true));
  const took: number[] = [];
  while (!over.is) {
    const begin = performance.now();
    const status = await read();
    if (status !== 200) throw new Error(`a report was answered ${status}`);
    took.push(performance.now() - begin);
  }
  return took;
};

const inviteUser = async (console: Service): Promise<void> => {
  const admin = callApi(console.url, testSecrets.CAROM_ADMIN_TOKEN);
  const user = { name: 'Ada', email: 'ada@example.com', role: 'viewer' };
  const { body } = await admin<{ invitation: { url: string } }>('POST', '/users', user);
  const code = new URL(body.invitation.url).searchParams.get('code');
  const joined = await callApi(console.url, '')('POST', '/join', { code, password });
  if (joined.status !== 204) throw new Error(`joining was answered ${joined.status}`);
};

const run = async (console: Service, sender: ChildProcess, rounds: number): Promise<Result> => {
  const seconds = 8;
  const headers = { authorization: `Bearer ${testSecrets.CAROM_ADMIN_TOKEN}` };
  const report = `${console.url}/api/v1/reports?groupBy=campaign,day&sort=-profit`;
  const read = async (): Promise<number> => {
    const answer = await fetch(report, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
  const flood = async (): Promise<SignInAnswers> => {
    const order: SignInOrder = { url: console.url, perSecond, seconds, addresses };
    sender.send(order);
    return ((await once(sender, 'message')) as [SignInAnswers])[0];
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await readReports(read, pause(3_000));
  const [calm, flooded]: [number[], number[]] = [[], []];
  const answers: SignInAnswers = {};
  for (let round = 0; round < rounds; round += 1) {
    calm.push(...(await readReports(read, pause(seconds * 1_000))));
    const attack = flood();
    flooded.push(...(await readReports(read, attack)));
    for (const [status, count] of Object.entries(await attack)) answers[status] = (answers[status] ?? 0) + count;
  }
  const [calmMs, floodedMs] = [percentile(calm, 0.5), percentile(flooded, 0.5)];
  const ratio = round(floodedMs / calmMs, 2);
  const all = Object.values(answers).reduce((sum, count) => sum + count, 0);
  const checked = answers['401'] ?? 0;
  const signedIn = await callApi(console.url, '')('POST', '/session', { email: 'ada@example.com', password });
  return {
    numbers: {
      perSecond,
      addresses,
      reports: `${calm.length} calm, ${flooded.length} in the flood`,
      calmMs: round(calmMs),
      floodedMs: round(floodedMs),
      ratio,
      p95Ratio: round(percentile(flooded, 0.95) / percentile(calm, 0.95), 2),
      answers: JSON.stringify(answers),
    },
    held: [
      held('a report takes at most 1.5 times as long as without the flood', ratio <= 1.5, `${ratio} times`),
      held(
        `all ${perSecond * seconds * rounds} tries were sent and answered`,
        all === perSecond * seconds * rounds && answers['none'] === undefined,
        answers,
      ),
      held(
        'no try signed in, and none was answered with a fault of ours',
        Object.keys(answers).every((status) => ['401', '429', '503'].includes(status)),
        answers,
      ),
      held(
        'at most one password in 50 ms is checked',
        checked > 0 && checked <= rounds * seconds * 20,
        `${checked} checked`,
      ),
      held(
        'the person who joined from this address still signs in with the right password',
        signedIn.status === 204,
        `answered ${signedIn.status}`,
      ),
    ],
  };
};

export const signInFlood: Scenario = {
  name: 'sign-in-flood',
  what: '1,000 wrong passwords/s from 100 addresses beside a person who reads reports',
  breaksServers: false,
  maxSeconds: { short: 180, long: 600 },
  run: async (_servers, { long }) => {
    const ground = await openTestGround();
    const pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 1 });
    const sender = fork(join(projectRoot, 'dist', 'test', 'faults', 'sign-in-child.js'));
    let console: Service | undefined;
    try {
      await makeTopics(ground);
      await fillReports(pool);
      console = await startService('console', { ...ground.env, CAROM_TRUSTED_PROXIES: '127.0.0.1/32' });
      await inviteUser(console);
      return await run(console, sender, long ? 10 : 2);
    } finally {
      sender.disconnect();
      await console?.stop();
      await pool.end();
      await ground.close();
    }
  },
};
