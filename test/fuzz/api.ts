import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#runtime';
import { environmentOf, startServers } from '../../stack/servers/servers.js';
import { tellStory } from '../support/console-story.js';
import { openTestGround } from '../support/ground.js';
import { testSecrets } from '../support/service.js';
import { startSystem } from '../support/system.js';

/** `npm run api:fuzz [-- <options of schemathesis>]`: holds the running console to its own document
 *  with Schemathesis, over a seeded catalog with calls, conversions and deliveries. It sends valid
 *  and invalid requests. A 5xx, a status or a content type that the document does not name, and an
 *  answer that its schema does not allow are failures. */

const version = '4.32.5';
const cache = join(projectRoot, 'node_modules', '.cache', `carom-schemathesis-${version}`);
const binary = join(cache, 'bin', 'st');

/** Streams have no end. */
const withoutStreams = ['--exclude-path-regex', '/stream$'];
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
];
const defaults = [
  ['--phases', 'examples,coverage,fuzzing'],
  ['--max-examples', '80'],
  ['--workers', '2'],
  ['--request-timeout', '30'],
  ['--generation-database', 'none'],
  ['--warnings', 'off'],
  ['--no-shrink', ''],
  ['--continue-on-failure', ''],
];

const run = (command: string, args: readonly string[]): void => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error || status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `ended with ${status}`}`);
};

/** Into a folder of its own, once. */
const installSchemathesis = (): void => {
  if (existsSync(binary)) return;
  console.log(`… installing schemathesis ${version}; this needs Python 3.10 or later on the PATH`);
  rmSync(cache, { recursive: true, force: true });
  run('python3', ['-m', 'venv', cache]);
  run(join(cache, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`]);
};

const test = async (consoleUrl: string): Promise<number> => {
  const own = process.argv.slice(2);
  const options = defaults
    .filter(([name = '']) => !own.includes(name))
    .flat()
    .filter((each) => each !== '');
  const args = [
    'run',
    `${consoleUrl}/api/v1/openapi.json`,
    ...['--header', `Authorization: Bearer ${testSecrets.CAROM_ADMIN_TOKEN}`],
    ...['--checks', checks.join(',')],
    ...withoutStreams,
    ...options,
    ...own,
  ];
  const child = spawn(binary, args, { stdio: 'inherit', cwd: cache });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

const limits = { CONSOLE_REQUESTS_PER_MINUTE: '10000000', CONSOLE_SIGN_INS_PER_MINUTE: '10000000' };

const fuzzSystem = async (): Promise<number> => {
  const ground = await openTestGround();
  const system = await startSystem(ground, limits);
  try {
    const story = await tellStory(system);
    const code = await test(system.console.url);
    await story.close();
    const faults = system.console
      .log()
      .split('\n')
      .filter((line) => line.includes('"api.failed"'));
    for (const line of faults.slice(0, 20)) console.error(line.slice(0, 2_000));
    return code;
  } finally {
    await system.stop();
    await ground.close();
  }
};

installSchemathesis();
const dataDir = mkdtempSync(join(tmpdir(), 'carom-api-fuzz-'));
// Postgres runs as another user when we are root, and has to reach its folder inside this one.
if (process.getuid?.() === 0) chmodSync(dataDir, 0o711);
const servers = await startServers({ dataDir, env: {}, durable: false });
Object.assign(process.env, environmentOf(servers));
const code = await fuzzSystem().finally(async () => {
  await servers.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
process.exit(code);
