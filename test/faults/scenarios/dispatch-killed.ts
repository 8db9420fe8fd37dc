import { setTimeout as wait } from 'node:timers/promises';
import { conversionChange, openDispatchGround, type DispatchGround } from '../../support/dispatch-ground.js';
import type { Service } from '../../support/service.js';
import { waitFor } from '../../support/wait-for.js';
import { accountDeliveries, count } from '../accounts.js';
import { closingAfter, held, round, type Result, type Scenario } from '../scenario.js';
import { countBy, startTally, type Tally } from '../tally.js';

type Stage = {
  ground: DispatchGround;
  adNetworks: Tally[];
  arrived: () => Map<string, number>;
  close: () => Promise<void>;
};

/** How long each of the four ad networks takes for an answer. */
const delaysMs = [5, 10, 20, 40];

/** Dispatch alone, with ad networks that take some milliseconds for an answer, so that a kill finds
 * calls in flight. */
const openStage = async (): Promise<Stage> => {
  const adNetworks = await Promise.all(delaysMs.map((delayMs) => startTally({ delayMs })));
  const ground = await openDispatchGround();
  for (const [index, { url }] of adNetworks.entries())
    await ground.setSource(`ads${index}`, { url: `${url}/c?click_id={click_id}&v={value}&d={delivery_id}` });
  return {
    ground,
    adNetworks,
    arrived: () =>
      countBy(
        adNetworks.flatMap(({ arrivals }) => arrivals),
        'd',
      ),
    close: async () => {
      await ground.close();
      for (const each of adNetworks) await each.close();
    },
  };
};

/** Puts conversions on the topic as attribution would, in pieces, for as long as the processes come
 * and go. */
const publish = async ({ ground }: Stage, first: number, howMany: number): Promise<void> => {
  for (let from = first; from < first + howMany; from += 500) {
    const changes = Array.from({ length: Math.min(500, first + howMany - from) }, (_, at) =>
      conversionChange(`c${from + at}`, { sourceKey: `ads${(from + at) % 4}` }),
    );
    await ground.publish(changes);
  }
};

const arrivals = ({ adNetworks }: Stage): number => adNetworks.reduce((sum, each) => sum + each.arrivals.length, 0);

const delivered = async ({ ground }: Stage, total: number, timeoutMs: number, say: (line: string) => void) => {
  const sql = `select count(*) as n from deliveries where state = 'delivered'`;
  await waitFor(async () => (await count(ground.pool, sql)) >= total, timeoutMs, 'everything is delivered').catch(
    (thrown: Error) => say(thrown.message),
  );
};

/** Deliveries that the process just killed held, and that had reached an ad network: only these may
 * be made again because of this kill. What an earlier process held still waits for that one's
 * lease to run out. Asked when the ad networks have what was on its way. */
const inDoubt = async (stage: Stage): Promise<string[]> => {
  const { rows } = await stage.ground.pool.query<{ id: string }>(`
    select id from deliveries where state = 'sending'
    and lease_owner = (select owner from dispatch_processes order by started_at desc limit 1)`);
  const arrived = stage.arrived();
  return rows.flatMap(({ id }) => (arrived.has(id) ? [id] : []));
};

export const dispatchKilled: Scenario = {
  name: 'dispatch-killed',
  what: 'dispatch is killed with kill -9 five times while it sends',
  breaksServers: false,
  maxSeconds: { short: 300, long: 900 },
  run: async (_servers, { long, say }): Promise<Result> => {
    const total = long ? 100_000 : 5_000;
    return closingAfter(await openStage(), async (stage): Promise<Result> => {
      const service = await stage.ground.start();
      const begin = performance.now();
      await publish(stage, 0, total);
      /** At how many of the kills it was in flight. */
      const doubts = new Map<string, number>();
      for (let kill = 1; kill <= 5; kill += 1) {
        const enough = (total * kill) / 7;
        await waitFor(() => arrivals(stage) >= enough, 60_000, `${enough} arrivals before kill ${kill}`);
        await service.kill9();
        await wait(60);
        for (const id of await inDoubt(stage)) doubts.set(id, (doubts.get(id) ?? 0) + 1);
        await service.restart();
      }
      say(`five kills at ${round((performance.now() - begin) / 1_000)} s`);
      await delivered(stage, total, long ? 400_000 : 60_000, say);
      const account = await accountDeliveries(stage.ground.pool, stage.arrived());
      const inFlight = [...doubts.values()].reduce((sum, kills) => sum + kills, 0);
      const tooOften = [...stage.arrived()].filter(([id, times]) => times > 1 + (doubts.get(id) ?? 0)).length;
      return {
        numbers: {
          deliveries: total,
          calls: arrivals(stage),
          inFlightAtTheKills: inFlight,
          arrivedTwice: account.twice,
          seconds: round((performance.now() - begin) / 1_000),
        },
        held: [
          held('every delivery is made and recorded', account.states.delivered === total, account.states),
          held('each arrived at least once', account.neverArrived === 0, `${account.neverArrived} never arrived`),
          held(
            'again only what was in flight at a kill, once for each such kill',
            tooOften === 0,
            `${account.twice} calls more than deliveries, ${inFlight} in flight at the kills, ${tooOften} too often`,
          ),
        ],
      };
    });
  },
};

/** New work, and SIGTERM while every ad network keeps its answers back; they answer once dispatch
 * has begun to stop. Then up again, so many times. Answers how many stops came in the middle of
 * work, with calls in flight and work left over: the others would prove nothing. */
const restartTimes = async (stage: Stage, service: Service, times: number, each: number): Promise<number> => {
  const { adNetworks } = stage;
  const stopsBegun = () => service.log().split('"event":"shutdown.started"').length - 1;
  let inTheMiddle = 0;
  for (let restart = 1; restart <= times; restart += 1) {
    for (const adNetwork of adNetworks) adNetwork.behave({ hold: true });
    await publish(stage, (restart - 1) * each, each);
    const isBusy = () => adNetworks.every(({ inFlight }) => inFlight() > 0);
    await waitFor(isBusy, 60_000, `calls in flight at each ad network at restart ${restart}`);
    service.server.signal('SIGTERM');
    await waitFor(() => stopsBegun() === restart, 10_000, `dispatch has begun stop ${restart}`);
    const wasBusy = isBusy();
    for (const [index, adNetwork] of adNetworks.entries()) adNetwork.behave({ delayMs: delaysMs[index] ?? 0 });
    await service.server.exited;
    if (wasBusy && arrivals(stage) < restart * each) inTheMiddle += 1;
    await service.restart();
  }
  return inTheMiddle;
};

export const dispatchRestarted: Scenario = {
  name: 'dispatch-restarted',
  what: 'dispatch is stopped with SIGTERM and started again while it sends (long form: ten times, short: five)',
  breaksServers: false,
  maxSeconds: { short: 300, long: 600 },
  run: async (_servers, { long, say }): Promise<Result> => {
    const [total, stops] = long ? [50_000, 10] : [10_000, 5];
    return closingAfter(await openStage(), async (stage): Promise<Result> => {
      const service = await stage.ground.start();
      const begin = performance.now();
      const inTheMiddle = await restartTimes(stage, service, stops, total / stops);
      await delivered(stage, total, 60_000, say);
      const account = await accountDeliveries(stage.ground.pool, stage.arrived());
      return {
        numbers: { deliveries: total, calls: arrivals(stage), seconds: round((performance.now() - begin) / 1_000) },
        held: [
          held('every stop came in the middle of the work', inTheMiddle === stops, `${inTheMiddle} of ${stops}`),
          held('every delivery is made and recorded', account.states.delivered === total, account.states),
          held('each arrived', account.neverArrived === 0, `${account.neverArrived} never arrived`),
          held('none arrived twice', account.twice === 0, `${account.twice} twice`),
        ],
      };
    });
  },
};
