import { rmSync } from 'node:fs';
import { messageOf } from '#runtime';
import { Prerequisite } from '../servers/jars.js';
import { announce, claim, keep, localDataDir, readKept, withdraw, type Running } from './local.js';
import { printerOf } from './printing.js';
import { ending, freePorts, isFree } from '../servers/process.js';
import { startSystem, type System } from './system.js';

/** `npm start`: the whole system on this machine, until Ctrl-C. `--fresh` deletes all data,
 * `--quiet` prints no logs of the services. */

const known = ['--fresh', '--quiet'];
const say = printerOf('carom');
const begin = performance.now();

/** A link that opens the console signed in, once. */
const signInLink = async ({ consoleUrl, adminToken }: Running): Promise<string> => {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${consoleUrl}/api/v1/sign-in-links`, { method: 'POST', headers });
  return ((await answer.json()) as { url: string }).url;
};

const firstThings = (running: Running, link: string, seconds: string): string => `
Carom is ready after ${seconds} s.

  the console, signed in      ${link}   (works once; later: ${running.consoleUrl})
  click links and postbacks   ${running.publicUrl}
  the console's API           ${running.consoleUrl}/api/v1   (token: ${running.adminToken})
  the sample's ad network     ${running.receiverUrl}/received

Three things to try, in another terminal:

  # 1. A visitor clicks the ad: a redirect to the offer that carries our click id.
  curl -si '${running.publicUrl}/c/sample-campaign?click_id=ad-network-click-1' | grep -i location

  # 2. The network reports the sale (put the click id of the line above for CLICK).
  curl -s '${running.publicUrl}/postback?clickid=CLICK&transaction_id=T-1&amount=12.50&status=approved'

  # 3. What became of it: the conversion, and what the ad network received.
  curl -s -H 'Authorization: Bearer ${running.adminToken}' '${running.consoleUrl}/api/v1/conversions?transactionId=T-1'

Or all of it at once: npm run demo. Ctrl-C stops everything.
`;

/** The receiver keeps its port from start to start, so that what is owed to it arrives after a
 * restart. */
const receiverPort = async (): Promise<number> => {
  const kept = readKept();
  if (kept.receiverPort !== null && (await isFree(kept.receiverPort))) return kept.receiverPort;
  const [port] = (await freePorts(1)) as [number];
  keep({ ...kept, receiverPort: port });
  return port;
};

const fresh = (): void => {
  if (process.env.DATABASE_URL || process.env.KAFKA_BROKERS)
    throw new Prerequisite(
      '--fresh deletes only the data of servers that are started here: unset DATABASE_URL and KAFKA_BROKERS.',
    );
  rmSync(localDataDir, { recursive: true, force: true });
};

const start = async (): Promise<System> => {
  const unknown = process.argv.slice(2).filter((argument) => !known.includes(argument));
  if (unknown.length > 0)
    throw new Prerequisite(`npm start does not know ${unknown.join(' ')}; it knows -- ${known.join(' ')}.`);
  const other = claim();
  if (other) throw new Prerequisite(`Carom runs already here, as process ${other}: stop that one first.`);
  if (process.argv.includes('--fresh')) fresh();
  const { secret, adminToken } = readKept();
  say('starting Kafka, Postgres and Redis, then the four services');
  return startSystem({
    dataDir: localDataDir,
    env: process.env,
    secret,
    adminToken,
    receiverPort: await receiverPort(),
    say,
    quiet: process.argv.includes('--quiet'),
  });
};

/** Whatever hangs: everything that was started ends with this process. */
const maxEndingMs = 14_000;
const starting = start();
let stopping = false;
const end = async (exitCode: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  const from = performance.now();
  setTimeout(() => process.exit(1), maxEndingMs).unref();
  // A start that is stopped in its middle ends what it has started, and then fails.
  ending.abort();
  const system = await starting.catch(() => null);
  await system?.stop();
  withdraw();
  if (exitCode === 0) say(`stopped everything in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  process.exit(exitCode);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!stopping) say(`${signal}: stopping everything in order`);
    void end(0);
  });
// npm passes on neither a hangup nor its own death.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) void end(1);
}, 500).unref();
// The terminal or the reader of the output was closed: do not go on unseen.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void end(1));

try {
  const system = await starting;
  if (!stopping) {
    announce(system.running);
    const link = await signInLink(system.running);
    process.stdout.write(firstThings(system.running, link, ((performance.now() - begin) / 1000).toFixed(1)));
  }
  await system.failed;
} catch (thrown) {
  if (!stopping) process.stderr.write(`${messageOf(thrown)}\n`);
  await end(1);
}
