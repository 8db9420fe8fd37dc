import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freePorts, isAlive, isFree, startServer } from '../servers/process.js';
import { supervise, type Supervised } from './supervisor.js';
import { freeSystemPorts, startSystem } from './system.js';
import { waitFor } from '../servers/wait-for.js';

const folder = mkdtempSync(join(tmpdir(), 'carom-supervisor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string) =>
  startServer({
    name: 'script',
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    output: join(folder, 'log'),
    stopSignal: 'SIGTERM',
  });

describe('a supervised service', () => {
  it('is named with its exit and started again when it dies', async () => {
    const said: string[] = [];
    const pids: number[] = [];
    const start = async () => {
      const server = await node('setInterval(() => {}, 1000)');
      pids.push(server.pid);
      return server;
    };
    const supervised = await supervise({ name: 'one', start, say: (line) => said.push(line) });
    supervised.signal('SIGKILL');
    await waitFor(() => pids.length === 2);
    expect(said).toEqual(['ended with signal SIGKILL; starting it again in 0.25 s']);
    await supervised.stop(2_000);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('is given up, with a reason, when it dies five times within a minute', async () => {
    let starts = 0;
    const start = () => {
      starts += 1;
      return node('process.exit(3)');
    };
    const supervised = await supervise({ name: 'hopeless', start, say: () => undefined });
    await expect(supervised.ended).rejects.toThrow(
      'hopeless ended 5 times within a minute, the last time with exit code 3',
    );
    expect(starts).toBe(5);
  });

  it('leaves nothing behind when it is stopped while it is being started again', async () => {
    const pids: number[] = [];
    const all: { stop?: Promise<void> } = {};
    const start = async () => {
      if (pids.length === 1) all.stop = supervised.stop(2_000);
      const server = await node('setInterval(() => {}, 1000)');
      pids.push(server.pid);
      return server;
    };
    const supervised: Supervised = await supervise({ name: 'hasty', start, say: () => undefined });
    supervised.signal('SIGKILL');
    await waitFor(() => all.stop !== undefined);
    await all.stop;
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('is killed when it does not listen to being asked', async () => {
    const server = await node("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')");
    await server.stop(500);
    expect(isAlive(server.pid)).toBe(false);
  });
});

describe('a server of the local stack', () => {
  it('does not outlive a launcher that was killed', async () => {
    const script = `const { startServer } = await import(${JSON.stringify(join(process.cwd(), 'dist/stack/servers/process.js'))});
      const server = await startServer({ name: 'x', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'],
        cwd: '.', output: ${JSON.stringify(join(folder, 'orphan.log'))}, stopSignal: 'SIGTERM' });
      console.log(server.pid); setInterval(() => {}, 1000);`;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) =>
      createInterface(launcher.stdout).once('line', (line) => resolve(Number(line))),
    );
    expect(isAlive(pid)).toBe(true);
    launcher.kill('SIGKILL');
    expect(await waitFor(() => !isAlive(pid), 10_000)).toBe(true);
  });

  it('says in one sentence what to install when Java is missing', () => {
    const script = `const { startKafka } = await import(${JSON.stringify(join(process.cwd(), 'dist/stack/servers/kafka.js'))});
      await startKafka({ dataDir: ${JSON.stringify(join(folder, 'kafka'))} }).catch((error) => console.log(error.message));`;
    const env = { ...process.env, PATH: '/nowhere' };
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
    expect(said).toMatch(/^(Java|Maven).* is not on the PATH: install .*, or set KAFKA_BROKERS/);
  });

  it('gives up what it waits for when it is ended in the middle of its start', () => {
    const script = `const { ending, run } = await import(${JSON.stringify(join(process.cwd(), 'dist/stack/servers/process.js'))});
      setTimeout(() => ending.abort(), 100);
      await run('sleep', ['60']).catch((error) => console.log(error.message));`;
    const begin = performance.now();
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(said).toBe('stopped while it was starting\n');
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ INGEST_PORT: 'http' }, /INGEST_PORT: must be a whole number, not "http"/],
    [{ CAROM_LOG_LEVEL: 'loud' }, /CAROM_LOG_LEVEL: Invalid option: expected one of "fatal"/],
    [{ INGEST_PORT: '17001', CONSOLE_PORT: '17001' }, /^INGEST_PORT and CONSOLE_PORT are both 17001/],
    [{ KAFKA_BROKERS: 'kafka' }, /KAFKA_BROKERS \(entry 1\): each broker is host:port/],
    [{ REDIS_URL: 'redis://127.0.0.1:1' }, /^Nothing answers at 127\.0\.0\.1:1, which REDIS_URL names/],
  ])('says in one sentence what is wrong with %j, before it starts anything', async (wrong, sentence) => {
    const { env } = await freeSystemPorts();
    const servers = { KAFKA_BROKERS: '', DATABASE_URL: '', REDIS_URL: '' };
    const started = startSystem({
      dataDir: join(folder, 'never'),
      env: { ...process.env, ...env, ...servers, ...wrong },
      secret: 'b7e4d1906f2c8a35e09d7b14c6f3a825',
      adminToken: 'a token that only tests know',
      receiverPort: 1,
      say: () => undefined,
      quiet: true,
    });
    await expect(started).rejects.toThrow(sentence);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('finds ports that are free, and sees when one is taken', async () => {
    const [port] = (await freePorts(1)) as [number];
    expect(await isFree(port)).toBe(true);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => holder.close(resolve));
  });
});
