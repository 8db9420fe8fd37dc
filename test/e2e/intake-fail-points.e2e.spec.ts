import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { failPoints, failPointsOf, type FailPoint } from '#runtime';
import { freePorts } from '../../stack/servers/process.js';
import { spawnService } from '../../stack/system/services.js';
import { printTable } from '../support/result-table.js';
import { startService, testSecrets, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** Ingest dies, freezes or throws at a fail point while a network calls it. What was answered OK is
 *  on the topic in the end (P1), whatever the point; what was frozen goes on when it thaws. */

const actions = ['die', 'freeze', 'throw'] as const;
type Action = (typeof actions)[number];
const points = failPointsOf('ingest');
const results = new Map<string, string>();
let ground: IntakeGround;
let folder: string;
let lastRun: string;
let folders = 0;
/** Ended after each test, also after one that fails. */
const started: Service[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'carom-fail-points-'));
  ground = await openIntakeGround({ networks: [{ key: 'acme' }] });
  lastRun = newDataDir();
  // A clean stop writes the catalog.
  await (await start(lastRun, {})).stop();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((service) => service.stop()));
});
afterAll(async () => {
  const cells = (point: FailPoint) => actions.map((action) => results.get(`${point} ${action}`) ?? '-');
  printTable([['fail point', ...actions, ''], ...points.map((point) => [point, ...cells(point), failPoints[point]])]);
  await ground?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ingest with a data folder that outlives it. */
const start = async (dataDir: string, env: Record<string, string>): Promise<Service> => {
  const service = await startService('ingest', { ...ground.env, CAROM_DATA_DIR: dataDir, ...env });
  started.push(service);
  return service;
};
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

/** Calls a service that fails at its fourth call, and twice more if it goes on. Ends it. Answers
 *  the ids of what was answered OK. */
const callFailing = async (point: string, action: Action, env: Record<string, string>, dataDir: string) => {
  const service = await start(dataDir, { ...env, CAROM_FAIL_POINT: `${point}:${action}:4` });
  const accepted = await call(service, named(`${point}-${action}`, 4));
  expect(accepted).toHaveLength(3);
  if (action === 'die') await service.server.exited;
  if (action === 'freeze') service.server.signal('SIGCONT');
  if (action !== 'die') accepted.push(...(await call(service, named(`${point}-${action}-later`, 2))));
  expect(accepted).toHaveLength(action === 'die' ? 3 : 5);
  expect(service.log()).toContain(`fail point ${point}: ${action}`);
  await service.stop();
  return accepted;
};

const areRecorded = (ids: readonly string[]): Promise<boolean> =>
  waitFor(() => {
    const recorded = new Set(ground.postbacks.map(({ id }) => id));
    return ids.every((id) => recorded.has(id));
  }, 20_000);

describe.each(['ingest.after-produce', 'ingest.before-answer'])('ingest at %s', (point) => {
  it.each(actions)('%s: what was answered OK is on the topic, and a call without answer is not OK', async (action) => {
    const accepted = await callFailing(point, action, {}, newDataDir());
    expect(await areRecorded(accepted)).toBe(true);
    results.set(`${point} ${action}`, 'ok');
  });
});

/** Starts ingest with Kafka: it fails when the first batch of the disk has been sent, and does the
 *  rest if it goes on. It may not be ready by then. */
const drain = async (dataDir: string, action: Action, accepted: readonly string[]): Promise<void> => {
  const [port, healthPort] = (await freePorts(2)) as [number, number];
  const logFile = join(dataDir, 'log');
  const ports = { INGEST_PORT: String(port), INGEST_HEALTH_PORT: String(healthPort), INGEST_HOST: '127.0.0.1' };
  const own = { CAROM_DATA_DIR: dataDir, CAROM_FAIL_POINT: `ingest.after-drain-send:${action}` };
  const server = await spawnService('ingest', { ...testSecrets, ...ground.env, ...ports, ...own }, logFile);
  const reached = `fail point ingest.after-drain-send: ${action}`;
  await waitFor(() => existsSync(logFile) && readFileSync(logFile, 'utf8').includes(reached), 20_000);
  if (action === 'freeze') {
    await waitFor(() => isSilent(`http://127.0.0.1:${healthPort}/health/live`), 20_000);
    server.signal('SIGCONT');
  }
  if (action !== 'die') await areRecorded(accepted);
  await (action === 'die' ? server.exited : server.stop());
};

/** Whether a process takes connections and answers nothing. */
const isSilent = async (url: string): Promise<boolean> => {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(1_000) })).arrayBuffer();
    return false;
  } catch (thrown) {
    return (thrown as Error).name === 'TimeoutError';
  }
};

describe('ingest at ingest.after-spool-write while Kafka is away, and at ingest.after-drain-send when it is back', () => {
  it.each(actions)('%s: what was answered OK is on the disk, and on the topic in the end', async (action) => {
    const dataDir = dataDirOfLastRun();
    const accepted = await callFailing('ingest.after-spool-write', action, await kafkaAway(), dataDir);
    results.set(`ingest.after-spool-write ${action}`, 'ok');
    await drain(dataDir, action, accepted);
    const next = await start(dataDir, {});
    expect(await areRecorded(accepted)).toBe(true);
    results.set(`ingest.after-drain-send ${action}`, 'ok');
    await next.stop();
  });
});
