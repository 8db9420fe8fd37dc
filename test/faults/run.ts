import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import { chooseByName } from '../support/choose.js';
import { printed, runBounded, type Scenario } from './scenario.js';
import { attributionScaled } from './scenarios/attribution-scaled.js';
import { badNeighbours } from './scenarios/bad-neighbours.js';
import { dispatchKilled, dispatchRestarted } from './scenarios/dispatch-killed.js';
import { ingestKilledWhileSpooling, kafkaAway } from './scenarios/kafka-away.js';
import { orphanBomb } from './scenarios/orphan-bomb.js';
import { postgresCrashed } from './scenarios/postgres-crashed.js';
import { redisFrozen } from './scenarios/redis-frozen.js';
import { signInFlood } from './scenarios/sign-in-flood.js';
import { strangersFlood } from './scenarios/strangers-flood.js';
import { startFaultServers } from './servers.js';

const scenarios: readonly Scenario[] = [
  kafkaAway,
  ingestKilledWhileSpooling,
  attributionScaled,
  redisFrozen,
  postgresCrashed,
  badNeighbours,
  dispatchKilled,
  dispatchRestarted,
  strangersFlood,
  orphanBomb,
  signInFlood,
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

let failed = 0;
for (const scenario of chosen) {
  // New servers for each: what one scenario did to them must not help or hurt the next.
  const servers = await startFaultServers();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void servers.stop().then(() => process.exit(130)));
  try {
    console.log(`… ${scenario.name}: ${scenario.what}`);
    const result = await runBounded(scenario, servers, long, (line) => console.log(`      ${line}`));
    keep(scenario.name, result);
    console.log(printed(result));
    if (!result.held.every(({ ok }) => ok)) failed += 1;
  } finally {
    await servers.stop();
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  }
}
console.log(failed === 0 ? `✓ ${chosen.length} scenarios held` : `✗ ${failed} of ${chosen.length} did not hold`);
// A scenario that was cut off at its bound may have left something open.
process.exit(failed === 0 ? 0 : 1);
