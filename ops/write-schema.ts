import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpSchema, migrate, openDatabase } from '#postgres';
import { projectRoot } from '#runtime';
import { startPostgres } from '../stack/servers/postgres.js';

/** `npm run schema`: runs all migrations on a fresh Postgres and writes what they make to
 * libs/postgres/schema.sql. */
const dataDir = mkdtempSync(join(tmpdir(), 'carom-schema-'));
const postgres = await startPostgres({ dataDir, durable: false });
try {
  await migrate(postgres.url);
  const db = await openDatabase({ databaseUrl: postgres.url, poolSize: 1, applicationName: 'carom-schema' });
  writeFileSync(join(projectRoot, 'libs', 'postgres', 'schema.sql'), await dumpSchema(db.pool));
  await db.close();
} finally {
  await postgres.stop(2_000);
  rmSync(dataDir, { recursive: true, force: true });
}
