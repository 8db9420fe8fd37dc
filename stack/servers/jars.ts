import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '#runtime';
import { isAlive, isMissing, run, unlessEnding } from './process.js';

const folder = join(projectRoot, '.carom', 'jars');

/** A missing tool is one sentence that says what to install or to set instead. */
export class Prerequisite extends Error {}

const runMaven = async (into: string): Promise<void> => {
  const pom = join(projectRoot, 'stack', 'servers', 'pom.xml');
  const maven = await run('mvn', ['-q', '-B', '-f', pom, 'generate-resources', `-Dout=${into}`]).catch(
    (thrown: unknown) => {
      if (!isMissing(thrown)) throw thrown;
      throw new Prerequisite(
        'Maven (`mvn`) is not on the PATH: install it (Debian: `apt-get install maven`), or set KAFKA_BROKERS and REDIS_URL.',
      );
    },
  );
  if (maven.status !== 0) throw new Error(`Maven could not fetch the servers:\n${maven.output}`);
};

/** Fetches Kafka's jars and the Redis binaries once per checkout and version of the pom (about 10
 * s), and answers their folder. Two launchers may come at once: the second waits for the first,
 * and takes over when that one has died. */
export const fetchJars = async (): Promise<string> => {
  const version = createHash('sha256')
    .update(readFileSync(join(projectRoot, 'stack', 'servers', 'pom.xml')))
    .digest('hex');
  const ready = join(folder, version.slice(0, 12));
  const lock = `${ready}.lock`;
  mkdirSync(folder, { recursive: true });
  for (let waitedMs = 0; !existsSync(ready); waitedMs += 200) {
    if (waitedMs > 300_000)
      throw new Error(`another start has held ${lock} for five minutes: remove it and start again`);
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
      await unlessEnding(wait(200));
      continue;
    }
    const partial = `${ready}.${process.pid}`;
    try {
      await runMaven(partial);
      renameSync(partial, ready);
    } finally {
      rmSync(partial, { recursive: true, force: true });
      rmSync(lock, { force: true });
    }
  }
  return ready;
};
