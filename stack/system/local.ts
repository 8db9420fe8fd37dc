import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '#runtime';
import { isAlive } from '../servers/process.js';

/** What the local stack keeps between starts, all of it under `.carom/`, which git ignores. */
const localFolder = join(projectRoot, '.carom');
export const localDataDir = join(localFolder, 'data');
const keptFile = join(localFolder, 'local.json');
const runFile = join(localFolder, 'run.json');
const claimFile = join(localFolder, 'start.pid');

/** Made at the first start, so that running it on one machine needs no setup. */
type Kept = { secret: string; adminToken: string; receiverPort: number | null };

const write = (file: string, value: unknown): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
};

export const readKept = (): Kept => {
  if (existsSync(keptFile)) return JSON.parse(readFileSync(keptFile, 'utf8')) as Kept;
  const made: Kept = {
    secret: randomBytes(32).toString('hex'),
    adminToken: `carom-${randomBytes(18).toString('base64url')}`,
    receiverPort: null,
  };
  write(keptFile, made);
  return made;
};
export const keep = (kept: Kept): void => write(keptFile, kept);

/** Where a running system is found, and the token that its API accepts. */
export type Running = {
  pid: number;
  publicUrl: string;
  consoleUrl: string;
  receiverUrl: string;
  adminToken: string;
  kafkaBrokers: string;
  /** As the services connect to it, and as the owner of its tables does. */
  databaseUrl: string;
  ownerUrl: string;
  topicPrefix: string;
};

/** Whether this process is a start of ours: after a crash its id may belong to something else. */
const isStart = (pid: number): boolean => {
  if (!isAlive(pid)) return false;
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  return status !== 0 || stdout.includes('stack/system/start.js');
};

/** Takes this checkout for one start, from its first moment on: two of them would write to the same
 * data. Answers the id of the process that has it already, else null. */
export const claim = (): number | null => {
  mkdirSync(localFolder, { recursive: true });
  for (;;) {
    try {
      writeFileSync(claimFile, String(process.pid), { flag: 'wx' });
      return null;
    } catch {
      const holder = startingPid();
      if (holder !== null) return holder;
      rmSync(claimFile, { force: true });
    }
  }
};
/** The process that runs `npm start` here, ready or not. */
export const startingPid = (): number | null => {
  if (!existsSync(claimFile)) return null;
  const pid = Number(readFileSync(claimFile, 'utf8'));
  return pid > 0 && isStart(pid) ? pid : null;
};

/** The system that `npm start` of this checkout runs, once it is ready. What a killed start left
 * behind does not count. */
export const findRunning = (): Running | null => {
  if (!existsSync(runFile)) return null;
  const running = JSON.parse(readFileSync(runFile, 'utf8')) as Running;
  return running.pid === startingPid() ? running : null;
};
export const announce = (running: Running): void => write(runFile, running);
/** Gives up what this process claimed and announced. */
export const withdraw = (): void => {
  if (startingPid() !== process.pid) return;
  rmSync(runFile, { force: true });
  rmSync(claimFile, { force: true });
};
