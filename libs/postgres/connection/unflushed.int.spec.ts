import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, type PostgresServer } from '../../../stack/servers/postgres.js';
import { crashPostgres } from '../../../test/support/crash-postgres.js';
import { delivery } from '../../../test/support/delivery-ground.js';
import { insertDeliveries } from '../deliveries/delivery-store.js';
import { migrate } from './migrate.js';
import { flushed, putWitness } from './unflushed.js';

/** A Postgres of its own: it is crashed, and it waits for the disk as in production. */
let server: PostgresServer;
let pool: pg.Pool;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carom-unflushed-'));
  // Postgres runs as another user when we are root, and has to reach its folder inside this one.
  if (process.getuid?.() === 0) chmodSync(folder, 0o711);
  server = await startPostgres({ dataDir: join(folder, 'postgres'), durable: true });
  await migrate(server.url);
  pool = new pg.Pool({ connectionString: server.url, max: 2 });
  pool.on('error', () => undefined);
  // By default the log is written five times a second, quicker than this test.
  await pool.query(`alter system set wal_writer_delay = '10s'`);
  await pool.query('select pg_reload_conf()');
}, 60_000);
afterAll(async () => {
  await pool.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const me = randomUUID();
const make = (word: string) => insertDeliveries(pool, me, [delivery(word, { state: 'sending' })], Date.now());
const isThere = async (word: string) =>
  (await pool.query('select from deliveries where id = $1', [delivery(word).id])).rowCount === 1;

describe('deliveries made by a commit that did not wait for the disk', () => {
  it('are there after a crash of Postgres once they were said to stay, and the crash is known', async () => {
    await putWitness(pool, me);
    await make('stays');
    expect(await flushed(pool, me)).toBe(true);
    expect(await flushed(pool, me)).toBe(true);
    await crashPostgres(server.url);
    expect(await isThere('stays')).toBe(true);
    expect(await flushed(pool, me)).toBe(false);
  }, 60_000);

  it('can be lost by a crash before that, and are then never reported as durable', async () => {
    await putWitness(pool, me);
    expect(await flushed(pool, me)).toBe(true);
    await make('goes');
    expect(await isThere('goes')).toBe(true);
    await crashPostgres(server.url);
    expect(await flushed(pool, me)).toBe(false);
    // This is what makes all of it necessary: where Postgres had written it in time, the test has
    // shown nothing.
    expect(await isThere('goes')).toBe(false);
    await putWitness(pool, me);
    await make('goes');
    expect(await flushed(pool, me)).toBe(true);
  }, 60_000);

  it('are known to stay over a restart that loses nothing', async () => {
    await putWitness(pool, me);
    await make('restarted');
    const { port } = server;
    await server.stop();
    server = await startPostgres({ dataDir: join(folder, 'postgres'), port, durable: true });
    expect(await flushed(pool, me)).toBe(true);
    expect(await isThere('restarted')).toBe(true);
  }, 60_000);
});
