import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, startServers } from '../../stack/servers/servers.js';
import { openIntakeGround } from '../e2e/intake-ground.js';
import { fuzz, proveRecords } from './fuzz.js';
import { fuzzFixture } from './world.js';

/** `npm run fuzz [-- --long] [-- --seed N]`: 100,000 calls of every kind to the running ingest, or
 *  10,000,000. A call that is answered 5xx is written to `test/fuzz/corpus`, and from then on every
 *  run begins with it. Exits 1 if there was one, or if a call answered OK left no record. */

const roundSize = 100_000;
const rounds = process.argv.includes('--long') ? 100 : 1;
const seedAt = process.argv.indexOf('--seed');
const startSeed = seedAt > 0 ? Number(process.argv[seedAt + 1]) : Date.now() % 1_000_000_000;

const dataDir = mkdtempSync(join(tmpdir(), 'carom-fuzz-'));
// Postgres runs as another user when we are root, and has to reach its folder inside this one.
if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
const servers = await startServers({ dataDir, env: {}, durable: false });
Object.assign(process.env, environmentOf(servers));
const ground = await openIntakeGround(fuzzFixture, { CAROM_TRUSTED_PROXIES: '127.0.0.0/8' });

let faults = 0;
try {
  const port = Number(new URL(ground.ingest.url).port);
  const clickIds = [await ground.click('spring'), await ground.click('autumn')];
  for (let round = 0; round < rounds; round += 1) {
    const firstSeed = startSeed + round * roundSize;
    const totals = await fuzz(port, { count: roundSize, firstSeed, callers: 48, clickIds });
    await proveRecords(ground, totals);
    console.log(`seeds ${firstSeed} to ${firstSeed + roundSize - 1}: ${JSON.stringify(totals.statuses)}`);
    for (const fault of totals.faults) console.error(fault);
    faults += totals.faults.length;
    // What was proved is let go, so that a long run needs no more memory than a short one.
    ground.postbacks.length = 0;
    ground.clicks.length = 0;
  }
} finally {
  await ground.close();
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(faults === 0 ? '✓ no call was answered with a fault' : `✗ ${faults} calls were answered with a fault`);
process.exit(faults === 0 ? 0 : 1);
