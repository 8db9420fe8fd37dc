import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.js';
import { accountDeliveries, accountLog, conversionsOf, ledgerDifferences } from '../accounts.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { isOk, paced, type Sent } from '../senders.js';
import type { FaultServers } from '../servers.js';
import { countBy } from '../tally.js';
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
          const path = `${world.postbackPath}?clickid=${clickId}&transaction_id=${tag}&amount=3&status=approved`;
          sent.push({ ...(await sender.persist(tag, path)), phase, sinceChangeMs });
        });
      }
      const all = perSecond * secondsEach * phases.length;
      await waitFor(() => countBy(world.adNetwork.arrivals, 'd').size >= all, 90_000).catch((thrown: Error) =>
        say(thrown.message),
      );
      const at = latencies(world, sent);
      const p99 = Object.fromEntries(phases.map((phase) => [phase, percentile(at(phase, true), 0.99)]));
      const p50 = Object.fromEntries(phases.map((phase) => [phase, percentile(at(phase, true), 0.5)]));
      const log = await accountLog(
        world.pool,
        sent.filter(isOk).map(({ id }) => id ?? ''),
      );
      const deliveries = await accountDeliveries(world.pool, countBy(world.adNetwork.arrivals, 'd'));
      const conversions = (await conversionsOf(world.pool)).filter(({ approved }) => approved === 3).length;
      const differences = await ledgerDifferences(world.pool);
      const recovered = (p99['started again'] ?? 0) <= 2 * (p99['with Redis'] ?? 0) + 20;
      return {
        numbers: { postbacks: all, p50: JSON.stringify(p50), slowestMs: round(Math.max(...sent.map(({ ms }) => ms))) },
        held: [
          held(
            'every postback got a 2xx and is in the log once',
            log.accepted === all && log.missing + log.twice === 0,
            log,
          ),
          held('each is applied', log.states.applied === all && conversions === all, { ...log.states, conversions }),
          held('each conversion is the sum of its entries', differences === 0, `${differences} differ`),
          held(
            'the ad network received each once',
            deliveries.owed === all && deliveries.neverArrived + deliveries.twice === 0,
            deliveries,
          ),
          held('p99 recovers (at most twice what it was, and 20 ms)', recovered, p99),
        ],
      };
    });
  },
};
