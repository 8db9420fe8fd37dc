import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.js';
import { accountDeliveries, accountLog, conversionsOf, ledgerDifferences } from '../accounts.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { isOk, paced, type Sent } from '../senders.js';
import type { FaultServers } from '../servers.js';
import { countBy } from '../tally.js';
import { openWorld, type World } from '../world.js';

const crashes = 5;

/** Crashes Postgres again and again under what goes on meanwhile; answers when. */
const crashOften = async ({ postgres }: FaultServers, apartMs: number, say: (line: string) => void) => {
  const at: number[] = [];
  while (at.length < crashes) {
    await wait(apartMs);
    at.push(Date.now());
    await postgres.crash();
    say(`crash ${at.length}: back after ${Date.now() - (at.at(-1) as number)} ms`);
  }
  return at;
};

/** Of the deliveries that arrived more than once, those whose first arrival was not about a crash:
 * none may be. */
const withoutReason = (world: World, crashedAt: readonly number[]): string[] => {
  const arrivedAt = new Map<string, number[]>();
  for (const { query, atMs } of world.adNetwork.arrivals) {
    const id = new URLSearchParams(query).get('d') ?? '';
    arrivedAt.set(id, [...(arrivedAt.get(id) ?? []), atMs]);
  }
  return [...arrivedAt].flatMap(([id, [first = 0, ...again]]) =>
    again.length > 0 && !crashedAt.some((at) => at - 1_000 < first && first < at + 3_000) ? [id] : [],
  );
};

export const postgresCrashed: Scenario = {
  name: 'postgres-crashed',
  what: 'Postgres crashes five times, with what it had not on disk, under clicks and postbacks',
  maxSeconds: { short: 240, long: 300 },
  run: async (servers, { long, say }): Promise<Result> => {
    const [perSecond, seconds] = long ? [200, 60] : [60, 15];
    return closingAfter(await openWorld(), async (world): Promise<Result> => {
      const sender = world.sender(64);
      const sent: Sent[] = [];
      const [crashedAt] = await Promise.all([
        crashOften(servers, (seconds * 1_000) / (crashes + 1), say),
        paced(perSecond, seconds, async (index) => {
          const clickId = await world.click(sender, `x${index}`);
          const path = `${world.postbackPath}?clickid=${clickId}&transaction_id=${index}&amount=3&status=approved`;
          sent.push(await sender.persist(String(index), path));
        }),
      ]);
      const all = perSecond * seconds;
      const begin = performance.now();
      await waitFor(() => countBy(world.adNetwork.arrivals, 'd').size >= all, 120_000).catch((thrown: Error) =>
        say(thrown.message),
      );
      const caughtUpSeconds = round((performance.now() - begin) / 1_000);
      const delivered = async () =>
        (await accountDeliveries(world.pool, countBy(world.adNetwork.arrivals, 'd'))).states.delivered === all;
      await waitFor(delivered, 60_000).catch((thrown: Error) => say(thrown.message));
      const log = await accountLog(
        world.pool,
        sent.filter(isOk).map(({ id }) => id ?? ''),
      );
      const deliveries = await accountDeliveries(world.pool, countBy(world.adNetwork.arrivals, 'd'));
      const conversions = (await conversionsOf(world.pool)).filter(({ approved }) => approved === 3).length;
      const differences = await ledgerDifferences(world.pool);
      const unexplained = withoutReason(world, crashedAt);
      const noticed = world.system.dispatch.log().split('"kafka.work_lost"').length - 1;
      return {
        numbers: {
          postbacks: all,
          p99Ms: percentile(
            sent.map(({ ms }) => round(ms)),
            0.99,
          ),
          caughtUpSeconds,
          arrivedTwice: deliveries.twice,
          restarts: JSON.stringify(world.restarts()),
        },
        held: [
          held(
            'every postback got a 2xx and is in the log once',
            log.accepted === all && log.missing + log.twice === 0,
            log,
          ),
          held('each is applied', log.states.applied === all && conversions === all, { ...log.states, conversions }),
          held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
          held('each delivery is recorded as delivered', deliveries.states.delivered === all, deliveries.states),
          held('the ad network received each', deliveries.neverArrived === 0, `${deliveries.neverArrived} never`),
          held('dispatch knew of each crash, and read again', noticed === crashes, `${noticed} of ${crashes}`),
          held(
            'again only of what was sent about a crash',
            unexplained.length === 0,
            `${deliveries.twice} calls more than deliveries, ${unexplained.length} without a reason`,
          ),
        ],
      };
    });
  },
};
