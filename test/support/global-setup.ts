import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseOldNode } from '#runtime';
import chromium from '@sparticuz/chromium';
import { environmentOf, startServers } from '../../stack/servers/servers.js';
import { templateOf } from './template.js';

declare global {
  var endServers: (() => Promise<void>) | undefined;
}

/** Runs once before the tests that need services (jest takes the compiled file): starts the servers
 * that the environment does not name, in a folder of their own, and makes the migrated database
 * that every test file clones. The browser is unpacked once per machine: two files that did it at
 * the same time would start half of one. */
const setUp = async (): Promise<void> => {
  refuseOldNode();
  const dataDir = await mkdtemp(join(tmpdir(), 'carom-test-'));
  // Postgres runs as another user when we are root, and has to reach its folder inside this one.
  if (process.getuid?.() === 0) await (await import('node:fs/promises')).chmod(dataDir, 0o711);
  const servers = await startServers({ dataDir, env: process.env, durable: false });
  const end = async (): Promise<void> => {
    await servers.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  globalThis.endServers = end;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().then(() => process.exit(1)));
  try {
    Object.assign(process.env, environmentOf(servers));
    process.env.CAROM_TEMPLATE_DATABASE = await templateOf(servers.databaseUrl);
    await chromium.executablePath();
  } catch (thrown) {
    await end();
    throw thrown;
  }
};

export default setUp;
