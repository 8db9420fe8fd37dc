import { rmSync } from 'node:fs';
import { messageOf } from '#runtime';
import { Prerequisite } from './jars.js';
import { announce, findRunning, keep, localDataDir, readKept, withdraw, type Running } from './local.js';
import { printerOf } from './printing.js';
import { freePorts, isFree } from './process.js';
import { startSystem, type System } from './system.js';

/** `npm start`: the whole system on this machine, until Ctrl-C. `--fresh` forgets all data first. */
const say = printerOf('carom');
const begin = performance.now();

const firstThings = (running: Running, seconds: string): string => `
Carom is ready after ${seconds} s.

  click links and postbacks   ${running.publicUrl}
  console API                 ${running.consoleUrl}/api/v1   (token: ${running.adminToken})
  the sample's ad network     ${running.receiverUrl}/received

Three things to try, in another terminal:

  # 1. A visitor clicks the ad: a redirect to the offer that carries our click id.
  curl -si '${running.publicUrl}/c/sample-campaign?click_id=ad-network-click-1' | grep -i location

  # 2. The network reports the sale (put the click id of the line above for CLICK).
  curl -s '${running.publicUrl}/postback?clickid=CLICK&transaction_id=T-1&amount=12.50&status=approved'

  # 3. What became of it: the conversion, and what the ad network was told.
  curl -s -H 'Authorization: Bearer ${running.adminToken}' '${running.consoleUrl}/api/v1/conversions?transactionId=T-1'

Or all of it at once: npm run demo. Ctrl-C stops everything.
`;

/** The receiver keeps its port from start to start, so that what is owed to it arrives after a restart. */
const receiverPort = async (): Promise<number> => {
  const kept = readKept();
  if (kept.receiverPort !== null && (await isFree(kept.receiverPort))) return kept.receiverPort;
  const [port] = (await freePorts(1)) as [number];
  keep({ ...kept, receiverPort: port });
  return port;
};

const start = async (): Promise<System> => {
  const other = findRunning();
  if (other) throw new Prerequisite(`Carom runs already here, as process ${other.pid}: stop that one first.`);
  if (process.argv.includes('--fresh')) {
    if (process.env.DATABASE_URL || process.env.KAFKA_BROKERS)
      throw new Prerequisite(
        '--fresh forgets only the servers that are started here: unset DATABASE_URL and KAFKA_BROKERS.',
      );
    rmSync(localDataDir, { recursive: true, force: true });
  }
  const { secret, adminToken } = readKept();
  say('starting Kafka, Postgres and Redis, then the four services');
  return startSystem({
    dataDir: localDataDir,
    env: process.env,
    secret,
    adminToken,
    receiverPort: await receiverPort(),
    say,
    quiet: false,
  });
};

const starting = start();
let ending = false;
const end = async (exitCode: number): Promise<void> => {
  if (ending) return;
  ending = true;
  const from = performance.now();
  // A start that is stopped in its middle is awaited first, so that nothing is started behind the stop.
  const system = await starting.catch(() => null);
  withdraw();
  await system?.stop();
  if (system) say(`stopped everything in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  process.exit(exitCode);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!ending) say(`${signal}: stopping everything in order`);
    void end(0);
  });

try {
  const system = await starting;
  if (!ending) {
    announce(system.running);
    process.stdout.write(firstThings(system.running, ((performance.now() - begin) / 1000).toFixed(1)));
  }
  await system.failed;
} catch (thrown) {
  if (!ending) process.stderr.write(`${messageOf(thrown)}\n`);
  await end(1);
}
