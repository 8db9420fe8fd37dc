import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { serviceNames } from '../../../stack/system/services.js';
import { waitFor } from '../../support/wait-for.js';
import { count } from '../accounts.js';
import { watchHealth } from '../health.js';
import { accountSales, salesCounted, salesDelivered, salesSentOnce, sell, untilDelivered } from '../sales.js';
import { closingAfter, held, type Result, type Scenario } from '../scenario.js';
import { paced, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

const hourMs = 3_600_000;
/** Forward, back where it was, back further, forward again: an hour each. */
const steps = [hourMs, 0, -hourMs, 0];
/** Longer than the session of a consumer: without heartbeats it is expelled from its group by then,
 * because nothing else is sent meanwhile. */
const quietMs = 14_000;
/** So long the ad network keeps each call in flight. */
const answerMs = 1_000;

type Stage = { world: World; clockFile: string; close: () => Promise<void> };

/** All four services with a wall clock that can be stepped. */
const openStage = async (): Promise<Stage> => {
  const folder = mkdtempSync(join(tmpdir(), 'carom-clock-'));
  const clockFile = join(folder, 'step-ms');
  const preload = new URL('../stepped-clock.js', import.meta.url).href;
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const world = await openWorld({ NODE_OPTIONS: `--import=${preload}`, CAROM_TEST_CLOCK: clockFile });
    world.adNetwork.behave({ delayMs: answerMs });
    return { world, clockFile, close: () => world.close().finally(close) };
  } catch (thrown) {
    close();
    throw thrown;
  }
};

/** How often the logs of all services have that. */
const logged = (world: World, text: string): number =>
  serviceNames.reduce((sum, name) => sum + world.system[name].log().split(text).length - 1, 0);

/** Steps the clock of every service, and answers how many calls were in flight at that moment. */
const step = async ({ world, clockFile }: Stage, stepMs: number): Promise<number> => {
  writeFileSync(clockFile, String(stepMs));
  const before = logged(world, 'clock stepped by');
  const inFlight = world.adNetwork.inFlight();
  for (const name of serviceNames) world.system[name].server.signal('SIGUSR2');
  await waitFor(() => logged(world, 'clock stepped by') === before + serviceNames.length, 10_000);
  return inFlight;
};

/** How many members each consumer group has, by the broker. */
const groupMembers = async ({ ground }: World): Promise<Record<string, number>> => {
  const admin = new Kafka({ brokers: ground.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.listGroups();
    const own = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(ground.topicPrefix));
    const described = await admin.describeGroups(own);
    return Object.fromEntries(
      described.groups.map(({ groupId, members }) => [groupId.slice(ground.topicPrefix.length), members.length]),
    );
  } finally {
    await admin.disconnect();
  }
};

type Seen = { inFlight: number[]; members: Record<string, number>; membersAfter: Record<string, number>[] };

/** Sells at a pace all the time, and steps the clock in the middle of each piece. */
const stepUnderLoad = async (
  stage: Stage,
  times: number,
  sellFor: () => Promise<void>,
  say: (line: string) => void,
): Promise<Seen> => {
  const { world } = stage;
  const seen: Seen = { inFlight: [], members: await groupMembers(world), membersAfter: [] };
  for (const stepMs of Array.from({ length: times }, () => steps).flat()) {
    const selling = sellFor();
    await waitFor(() => world.adNetwork.inFlight() >= 5, 20_000, 'calls in flight');
    seen.inFlight.push(await step(stage, stepMs));
    say(`${stepMs / hourMs} h off, with ${seen.inFlight.at(-1)} calls in flight`);
    await selling;
    if (stepMs >= 0) continue;
    await wait(quietMs);
    seen.membersAfter.push(await groupMembers(world));
  }
  return seen;
};

const run = async (stage: Stage, long: boolean, say: (line: string) => void): Promise<Result> => {
  const [perSecond, pieceSeconds, times] = long ? [25, 15, 4] : [25, 3, 1];
  const { world } = stage;
  const sender = world.sender(64);
  const sent: Sent[] = [];
  let all = 0;
  const sellFor = async (): Promise<void> => {
    const first = all;
    all += perSecond * pieceSeconds;
    await paced(perSecond, pieceSeconds, async (index) => {
      sent.push(await sell(world, sender, `t${first + index}`));
    });
  };
  const joinsBefore = logged(world, '"event":"kafka.group_joined"');
  const health = watchHealth(serviceNames.map((name) => world.system[name]));
  const { inFlight, members, membersAfter } = await stepUnderLoad(stage, times, sellFor, say);
  await sellFor();
  const settledSeconds = await untilDelivered(world, all, 60_000, say);
  await health.close();
  const account = await accountSales(world, all, sent);
  const failed = await count(
    world.pool,
    `select count(*) as n from delivery_attempts where outcome <> 'delivered' or number > 1`,
  );
  const attempts = await count(world.pool, 'select count(*) as n from delivery_attempts');
  const lost = logged(world, '"event":"lease.');
  const joins = logged(world, '"event":"kafka.group_joined"') - joinsBefore;
  const away = logged(world, '"event":"kafka.consumer_away"') + logged(world, '"event":"kafka.producer_lost"');
  const isMember = membersAfter.every((each) => JSON.stringify(each) === JSON.stringify(members));
  const unready = health.looks.filter(({ live, ready }) => live !== 200 || ready !== 200);
  const examples = unready.map(({ name, said }) => `, ${name} ${said}`).slice(0, 3);
  return {
    numbers: { postbacks: all, settledSeconds, restarts: JSON.stringify(world.restarts()) },
    held: [
      held(
        'calls were in flight at every step',
        inFlight.every((calls) => calls > 0),
        `${inFlight.join(', ')}`,
      ),
      held('no call failed', failed === 0 && attempts === all, `${attempts} attempts, ${failed} failed`),
      held('no lease was lost', lost === 0, `${lost} times`),
      held('every consumer stayed in its group, and connected', isMember && joins + away === 0, {
        members,
        afterQuiet: membersAfter.at(-1),
        joins,
        away,
      }),
      held(
        'every service was live and ready all the time',
        unready.length === 0,
        `${unready.length} of ${health.looks.length} looks not${examples.join('')}`,
      ),
      ...salesCounted(account),
      ...salesDelivered(account),
      salesSentOnce(account),
    ],
  };
};

export const clockStepped: Scenario = {
  name: 'clock-stepped',
  what: 'the wall clock of all services is stepped by an hour, forward and back, while calls are in flight',
  breaksServers: false,
  maxSeconds: { short: 200, long: 600 },
  run: async (_servers, { long, say }): Promise<Result> =>
    closingAfter(await openStage(), (stage) => run(stage, long, say)),
};
