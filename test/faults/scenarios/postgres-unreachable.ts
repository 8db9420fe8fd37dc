import { setTimeout as wait } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '../../../stack/system/services.js';
import { startLossyProxy, type LossyProxy } from '../../support/lossy-proxy.js';
import { waitFor } from '../../support/wait-for.js';
import { wallMs } from '../../support/wall-clock.js';
import { watchHealth } from '../health.js';
import { accountSales, repeatedWithoutReason, salesCounted, salesDelivered, sell, untilDelivered } from '../sales.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { paced, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

/** Ingest is not among them: it has no connection to Postgres. */
const usesPostgres: readonly ServiceName[] = ['attribution', 'dispatch', 'console'];
const readyWithinSeconds = 60;
/** So long after the return dispatch may still wait on a connection that will never answer. */
const recordedLateMs = 15_000;

type Stage = { world: World; proxy: LossyProxy; close: () => Promise<void> };

const openStage = async (): Promise<Stage> => {
  let proxy: LossyProxy | undefined;
  const world = await openWorld(async ({ env }) => {
    proxy = await startLossyProxy(env.DATABASE_URL as string);
    return { DATABASE_URL: proxy.url };
  }).catch(async (thrown: unknown) => {
    await proxy?.close();
    throw thrown;
  });
  const opened = proxy as LossyProxy;
  return { world, proxy: opened, close: () => world.close().finally(() => opened.close()) };
};

type Health = ReturnType<typeof watchHealth>;

/** When a service was first seen unready, and whether it has been so ever since. */
const unreadiness = (health: Health, name: ServiceName, awayAtMs: number, backAtMs: number) => {
  const looks = health.looks.filter((look) => look.name === name && look.atMs > awayAtMs && look.atMs < backAtMs);
  const first = looks.findIndex(({ ready }) => ready === 503);
  return {
    name,
    seconds: first < 0 ? null : round(((looks[first]?.atMs ?? 0) - awayAtMs) / 1_000),
    stays: first >= 0 && looks.slice(first).every(({ ready }) => ready === 503),
  };
};

const run = async ({ world, proxy }: Stage, long: boolean, say: (line: string) => void): Promise<Result> => {
  const [perSecond, beforeSeconds, awaySeconds] = long ? [200, 10, 120] : [60, 3, 20];
  const seconds = beforeSeconds + awaySeconds + 5;
  const sender = world.sender(64);
  const sent: Sent[] = [];
  const health = watchHealth(serviceNames.map((name) => world.system[name]));
  const load = paced(perSecond, seconds, async (index) => {
    sent.push(await sell(world, sender, `t${index}`));
  });
  await wait(beforeSeconds * 1_000);
  const [awayAtMs, fromMs] = [performance.now(), wallMs()];
  proxy.vanish();
  say(`Postgres does not answer for ${awaySeconds} s`);
  await wait(awaySeconds * 1_000);
  proxy.recover();
  const [backAtMs, toMs] = [performance.now(), wallMs()];
  say('a server is at its address again');
  await load;
  const latest = (name: ServiceName) => health.looks.findLast((look) => look.name === name);
  const isWell = (name: ServiceName): boolean => latest(name)?.ready === 200 && latest(name)?.live === 200;
  const recovered = await waitFor(() => serviceNames.every(isWell), readyWithinSeconds * 1_000).then(
    () => round((performance.now() - backAtMs) / 1_000),
    () => null,
  );
  const all = perSecond * seconds;
  const settledSeconds = await untilDelivered(world, all, 90_000, say);
  await health.close();
  const account = await accountSales(world, all, sent);
  const away = usesPostgres.map((name) => unreadiness(health, name, awayAtMs, backAtMs));
  const ingestUnready = health.looks.filter(({ name, ready }) => name === 'ingest' && ready !== 200).length;
  const unexplained = repeatedWithoutReason(world, (atMs) => fromMs - 1_000 < atMs && atMs < toMs + recordedLateMs);
  const hung = health.looks.filter(({ live, atMs }) => live !== 200 && atMs > awayAtMs);
  const restarts = world.restarts();
  return {
    numbers: {
      postbacks: all,
      p99Ms: round(
        percentile(
          sent.map(({ ms }) => ms),
          0.99,
        ),
      ),
      settledSeconds,
      hung: [...new Set(hung.map(({ name, said }) => `${name} ${said}`))].join('; ') || 'none',
      arrivedTwice: account.deliveries.twice,
      restarts: JSON.stringify(restarts),
    },
    held: [
      held(
        'attribution, dispatch and console said within 10 s that they were not ready, and went on saying so',
        away.every((each) => each.seconds !== null && each.seconds <= 10 && each.stays),
        away
          .map(({ name, seconds: after, stays }) => `${name} after ${after} s${stays ? '' : ', not all the time'}`)
          .join('; '),
      ),
      held('ingest was ready all the time', ingestUnready === 0, `${ingestUnready} looks at which it was not`),
      held(
        `all were live and ready within ${readyWithinSeconds} s of the return, without a restart`,
        recovered !== null && Object.keys(restarts).length === 0,
        `after ${recovered} s, restarts ${JSON.stringify(restarts)}`,
      ),
      ...salesCounted(account),
      ...salesDelivered(account),
      held(
        'again only of what was sent while nothing could be recorded',
        unexplained === 0,
        `${account.deliveries.twice} calls more than deliveries, ${unexplained} without a reason`,
      ),
    ],
  };
};

export const postgresUnreachable: Scenario = {
  name: 'postgres-unreachable',
  what: 'every packet to Postgres is dropped under clicks and postbacks, then a server is at the same address',
  breaksServers: false,
  maxSeconds: { short: 240, long: 500 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openStage(), (stage) => run(stage, long, say)),
};
