import { parseArgs } from 'node:util';
import { foldLedger, ledgerHorizon, openDatabase, previewFold } from '#postgres';
import { messageOf } from '#runtime';
import { findRunning } from '../stack/system/local.js';

/** `npm run ledger:retain -- --keep-days 730`: says what of the ledger is older and would be folded
 * into what it came to, conversion by conversion; with `--commit` it is done. Nothing else ever
 * takes an entry away, and nothing calls this by itself. It needs the owner of the tables:
 * DATABASE_OWNER_URL, else DATABASE_URL, else that of the system which `npm start` runs here. */

const say = (text: string) => process.stdout.write(`${text}\n`);
const usage = 'usage: npm run ledger:retain -- --keep-days <days, at least 31> [--commit]';

const readArguments = (): { keepDays: number; commit: boolean } | null => {
  try {
    const { values } = parseArgs({ options: { 'keep-days': { type: 'string' }, commit: { type: 'boolean' } } });
    const keepDays = Number(values['keep-days']);
    return Number.isInteger(keepDays) && keepDays >= 31 ? { keepDays, commit: values.commit ?? false } : null;
  } catch {
    return null;
  }
};

const given = readArguments();
const databaseUrl = process.env.DATABASE_OWNER_URL || process.env.DATABASE_URL || findRunning()?.ownerUrl;
if (!given || !databaseUrl) {
  say(given ? 'Set DATABASE_OWNER_URL, or run this beside `npm start`: there is no ledger here.' : usage);
  process.exit(2);
}
const before = new Date(Date.now() - given.keepDays * 86_400_000).toISOString().slice(0, 10);
const { pool, close } = await openDatabase({ databaseUrl, poolSize: 1, applicationName: 'carom-ledger-retain' });
try {
  if (given.commit) {
    // Dropping a day waits for readers of the ledger and blocks everyone behind it: give up
    // instead of holding up the services.
    await pool.query("set lock_timeout = '10s'");
    const { days, entriesBefore, entriesAfter } = await foldLedger(pool, before);
    say(`folded ${days} days before ${before}: ${entriesBefore} entries became ${entriesAfter}`);
  } else {
    const { days, entriesBefore, entriesAfter } = await previewFold(pool, before);
    say(
      `${days} days before ${before} hold ${entriesBefore} entries of ${entriesAfter} conversions; --commit folds them`,
    );
  }
  const horizon = await ledgerHorizon(pool);
  say(horizon ? `the ledger is whole since ${horizon.toISOString()}` : 'the ledger is whole');
} catch (thrown) {
  say(`nothing was changed: ${messageOf(thrown)}`);
  process.exitCode = 1;
}
await close();
