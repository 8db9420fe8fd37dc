import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { checkDurability, inTransaction, openDatabase, type Database } from '#postgres';
import { createLog } from '#runtime';
import { startPostgres, type PostgresServer } from '../../../stack/servers/postgres.js';
import { startLossyProxy, type LossyProxy } from '../../../test/support/lossy-proxy.js';
import { waitFor } from '../../../test/support/wait-for.js';

/** A Postgres of its own, because its settings are changed here. */
let dataDir: string;
let server: PostgresServer;
let owner: pg.Pool;
const opened: Database[] = [];
const proxies: LossyProxy[] = [];
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'carom-deadlines-'));
  server = await startPostgres({ dataDir, durable: true });
  owner = new pg.Pool({ connectionString: server.url, max: 2 });
  owner.on('error', () => undefined);
  await owner.query('create table things (id int primary key)');
  await owner.query('insert into things values (1)');
}, 60_000);
afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.close();
  for (const database of opened.splice(0)) await database.close();
});
afterAll(async () => {
  await owner?.end();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const deadlines = { statementMs: 1_000, lockMs: 500, idleInTransactionMs: 700 };
const open = async (url = server.url): Promise<Database> => {
  const database = await openDatabase({ databaseUrl: url, poolSize: 3, applicationName: 'deadlines', deadlines });
  opened.push(database);
  return database;
};
const setting = async (text: string): Promise<void> => {
  await owner.query(text);
  await owner.query('select pg_reload_conf()');
};
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (thrown: { code?: string; message: string }) => thrown.code ?? thrown.message,
  );

describe('the deadlines of a service on Postgres', () => {
  it('cancel a statement on the server, not only the wait for it', async () => {
    const { pool } = await open();
    expect(await codeOf(pool.query('select pg_sleep(30)'))).toBe('57014');
    const active = `select 1 from pg_stat_activity where application_name = 'deadlines' and state = 'active'`;
    await waitFor(async () => (await owner.query(active)).rowCount === 0, 5_000);
  });

  it('end the wait for a row that another session has locked', async () => {
    const [one, other] = [await open(), await open()];
    let release = (): void => undefined;
    const holding = inTransaction(one.pool, async (client) => {
      await client.query('select from things where id = 1 for update');
      await new Promise<void>((resolve) => (release = resolve));
    });
    const blocked = () => other.pool.query('select from things where id = 1 for update');
    // The lock is held once another is refused it.
    await waitFor(async () => (await codeOf(blocked())) === '55P03', 5_000);
    release();
    await holding.catch(() => undefined);
  });

  it('take the locks from a process that holds them and does nothing more', async () => {
    const [frozen, successor] = [await open(), await open()];
    const client = await frozen.pool.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    await client.query('select from things where id = 1 for update');
    const takeOver = () => successor.pool.query('select from things where id = 1 for update').then(() => true);
    await waitFor(takeOver, 5_000);
    expect(await codeOf(client.query('commit'))).not.toBe('no error');
    client.release(true);
  });

  it('end the wait for a host that died without closing its connections, and use the next one there', async () => {
    const proxy = await startLossyProxy(server.url);
    proxies.push(proxy);
    const { pool } = await open(proxy.url);
    await Promise.all([pool.query('select 1'), pool.query('select 1'), pool.query('select 1')]);
    proxy.blackhole();
    const begin = performance.now();
    expect(await codeOf(pool.query('select 1'))).toBe('Postgres did not answer within 4000 ms');
    expect(performance.now() - begin).toBeLessThan(6_000);
    await waitFor(() => pool.query('select 1').then(() => true), 10_000);
  });

  it('close a connection to a server that became read-only, and say so in readiness meanwhile', async () => {
    const { pool, check } = await open();
    expect(await check()).toEqual({ ok: true });
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    await setting('alter system set default_transaction_read_only = on');
    try {
      await waitFor(async () => !(await check()).ok, 5_000);
      expect(await check()).toEqual({ ok: false, note: 'Postgres is read-only' });
      expect(await codeOf(inTransaction(pool, (client) => client.query('insert into things values (2)')))).toBe(
        '25006',
      );
      const alive = `select 1 from pg_stat_activity where pid = ${rows[0]?.pid}`;
      await waitFor(async () => (await owner.query(alive)).rowCount === 0, 5_000);
    } finally {
      await owner.query('set default_transaction_read_only = off');
      await setting('alter system reset default_transaction_read_only');
    }
    await waitFor(async () => (await check()).ok, 5_000);
    await pool.query('insert into things values (2)');
  });

  it('never call a commit done that the synchronous standby did not confirm', async () => {
    const { pool } = await open();
    await setting(`alter system set synchronous_standby_names = 'a_standby_that_is_down'`);
    try {
      const waiting = `select pid from pg_stat_activity where wait_event = 'SyncRep'`;
      let next = 100;
      let outcome: unknown = 'no error';
      // A session sees the setting a moment after the reload.
      const committing = waitFor(async () => {
        const work = (client: pg.PoolClient) => client.query('insert into things values ($1)', [(next += 1)]);
        return (outcome = await codeOf(inTransaction(pool, work))) !== 'no error';
      }, 10_000);
      await waitFor(async () => (await owner.query(waiting)).rowCount, 5_000);
      await owner.query(`select pg_cancel_backend(pid) from (${waiting}) as each`);
      await committing;
      expect(outcome).toBe('the synchronous standby did not confirm a commit');
    } finally {
      await owner.query(`set synchronous_commit = local`);
      await setting('alter system reset synchronous_standby_names');
    }
  });
});

describe('a service that starts where a commit can be lost', () => {
  const check = async (demanded: boolean) => {
    const warnings: object[] = [];
    const log = createLog('spec', 'silent');
    const keeping = Object.assign(Object.create(log) as typeof log, { warn: (line: object) => warnings.push(line) });
    const { pool } = await open();
    await checkDurability(pool, { demanded, log: keeping });
    return warnings;
  };
  const withSettings = async (settings: Record<string, string>, then: () => Promise<void>): Promise<void> => {
    try {
      for (const [name, value] of Object.entries(settings)) await setting(`alter system set ${name} = '${value}'`);
      // A new session sees a setting a moment after the reload.
      const [[name, value] = []] = Object.entries(settings).slice(-1);
      await waitFor(async () => {
        const client = new pg.Client({ connectionString: server.url });
        client.on('error', () => undefined);
        await client.connect();
        const { rows } = await client.query<{ value: string }>(`select current_setting('${name}') as value`);
        await client.end();
        return rows[0]?.value === value;
      });
      await then();
    } finally {
      await owner.query(`set synchronous_commit = local`);
      for (const name of Object.keys(settings)) await setting(`alter system reset ${name}`);
    }
  };

  it('starts without a word where there is no standby and commits wait for the disk', async () => {
    expect(await check(false)).toEqual([]);
  });

  it('is refused where it demands a synchronous standby and the primary waits for none', async () => {
    await expect(check(true)).rejects.toMatchObject({
      code: 'DATABASE_NOT_SYNCHRONOUS',
      message: expect.stringContaining('synchronous_standby_names is empty') as unknown,
    });
  });

  it('is refused where the primary names a standby and commits do not wait for its disk', async () => {
    await withSettings({ synchronous_standby_names: 'b', synchronous_commit: 'remote_write' }, () =>
      expect(check(true)).rejects.toThrow('synchronous_commit is remote_write'),
    );
    await withSettings({ synchronous_standby_names: 'b', synchronous_commit: 'remote_apply' }, async () =>
      expect(await check(true)).toEqual([]),
    );
  });

  it('warns where commits do not wait for the disk, and where a standby is connected that is not waited for', async () => {
    await withSettings({ synchronous_commit: 'off' }, async () =>
      expect(await check(false)).toMatchObject([{ event: 'database.commits_at_risk', synchronousCommit: 'off' }]),
    );
    // As a standby connects to its primary.
    const standby = new pg.Client({ connectionString: server.url, replication: 'true' } as pg.ClientConfig);
    // Its session may outlast its end, until the server stops.
    standby.on('error', () => undefined);
    await standby.connect();
    try {
      expect(await check(false)).toMatchObject([{ event: 'database.commits_at_risk', standbys: 1 }]);
    } finally {
      await standby.end();
    }
  });
});
