import { setTimeout as wait } from 'node:timers/promises';
import { accountSales, reportSale, salesCounted, salesDelivered, salesSentOnce, untilDelivered } from '../sales.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { paced, type Sent } from '../senders.js';
import type { FaultServers } from '../servers.js';
import { openWorld, type World } from '../world.js';

const phases = ['with Redis', 'frozen', 'thawed', 'stopped', 'started again'] as const;
type Phase = (typeof phases)[number];

const change: Record<Phase, (servers: FaultServers) => Promise<void> | void> = {
  'with Redis': () => undefined,
  frozen: ({ redis }) => redis.freeze(),
  thawed: ({ redis }) => redis.thaw(),
  stopped: ({ redis }) => redis.stop(),
  'started again': ({ redis }) => redis.start(),
};

/** From the postback's start to the arrival of our call at the ad network, by phase. The first
 * second of a phase is its change. */
const latencies = (world: World, sent: readonly (Sent & { phase: Phase; sinceChangeMs: number })[]) => {
  const arrivedAt = new Map<string, number>();
  for (const { query, atMs } of world.adNetwork.arrivals)
    arrivedAt.set(new URLSearchParams(query).get('click_id') ?? '', atMs);
  return (phase: Phase, settled: boolean): number[] =>
    sent.flatMap((each) => {
      const at = arrivedAt.get(`x${each.tag}`);
      const counts = each.phase === phase && (!settled || each.sinceChangeMs > 1_000);
      return counts && at !== undefined ? [round(at - each.atMs)] : [];
    });
};

export const redisFrozen: Scenario = {
  name: 'redis-frozen',
  what: 'Redis is frozen with SIGSTOP, thawed, stopped and started again under clicks and postbacks',
  breaksServers: true,
  maxSeconds: { short: 240, long: 300 },
  run: async (servers, { long, say }): Promise<Result> => {
    const [perSecond, secondsEach] = long ? [200, 20] : [60, 4];
    return closingAfter(await openWorld(), async (world): Promise<Result> => {
      const sender = world.sender(64);
      const sent: (Sent & { phase: Phase; sinceChangeMs: number })[] = [];
      for (const phase of phases) {
        await change[phase](servers);
        say(phase);
        const changedAt = performance.now();
        await paced(perSecond, secondsEach, async (index) => {
          const tag = `${phases.indexOf(phase)}-${index}`;
          const clickId = await world.click(sender, `x${tag}`);
          // Long enough that the click's record is in Postgres: what is measured is the look-up,
          // not the wait for a click.
          await wait(500);
          const sinceChangeMs = performance.now() - changedAt;
          sent.push({ ...(await reportSale(world, sender, tag, clickId)), phase, sinceChangeMs });
        });
      }
      const all = perSecond * secondsEach * phases.length;
      await untilDelivered(world, all, 90_000, say);
      const at = latencies(world, sent);
      const p99 = Object.fromEntries(phases.map((phase) => [phase, percentile(at(phase, true), 0.99)]));
      const p50 = Object.fromEntries(phases.map((phase) => [phase, percentile(at(phase, true), 0.5)]));
      const account = await accountSales(world, all, sent);
      const recovered = (p99['started again'] ?? 0) <= 2 * (p99['with Redis'] ?? 0) + 20;
      return {
        numbers: { postbacks: all, p50: JSON.stringify(p50), slowestMs: round(Math.max(...sent.map(({ ms }) => ms))) },
        held: [
          ...salesCounted(account),
          ...salesDelivered(account),
          salesSentOnce(account),
          held('p99 recovers (at most twice what it was, and 20 ms)', recovered, p99),
        ],
      };
    });
  },
};
