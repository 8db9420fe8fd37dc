import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { messageOf } from '#runtime';
import { holds, playBulk } from './bulk.js';
import { findRunning, startingPid, type Running } from '../stack/system/local.js';
import { ending } from '../stack/servers/process.js';
import { playStory } from './story.js';
import { freeSystemPorts, startSystem } from '../stack/system/system.js';

/** `npm run demo`: the story end to end, against the system that `npm start` runs here, or a fresh
 * one of its own that is deleted afterwards. `--count N` sends N clicks and N postbacks instead and
 * accounts for each; `--servers` uses the servers that the environment names. Exits 0 only if all
 * held. */
const { values } = parseArgs({ options: { count: { type: 'string' }, servers: { type: 'boolean', default: false } } });
const count = Number(values.count ?? 0);
if (!Number.isInteger(count) || count < 0 || count > 100_000) {
  console.error('--count takes a whole number up to 100000');
  process.exit(2);
}

const play = async (running: Running): Promise<void> => {
  if (count === 0) return playStory(running, (step) => console.log(`✓ ${step}`));
  const account = await playBulk(running, count, (line) => console.log(`… ${line}`));
  console.log(account);
  if (!holds(account)) throw new Error('the accounts do not add up');
  console.log(`✓ every accepted postback is in the ledger once, every delivery owed has arrived`);
};

const noServers = { KAFKA_BROKERS: '', DATABASE_URL: '', DATABASE_OWNER_URL: '', REDIS_URL: '' };

/** A system with ports and data of its own, so that it meets no other on this machine. */
const withFreshSystem = async (use: (running: Running) => Promise<void>): Promise<void> => {
  console.log('nothing runs here: starting a fresh system for the demo');
  const dataDir = mkdtempSync(join(tmpdir(), 'carom-demo-'));
  chmodSync(dataDir, 0o711);
  const { env, receiverPort } = await freeSystemPorts();
  const { CAROM_PUBLIC_URL: _elsewhere, ...ours } = process.env;
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  const starting = startSystem({
    dataDir,
    env: { ...ours, ...(values.servers ? {} : noServers), ...env },
    secret: randomBytes(32).toString('hex'),
    adminToken: randomBytes(32).toString('hex'),
    receiverPort,
    say: (line) => console.log(line),
    quiet: true,
  });
  const stop = async (exitCode: number): Promise<void> => {
    setTimeout(() => process.exit(exitCode), 14_000).unref();
    ending.abort();
    await (await starting.catch(() => null))?.stop();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop(130));
  const system = await starting;
  try {
    await Promise.race([use(system.running), system.failed]);
  } finally {
    await system.stop();
  }
};

/** The system that runs here, or is just being started. */
const findOrAwait = async (): Promise<Running | null> => {
  if (startingPid() && !findRunning()) console.log('waiting for the system that is being started here');
  while (startingPid() && !findRunning()) await wait(500);
  return findRunning();
};

try {
  const running = await findOrAwait();
  await (running ? play(running) : withFreshSystem(play));
  console.log('All of it held.');
} catch (thrown) {
  console.error(`✗ ${messageOf(thrown)}`);
  process.exitCode = 1;
}
