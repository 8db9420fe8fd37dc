import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '../../stack/servers/process.js';
import { spawnService } from '../../stack/system/services.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** Ingest dies, freezes or throws at a fail point while a network calls it. What was answered OK is
 *  on the topic in the end (P1), whatever the point. */

const actions = ['die', 'freeze', 'throw'] as const;
let ground: IntakeGround;
let folder: string;
let lastRun: string;
let folders = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carom-fail-points-'));
  ground = await openIntakeGround({ networks: [{ key: 'acme' }] });
  lastRun = newDataDir();
  // A clean stop writes the catalog.
  await (await start(lastRun, {})).stop();
});
afterAll(async () => {
  await ground?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ingest with a data folder that outlives it. */
const start = (dataDir: string, env: Record<string, string>): Promise<Service> =>
  startService('ingest', { ...ground.env, CAROM_DATA_DIR: dataDir, ...env });
const newDataDir = (): string => join(folder, `data-${(folders += 1)}`);
const kafkaAway = async (): Promise<Record<string, string>> => {
  const [nothing] = await freePorts(1);
  return { KAFKA_BROKERS: `127.0.0.1:${nothing}` };
};
/** A data folder with the catalog of a last run, for starts without Kafka. */
const dataDirOfLastRun = (): string => {
  const dataDir = newDataDir();
  mkdirSync(dataDir);
  copyFileSync(join(lastRun, 'catalog.json'), join(dataDir, 'catalog.json'));
  return dataDir;
};

/** Calls until it is answered, or until the process does not answer any more; the ids of what was
 *  answered OK. */
const call = async ({ url, server }: Service, transactionIds: readonly string[]): Promise<string[]> => {
  const accepted: string[] = [];
  const isOver = server.exited.then(() => null);
  for (const transactionId of transactionIds) {
    const signal = AbortSignal.timeout(1_000);
    const calling = fetch(`${url}/postback/token-acme?transaction_id=${transactionId}&amount=1`, { signal });
    const answer = await Promise.race([calling.catch(() => null), isOver]);
    const id = answer?.status === 200 ? answer.headers.get('carom-postback-id') : null;
    if (id) accepted.push(id);
  }
  return accepted;
};
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Ends a service that has died, hangs, or goes on; what it logged. */
const end = async (service: Service, action: (typeof actions)[number]): Promise<string> => {
  if (action === 'freeze') service.server.signal('SIGKILL');
  if (action !== 'throw') await service.server.exited;
  const log = service.log();
  await service.stop();
  return log;
};

const areRecorded = (ids: readonly string[]): Promise<boolean> =>
  waitFor(() => {
    const recorded = new Set(ground.postbacks.map(({ id }) => id));
    return ids.every((id) => recorded.has(id));
  }, 20_000);

describe.each(['ingest.after-produce', 'ingest.before-answer'])('ingest at %s', (point) => {
  it.each(actions)('%s: what was answered OK is on the topic, and a call without answer is not OK', async (action) => {
    const service = await start(newDataDir(), { CAROM_FAIL_POINT: `${point}:${action}:4` });
    const accepted = await call(service, named(`${point}-${action}`, action === 'throw' ? 6 : 4));
    expect(accepted).toHaveLength(action === 'throw' ? 5 : 3);
    expect(await end(service, action)).toContain(`fail point ${point}: ${action}`);
    expect(await areRecorded(accepted)).toBe(true);
  });
});

/** Starts ingest with Kafka, and ends it at the fail point: the first batch of the disk has been
 *  sent. It may not be ready by then. */
const drainUntil = async (dataDir: string, action: (typeof actions)[number]): Promise<void> => {
  const [port, healthPort] = (await freePorts(2)) as [number, number];
  const logFile = join(dataDir, 'log');
  const ports = { INGEST_PORT: String(port), INGEST_HEALTH_PORT: String(healthPort), INGEST_HOST: '127.0.0.1' };
  const own = { CAROM_DATA_DIR: dataDir, CAROM_FAIL_POINT: `ingest.after-drain-send:${action}` };
  const server = await spawnService('ingest', { ...testSecrets, ...ground.env, ...ports, ...own }, logFile);
  const reached = `fail point ingest.after-drain-send: ${action}`;
  await waitFor(() => existsSync(logFile) && readFileSync(logFile, 'utf8').includes(reached), 20_000);
  server.signal('SIGKILL');
  await server.exited;
};

describe('ingest at ingest.after-spool-write while Kafka is away, and at ingest.after-drain-send when it is back', () => {
  it.each(actions)('%s: what was answered OK is on the disk, and on the topic after the next start', async (action) => {
    const dataDir = dataDirOfLastRun();
    const point = `ingest.after-spool-write:${action}:4`;
    const service = await start(dataDir, { ...(await kafkaAway()), CAROM_FAIL_POINT: point });
    const accepted = await call(service, named(`spool-${action}`, action === 'throw' ? 6 : 4));
    expect(accepted).toHaveLength(action === 'throw' ? 5 : 3);
    expect(await end(service, action)).toContain(`fail point ingest.after-spool-write: ${action}`);
    await drainUntil(dataDir, action);
    const next = await start(dataDir, {});
    expect(await areRecorded(accepted)).toBe(true);
    await next.stop();
  });
});
