import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { entryNameOf, topics, type Network, type Source } from '#contracts';
import { createTokenHash } from '#domain';
import { connectProducer, kafkaMetrics, type Producer } from '#kafka';
import { consoleEntities, openDatabase, type Database } from '#postgres';
import { createLog, createMetrics, createSeal } from '#runtime';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';
import { readTopicBytes } from '../../../test/support/topic-bytes.js';
import { makeTopics } from '../../../test/support/system.js';
import { waitFor } from '../../../test/support/wait-for.js';
import { createCatalog, type Catalog } from './catalog.js';
import { startRelay, type Relay } from './relay.js';
import { sealOldTokens } from './reseal.js';

const [before, today] = ['9f3c1a7e5d2b8046c1e7f3a95b0d2468', '4b8e2d90f6a1c35779d0e8b2a4c61f53'];
const log = createLog('test', 'silent');
const actor = { userId: null, tokenId: null };

let ground: TestGround;
let database: Database;
let producer: Producer;
let relay: Relay;
let catalog: Catalog;

const keysBy = (...secrets: string[]) => ({
  dataSource: database.dataSource,
  seal: createSeal(secrets),
  tokenHash: createTokenHash(secrets),
});
const query = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  database.dataSource.query<Row[]>(text, values);
const bodyOf = async <Body>(kind: string, key: string): Promise<Body> => {
  const [row] = await query<{ body: Body }>('select body from catalog_entries where kind = $1 and key = $2', [
    kind,
    key,
  ]);
  return row!.body;
};
const everything = async (): Promise<string> =>
  JSON.stringify(await query('select body from catalog_entries')) +
  (await readTopicBytes(ground, topics.catalog.name)).toString('latin1');
const relayed = () =>
  waitFor(async () => (await query('select 1 from catalog_entries where relayed_version < version')).length === 0);

const command = 'dist/ops/secrets-reseal.js';
const env = (...secrets: string[]) => ({
  PATH: process.env['PATH'],
  DATABASE_URL: ground.env['DATABASE_URL'],
  CAROM_SECRET: secrets.join(','),
});
/** Not synchronously: the relay of this process publishes what the command waits for. */
const reseal = async (secrets: string[], ...flags: string[]): Promise<{ status: number | null; said: string }> => {
  const running = spawn(process.execPath, [command, ...flags], { env: env(...secrets) });
  let said = '';
  for (const stream of [running.stdout, running.stderr])
    stream.on('data', (piece: Buffer) => (said += piece.toString()));
  const [status] = (await once(running, 'close')) as [number | null];
  return { status, said };
};

/** As a person with access to the database would. */
const putSecret = (key: string, sealed: string) =>
  query(
    `update catalog_entries set body = jsonb_set(body, '{destination,secrets,chat}', to_jsonb($1::text)) where key = $2`,
    [sealed, key],
  );
const source = (key: string) => ({
  key,
  name: key,
  destination: { url: 'https://ads.example.com/{secret.chat}?id={click_id}', secrets: { chat: `chat-secret-${key}` } },
});

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  const kafka = { brokers: ground.kafkaBrokers.split(','), clientId: 'test', topicPrefix: ground.topicPrefix, log };
  producer = await connectProducer({ ...kafka, metrics: kafkaMetrics(createMetrics('test')) });
  const options = { poolSize: 4, applicationName: 'test', entities: consoleEntities };
  database = await openDatabase({ databaseUrl: ground.databaseUrl, ...options });
  const { dataSource } = database;
  relay = startRelay({ dataSource, produce: producer.produce.bind(producer), now: Date.now, log });
  catalog = createCatalog({ ...keysBy(before), changed: relay.wake, now: () => new Date() });
  const secret = { param: 'key', value: 'shared-secret-of-acme' };
  await catalog.create('network', { key: 'acme', name: 'Acme', security: { secret } }, actor);
  await catalog.create('source', source('ads'), actor);
  await catalog.create('source', source('left'), actor);
  await catalog.remove('source', 'left', null, actor);
});
afterAll(async () => {
  await relay?.close();
  await producer?.close();
  await database?.close();
  await ground?.close();
});

describe('the catalog after a release that sealed no tokens', () => {
  it('has its tokens sealed and hashed at the first start, and they stay valid', async () => {
    // As that release stored it, and published it.
    await query(
      `update catalog_entries set version = nextval('catalog_version'), changed_at = '2026-01-01T00:00:00Z',
         body = jsonb_set(body, '{tokens}', '[{"token": "tokenOfTheReleaseBefore", "until": null}]') where key = 'acme'`,
    );
    relay.wake();
    await relayed();
    expect(await everything()).toContain('tokenOfTheReleaseBefore');
    await sealOldTokens(keysBy(before), log);
    relay.wake();
    await relayed();
    const { tokens } = await bodyOf<Network>('network', 'acme');
    expect(tokens).toEqual([
      {
        token: expect.stringMatching(/^sealed:2:/),
        hash: createTokenHash([before]).of('tokenOfTheReleaseBefore'),
        until: null,
      },
    ]);
    expect(createSeal([before]).open(tokens[0]!.token!, entryNameOf('network', 'acme'))).toBe(
      'tokenOfTheReleaseBefore',
    );
    const [entry] = await query<{ changed_at: Date }>(`select changed_at from catalog_entries where key = 'acme'`);
    expect(entry?.changed_at.toISOString()).toBe('2026-01-01T00:00:00.000Z');
    const [line] = await query<{ action: string }>(
      `select action from audit where key = 'acme' order by id desc limit 1`,
    );
    expect(line).toEqual({ action: 'resealed' });
  });
});

describe('npm run secrets:reseal', () => {
  it('lists what an older secret sealed, and changes nothing when it only checks', async () => {
    const stored = await query('select * from catalog_entries order by kind, key');
    const { status, said } = await reseal([today, before], '--check');
    expect(said).toContain('network acme: security.secret.value is sealed by an older secret');
    expect(said).toContain('network acme: tokens.0.hash is sealed by an older secret');
    expect(said).toContain('source left: destination.secrets.chat is sealed by an older secret');
    expect([status, await query('select * from catalog_entries order by kind, key')]).toEqual([1, stored]);
    expect((await reseal([today, before], '--all')).status).toBe(2);
  });

  it('seals everything by the first secret, deleted entries too, and has it published', async () => {
    const { status, said } = await reseal([today, before]);
    expect(said).toContain('3 entries, 3 sealed again, 0 secrets left');
    expect([status, said]).toEqual([0, expect.stringContaining('Everything is sealed by the first secret.')]);
    const alone = createSeal([today]);
    for (const key of ['ads', 'left']) {
      const { destination } = await bodyOf<Source>('source', key);
      expect(alone.open(destination?.secrets['chat'] ?? '', `source:${key}`)).toBe(`chat-secret-${key}`);
    }
    const { tokens } = await bodyOf<Network>('network', 'acme');
    const hash = createTokenHash([today]).of('tokenOfTheReleaseBefore');
    expect(tokens[0]?.hash).toBe(hash);
    expect((await readTopicBytes(ground, topics.catalog.name)).toString('latin1')).toContain(hash);
    expect(await query(`select deleted from catalog_entries where key = 'left'`)).toEqual([{ deleted: true }]);
    expect((await reseal([today], '--check')).status).toBe(0);
  });

  it('changes nothing when it is repeated', async () => {
    const stored = await query('select * from catalog_entries order by kind, key');
    expect((await reseal([today, before])).said).toContain('3 entries, 0 sealed again, 0 secrets left');
    expect(await query('select * from catalog_entries order by kind, key')).toEqual(stored);
  });

  it('continues after it was killed in the middle', async () => {
    for (let index = 0; index < 9; index += 1) await catalog.create('source', source(`many-${index}`), actor);
    const holder = await database.pool.connect();
    await holder.query('begin');
    await holder.query(`select 1 from catalog_entries where key = 'many-5' for update`);
    const killed = spawn(process.execPath, [command], { env: env(today, before), stdio: 'ignore' });
    const waits = `select 1 from pg_stat_activity where application_name = 'carom-secrets-reseal' and wait_event_type = 'Lock'
      and query like '%catalog_entries%'`;
    // The relay locks an entry for a moment too, so a wait alone may be one of an earlier entry.
    const sealed = `select 1 from audit where action = 'resealed' and key like 'many-%'`;
    const isAtTheLock = async () => (await query(sealed)).length === 5 && (await query(waits)).length > 0;
    await waitFor(isAtTheLock, 20_000);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await holder.query('rollback');
    holder.release();
    const { status, said } = await reseal([today, before]);
    expect(said).toContain('12 entries, 4 sealed again, 0 secrets left');
    expect(status).toBe(0);
    expect((await reseal([today], '--check')).status).toBe(0);
  });

  it('names what it cannot open, and seals the rest', async () => {
    const stranger = createSeal(['e1c9a4f27b3d5806a2f4c8e69d7b1350']).seal('x', 'source:ads');
    await putSecret('ads', stranger);
    const { destination } = await bodyOf<Source>('source', 'many-1');
    await putSecret('many-2', destination?.secrets['chat'] ?? '');
    const { status, said } = await reseal([today]);
    expect(status).toBe(1);
    expect(said).toContain(
      'source ads: destination.secrets.chat is sealed by a secret that CAROM_SECRET does not hold',
    );
    expect(said).toContain('source many-2: destination.secrets.chat was changed, cut or moved');
    expect(said).toContain('2 secrets left');
  });
});
