import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError, projectRoot } from '#runtime';
import { connect } from './database.js';
import { advisoryLocks } from './locks.js';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** Migrations are numbered SQL texts (`0001_catalog.sql`), run in order, each once, each in a
 * transaction of its own. They are found from the project's root, because the build compiles
 * TypeScript only. TypeORM keeps the record of what ran. */
const folder = join(projectRoot, 'libs', 'postgres', 'migrations');

/** TypeORM orders migrations by the 13 digits that end a class's name: the file's number. */
const migrationOf = (file: string): new () => MigrationInterface => {
  const sql = readFileSync(join(folder, file), 'utf8');
  const name = `${file.replace(/\.sql$/, '').replace(/\W/g, '_')}_${file.slice(0, 4).padStart(13, '0')}`;
  return class {
    name = name;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql);
    }
    down(): Promise<void> {
      return Promise.reject(new Error(`${file} has no way back: restore a backup, or write a further migration`));
    }
  };
};

/** Brings a database to the newest schema. Several processes may call it at once: an advisory lock
 * lets one work while the others wait and then find nothing to do. Answers the names of the
 * migrations it ran.
 *  @param upTo the number of the last one, for a database of an earlier version. */
export const migrate = async (databaseUrl: string, { upTo = '9999' } = {}): Promise<string[]> => {
  const files = readdirSync(folder)
    .filter((file) => /^\d{4}_.+\.sql$/.test(file) && file.slice(0, 4) <= upTo)
    .sort();
  const dataSource = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    poolSize: 2,
    applicationName: 'carom-migrate',
    migrations: files.map(migrationOf),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
  });
  await connect(dataSource, databaseUrl);
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query(`select pg_advisory_lock(${advisoryLocks.migrations})`);
    const ran = await dataSource.runMigrations();
    return ran.map((migration) => migration.name);
  } catch (thrown) {
    const { username } = new URL(databaseUrl);
    if (thrown instanceof Error && 'code' in thrown && thrown.code === '42501')
      throw new CodedError(
        'NOT_THE_OWNER',
        `${username} may not migrate this database (${thrown.message}): name the owner of its tables in DATABASE_OWNER_URL`,
        { cause: thrown },
      );
    throw thrown;
  } finally {
    await lock.query(`select pg_advisory_unlock(${advisoryLocks.migrations})`).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
};
