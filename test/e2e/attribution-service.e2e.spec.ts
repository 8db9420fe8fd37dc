import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { topics, type CatalogEntryV1 } from '#contracts';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { createLog, createMetrics } from '#runtime';
import { openAttributionGround, type AttributionGround } from '../support/attribution-ground.js';
import { startService, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';

let ground: AttributionGround;
let producer: Producer;
let service: Service;
beforeAll(async () => {
  ground = await openAttributionGround();
  producer = await connectProducer({
    brokers: ground.config.KAFKA_BROKERS,
    clientId: 'spec',
    topicPrefix: ground.ground.topicPrefix,
    log: createLog('spec', 'silent'),
    metrics: kafkaMetrics(createMetrics('spec')),
  });
  await send(
    topics.catalog,
    ground.catalog.entries().map((entry: CatalogEntryV1) => ({ key: `${entry.kind}:${entry.key}`, value: entry })),
  );
  service = await startService('attribution', { ...ground.ground.env, CAROM_SECRET: ground.secret });
});
afterAll(async () => {
  await service?.stop();
  await producer?.close();
  await ground?.close();
});

const send = (topic: { name: string; type: string }, records: { key: string; value: unknown }[]) =>
  producer.produce(
    records.map(({ key, value }) => ({
      topic: topic.name,
      key,
      value: JSON.stringify(value),
      headers: { type: topic.type },
    })),
  );
const count = async (sql: string) => Number((await ground.rows<{ n: bigint }>(sql))[0]?.n ?? 0n);

describe('attribution as a process of its own', () => {
  it('reads clicks and postbacks from their topics, and a kill and restart neither loses nor doubles any', async () => {
    const clicks = Array.from({ length: 300 }, () => ground.click());
    const postbacks = clicks.map((click, index) =>
      ground.postback(`clickid=${click.clickId}&transaction_id=K${index}&amount=2`),
    );
    // Half of the postbacks come before their clicks.
    await send(
      topics.postbacks,
      postbacks.slice(0, 150).map((value, index) => ({ key: `K${index}`, value })),
    );
    await send(
      topics.clicks,
      clicks.map((value) => ({ key: value.clickId, value })),
    );
    await waitFor(() => count('select count(*) as n from conversions').then((n) => n > 50), 20_000);
    await service.kill9();
    await send(
      topics.postbacks,
      postbacks.slice(150).map((value, index) => ({ key: `K${index + 150}`, value })),
    );
    await service.restart();
    await waitFor(
      () => count('select count(*) as n from conversions').then((n) => n === 300),
      40_000,
      'all conversions',
    );
    await waitFor(() => count('select count(*) as n from orphans').then((n) => n === 0), 10_000, 'no orphan left');
    expect(await count("select count(*) as n from postbacks where state = 'applied'")).toBe(300);
    expect(await count('select sum(amount_nanos)::bigint / 1000000000 as n from ledger_entries')).toBe(600);
  });

  it('parks what it cannot read and goes on', async () => {
    const click = ground.click();
    await send(topics.clicks, [{ key: click.clickId, value: click }]);
    const good = ground.postback(`clickid=${click.clickId}&transaction_id=after-poison&amount=2`);
    await producer.produce([
      { topic: topics.postbacks.name, key: 'after-poison', value: '{"not": "a postback"}', headers: {} },
    ]);
    await send(topics.postbacks, [{ key: 'after-poison', value: good }]);
    await waitFor(() => count("select count(*) as n from conversions where transaction_id = 'after-poison'"), 20_000);
  });

  it('has a ledger that verifies, until a row is changed outside attribution', async () => {
    const verify = () =>
      spawnSync(process.execPath, ['dist/ops/ledger-verify.js'], {
        env: { ...process.env, DATABASE_URL: ground.ground.databaseUrl },
        encoding: 'utf8',
      });
    const well = verify();
    expect([well.status, well.stdout]).toEqual([0, '301 conversions verified, 0 differences, 0 loose ends\n']);
    await ground.rows("update conversions set approved_nanos = 5 where transaction_id = 'K7'");
    const touched = verify();
    expect(touched.status).toBe(1);
    expect(touched.stdout).toContain('money by its entries: the row says pending 0, approved 5');
    expect(touched.stdout).toContain('301 conversions verified, 2 differences, 0 loose ends');
  });
});
