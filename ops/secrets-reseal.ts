import { parseArgs } from 'node:util';
import { createTokenHash } from '#domain';
import { consoleEntities, countUnrelayed, openDatabase } from '#postgres';
import { createSeal, everyApp, messageOf, readConfig, systemTime } from '#runtime';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { resealCatalog, type Resealed } from '../apps/console/catalog/reseal.js';
import { findRunning, readKept } from '../stack/system/local.js';

/** `npm run secrets:reseal`: seals every secret of the catalog, and hashes every token, by the
 * first secret of CAROM_SECRET, then waits until a console has published it. `--check` changes
 * nothing and lists what is not sealed by it. Exits 0 when nothing is left and all is published, 1
 * otherwise. Uses the environment of a console, else the system that `npm start` runs here. */

const shownAtMost = 100;
const publishedWithinMs = 30_000;

const reasons = {
  plain: 'is not sealed',
  former: 'is sealed by an older secret, or in the form of an earlier release',
  unknown: 'is sealed by a secret that CAROM_SECRET does not hold: put that one behind the others, or enter it again',
  damaged: 'was changed, cut or moved: enter it again in the console',
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const list = ({ stale }: Resealed): void => {
  for (const { kind, key, place, state } of stale.slice(0, shownAtMost))
    say(`${kind} ${key}: ${place} ${reasons[state]}`);
  if (stale.length > shownAtMost) say(`and ${stale.length - shownAtMost} more`);
};

/** The consoles publish; this only looks. */
const awaitPublished = async (dataSource: DataSource): Promise<boolean> => {
  const untilMs = systemTime.monotonicMs() + publishedWithinMs;
  for (;;) {
    const waiting = await countUnrelayed(dataSource);
    if (waiting === 0) return true;
    if (systemTime.monotonicMs() > untilMs) {
      say(`${waiting} entries are not published yet: start a console, see that it reaches Kafka, and run this again.`);
      return false;
    }
    await systemTime.wait(250);
  }
};

const readDryRun = (): boolean | null => {
  try {
    return parseArgs({ options: { check: { type: 'boolean', default: false } } }).values.check;
  } catch {
    return null;
  }
};

const reseal = async (dryRun: boolean): Promise<boolean> => {
  const running = findRunning();
  const local = running ? { DATABASE_URL: running.databaseUrl, CAROM_SECRET: readKept().secret } : {};
  const needed = z.object({ CAROM_SECRET: everyApp.CAROM_SECRET, DATABASE_URL: z.url() });
  const { CAROM_SECRET: secrets, DATABASE_URL: databaseUrl } = readConfig(needed, { ...local, ...process.env });
  const database = await openDatabase({
    databaseUrl,
    poolSize: 1,
    applicationName: 'carom-secrets-reseal',
    entities: consoleEntities,
  });
  try {
    const { dataSource } = database;
    const keys = { dataSource, seal: createSeal(secrets), tokenHash: createTokenHash(secrets) };
    const result = await resealCatalog(keys, { dryRun });
    say(`${result.entries} entries, ${result.resealed} sealed again, ${result.stale.length} secrets left`);
    list(result);
    const isPublished = dryRun || (await awaitPublished(dataSource));
    if (result.stale.length > 0 || !isPublished) return false;
    say('Everything is sealed by the first secret.');
    return true;
  } finally {
    await database.close();
  }
};

const dryRun = readDryRun();
if (dryRun === null) {
  say('usage: npm run secrets:reseal [-- --check]');
  process.exit(2);
}
try {
  process.exitCode = (await reseal(dryRun)) ? 0 : 1;
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}
