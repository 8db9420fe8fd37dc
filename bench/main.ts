import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#runtime';
import { environmentOf, startServers } from '../stack/servers/servers.js';
import { chooseByName } from '../test/support/choose.js';
import { createMeter } from './meter.js';
import { printDurability, table } from './printing.js';
import { isBelow, writeResults } from './results.js';
import type { Outcome } from './row.js';
import { rows } from './rows.js';
import { createStages } from './stages.js';

/** `npm run bench [-- name…] [--long]`: each row against its physical limit, measured in the same
 * run on the same machine, because ratios hold where absolute figures do not. Exits 1 when a row
 * is below its minimum, could not be measured, or its accounts did not add up. Results go to
 * `bench/results/`. */
const { chosen: named, long, all } = chooseByName(rows);
const chosen = named.filter(({ longOnly }) => long || !all || !longOnly);

const dataDir = mkdtempSync(join(tmpdir(), 'carom-bench-'));
// Postgres runs as another user when we are root, and has to reach its folder inside this one.
if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
// Durable as in production: fsync is part of what is measured.
const servers = await startServers({ dataDir, env: {}, durable: true });
Object.assign(process.env, environmentOf(servers));
const meter = createMeter(servers.databaseUrl);
for (const { name, server } of servers.started) meter.watch(name, server.pid);
await printDurability(servers.databaseUrl);
const stages = createStages();
const end = async (): Promise<void> => {
  await stages.close();
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void end().then(() => process.exit(130)));

const outcomes: Outcome[] = [];
for (const row of chosen) {
  console.log(`… ${row.name}: ${row.what}`);
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  try {
    const say = (line: string) => console.log(`    ${line}`);
    const measured = await row.measure({ long, say, meter, stage: stages.open });
    outcomes.push({ row, measured, error: null, seconds: seconds() });
  } catch (thrown) {
    console.error(`    ${messageOf(thrown)}`);
    outcomes.push({ row, measured: null, error: messageOf(thrown), seconds: seconds() });
  }
}
await end();

console.log(`\n${table(outcomes)}`);
writeResults(outcomes, long);
process.exit(outcomes.some(isBelow) ? 1 : 0);
