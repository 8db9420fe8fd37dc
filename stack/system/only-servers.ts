import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, projectRoot } from '#runtime';
import { ending } from '../servers/process.js';
import { environmentOf, startServers } from '../servers/servers.js';

/** `npm run stack`: only Kafka, Postgres and Redis, in the foreground, until Ctrl-C. Their
 * addresses are in `.carom/stack.env` (`. .carom/stack.env`), so that tests can be run again and
 * again without starting servers. */
const file = join(projectRoot, '.carom', 'stack.env');
const begin = performance.now();
let stopping = false;
const nothing = { KAFKA_BROKERS: '', DATABASE_URL: '', REDIS_URL: '' };
const starting = startServers({ dataDir: join(projectRoot, '.carom', 'stack'), env: nothing, durable: true });

const end = async (exitCode: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  rmSync(file, { force: true });
  ending.abort();
  await (await starting.catch(() => null))?.stop();
  process.exit(exitCode);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));

try {
  const servers = await starting;
  const exports = Object.entries(environmentOf(servers)).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(file, `${exports.join('\n')}\n`, { mode: 0o600 });
  console.log(
    `${exports.join('\n')}\n# ready in ${((performance.now() - begin) / 1000).toFixed(1)} s; also in .carom/stack.env`,
  );
  for (const { name, server } of servers.started) {
    void server.exited.then((how) => {
      if (!stopping) console.error(`${name} ended: ${how}`);
      return end(1);
    });
  }
} catch (thrown) {
  if (!stopping) console.error(messageOf(thrown));
  process.exitCode = 1;
}
