import { waitFor } from '../../support/wait-for.js';
import { accountLog, ledgerDifferences } from '../accounts.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { isOk, paced, type Sender, type Sent } from '../senders.js';
import { openWorld, type World } from '../world.js';

/** Strangers flood the public edge with garbage and clicks beside a network that proves itself. */

type Pace = { network: number; garbage: number; clicks: number };

/** A figure of ingest's own, from its metrics. */
const metricOf = async (world: World, name: string): Promise<number> => {
  const text = await (await fetch(`${world.system.ingest.healthUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};

/** The path that each garbage call takes: unknown tokens, made-up ids, nothing at all. */
const garbagePath = (index: number): string =>
  [
    `/postback/no-such-token-${index}?transaction_id=${index}`,
    `/postback?click_id=k${String(index).padStart(31, '0')}&amount=9999`,
    `/postback?garbage=${'g'.repeat(4_000)}`,
    `/postback?transaction_id=guess-${index}&status=reversed`,
  ][index % 4]!;

const callNetwork = (world: World, sender: Sender, clickIds: readonly string[], phase: string, sent: Sent[]) => {
  return async (index: number): Promise<void> => {
    const tag = `${phase}-${index}`;
    const clickId = clickIds[index % clickIds.length];
    const path = `${world.postbackPath}?clickid=${clickId}&transaction_id=${tag}&amount=3&status=approved`;
    sent.push(await sender.persist(tag, path));
  };
};

const grown = async (world: World): Promise<{ bytes: number; unproven: number }> => {
  const { rows } = await world.pool.query<{ bytes: string; unproven: string }>(
    `select coalesce(sum(pg_column_size(raw)), 0) as bytes, count(*) as unproven
     from postbacks where authenticated_by = 'none'`,
  );
  return { bytes: Number(rows[0]?.bytes), unproven: Number(rows[0]?.unproven) };
};

type Flood = {
  pace: Pace;
  seconds: number;
  calm: Sent[];
  flooded: Sent[];
  statuses: Record<number, number>;
  memoryBefore: number;
};

const run = async (world: World, pace: Pace, seconds: number, say: (line: string) => void): Promise<Result> => {
  const [network, strangers, probe] = [world.sender(64), world.sender(64), world.sender(4)];
  const clickIds = await Promise.all(Array.from({ length: 50 }, (_, index) => world.click(probe, `c${index}`)));
  const calm: Sent[] = [];
  const flooded: Sent[] = [];
  const statuses: Record<number, number> = {};
  const note = ({ status }: Sent): void => void (statuses[status] = (statuses[status] ?? 0) + 1);
  const flood = (forSeconds: number): Promise<unknown> =>
    Promise.all([
      paced(pace.garbage, forSeconds, async (index) => note(await strangers.get('garbage', garbagePath(index)))),
      paced(pace.clicks, forSeconds, async (index) =>
        note(await strangers.get('click', `/c/spring?click_id=s${index}`)),
      ),
    ]);
  // The first seconds of a process are slower than all later ones, for each kind of call.
  await Promise.all([flood(5), paced(pace.network, 5, callNetwork(world, network, clickIds, 'warm', []))]);
  await paced(pace.network, seconds, callNetwork(world, network, clickIds, 'calm', calm));
  const memoryBefore = await metricOf(world, 'process_resident_memory_bytes');
  say('the flood begins');
  await Promise.all([
    flood(seconds),
    paced(pace.network, seconds, callNetwork(world, network, clickIds, 'flooded', flooded)),
  ]);
  const accepted = [...calm, ...flooded].filter(isOk).map(({ id }) => id ?? '');
  return judge(world, { pace, seconds, calm, flooded, statuses, memoryBefore }, accepted, say);
};

const judge = async (
  world: World,
  { pace, seconds, calm, flooded, statuses, memoryBefore }: Flood,
  accepted: readonly string[],
  say: (line: string) => void,
): Promise<Result> => {
  const settled = async () => {
    const account = await accountLog(world.pool, accepted);
    return account.missing === 0 ? account : null;
  };
  await waitFor(settled, 120_000).catch((thrown: Error) => say(thrown.message));
  const log = await accountLog(world.pool, accepted);
  const grownMb = round(((await metricOf(world, 'process_resident_memory_bytes')) - memoryBefore) / 1e6);
  const { bytes, unproven } = await grown(world);
  const p99 = (sent: readonly Sent[]): number =>
    round(
      percentile(
        sent.map(({ ms }) => ms),
        0.99,
      ),
    );
  const [calmMs, floodedMs] = [p99(calm), p99(flooded)];
  const ratio = round(floodedMs / calmMs, 2);
  const all = pace.network * seconds * 2;
  // docs/LIMITS.md: 10 a second after a burst of 300, each cut to about 10 KB.
  const maxKept = 300 + 10 * (2 * seconds + 60);
  const hasNoFault = Object.keys(statuses).every((status) => Number(status) < 500 && status !== '0');
  return {
    numbers: { ...pace, seconds, calmMs, floodedMs, ratio, statuses: JSON.stringify(statuses) },
    held: [
      held(
        'every postback of the network got a 2xx and is in the log once',
        accepted.length === all && log.missing + log.twice === 0,
        log,
      ),
      held(
        'p99 of the network is at most 1.5 times that without the flood',
        ratio <= 1.5,
        `${floodedMs} ms, ${calmMs} ms`,
      ),
      held('no stranger was answered with a fault', hasNoFault, statuses),
      held(
        `of ${pace.garbage * seconds} garbage calls at most ${maxKept} are kept`,
        unproven <= maxKept && bytes <= maxKept * 10_000,
        `${unproven} calls, ${bytes} bytes`,
      ),
      held('the memory of ingest grows by at most 150 MB', grownMb < 150, `${grownMb} MB`),
      held('the ledger adds up', (await ledgerDifferences(world.pool)) === 0, 'folded again'),
    ],
  };
};

export const strangersFlood: Scenario = {
  name: 'strangers-flood',
  what: '1,000 garbage calls/s and 1,000 clicks/s of strangers beside 200 postbacks/s of a proven network',
  maxSeconds: { short: 300, long: 1_200 },
  run: (_servers, { long, say }) => {
    // The short form keeps the proportions at a pace that a small machine can send.
    const pace = long ? { network: 200, garbage: 1_000, clicks: 1_000 } : { network: 60, garbage: 300, clicks: 300 };
    return openWorld().then((opened) => closingAfter(opened, (world) => run(world, pace, long ? 300 : 15, say)));
  },
};
