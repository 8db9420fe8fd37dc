import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../../test/support/ground.js';
import { openDatabase, type Database } from './database.js';
import { migrate } from './migrate.js';
import { dumpSchema } from './schema-dump.js';

describe('the database schema', () => {
  let ground: TestGround;
  let db: Database;
  beforeAll(async () => {
    ground = await openTestGround();
    db = await openDatabase({ databaseUrl: ground.databaseUrl, poolSize: 2, applicationName: 'schema-spec' });
  });
  afterAll(async () => {
    await db?.close();
    await ground?.close();
  });

  it('is what stands in schema.sql, so that a review sees what a migration changes (else: npm run schema)', async () => {
    expect(await dumpSchema(db.pool)).toBe(readFileSync('libs/postgres/schema.sql', 'utf8'));
  });

  it('is left alone by a second run of the migrations, even by several at once', async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(ground.databaseUrl)))).toEqual([[], [], []]);
  });

  it('refuses to change or remove a ledger entry, whoever asks', async () => {
    await db.pool.query(
      `insert into ledger_entries (recorded_at, id, conversion_id, revision, rule, from_bucket, to_bucket, amount_nanos, occurred_at)
       values (now(), gen_random_uuid(), gen_random_uuid(), 1, 'first_report', 'outside', 'approved', 5, now())`,
    );
    for (const sql of [
      'update ledger_entries set amount_nanos = 6',
      'delete from ledger_entries',
      'truncate ledger_entries',
    ])
      await expect(db.pool.query(sql)).rejects.toMatchObject({ code: '23001' });
  });
});
