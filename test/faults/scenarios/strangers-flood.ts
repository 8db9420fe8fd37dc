import { waitFor } from '../../support/wait-for.js';
import { accountLog, ledgerDifferences } from '../accounts.js';
import { startCallers, type Callers } from '../flood.js';
import type { FloodAnswer, FloodRound } from '../flood-child.js';
import { metricOf } from '../metrics.js';
import { closingAfter, held, percentile, round, type Result, type Scenario } from '../scenario.js';
import { openWorld, type World } from '../world.js';

/** Strangers flood the public edge with garbage and clicks beside a network that proves itself.
 *
 *  Rounds with and without the flood alternate, so that both meet the same machine. Each has its
 *  own p99, and their medians are compared: work of others on the machine slows single rounds. */

type Pace = { network: number; garbage: number; clicks: number };
type Length = { rounds: number; seconds: number; warmUpSeconds: number };

/** What strangers call: unknown tokens, made-up ids, nothing at all; and a click link. */
const garbage = [
  '/postback/no-such-token-[<n>]?transaction_id=[<n>]',
  `/postback?click_id=k${'0'.repeat(31)}&amount=9999&x=[<n>]`,
  `/postback?garbage=${'g'.repeat(4_000)}`,
  '/postback?transaction_id=guess-[<n>]&status=reversed',
];
const strangersAt = ({ garbage: perSecond, clicks }: Pace): FloodRound['streams'] => [
  { perSecond, paths: garbage, persists: false },
  { perSecond: clicks, paths: ['/c/spring?click_id=s[<n>]'], persists: false },
];
const networkAt = (world: World, { network }: Pace, clickIds: readonly string[]): FloodRound['streams'] => {
  const said = 'transaction_id=[<n>]&amount=3&status=approved';
  return [
    {
      perSecond: network,
      paths: clickIds.map((clickId) => `${world.postbackPath}?clickid=${clickId}&${said}`),
      persists: true,
    },
  ];
};

type Played = {
  calm: FloodAnswer[];
  flooded: FloodAnswer[];
  strangers: FloodAnswer[];
  /** CPU seconds of each service during the flood. */
  cpu: Record<string, number>;
  /** Of ingest, once it is warm. */
  memoryBefore: number;
};

const cpuOf = async (world: World): Promise<Record<string, number>> => {
  const { ingest, attribution, dispatch, console: console_ } = world.system;
  const services = { ingest, attribution, dispatch, console: console_ };
  const entries = Object.entries(services).map(async ([name, { healthUrl }]) => {
    return [name, await metricOf(healthUrl, 'process_cpu_seconds_total')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
};

const play = async (
  world: World,
  { network, strangers }: { network: Callers; strangers: Callers },
  pace: Pace,
  length: Length,
): Promise<Played> => {
  const probe = world.sender(4);
  const clickIds = await Promise.all(Array.from({ length: 50 }, (_, index) => world.click(probe, `c${index}`)));
  const streams = networkAt(world, pace, clickIds);
  const flood = { streams: strangersAt(pace) };
  const { seconds, warmUpSeconds } = length;
  // The first seconds of a process are slower than all later ones, for each kind of call.
  const warm = { phase: 'warm', seconds: warmUpSeconds };
  await Promise.all([strangers.play({ ...flood, ...warm }), network.play({ streams, ...warm })]);
  const memoryBefore = await metricOf(world.system.ingest.healthUrl, 'process_resident_memory_bytes');
  const played: Played = { calm: [], flooded: [], strangers: [], cpu: {}, memoryBefore };
  for (let number = 0; number < length.rounds; number += 1) {
    played.calm.push(await network.play({ streams, phase: `calm-${number}`, seconds }));
    const before = await cpuOf(world);
    const phase = `flood-${number}`;
    const [answer, answered] = await Promise.all([
      network.play({ streams, phase, seconds }),
      strangers.play({ ...flood, phase, seconds }),
    ]);
    const after = await cpuOf(world);
    for (const name in after) played.cpu[name] = (played.cpu[name] ?? 0) + (after[name] ?? 0) - (before[name] ?? 0);
    played.flooded.push(answer);
    played.strangers.push(answered);
  }
  return played;
};

const grown = async (world: World): Promise<{ bytes: number; unproven: number }> => {
  const { rows } = await world.pool.query<{ bytes: string; unproven: string }>(
    `select coalesce(sum(pg_column_size(raw)), 0) as bytes, count(*) as unproven
     from postbacks where authenticated_by = 'none'`,
  );
  return { bytes: Number(rows[0]?.bytes), unproven: Number(rows[0]?.unproven) };
};

const p99s = (answers: readonly FloodAnswer[]): number[] => answers.map(({ ms }) => round(percentile(ms, 0.99)));
const median = (values: readonly number[]): number => percentile(values, 0.5);
const sumOfStatuses = (answers: readonly FloodAnswer[]): Record<string, number> => {
  const sum: Record<string, number> = {};
  for (const { statuses } of answers)
    for (const [status, count] of Object.entries(statuses)) sum[status] = (sum[status] ?? 0) + count;
  return sum;
};

const judge = async (
  world: World,
  { calm, flooded, strangers, cpu, memoryBefore }: Played,
  given: { pace: Pace; length: Length; say: (line: string) => void },
): Promise<Result> => {
  const { pace, length, say } = given;
  const ofNetwork = [...calm, ...flooded];
  const accepted = ofNetwork.flatMap((answer) => answer.accepted);
  const settled = async () => {
    const account = await accountLog(world.pool, accepted);
    return account.missing === 0 ? account : null;
  };
  await waitFor(settled, 120_000).catch((thrown: Error) => say(thrown.message));
  const log = await accountLog(world.pool, accepted);
  const memory = await metricOf(world.system.ingest.healthUrl, 'process_resident_memory_bytes');
  const grownMb = round((memory - memoryBefore) / 1e6);
  const { bytes, unproven } = await grown(world);
  const [calmMs, floodedMs] = [p99s(calm), p99s(flooded)];
  const ratio = round(median(floodedMs) / median(calmMs), 2);
  const floodSeconds = length.rounds * length.seconds;
  // docs/LIMITS.md: 10 a second after a burst of 300, each cut to about 10 KB.
  const maxKept = 300 + 10 * (2 * floodSeconds + length.warmUpSeconds + 60);
  const statuses = sumOfStatuses(strangers);
  const hasNoFault = Object.keys(statuses).every((status) => Number(status) < 500 && status !== '0');
  const cores = Object.entries(cpu).map(([name, seconds]) => `${name} ${round(seconds / floodSeconds, 2)}`);
  return {
    numbers: {
      ...pace,
      seconds: floodSeconds,
      ratio,
      coresInFlood: cores.join(' '),
      statuses: JSON.stringify(statuses),
    },
    held: [
      held(
        'every postback of the network got a 2xx and is in the log once',
        ofNetwork.every(({ unanswered }) => unanswered === 0) && log.missing + log.twice === 0,
        log,
      ),
      held(
        'p99 of the network is at most 1.5 times that without the flood',
        ratio <= 1.5,
        `${ratio} times (ms by round: with ${floodedMs.join(' ')}; without ${calmMs.join(' ')})`,
      ),
      held('no stranger was answered with a fault', hasNoFault, statuses),
      held(
        `of ${pace.garbage * floodSeconds} garbage calls at most ${maxKept} are kept`,
        unproven <= maxKept && bytes <= maxKept * 10_000,
        `${unproven} calls, ${bytes} bytes`,
      ),
      held('the memory of ingest grows by at most 150 MB', grownMb < 150, `${grownMb} MB`),
      held('the ledger adds up', (await ledgerDifferences(world.pool)) === 0, 'folded again'),
    ],
  };
};

const run = async (world: World, pace: Pace, length: Length, say: (line: string) => void): Promise<Result> => {
  const { url } = world.system.ingest;
  const callers = { network: startCallers(url, 64), strangers: startCallers(url, 64) };
  try {
    const played = await play(world, callers, pace, length);
    return await judge(world, played, { pace, length, say });
  } finally {
    await Promise.all([callers.network.close(), callers.strangers.close()]);
  }
};

const pace: Pace = { network: 200, garbage: 1_000, clicks: 1_000 };

export const strangersFlood: Scenario = {
  name: 'strangers-flood',
  what: '1,000 garbage calls/s and 1,000 clicks/s of strangers beside 200 postbacks/s of a proven network',
  breaksServers: false,
  maxSeconds: { short: 300, long: 1_500 },
  run: async (_servers, { long, say }) => {
    const length = long ? { rounds: 10, seconds: 30, warmUpSeconds: 15 } : { rounds: 5, seconds: 4, warmUpSeconds: 8 };
    return closingAfter(await openWorld(), (world) => run(world, pace, length, say));
  },
};
