import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playBulk } from '../../demo/bulk.js';
import { playStory } from '../../demo/story.js';
import { freeSystemPorts, startSystem, type System } from '../../stack/system/system.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { testSecrets } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

let ground: TestGround;
let system: System;
const said: string[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'carom-kills-'));

beforeAll(async () => {
  ground = await openTestGround();
  const { env, receiverPort } = await freeSystemPorts();
  system = await startSystem({
    dataDir,
    // A click that died with its ingest would otherwise be waited for ten minutes before its id
    // alone is believed.
    env: {
      ...process.env,
      ...ground.env,
      ...env,
      DATABASE_OWNER_URL: ground.databaseUrl,
      ATTRIBUTION_CREDIT_AFTER_SECONDS: '5',
      ATTRIBUTION_SESSION_MS: '3000',
      DISPATCH_SESSION_MS: '3000',
      DISPATCH_LEASE_MS: '3000',
    },
    secret: testSecrets.CAROM_SECRET,
    adminToken: testSecrets.CAROM_ADMIN_TOKEN,
    receiverPort,
    say: (line) => said.push(line),
    quiet: true,
  });
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await ground?.close();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

describe('the whole system on one machine', () => {
  it('plays the story of npm run demo', async () => {
    const steps: string[] = [];
    await playStory(system.running, (step) => steps.push(step));
    expect(steps).toHaveLength(10);
  }, 240_000);

  it('counts every accepted postback once and makes every delivery owed, though each service is killed in the middle', async () => {
    const lines: string[] = [];
    const account = playBulk(system.running, 2_000, (line) => lines.push(line));
    const receivedCount = async (): Promise<number> => {
      const answer = await fetch(`${system.running.receiverUrl}/received?starts=bulk-`);
      return ((await answer.json()) as unknown[]).length;
    };
    // Each while it is at work: the first when postbacks begin to come in, the others when the
    // first of them have come through.
    await waitFor(() => lines.length >= 1, 120_000, 'the clicks are through');
    for (const [name, atReceived] of [
      ['ingest', 0],
      ['attribution', 20],
      ['dispatch', 200],
    ] as const) {
      await waitFor(async () => (await receivedCount()) >= atReceived, 60_000, `${atReceived} deliveries have arrived`);
      const before = said.length;
      system.signal(name, 'SIGKILL');
      await waitFor(
        () => said.slice(before).some((line) => line.startsWith(`${name} ended`)),
        10_000,
        `${name} is dead`,
      );
    }
    const { wrong, accepted, inLedger, deliveriesOwed, deliveriesReceived, clickLost } = await account;
    expect(wrong).toEqual([]);
    expect(accepted).toBe(2_000);
    expect(inLedger).toBe(2_000);
    expect(deliveriesReceived).toBe(deliveriesOwed);
    // Only clicks that ingest had not handed to Kafka yet can die with it.
    expect(clickLost).toBeLessThan(100);
  }, 400_000);
});
