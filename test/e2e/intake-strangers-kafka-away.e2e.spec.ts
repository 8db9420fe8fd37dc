import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '../../stack/servers/process.js';
import { startService, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** Ingest that starts while Kafka is away, with the catalog of its last run, and strangers who
 *  flood it. */

const dataDir = mkdtempSync(join(tmpdir(), 'carom-strangers-'));
const snapshot = join(dataDir, 'catalog.json');
let ground: IntakeGround;
let alone: Service;

beforeAll(async () => {
  ground = await openIntakeGround(
    {
      networks: [{ key: 'acme' }],
      sources: [{ key: 'ads', externalIdParam: 'sid' }],
      offers: [{ key: 'shoes', networkKey: 'acme', url: 'https://offer.example.com/?aff_sub={click_id}' }],
      campaigns: [{ key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] }],
    },
    { CAROM_DATA_DIR: dataDir },
  );
  // A clean stop writes the snapshot.
  await ground.ingest.stop();
  // As an earlier release left it: with tokens that are readable.
  const kept = readFileSync(snapshot, 'utf8');
  const former = kept.replace(/"hash":"hash:1:[^"]+"/, '"token":"token-acme"');
  if (former === kept) throw new Error('the snapshot has no hash of a token');
  writeFileSync(snapshot, former);
  const [nothing] = await freePorts(1);
  const env = { KAFKA_BROKERS: `127.0.0.1:${nothing}`, CAROM_DATA_DIR: dataDir, CAROM_SPOOL_MAX_BYTES: '2000000' };
  alone = await startService('ingest', { ...ground.env, ...env });
}, 120_000);
afterAll(async () => {
  await alone?.stop();
  await ground?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const send = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${alone.url}${path}`, { redirect: 'manual', ...init });
const metric = async (pattern: RegExp): Promise<number> => {
  const text = await (await fetch(`${alone.healthUrl}/metrics`)).text();
  return Number(pattern.exec(text)?.[1] ?? 0);
};
const clickIdOf = (answer: Response): string | null =>
  new URL(answer.headers.get('location') ?? 'x:').searchParams.get('aff_sub');

describe('ingest with an old catalog, while Kafka is away', () => {
  it('serves what it knows: the network, the campaign', async () => {
    expect((await send('/postback/token-acme?transaction_id=KNOWN')).status).toBe(200);
    expect((await send('/c/spring?sid=1')).status).toBe(302);
  });

  it('leaves no token readable in the snapshot of an earlier release', () => {
    expect(readFileSync(snapshot, 'utf8')).toContain('"key":"acme"');
    expect(readFileSync(snapshot, 'utf8')).not.toContain('token-acme');
  });

  it('asks for another try where it may only not know yet, because networks do not repeat a 403', async () => {
    for (const path of ['/postback/token-new?transaction_id=1', '/c/new-campaign', '/click.php?cnv_id=1']) {
      const answer = await send(path);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    }
  });

  it('is ready, and says why it needs attention', async () => {
    const answer = await fetch(`${alone.healthUrl}/health/ready`);
    const { checks } = (await answer.json()) as { checks: Record<string, { ok: boolean; note?: string }> };
    expect([answer.status, checks['catalog']?.ok, checks['catalog']?.note]).toEqual([
      200,
      true,
      'from the last snapshot: what is not in it is answered 503',
    ]);
  });
});

describe('a flood of strangers while Kafka is away', () => {
  it('of clicks fills half of the spool: visitors go on, and postbacks are still taken', async () => {
    const clickId = clickIdOf(await send('/c/spring?sid=first'));
    const referer = { headers: { referer: 'r'.repeat(2_000) } };
    const lost = /carom_ingest_clicks_total\{[^}]*outcome="lost"[^}]*\} (\d+)/;
    await waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => send('/c/spring?sid=2', referer)));
      expect(answers.every(({ status }) => status === 302)).toBe(true);
      return (await metric(lost)) > 0;
    }, 60_000);
    expect(await metric(/carom_ingest_spool_bytes\{[^}]*\} (\d+)/)).toBeLessThanOrEqual(1_000_000);
    expect(await metric(/carom_ingest_spool_refused_total\{[^}]*SPOOL_FULL[^}]*\} (\d+)/)).toBeGreaterThan(0);
    for (const path of [`/postback?click_id=${clickId}&amount=1`, '/postback/token-acme?transaction_id=T-7'])
      expect((await send(path)).status).toBe(200);
  });

  it('of calls without proof fills three quarters: the network with its token is still taken', async () => {
    const clickId = clickIdOf(await send('/c/spring?sid=first'));
    const body = { method: 'POST', body: `click_id=${clickId}&x=${'x'.repeat(8_000)}` };
    const statuses: number[] = [];
    await waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => send('/postback', body)));
      statuses.push(...answers.map(({ status }) => status));
      return statuses.includes(503);
    }, 60_000);
    expect(await metric(/carom_ingest_spool_bytes\{[^}]*\} (\d+)/)).toBeLessThanOrEqual(1_500_000);
    expect((await send('/postback/token-acme?transaction_id=T-8')).status).toBe(200);
  });
});
