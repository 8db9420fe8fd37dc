import { proveConversionSet, type Difference } from '#domain';
import { balanceEntries, findLooseEnds, ledgerHorizon, openDatabase, readConversionSets } from '#postgres';
import { findRunning } from '../stack/system/local.js';

/** `npm run ledger:verify`: folds every conversion again from its reports and adds up its entries,
 * and compares both with its row. Reads only, and in one snapshot, so it can run beside the
 * services. Exits 0 when all holds, 1 with the differences when not; the ledger is that of
 * DATABASE_URL, else of the system that `npm start` runs here. */

const say = (text: string) => process.stdout.write(`${text}\n`);
const databaseUrl = process.env.DATABASE_URL || findRunning()?.databaseUrl;
if (!databaseUrl) {
  say('Set DATABASE_URL, or run this beside `npm start`: there is no ledger to verify.');
  process.exit(2);
}
const { pool, close } = await openDatabase({ databaseUrl, poolSize: 1, applicationName: 'carom-ledger-verify' });
const client = await pool.connect();
const { rows: tables } = await client.query<{ there: boolean }>(
  "select to_regclass('conversions') is not null as there",
);
if (!tables[0]?.there) {
  say('This database holds no ledger: no migration has run in it.');
  process.exit(2);
}
await client.query('begin isolation level repeatable read read only');

const differences: Difference[] = [];
let conversions = 0;
const pageSets = 1_000;
for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
  const sets = [...(await readConversionSets(client, after, pageSets)).values()];
  const ids = sets.flatMap((set) => [...set.snapshots.values()].map(({ conversionId }) => conversionId));
  const entries = await balanceEntries(client, ids);
  for (const set of sets) differences.push(...proveConversionSet(set, entries));
  conversions += ids.length;
  after = sets.at(-1)?.baseId ?? after;
  if (sets.length < pageSets) break;
}
const looseEnds = await findLooseEnds(client);
const horizon = await ledgerHorizon(client);
await client.query('commit');
client.release();
await close();

for (const { conversionId, what, row, proof } of differences.slice(0, 100))
  say(`${conversionId}  ${what}: the row says ${row}, the proof ${proof}`);
for (const { what, rows, example } of looseEnds) say(`${what}: ${rows}, for example ${example}`);
if (horizon) say(`what was recorded before ${horizon.toISOString()} is carried over as what it came to`);
const wrong = differences.length + looseEnds.length;
say(`${conversions} conversions verified, ${differences.length} differences, ${looseEnds.length} loose ends`);
process.exitCode = wrong === 0 ? 0 : 1;
