import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';
import { withClient, withDatabase } from '../../../test/support/template.js';
import { openDatabase, type Database } from './database.js';
import { migrate } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { dumpSchema } from './schema-dump.js';
import { admitServices } from './service-role.js';

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

  it('equals schema.sql, so that a review sees what a migration changes (else: npm run schema)', async () => {
    expect(await dumpSchema(db.pool)).toBe(readFileSync('libs/postgres/schema.sql', 'utf8'));
  });

  it('is left alone by a second run of the migrations, even by several at once', async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(ground.databaseUrl)))).toEqual([[], [], []]);
  });

  it.each([
    ...['external_id', 'network_key', 'campaign_key', 'source_key', 'offer_key', 'event'].map((by) => [
      'conversions',
      by,
    ]),
    ['postbacks', 'network_key'],
  ])('finds %s by %s, as support asks for them, without reading the table', async (table, column) => {
    const plan = await withClient(ground.databaseUrl, async (client) => {
      await client.query('set enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain select from ${table} where ${column} = 'x'`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain(`Index Cond: (${column} = 'x'::text)`);
  });

  it('refuses to change or remove a ledger entry, even for the owner', async () => {
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

  it('is made by an owner who is no superuser, and the services get a role apart from it once their role is there', async () => {
    const name = `owned_${randomBytes(5).toString('hex')}`;
    const [owner, services] = [`${name}_owner`, `${name}_services`];
    const as = (role: string) => {
      const url = new URL(withDatabase(ground.databaseUrl, name));
      [url.username, url.password] = [role, 'a-password'];
      return url.href;
    };
    await db.pool.query(`create role ${owner} login password 'a-password'`);
    await db.pool.query(`create database ${name} owner ${owner}`);
    try {
      await db.pool.query(`create role ${services} login password 'a-password'`);
      await expect(migrate(as(services))).rejects.toMatchObject({ code: 'NOT_THE_OWNER' });
      expect((await migrate(as(owner))).length).toBeGreaterThan(0);
      await expect(admitServices(as(owner), as('nobody_yet'))).rejects.toMatchObject({ code: 'SERVICE_ROLE_MISSING' });
      expect(await admitServices(as(owner), as(services))).toBe('apart');
      expect(await admitServices(as(services), as(services))).toBe('apart');
      expect(await admitServices(as(owner), as(owner))).toBe('owner');
      await withClient(as(services), async (client) => {
        expect(await ensurePartitions(client, Date.now())).toBeGreaterThan(0);
        await expect(client.query('delete from ledger_entries')).rejects.toMatchObject({ code: '42501' });
      });
    } finally {
      await db.pool.query(`drop database ${name} with (force)`);
      await db.pool.query(`drop role if exists ${owner}, ${services}`);
    }
  });
});
