import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { serviceNames } from '../../../stack/system/services.js';
import { startService } from '../../support/service.js';
import { waitFor } from '../../support/wait-for.js';
import { wallMs } from '../../support/wall-clock.js';
import { accountLog } from '../accounts.js';
import { watchHealth } from '../health.js';
import { accountSales, repeatedWithoutReason, salesCounted, salesDelivered, sell, untilDelivered } from '../sales.js';
import { closingAfter, held, round, type Held, type Result, type Scenario } from '../scenario.js';
import { isOk, paced, type Sent } from '../senders.js';
import { startPostgresPair, type PostgresPair } from '../standby.js';
import { openWorld, type World } from '../world.js';

type Stage = { world: World; pair: PostgresPair; close: () => Promise<void> };

/** The whole system on a primary with a standby, both of its own. */
const openStage = async (synchronous: boolean): Promise<Stage> => {
  const pair = await startPostgresPair({ synchronous });
  try {
    const world = await openWorld({ DATABASE_SYNCHRONOUS_STANDBY: String(synchronous) });
    world.pool.on('error', () => undefined);
    return { world, pair, close: () => world.close().finally(() => pair.stop()) };
  } catch (thrown) {
    await pair.stop();
    throw thrown;
  }
};

/** So long after a takeover dispatch may repeat what the new primary does not know. */
const repeatedLateMs = 10_000;

/** Sells at a pace, and has the standby take over in the middle. Answers when that was. */
const sellThrough = async (
  { world, pair }: Stage,
  { perSecond, seconds, say }: { perSecond: number; seconds: number; say: (line: string) => void },
) => {
  const sender = world.sender(64);
  const sent: Sent[] = [];
  const load = paced(perSecond, seconds, async (index) => {
    sent.push(await sell(world, sender, `t${index}`));
  });
  await wait((seconds * 1_000) / 2);
  const fromMs = wallMs();
  await pair.failOver();
  say(`the standby took over within ${Math.round(wallMs() - fromMs)} ms`);
  const health = watchHealth(serviceNames.map((name) => world.system[name]));
  const isWell = () => serviceNames.every((name) => health.looks.findLast((look) => look.name === name)?.ready === 200);
  const recovered = await waitFor(isWell, 60_000).then(
    () => round((wallMs() - fromMs) / 1_000),
    () => null,
  );
  await load;
  await health.close();
  return { sent, all: perSecond * seconds, fromMs, recovered };
};

type Run = Awaited<ReturnType<typeof sellThrough>>;

const recoveredAlone = ({ world }: Stage, { recovered }: Run): Held =>
  held(
    'every service was ready within 60 s, at the same address and without a restart',
    recovered !== null && Object.keys(world.restarts()).length === 0,
    `after ${recovered} s, restarts ${JSON.stringify(world.restarts())}`,
  );

const repeatedAboutIt = ({ world }: Stage, sinceMs: number, untilMs: number, twice: number): Held => {
  const unexplained = repeatedWithoutReason(world, (atMs) => sinceMs < atMs && atMs < untilMs);
  return held(
    'again only of what was sent about the takeover',
    unexplained === 0,
    `${twice} calls more than deliveries, ${unexplained} without a reason`,
  );
};

/** One more attribution process, at a primary that waits for no standby. */
const refusesToStart = async ({ world }: Stage): Promise<Held> => {
  const said = await startService('attribution', { ...world.ground.env, DATABASE_SYNCHRONOUS_STANDBY: 'true' }).then(
    async (service) => {
      await service.stop();
      return 'it started';
    },
    (thrown: Error) => thrown.message,
  );
  const reason = 'synchronous_standby_names is empty';
  return held(
    'no attribution process starts before the new primary waits for a standby too',
    said.includes(reason),
    said.includes(reason) ? `it ended: ${reason}` : said,
  );
};

export const standbyTakesOver: Scenario = {
  name: 'standby-takes-over',
  what: 'the primary of Postgres is killed with kill -9 under clicks and postbacks, and its synchronous standby is promoted',
  breaksServers: false,
  maxSeconds: { short: 180, long: 300 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openStage(true), async (stage): Promise<Result> => {
      const { world, pair } = stage;
      const synchronous = await pair.isSynchronous();
      const run = await sellThrough(stage, { perSecond: long ? 150 : 40, seconds: long ? 40 : 10, say });
      const settledSeconds = await untilDelivered(world, run.all, 60_000, say);
      const account = await accountSales(world, run.all, run.sent);
      const claims = [
        held('the primary waited for its standby', synchronous, synchronous),
        recoveredAlone(stage, run),
        ...salesCounted(account),
        ...salesDelivered(account),
        repeatedAboutIt(stage, run.fromMs - 1_000, run.fromMs + repeatedLateMs, account.deliveries.twice),
        await refusesToStart(stage),
      ];
      return { numbers: { postbacks: run.all, settledSeconds, arrivedTwice: account.deliveries.twice }, held: claims };
    }),
};

/** `npm run rewind`, without the build. */
const rewind = ({ world }: Stage, minutes: number): { status: number | null; output: string } => {
  const { kafkaBrokers, topicPrefix } = world.ground;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/ops/rewind.js', '--minutes', String(minutes)], {
    env: { ...process.env, KAFKA_BROKERS: kafkaBrokers, CAROM_TOPIC_PREFIX: topicPrefix },
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}`.trim() };
};

/** Stops attribution and dispatch, sets them back and starts them. */
const rewindStopped = async (stage: Stage): Promise<Held[]> => {
  const { attribution, dispatch } = stage.world.system;
  const whileRunning = rewind(stage, 10);
  for (const service of [attribution, dispatch]) await stage.world.end(service);
  const stopped = rewind(stage, 10);
  for (const service of [attribution, dispatch]) await service.restart();
  const records = [...stopped.output.matchAll(/reads (\d+) records/g)].map(([, n]) => Number(n));
  return [
    held('rewind refuses while a service reads', whileRunning.status === 1, whileRunning.output),
    held(
      'rewind sets clicks, postbacks and conversions back when they are stopped',
      stopped.status === 0 && records.length === 3 && records.every((n) => n > 0),
      `${records.join(', ')} records`,
    ),
  ];
};

export const standbyBehind: Scenario = {
  name: 'standby-behind',
  what: 'an asynchronous standby misses the last seconds of a primary that is killed; `npm run rewind` brings them back',
  breaksServers: false,
  maxSeconds: { short: 180, long: 300 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openStage(false), async (stage): Promise<Result> => {
      const { world, pair } = stage;
      const [perSecond, seconds, behindSeconds] = long ? [150, 40, 10] : [40, 12, 3];
      const cutting = wait((seconds / 2 - behindSeconds) * 1_000).then(() => pair.cutReplication());
      const run = await sellThrough(stage, { perSecond, seconds, say });
      await cutting;
      const accepted = run.sent.filter(isOk).map(({ id }) => id ?? '');
      const decided = () => accountLog(world.pool, accepted);
      await wait(3_000);
      const { missing } = await decided();
      say(`${missing} postbacks of ${run.all} are missing in the new primary`);
      const rewound = await rewindStopped(stage);
      const settledSeconds = await untilDelivered(world, run.all, 60_000, say);
      const account = await accountSales(world, run.all, run.sent);
      const sinceMs = run.fromMs - (behindSeconds + 2) * 1_000;
      return {
        numbers: { postbacks: run.all, missing, settledSeconds, arrivedTwice: account.deliveries.twice },
        held: [
          held('the new primary lacked what its standby had not received', missing > 0, `${missing} postbacks`),
          recoveredAlone(stage, run),
          ...rewound,
          ...salesCounted(account),
          ...salesDelivered(account),
          repeatedAboutIt(stage, sinceMs, run.fromMs + repeatedLateMs, account.deliveries.twice),
        ],
      };
    }),
};
