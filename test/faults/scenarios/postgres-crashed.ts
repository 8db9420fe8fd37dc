import { setTimeout as wait } from 'node:timers/promises';
import { accountSales, repeatedWithoutReason, salesCounted, salesDelivered, sell, untilDelivered } from '../sales.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { paced, type Sent } from '../senders.js';
import type { FaultServers } from '../servers.js';
import { openWorld } from '../world.js';

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

export const postgresCrashed: Scenario = {
  name: 'postgres-crashed',
  what: 'Postgres crashes five times, with what it had not on disk, under clicks and postbacks',
  breaksServers: true,
  maxSeconds: { short: 240, long: 300 },
  run: async (servers, { long, say }): Promise<Result> => {
    const [perSecond, seconds] = long ? [200, 60] : [60, 15];
    return closingAfter(await openWorld(), async (world): Promise<Result> => {
      const sender = world.sender(64);
      const sent: Sent[] = [];
      const [crashedAt] = await Promise.all([
        crashOften(servers, (seconds * 1_000) / (crashes + 1), say),
        paced(perSecond, seconds, async (index) => {
          sent.push(await sell(world, sender, String(index)));
        }),
      ]);
      const all = perSecond * seconds;
      const caughtUpSeconds = await untilDelivered(world, all, 120_000, say);
      const account = await accountSales(world, all, sent);
      const isAboutCrash = (firstAtMs: number) =>
        crashedAt.some((at) => at - 1_000 < firstAtMs && firstAtMs < at + 3_000);
      const unexplained = repeatedWithoutReason(world, isAboutCrash);
      const noticed = world.system.dispatch.log().split('"kafka.work_lost"').length - 1;
      return {
        numbers: {
          postbacks: all,
          p99Ms: percentile(
            sent.map(({ ms }) => round(ms)),
            0.99,
          ),
          caughtUpSeconds,
          arrivedTwice: account.deliveries.twice,
          restarts: JSON.stringify(world.restarts()),
        },
        held: [
          ...salesCounted(account),
          ...salesDelivered(account),
          held('dispatch knew of each crash, and read again', noticed === crashes, `${noticed} of ${crashes}`),
          held(
            'again only of what was sent about a crash',
            unexplained === 0,
            `${account.deliveries.twice} calls more than deliveries, ${unexplained} without a reason`,
          ),
        ],
      };
    });
  },
};
