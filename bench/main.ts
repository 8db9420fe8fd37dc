import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, projectRoot } from '#runtime';
import { environmentOf, startServers } from '../stack/servers/servers.js';
import { chooseByName } from '../test/support/choose.js';
import { table } from './printing.js';
import { gradeOf, scoreOf, type Outcome } from './row.js';
import { rows } from './rows.js';

/** `npm run bench [-- name…] [--long]`: each row against its physical limit, measured in the same
 * run on the same machine, because ratios hold where absolute figures do not. Exits 1 when a row
 * could not be measured or its accounts did not add up; a figure below its minimum is shown, not
 * failed. Results go to `bench/results/`. */
const { chosen, long } = chooseByName(rows);

const dataDir = mkdtempSync(join(tmpdir(), 'carom-bench-'));
// Postgres runs as another user when we are root, and has to reach its folder inside this one.
if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
// Durable as in production: fsync is part of what is measured.
const servers = await startServers({ dataDir, env: {}, durable: true });
Object.assign(process.env, environmentOf(servers));
const end = async (): Promise<void> => {
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
    const measured = await row.measure({ long, say: (line) => console.log(`    ${line}`) });
    outcomes.push({ row, measured, error: null, seconds: seconds() });
  } catch (thrown) {
    console.error(`    ${messageOf(thrown)}`);
    outcomes.push({ row, measured: null, error: messageOf(thrown), seconds: seconds() });
  }
}
await end();

console.log(`\n${table(outcomes)}`);
const folder = join(projectRoot, 'bench', 'results');
mkdirSync(folder, { recursive: true });
for (const { row, measured, error, seconds } of outcomes) {
  const { measure: _measure, ...said } = row;
  const score = measured && scoreOf(measured);
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  const result = { at: new Date().toISOString(), long, machine, ...said, ...measured, score, seconds, error };
  const grade = score === null ? null : gradeOf(row, score);
  const file = join(folder, `${row.name}.${long ? 'long' : 'short'}.json`);
  writeFileSync(file, `${JSON.stringify({ ...result, grade }, null, 2)}\n`);
}
process.exit(outcomes.some(({ error }) => error !== null) ? 1 : 0);
