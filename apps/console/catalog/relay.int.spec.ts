import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mapCatalogSecrets, topics, type CatalogEntryV1, type Source } from '#contracts';
import { createTokenHash } from '#domain';
import { connectProducer, followTable, type OutRecord, type Producer, type Table } from '#kafka';
import { consoleEntities, openDatabase, type Database } from '#postgres';
import { createLog, createSeal } from '#runtime';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';
import { makeTopics } from '../../../test/support/system.js';
import { waitFor } from '../../../test/support/wait-for.js';
import { createCatalog, type Catalog } from './catalog.js';
import { startRelay, type Relay } from './relay.js';

const log = createLog('test', 'silent');
const silent = {
  sent: () => undefined,
  waiting: () => undefined,
  fetched: () => undefined,
  handled: () => undefined,
  stopped: () => undefined,
  entrySkipped: () => undefined,
  rejoined: () => undefined,
  jumped: () => undefined,
};
type Console = { database: Database; producer: Producer; relay: Relay; catalog: Catalog };

let ground: TestGround;
let table: Table;
const seen: CatalogEntryV1[] = [];
const consoles: Console[] = [];
const versionsOf = (key: string) => seen.filter((entry) => entry.key === key).map(({ version }) => version);

const secret = '0123456789abcdef';
const actor = { userId: null, tokenId: null };

/** A console without its HTTP. `between` wraps the real producer, to fail as networks do. */
const openConsole = async (
  between: (produce: (records: OutRecord[]) => Promise<void>) => (records: OutRecord[]) => Promise<void> = (produce) =>
    produce,
  secrets: string[] = [secret],
): Promise<Console> => {
  const kafka = { brokers: ground.kafkaBrokers.split(','), clientId: 'test', topicPrefix: ground.topicPrefix, log };
  const producer = await connectProducer({ ...kafka, metrics: silent });
  const database = await openDatabase({
    databaseUrl: ground.databaseUrl,
    poolSize: 4,
    applicationName: 'test',
    entities: consoleEntities,
  });
  const { dataSource } = database;
  const produce = between(producer.produce.bind(producer));
  const relay = startRelay({ dataSource, produce, now: Date.now, log });
  const seal = createSeal(secrets);
  const tokenHash = createTokenHash(secrets);
  const catalog = createCatalog({ dataSource, seal, tokenHash, changed: relay.wake, now: () => new Date() });
  const opened = { database, producer, relay, catalog };
  consoles.push(opened);
  return opened;
};

beforeAll(async () => {
  ground = await openTestGround();
  await makeTopics(ground);
  table = followTable<CatalogEntryV1>({
    topic: topics.catalog,
    brokers: ground.kafkaBrokers.split(','),
    clientId: 'test',
    topicPrefix: ground.topicPrefix,
    log,
    onFatal: () => undefined,
    onEntry: ({ value }) => void seen.push(value),
  });
});

afterAll(async () => {
  await table?.close();
  for (const { relay, producer, database } of consoles) {
    await relay.close();
    await producer.close();
    await database.close();
  }
  await ground?.close();
});

describe('the relay of the catalog', () => {
  it('never publishes an older version after a newer one, whichever of three consoles took the change', async () => {
    const three = await Promise.all([openConsole(), openConsole(), openConsole()]);
    await three[0].catalog.create('network', { key: 'busy', name: 'Busy' }, actor);
    const changes = Array.from({ length: 60 }, (_, index) =>
      three[index % 3]!.catalog.update('network', 'busy', { name: `Busy ${index}` }, null, actor),
    );
    const newest = Math.max(...(await Promise.all(changes)).map(({ version }) => version));
    await waitFor(() => versionsOf('busy').includes(newest));
    const versions = versionsOf('busy');
    expect(versions).toEqual(versions.toSorted((x, y) => x - y));
  });

  it('publishes what a console left behind that died between the commit and the topic', async () => {
    const dying = await openConsole(() => () => Promise.reject(new Error('the process is gone')));
    await dying.catalog.create('network', { key: 'left', name: 'Left behind' }, actor);
    await dying.relay.close();
    await waitFor(() => versionsOf('left').length > 0);
  });

  it('sends again what it sent without an answer, so that an older version cannot stay the last on the topic', async () => {
    let deaf = true;
    // Kafka has the record, but its answer is lost.
    const console = await openConsole((produce) => async (records) => {
      await produce(records);
      if (deaf && records.some(({ key }) => key === 'network:heard'))
        throw new Error('no acknowledgement within 2000 ms');
    });
    for (const other of consoles) if (other !== console) await other.relay.close();
    await console.catalog.create('network', { key: 'heard', name: 'Heard' }, actor);
    await waitFor(() => versionsOf('heard').length > 0 && console.relay.state().failingSinceMs !== null);
    deaf = false;
    const before = versionsOf('heard').length;
    await waitFor(() => versionsOf('heard').length > before && console.relay.state().failingSinceMs === null);
    const settled = versionsOf('heard').length;
    const { version } = await console.catalog.create('network', { key: 'after', name: 'After' }, actor);
    await waitFor(() => versionsOf('after').includes(version));
    expect(versionsOf('heard')).toHaveLength(settled);
  });
});

describe('an entry of the catalog', () => {
  it('that Kafka would not take is refused when it is saved, and keeps no other from being relayed', async () => {
    const { catalog } = await openConsole();
    const statusMap = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`word-${index}`, 'approved']));
    await expect(catalog.create('network', { key: 'huge', name: 'Huge', statusMap }, actor)).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'too_large' }],
    });
    const { version } = await catalog.create('network', { key: 'small', name: 'Small' }, actor);
    await waitFor(() => versionsOf('small').includes(version));
  });

  it('is sealed with the secret of today when it is put back as it was shown, so that the one of before may go', async () => {
    const today = 'the secret of today';
    const [former, rotating] = [await openConsole(), await openConsole(undefined, [today, secret])];
    const url = 'https://ads.example.com/c?id={click_id}';
    const destinationWith = (credential: string) => ({
      url,
      headers: { Authorization: credential },
      signing: { kind: 'standard-webhooks', secrets: [credential] },
    });
    const source = { key: 'sealed', name: 'Sealed' };
    await former.catalog.create('source', { ...source, destination: destinationWith('a credential') }, actor);
    const shown = { ...source, destination: destinationWith('[redacted]') };
    const { body } = await rotating.catalog.update('source', 'sealed', shown, null, actor);
    const { open } = createSeal([today]);
    const opened = mapCatalogSecrets('source', body as Source, (text) => open(text, 'source:sealed'));
    expect(opened.destination).toMatchObject(destinationWith('a credential'));
  });
});
