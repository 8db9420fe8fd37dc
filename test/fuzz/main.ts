import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, startServers } from '../../stack/servers/servers.js';
import { openIntakeGround, type IntakeGround } from '../e2e/intake-ground.js';
import { figuresOf, fuzz, proveCounts, proveRecords, type IngestFigures } from './fuzz.js';
import { fuzzFixture } from './world.js';

/** `npm run fuzz [-- --long] [-- --seed N]`: 100,000 calls of every kind to the running ingest, or
 *  10,000,000. A call that is answered 5xx is written to `test/fuzz/corpus`, and from then on every
 *  run begins with it. Exits 1 if there was one, if a call left no record or count, or if the
 *  memory or the delay of the event loop grew beyond their bounds. */

const roundSize = 100_000;
const rounds = process.argv.includes('--long') ? 100 : 1;
const seedAt = process.argv.indexOf('--seed');
const startSeed = seedAt > 0 ? Number(process.argv[seedAt + 1]) : Date.now() % 1_000_000_000;
const maxGrownMb = 150;
/** Until then the heap and the table of strangers' addresses reach their sizes. */
const warmUpRounds = 10;

/** The delay that the machine adds to a process that does nothing. */
const startIdle = () => {
  const child = fork(fileURLToPath(new URL('./idle-child.js', import.meta.url)));
  return {
    lagP99Ms: async (): Promise<number> => {
      const answer = once(child, 'message') as Promise<[number]>;
      child.send('lag');
      return (await answer)[0];
    },
    close: () => child.disconnect(),
  };
};

/** What a round showed that must not be. */
const judge = (first: IngestFigures | null, after: IngestFigures, idleLagMs: number): string[] => {
  const maxLagMs = Math.max(50, 5 * idleLagMs);
  const grownMb = after.memoryMb - (first?.memoryMb ?? after.memoryMb);
  return [
    ...(after.lagP99Ms > maxLagMs
      ? [`the event loop was ${after.lagP99Ms.toFixed(1)} ms late, that of an idle process ${idleLagMs.toFixed(1)}`]
      : []),
    ...(grownMb > maxGrownMb ? [`the memory has grown by ${grownMb.toFixed(0)} MB since it was warm`] : []),
  ];
};

const run = async (ground: IntakeGround, idle: ReturnType<typeof startIdle>): Promise<number> => {
  const port = Number(new URL(ground.ingest.url).port);
  const clickIds = [await ground.click('spring'), await ground.click('autumn')];
  let faults = 0;
  let first: IngestFigures | null = null;
  for (let round = 0; round < rounds; round += 1) {
    const firstSeed = startSeed + round * roundSize;
    const before = await figuresOf(ground);
    await idle.lagP99Ms();
    const startedAt = performance.now();
    const totals = await fuzz(port, { count: roundSize, firstSeed, callers: 48, clickIds });
    const perSecond = Math.round(roundSize / ((performance.now() - startedAt) / 1_000));
    const after = await figuresOf(ground);
    const idleLagMs = await idle.lagP99Ms();
    proveCounts(before, after, totals);
    await proveRecords(ground, totals);
    const found = [...totals.faults, ...judge(first, after, idleLagMs)];
    if (round + 1 === warmUpRounds) first = after;
    const lag = `late ${after.lagP99Ms.toFixed(1)} ms, idle ${idleLagMs.toFixed(1)} ms`;
    console.log(
      `${(round + 1) * roundSize} calls, seeds from ${firstSeed}: ${perSecond}/s, ${lag}, ` +
        `${after.memoryMb.toFixed(0)} MB, ${JSON.stringify(totals.statuses)}`,
    );
    for (const each of found) console.error(`✗ ${each}`);
    faults += found.length;
    // What was proved is dropped, so that a long run needs no more memory or disk than a short one.
    await ground.dropRecords();
  }
  return faults;
};

const dataDir = mkdtempSync(join(tmpdir(), 'carom-fuzz-'));
// Postgres runs as another user when we are root, and has to reach its folder inside this one.
if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
const servers = await startServers({ dataDir, env: {}, durable: false });
Object.assign(process.env, environmentOf(servers));
const ground = await openIntakeGround(fuzzFixture, { CAROM_TRUSTED_PROXIES: '127.0.0.0/8' });
const idle = startIdle();
let faults: number;
try {
  faults = await run(ground, idle);
} finally {
  idle.close();
  await ground.close();
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(faults === 0 ? '✓ every call was answered, recorded and counted' : `✗ ${faults} findings`);
process.exit(faults === 0 ? 0 : 1);
