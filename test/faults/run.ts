import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import { chooseByName } from '../support/choose.js';
import { printed, runBounded, type Held, type Scenario } from './scenario.js';
import { attributionFrozen } from './scenarios/attribution-frozen.js';
import { attributionScaled } from './scenarios/attribution-scaled.js';
import { badNeighbours } from './scenarios/bad-neighbours.js';
import { brokersLost } from './scenarios/brokers-lost.js';
import { clockStepped } from './scenarios/clock-stepped.js';
import { dispatchKilled, dispatchRestarted } from './scenarios/dispatch-killed.js';
import { ingestKilledWhileSpooling, kafkaAway } from './scenarios/kafka-away.js';
import { orphanBomb } from './scenarios/orphan-bomb.js';
import { overCap } from './scenarios/over-cap.js';
import { postgresCrashed } from './scenarios/postgres-crashed.js';
import { postgresUnreachable } from './scenarios/postgres-unreachable.js';
import { redisFrozen } from './scenarios/redis-frozen.js';
import { retentionPassed } from './scenarios/retention-passed.js';
import { signInFlood } from './scenarios/sign-in-flood.js';
import { slowReceiverAtStop } from './scenarios/slow-receiver-at-stop.js';
import { strangersFlood } from './scenarios/strangers-flood.js';
import { standbyBehind, standbyTakesOver } from './scenarios/standby-takes-over.js';
import { streamReaders } from './scenarios/stream-readers.js';
import { startFaultServers, type FaultServers } from './servers.js';

const scenarios: readonly Scenario[] = [
  kafkaAway,
  ingestKilledWhileSpooling,
  brokersLost,
  attributionScaled,
  attributionFrozen,
  overCap,
  retentionPassed,
  redisFrozen,
  postgresCrashed,
  postgresUnreachable,
  standbyTakesOver,
  standbyBehind,
  clockStepped,
  badNeighbours,
  dispatchKilled,
  dispatchRestarted,
  slowReceiverAtStop,
  strangersFlood,
  orphanBomb,
  signInFlood,
  streamReaders,
];

/** `npm run faults [-- name…] [--long]`: breaks one part after the other under load and holds the
 * accounts against what was promised. Exits 0 only if every claim held. */
const { chosen, long } = chooseByName(scenarios);

/** One file per scenario and form: the latest run, for docs and comparison. */
const keep = (name: string, result: object): void => {
  const folder = join(projectRoot, 'test', 'faults', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.${long ? 'long' : 'short'}.json`);
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...result }, null, 2)}\n`);
};

/** Servers that a scenario broke are not used again: it must neither help nor hurt the next. */
const openServers = () => {
  let servers: FaultServers | null = null;
  const stop = async (): Promise<void> => {
    await servers?.stop();
    servers = null;
  };
  return { stop, get: async () => (servers ??= await startFaultServers()) };
};

/** Answers the claims that did not hold. */
const runOne = async (scenario: Scenario, servers: FaultServers): Promise<Held[]> => {
  console.log(`… ${scenario.name}: ${scenario.what}`);
  const result = await runBounded(scenario, servers, long, (line) => console.log(`      ${line}`));
  keep(scenario.name, result);
  console.log(printed(result));
  return result.held.filter(({ ok }) => !ok);
};

const begin = performance.now();
const servers = openServers();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void servers.stop().then(() => process.exit(130)));
let failed = 0;
// Those that break their servers come last, so that the others start none of their own.
for (const scenario of chosen.toSorted((one, other) => Number(one.breaksServers) - Number(other.breaksServers))) {
  let missed: Held[] = [];
  try {
    missed = await runOne(scenario, await servers.get());
  } finally {
    if (missed.length > 0) failed += 1;
    // One that failed may have left something that still works on them.
    if (scenario.breaksServers || missed.length > 0) await servers.stop();
  }
}
await servers.stop();
const outcome = failed === 0 ? `✓ ${chosen.length} scenarios held` : `✗ ${failed} of ${chosen.length} did not hold`;
console.log(`${outcome}, after ${Math.round((performance.now() - begin) / 1_000)} s`);
// A scenario that was cut off at its bound may have left something open.
process.exit(failed === 0 ? 0 : 1);
