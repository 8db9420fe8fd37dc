import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Pool } from 'undici';
import { conversionChange, openDispatchGround, type DispatchGround } from '../test/support/dispatch-ground.js';
import { openTestGround } from '../test/support/ground.js';
import { startSystem, type Api } from '../test/support/system.js';
import { waitFor } from '../test/support/wait-for.js';
import { wallMs } from '../test/support/wall-clock.js';
import { paced, percentile } from './pace.js';
import type { Taken } from './receiver-child.js';
import type { BenchContext, BenchRow, Measured } from './row.js';

/** Rows of dispatch. The receiver is a process of its own, the same for ours and for the bare
 * pool. */

const startReceivers = async (servers: number) => {
  const child = fork(fileURLToPath(new URL('./receiver-child.js', import.meta.url)), [String(servers)]);
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    hang: (index: number) => void child.send({ hang: index }),
    take: async (): Promise<Taken> => {
      child.send({ take: true });
      return ((await once(child, 'message')) as [Taken])[0];
    },
    arrived: async (): Promise<number> => {
      child.send({ count: true });
      return ((await once(child, 'message')) as [number])[0];
    },
    close: async (): Promise<void> => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
};

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

const inFlight = 128;

/** The same number of calls as fast as a bare pool makes them: no signature, no record, nothing
 * kept. */
const barePool = async (url: string, calls: number): Promise<number> => {
  const pool = new Pool(url, { connections: inFlight, pipelining: 1 });
  const begin = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      const { body } = await pool.request({ path: `/c?click_id=ext-${next}&v=12.5`, method: 'GET' });
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const perSecond = (calls / (performance.now() - begin)) * 1000;
  await pool.close();
  return perSecond;
};

const publishMany = async (ground: DispatchGround, count: number): Promise<void> => {
  for (let from = 0; from < count; from += 1_000) {
    const size = Math.min(1_000, count - from);
    await ground.publish(Array.from({ length: size }, (_, index) => conversionChange(`c${from + index}`)));
  }
};

/** Of so many, recorded per second when the first third is over: until then the process's compiler
 * is at work, and the bare pool's is done. The receiver says when to look: a count of the table,
 * again and again, took a third of the two cores from what it counted. */
const recordedPerSecond = async (
  ground: DispatchGround,
  arrived: () => Promise<number>,
  count: number,
): Promise<{ perSecond: number; throughQueue: number }> => {
  await waitFor(async () => (await arrived()) >= count, 180_000, `${count} arrived`);
  await waitFor(async () => ((await ground.states()).delivered ?? 0) >= count, 60_000, `${count} delivered`);
  const { rows } = await ground.pool.query<{ n: bigint; ms: number; attempts: bigint; claimed: bigint }>(
    `with ranked as (select finished_at, attempts, claimed, percent_rank() over (order by finished_at) as part from deliveries)
     select count(*) filter (where part > 1.0 / 3) as n, sum(attempts) as attempts, count(*) filter (where claimed) as claimed,
       extract(epoch from max(finished_at) - max(finished_at) filter (where part <= 1.0 / 3))::float8 * 1000 as ms from ranked`,
  );
  if (Number(rows[0]?.attempts) !== count) throw new Error(`${rows[0]?.attempts} attempts for ${count} deliveries`);
  const perSecond = (Number(rows[0]?.n) / (rows[0]?.ms ?? Number.NaN)) * 1000;
  return { perSecond, throughQueue: Number(rows[0]?.claimed) };
};

export const dispatchThroughput: BenchRow = {
  name: 'dispatch',
  what: 'deliveries, signed and recorded',
  unit: '/s',
  limitIs: 'bare undici pool to the same receiver',
  atLeast: 0.3,
  aim: 0.5,
  better: 'higher',
  async measure({ long, say }: BenchContext): Promise<Measured> {
    const count = long ? 150_000 : 30_000;
    const receivers = await startReceivers(1);
    const ground = await openDispatchGround({ CAROM_LOG_LEVEL: 'warn' });
    try {
      const [url = ''] = receivers.urls;
      const signing = { kind: 'standard-webhooks' as const, secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] };
      await ground.setSource('ads', { url: `${url}/c?click_id={click_id}&v={value}`, caps: { inFlight }, signing });
      await publishMany(ground, count);
      await barePool(url, count / 10);
      const before = await barePool(url, count);
      say(`bare pool ${Math.round(before)}/s`);
      await receivers.take();
      await ground.start();
      const { perSecond: ours, throughQueue } = await recordedPerSecond(ground, receivers.arrived, count);
      const [taken] = await receivers.take();
      if (taken?.targets.length !== count) throw new Error(`${taken?.targets.length} calls arrived of ${count}`);
      const after = await barePool(url, count);
      say(`ours ${Math.round(ours)}/s (${throughQueue} through the queue), bare pool again ${Math.round(after)}/s`);
      const details = { count, inFlight, arrived: taken.targets.length, throughQueue };
      return { ours, limit: (before + after) / 2, details };
    } finally {
      await ground.close();
      await receivers.close();
    }
  },
};

/** `t` in each target is when it was sent. */
const latencies = ({ targets, atMs }: Taken[number]): number[] =>
  targets.map((target, index) => (atMs[index] ?? Number.NaN) - Number(/[?&]t=([\d.]+)/.exec(target)?.[1]));

const saveWorld = async (api: Api, receiver: string): Promise<void> => {
  const destination = { url: `${receiver}/c?id={click_id}&t={transaction_id}`, caps: { inFlight: 64 } };
  const entries: [string, object][] = [
    [
      '/networks',
      {
        key: 'acme',
        name: 'Acme',
        params: { clickId: ['clickid'] },
        defaultCurrency: 'USD',
        security: { requireToken: false },
      },
    ],
    ['/sources', { key: 'ads', name: 'Ads', destination }],
    ['/offers', { key: 'shoes', networkKey: 'acme', url: 'https://shop.example/shoes?subid={click_id}' }],
    ['/campaigns', { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] }],
  ];
  for (const [path, body] of entries) {
    const answer = await api('POST', path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
};

/** Where the time goes, by the services' own stamps: taken by ingest → attribution's transaction
 * begins → dispatch has matched it → the call is made. */
const stagesOf = async (databaseUrl: string, lastSeconds: number): Promise<Record<string, number[]>> => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, number[]>>(
      `with way as (
         select p.decided_at - p.received_at as attribution, d.created_at - p.decided_at as dispatch, a.at - d.created_at as call
         from postbacks p join deliveries d on d.conversion_id = p.conversion_id join delivery_attempts a on a.delivery_id = d.id
         where p.received_at > (select max(received_at) from postbacks) - $1 * interval '1 second'
       ), ms as (
         select extract(epoch from attribution) * 1000 as attribution, extract(epoch from dispatch) * 1000 as dispatch,
           extract(epoch from call) * 1000 as call from way
       )
       select percentile_cont(array[0.5, 0.99]) within group (order by attribution) as attribution,
         percentile_cont(array[0.5, 0.99]) within group (order by dispatch) as dispatch,
         percentile_cont(array[0.5, 0.99]) within group (order by call) as call from ms`,
      [lastSeconds],
    );
    return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([stage, both]) => [stage, both.map(rounded)]));
  } finally {
    await client.end();
  }
};

/** V8 gives a function its best code when it has run some ten thousand times. What runs once per
 * call gets there in every process at the same call: half a second in which 500/s have a p99 of
 * 200 to 400 ms on two cores, once in a process's life. */
const warmUpCalls = 15_000;

export const endToEnd: BenchRow = {
  name: 'end-to-end',
  what: 'postback in → our call arrives, at 500/s, p99',
  unit: 'ms',
  limitIs: null,
  atLeast: 100,
  aim: 30,
  better: 'lower',
  async measure({ long, say }: BenchContext): Promise<Measured> {
    const perSecond = 500;
    const seconds = long ? 60 : 10;
    const receivers = await startReceivers(1);
    const ground = await openTestGround();
    const system = await startSystem(ground, { CAROM_LOG_LEVEL: 'warn' });
    const ingest = new Pool(system.ingest.url, { connections: 64, pipelining: 1 });
    try {
      await saveWorld(system.api, receivers.urls[0] ?? '');
      const clickId = await waitFor(async () => {
        const answer = await fetch(`${system.ingest.url}/c/spring?click_id=first`, { redirect: 'manual' });
        return new URL(answer.headers.get('location') ?? 'x:').searchParams.get('subid');
      });
      let sequence = 0;
      let refused = 0;
      const post = async (): Promise<void> => {
        // Unique and sortable, and the time at once.
        const at = `${wallMs().toFixed(2)}${String((sequence += 1) % 1000).padStart(3, '0')}`;
        const path = `/postback?clickid=${clickId}&transaction_id=${at}&amount=12.5&status=approved`;
        const { statusCode, body } = await ingest.request({ path, method: 'GET' });
        await body.dump();
        if (statusCode !== 200) refused += 1;
      };
      const run = async (forSeconds: number): Promise<number[]> => {
        await paced(perSecond, forSeconds, (_from, count) => Promise.all(Array.from({ length: count }, post)));
        const arrived: number[] = [];
        await waitFor(async () => {
          for (const server of await receivers.take()) arrived.push(...latencies(server));
          return arrived.length >= perSecond * forSeconds;
        }, 60_000);
        return arrived;
      };
      await run(warmUpCalls / perSecond);
      const arrived = await run(seconds);
      if (refused > 0) throw new Error(`${refused} postbacks were refused`);
      const p50Ms = rounded(percentile(arrived, 0.5));
      say(`p50 ${p50Ms} ms over ${arrived.length} postbacks`);
      const maxMs = rounded(Math.max(...arrived));
      const stages = await stagesOf(ground.databaseUrl, seconds);
      say(`of which, p50 and p99 in ms: ${JSON.stringify(stages)}`);
      return {
        ours: rounded(percentile(arrived, 0.99)),
        details: { perSecond, seconds, arrived: arrived.length, p50Ms, maxMs, stages },
      };
    } finally {
      await ingest.close();
      await system.stop();
      await ground.close();
      await receivers.close();
    }
  },
};

const destinations = 10;

const healthy = (perSecond: number): BenchRow => ({
  name: `healthy-${perSecond}`,
  what: `p99 of nine destinations while the tenth hangs, at ${perSecond}/s`,
  unit: 'ms',
  limitIs: 'the same while it answers',
  atLeast: 1.2,
  aim: 1.0,
  better: 'lower',
  async measure({ long, say }: BenchContext): Promise<Measured> {
    const seconds = long ? 60 : 12;
    const receivers = await startReceivers(destinations);
    const ground = await openDispatchGround({ CAROM_LOG_LEVEL: 'warn' });
    let published = 0;
    try {
      for (const [index, url] of receivers.urls.entries())
        await ground.setSource(`ads${index}`, { url: `${url}/c?id={click_id}&t={transaction_id}` });
      await ground.start();
      const run = async (forSeconds: number): Promise<number[]> => {
        await paced(perSecond, forSeconds, (_from, count) => {
          const changes = Array.from({ length: count }, () => {
            const number = (published += 1);
            return conversionChange(`n${number}`, {
              sourceKey: `ads${number % destinations}`,
              transactionId: wallMs().toFixed(2),
            });
          });
          return ground.publish(changes);
        });
        const arrived: number[] = [];
        const most = (perSecond * forSeconds * (destinations - 1)) / destinations;
        await waitFor(async () => {
          for (const server of (await receivers.take()).slice(1)) arrived.push(...latencies(server));
          return arrived.length >= most;
        }, 60_000);
        return arrived;
      };
      await run(warmUpCalls / perSecond);
      const well = percentile(await run(seconds), 0.99);
      receivers.hang(0);
      const beside = percentile(await run(seconds), 0.99);
      say(`p99 ${rounded(well)} ms, beside a destination that hangs ${rounded(beside)} ms`);
      return { ours: rounded(beside), limit: rounded(well), details: { perSecond, seconds, published } };
    } finally {
      await ground.close();
      await receivers.close();
    }
  },
});

export const healthyAt300 = healthy(300);
export const healthyAt1000 = healthy(1_000);
