import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { admitServices, advisoryLocks, migrate, serviceUrlOf } from '#postgres';
import { projectRoot } from '#runtime';
import pg from 'pg';

export const withDatabase = (databaseUrl: string, name: string): string => {
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
};

export const withClient = async <T>(databaseUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'carom-test' });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
};

/** Services connect in tests as in production: as a role that does not own the ledger. */
export const servicesOf = (ownerUrl: string): string => serviceUrlOf(ownerUrl, 'carom_test_services');

/** The template's name carries a hash of its migrations: on servers that outlive a run, a changed
 * migration gets a new template. */
const templateName = (): string => {
  const folder = join(projectRoot, 'libs', 'postgres', 'migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return `carom_template_${hash.digest('hex').slice(0, 12)}`;
};

/** Makes the migrated database that test files clone, unless it is there; two runs on the same
 * servers take turns. */
export const templateOf = (databaseUrl: string): Promise<string> =>
  withClient(databaseUrl, async (client) => {
    const [name, partial] = [templateName(), `${templateName()}_partial`];
    await client.query(`select pg_advisory_lock(${advisoryLocks.testTemplate})`);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return name;
    // Renamed at the end, because a run that dies in the middle must not leave half a template
    // under the name.
    await client.query(`drop database if exists ${partial} with (force)`);
    await client.query(`create database ${partial}`);
    await migrate(withDatabase(databaseUrl, partial));
    await admitServices(withDatabase(databaseUrl, partial), servicesOf(databaseUrl));
    await client.query(`alter database ${partial} rename to ${name}`);
    return name;
  });
