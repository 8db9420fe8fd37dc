import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '#runtime';

/** What the local stack keeps between starts, all of it under `.carom/`, which git ignores. */
export const localFolder = join(projectRoot, '.carom');
export const localDataDir = join(localFolder, 'data');
const keptFile = join(localFolder, 'local.json');
const runFile = join(localFolder, 'run.json');

/** Made at the first start; whoever runs this on one machine needs no secret of his own. */
export type Kept = { secret: string; adminToken: string; receiverPort: number | null };

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

/** Where a running system is found, and by what it lets itself be told things. */
export type Running = {
  pid: number;
  publicUrl: string;
  consoleUrl: string;
  receiverUrl: string;
  adminToken: string;
  kafkaBrokers: string;
  databaseUrl: string;
  topicPrefix: string;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The system that `npm start` of this checkout runs, if it does. What a killed start left behind does not count. */
export const findRunning = (): Running | null => {
  if (!existsSync(runFile)) return null;
  const running = JSON.parse(readFileSync(runFile, 'utf8')) as Running;
  return isAlive(running.pid) ? running : null;
};
export const announce = (running: Running): void => write(runFile, running);
export const withdraw = (): void => rmSync(runFile, { force: true });
