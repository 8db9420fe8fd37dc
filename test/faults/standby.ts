import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type PostgresServer } from '../../stack/servers/postgres.js';
import { run } from '../../stack/servers/process.js';
import { startLossyProxy, type LossyProxy } from '../support/lossy-proxy.js';
import { templateOf, withClient } from '../support/template.js';
import { waitFor } from '../support/wait-for.js';
import { setEnvironment } from './environment.js';

/** A primary and its standby, both at one address: that of whichever is the primary. */
export type PostgresPair = {
  url: string;
  /** Whether the primary waits for the standby, as it says itself. */
  isSynchronous: () => Promise<boolean>;
  /** Records of the primary do not reach the standby any more. */
  cutReplication: () => void;
  /** Ends the primary without warning and promotes the standby, which is at the address then. */
  failOver: () => Promise<void>;
  stop: () => Promise<void>;
};

const standbyName = 'carom_standby';

/** Copies the data folder of a stopped primary, with its owner, and makes a standby of it. */
const copyAsStandby = async (from: string, to: string, primaryUrl: string): Promise<void> => {
  mkdirSync(to);
  const { status, output } = await run('cp', ['-a', join(from, 'data'), join(from, 'password'), to]);
  if (status !== 0) throw new Error(`the data folder of the primary could not be copied: ${output}`);
  const { port, username, password } = new URL(primaryUrl);
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=${standbyName}`;
  appendFileSync(join(to, 'data', 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(to, 'data', 'standby.signal'), '');
};

const syncStateOf = (url: string): Promise<string | undefined> =>
  withClient(url, async (client) => {
    const sql = `select sync_state from pg_stat_replication where application_name = '${standbyName}' and state = 'streaming'`;
    return (await client.query<{ sync_state: string }>(sql)).rows[0]?.sync_state;
  });

/** Begins to wait for the standby, which is connected by then. */
const makeSynchronous = async (url: string): Promise<void> => {
  await withClient(url, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${standbyName}'`);
    await client.query('select pg_reload_conf()');
  });
  await waitFor(async () => (await syncStateOf(url)) === 'sync', 10_000, 'the standby to be synchronous');
};

type Parts = { primary: PostgresServer; standby: PostgresServer; address: LossyProxy; link: LossyProxy };

const startPair = async (dataDir: string, stops: (() => Promise<void>)[]): Promise<Parts> => {
  const [first, second] = [join(dataDir, 'primary'), join(dataDir, 'standby')];
  const start = async (of: { dataDir: string; port?: number }): Promise<PostgresServer> => {
    const server = await startPostgres({ ...of, durable: true });
    stops.push(() => server.stop(5_000));
    return server;
  };
  const { port, stop, url } = await start({ dataDir: first });
  process.env.CAROM_TEMPLATE_DATABASE = await templateOf(url);
  const link = await startLossyProxy(url);
  stops.push(() => link.close());
  await stop(5_000);
  await copyAsStandby(first, second, link.url);
  const primary = await start({ dataDir: first, port });
  const standby = await start({ dataDir: second });
  await waitFor(() => syncStateOf(primary.url), 20_000, 'the standby to stream');
  const address = await startLossyProxy(primary.url);
  stops.push(() => address.close());
  return { primary, standby, address, link };
};

/** Starts both under a temporary folder, with the migrated template, and names their address in
 * this process's environment until `stop`.
 *  @param synchronous whether a commit waits for the standby. */
export const startPostgresPair = async ({ synchronous }: { synchronous: boolean }): Promise<PostgresPair> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carom-standby-'));
  if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  const restore = setEnvironment({ DATABASE_URL: '', CAROM_TEMPLATE_DATABASE: '' });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    restore();
    for (const each of stops.splice(0).reverse()) await each();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { primary, standby, address, link } = await startPair(dataDir, stops);
    if (synchronous) await makeSynchronous(primary.url);
    process.env.DATABASE_URL = address.url;
    return {
      url: address.url,
      isSynchronous: async () => (await syncStateOf(primary.url)) === 'sync',
      cutReplication: () => link.vanish(),
      failOver: async () => {
        primary.signal('SIGKILL');
        await primary.exited;
        await withClient(standby.url, (client) => client.query('select pg_promote(true, 30)'));
        address.moveTo(standby.url);
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
