import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

/** One server process of the local stack. It lives in a process group of its own, so that a Ctrl-C
 * in the terminal reaches only the launcher, which then ends everything in order. */
export type Server = {
  pid: number;
  /** Settles when the process has ended, whatever ended it. */
  exited: Promise<string>;
  /** For faults: SIGKILL, SIGSTOP, SIGCONT. */
  signal: (signal: NodeJS.Signals) => void;
  /** Sends the stop signal, and kills after `graceMs`. Resolves when the process has ended. */
  stop: (graceMs?: number) => Promise<void>;
};

export type ServerCommand = {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** Where its output goes: a file, or line by line to a function. */
  output: string | ((line: string) => void);
  /** The signal that makes this server close its files without waiting for clients. */
  stopSignal: NodeJS.Signals;
};

/** Kills the server when the launcher ended without stopping it: SIGKILL and crashes run no
 * handler, but the kernel closes their pipes, and that ends `cat`. The server gets a chance to
 * close its files first. */
const guardAgainstOrphan = (pid: number, stopSignal: NodeJS.Signals): ChildProcess => {
  const name = stopSignal.replace('SIG', '');
  const script = `cat >/dev/null; kill -${name} ${pid}; for i in 1 2 3 4 5; do sleep 1; kill -0 ${pid} || exit; done; kill -KILL ${pid}`;
  const guard = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return guard;
};

/** Everything that this launcher started and has not stopped; ended at once when the launcher
 * itself fails or exits. */
const alive = new Set<{ kill: () => void }>();
process.once('exit', () => alive.forEach((each) => each.kill()));

/** Aborted when this launcher is asked to end while it starts: it stops waiting at once. */
export const ending = new AbortController();
const stopped = (): Error => new Error('stopped while it was starting');

/** `work`, unless the launcher is asked to end first; what `work` still does then ends
 * with the process. */
export const unlessEnding = async <T>(work: Promise<T>): Promise<T> => {
  const { signal } = ending;
  let giveUp: (() => void) | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(stopped());
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    if (giveUp) signal.removeEventListener('abort', giveUp);
  }
};

/** Runs a command that ends by itself. It may take long (a download) and is killed when the
 * launcher ends. Throws ENOENT when there is no such command. */
export const run = async (
  command: string,
  args: string[],
  options: { cwd?: string; uid?: number; gid?: number } = {},
): Promise<{ status: number | null; output: string }> => {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const entry = { kill: () => child.kill('SIGKILL') };
  alive.add(entry);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    return { status: await unlessEnding(closed), output };
  } finally {
    entry.kill();
    alive.delete(entry);
  }
};

/** Whether a command could not be started because there is none of that name. */
export const isMissing = (thrown: unknown): boolean => (thrown as { code?: unknown } | null)?.code === 'ENOENT';

const openLog = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a');
};

/** Starts a server. Throws (ENOENT) when the command does not exist. */
export const startServer = async (of: ServerCommand): Promise<Server> => {
  const log = typeof of.output === 'string' ? openLog(of.output) : 'pipe';
  const child = spawn(of.command, of.args, {
    cwd: of.cwd,
    env: { ...process.env, ...of.env },
    uid: of.uid,
    gid: of.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  if (typeof log === 'number') closeSync(log);
  for (const stream of [child.stdout, child.stderr])
    if (stream && typeof of.output === 'function') createInterface(stream).on('line', of.output);
  const exited = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), exited]);
  const pid = child.pid as number;
  const guard = guardAgainstOrphan(pid, of.stopSignal);
  const entry = { kill: () => child.kill('SIGKILL') };
  alive.add(entry);
  void exited.then(() => {
    alive.delete(entry);
    // The whole group, or its `cat` would outlive the shell; the server's id may belong to another
    // process from now on.
    if (guard.pid) killGroup(guard.pid);
  });
  const signal = (name: NodeJS.Signals) => void child.kill(name);
  const stop = async (graceMs = 10_000): Promise<void> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.kill('SIGCONT');
    child.kill(of.stopSignal);
    await exited;
    clearTimeout(timer);
  };
  return { pid, exited, signal, stop };
};

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
};

/** Waits until the server accepts what `probe` tries, and fails early, with the end of its log,
 * when it has died. */
export const untilReady = async (
  of: { name: string; logFile: string },
  server: Server,
  probe: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> => {
  let ended: string | undefined;
  void server.exited.then((how) => (ended = how));
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (ended === undefined && (await probe())) return;
    if (ending.signal.aborted) {
      await server.stop(2_000);
      throw stopped();
    }
    if (ended !== undefined || performance.now() > deadline) {
      const how = ended === undefined ? `was not ready within ${timeoutMs / 1000} s` : `ended (${ended})`;
      const tail = readFileSync(of.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
      if (ended === undefined) await server.stop(1_000);
      throw new Error(`${of.name} ${how} while it started; the end of ${of.logFile}:\n${tail}`);
    }
    await wait(50);
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** True when something accepts connections there. */
export const accepts = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host, timeout: 5_000 });
    const answer = (there: boolean) => () => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });

/** True when the port is free to listen on. */
export const isFree = (port: number, host = '127.0.0.1'): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });

/** Free ports below the range that the kernel gives to outgoing connections (32768 and up): a
 * server that is restarted in a test must find its port still free. Two launchers that draw the
 * same number in the same moment are possible, and fail visibly. */
export const freePorts = async (count: number): Promise<number[]> => {
  const found = new Set<number>();
  for (let tries = 0; found.size < count && tries < 1_000; tries += 1) {
    const port = 15_000 + Math.floor(Math.random() * 16_000);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  if (found.size < count) throw new Error('no free ports between 15000 and 31000 on 127.0.0.1');
  return [...found];
};
