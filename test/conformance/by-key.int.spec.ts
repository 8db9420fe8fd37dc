import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  appendEntries,
  appendRollups,
  claimDue,
  claimDueOrphans,
  deleteOrphans,
  deliveryBacklog,
  destinationsWaiting,
  ensurePartitions,
  findClicks,
  findEndedHolds,
  findOrphans,
  findOverCap,
  findRates,
  findTransactions,
  flipPostbacks,
  flushed,
  returnToQueue,
  insertDeliveries,
  insertOrphans,
  insertPostbacks,
  lastReceivedStates,
  leasedDeliveries,
  lockCapUse,
  lockConversionSets,
  lockKnownPostbacks,
  lockOpenEarlier,
  lockOpenEarlierOrSee,
  pausedDestinations,
  planningOptions,
  ratesAt,
  readCatalogEntries,
  readConversionSetsById,
  readPostbackMessages,
  recordClicks,
  recordImportedClicks,
  recordOutcomes,
  renewLease,
  reportDestinations,
  supersedeDeliveries,
  takeOverLeases,
  updatePostbacks,
  writeCapUse,
  claimOutbox,
  countOrphans,
  countOrphansOf,
  deleteOutbox,
  insertOutbox,
  lockFreeConversionSets,
  offersOverCap,
  outboxAge,
  ratesChangedAt,
  readCapUse,
  wakeOrphans,
  writeSets,
  type Queryable,
} from '#postgres';
import { projectRoot } from '#runtime';
import { openTestGround, type TestGround } from '../support/ground.js';

/** The statements of attribution and dispatch are planned once, usually while the tables
 * are still empty. So the plan for an empty database must also be right for ten million rows. */

/** Whatever a column of a row may be asked for, once. */
const row = {
  ...{ id: 'i', conversionId: 'c', destinationKey: 'd', once: 'o', revision: 2, room: 3, clickId: 'k', offerKey: 'o' },
  ...{ marks: [], flags: [], tokens: {}, unique: true, visitor: { ip: '192.0.2.1', userAgent: 'x' }, period: 'p' },
  ...{ attempt: { atMs: 0 }, message: {}, dueInMs: 0, kind: 'source', key: 'k', day: '2026-01-01', currency: 'USD' },
  ...{ amountNanos: 0n, payoutNanos: 0n, costNanos: 0n, occurredAtMs: 0, clickedAtMs: 0, receivedAtMs: 0 },
  money: { pending: 0n, approved: 0n, rejected: 0n, reversed: 0n },
  breakerSinceMs: null,
  probeAtMs: null,
};
const rows = [row] as never[];
const snapshot = { ...row, member: '', changedAtMs: 0, recordedAtMs: 0 };
const set = { baseId: 'b', rules: {}, reports: [], attributions: {}, snapshots: new Map([['', snapshot]]) } as never;

const spoken: readonly ((db: Queryable) => Promise<unknown>)[] = [
  (db) => insertDeliveries(db, 'me', rows, 0),
  (db) => lockOpenEarlier(db, rows),
  (db) => lockOpenEarlierOrSee(db, rows),
  (db) => lastReceivedStates(db, rows),
  (db) => supersedeDeliveries(db, rows),
  (db) => recordOutcomes(db, 'me', rows),
  (db) => claimDue(db, 'me', rows),
  destinationsWaiting,
  (db) => leasedDeliveries(db, 'me'),
  (db) => returnToQueue(db, 'me', ['i']),
  (db) => renewLease(db, 'me', 1, { first: true, settled: true }),
  takeOverLeases,
  (db) => flushed(db, 'me'),
  deliveryBacklog,
  (db) => reportDestinations(db, 'me', rows),
  pausedDestinations,
  (db) => readCatalogEntries(db, rows),
  (db) => lockConversionSets(db, ['i']),
  (db) => readConversionSetsById(db, ['i']),
  (db) => findEndedHolds(db, 0, { after: null, limit: 1 }),
  (db) => lockFreeConversionSets(db, ['i']),
  (db) => findTransactions(db, ['t']),
  (db) => writeSets(db, [set], new Set()),
  (db) => writeSets(db, [set], new Set(['c'])),
  (db) => appendEntries(db, rows, 0),
  (db) => lockKnownPostbacks(db, rows),
  (db) => insertPostbacks(db, rows),
  (db) => updatePostbacks(db, rows),
  (db) => flipPostbacks(db, rows),
  (db) => readPostbackMessages(db, rows),
  (db) => insertOrphans(db, rows),
  (db) => deleteOrphans(db, ['i']),
  (db) => findOrphans(db, { clickIds: ['k'], transactionIds: ['t'] }, { after: null, limit: 1 }),
  (db) => wakeOrphans(db, { clickIds: ['k'], transactionIds: ['t'] }, 0),
  (db) => countOrphansOf(db, { ids: ['k'], addresses: ['a'], maxPerId: 1, maxPerAddress: 1 }),
  (db) => countOrphans(db, 0),
  (db) => insertOutbox(db, [{ conversionId: 'c', revision: 1 }] as never[]),
  (db) => claimOutbox(db, { limit: 1, leaseMs: 1 }),
  (db) => deleteOutbox(db, [1n]),
  (db) => outboxAge(db),
  (db) => claimDueOrphans(db, { nowMs: 0, limit: 1, schedule: [1] }),
  (db) => recordClicks(db, rows),
  (db) => recordImportedClicks(db, rows),
  (db) =>
    findClicks(db, [
      { clickId: 'own', atMs: 1 },
      { clickId: 'imported', atMs: null },
    ]),
  (db) => lockCapUse(db, rows),
  (db) => writeCapUse(db, rows),
  (db) => offersOverCap(db),
  (db) => findOverCap(db, 'o', { after: null, limit: 1 }),
  (db) => readCapUse(db, rows),
  (db) => appendRollups(db, rows, 0),
  (db) => findRates(db, rows),
  (db) => ratesAt(db, [0]),
  ratesChangedAt,
];

/** Statements of console outside its folder: it plans each for its values, as those in its folder.
 */
const ofConsole = ['append-cost-entry'];

/** Statements that read all there is of a table that holds a handful of rows: processes, pauses. */
const small = /^(dispatch_processes|destination_controls)$/;

/** Read from their first entry on: they hold what waits, what is parked and what is over a cap, not
 * what ever was; of the last two only the first entries are read. */
const whatIsOpen =
  /^(deliveries_due|deliveries_parked|conversions_over_cap|conversion_outbox_pkey|orphans_by_age|rates_by_change)$/;

/** What each statement says, by its name or its beginning. */
const textsOf = async (): Promise<Map<string, string>> => {
  const texts = new Map<string, string>();
  const answer = { ...row, keeps_batches: true, rules: { duplicates: 'add' }, reports: [] };
  const listen = (asked: string | { name?: string; text: string }) => {
    const { name, text } = typeof asked === 'string' ? { name: undefined, text: asked } : asked;
    texts.set(name ?? text.trim().slice(0, 50), text);
    return Promise.resolve({
      rows: /keeps_batches|from conversions c where c.id/.test(text) ? [answer] : [],
      rowCount: 1,
    });
  };
  // What a function makes of an answer that is none does not matter here.
  for (const speak of spoken) await speak({ query: listen } as never).catch(() => undefined);
  return texts;
};

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: Plan[];
};
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

let ground: TestGround;
let client: pg.Client;
let plans: Map<string, Plan[]>;
let texts: Map<string, string>;
beforeAll(async () => {
  ground = await openTestGround();
  client = new pg.Client({ connectionString: ground.databaseUrl, options: planningOptions.once });
  await client.connect();
  await ensurePartitions(client, Date.now());
  texts = await textsOf();
  plans = new Map();
  for (const [name, text] of texts) {
    const { rows: found } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (generic_plan, costs off, format json) ${text}`,
    );
    plans.set(name, nodesOf((found[0] as (typeof found)[0])['QUERY PLAN'][0].Plan));
  }
});
afterAll(async () => {
  await client.end();
  await ground.close();
});

describe('a plan that is made once, on an empty database', () => {
  it('is known here for every statement that has a name', () => {
    const folder = join(projectRoot, 'libs', 'postgres');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        !file.startsWith('console') &&
        (file.endsWith('-store.ts') || /(^|[/])(delivery-queue|unflushed)\.ts$/.test(file)),
    );
    const named = sources.flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^\s+name: '([a-z-]+)',/gm)].map(
        ([, name]) => name as string,
      ),
    );
    expect(named.filter((name) => !texts.has(name) && !ofConsole.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  });

  it('reads no table from end to end', () => {
    const whole = [...plans].flatMap(([name, nodes]) =>
      nodes
        .filter(({ 'Node Type': type, 'Relation Name': table }) => type === 'Seq Scan' && !small.test(table ?? ''))
        .map(({ 'Relation Name': table }) => `${name}: ${table}`),
    );
    expect(whole).toEqual([]);
  });

  it('walks no index from end to end, but those of what is open and due', () => {
    const walked = [...plans].flatMap(([name, nodes]) =>
      nodes
        .filter((node) => node['Index Name'] !== undefined && node['Index Cond'] === undefined)
        .filter((node) => !whatIsOpen.test(node['Index Name'] ?? ''))
        .map((node) => `${name}: ${node['Index Name']}`),
    );
    expect(walked).toEqual([]);
  });

  it('finds a delivery by its conversion, its id or its batch, and by its destination only in the queue', () => {
    const used = [...plans].flatMap(([name, nodes]) =>
      nodes
        .filter((node) => node['Relation Name'] === 'deliveries' && node['Index Name'] !== undefined)
        .map((node) => [node['Index Name'], name] as const),
    );
    const byIndex = Map.groupBy(used, ([index]) => index);
    expect([...byIndex.keys()].toSorted()).toEqual([
      'deliveries_by_id',
      'deliveries_by_time',
      'deliveries_claimed',
      'deliveries_due',
      'deliveries_parked',
      'deliveries_pkey',
    ]);
    for (const name of ['insert-deliveries', 'lock-open-earlier', 'last-received', 'record-outcomes', 'claim-due'])
      expect(byIndex.get('deliveries_pkey')?.map(([, by]) => by)).toContain(name);
  });

  it('asks each partition for one postback or click by its whole key', () => {
    const partial = [...plans].flatMap(([name, nodes]) =>
      nodes
        .filter((node) => /^(postbacks|clicks)_\w+_pkey$/.test(node['Index Name'] ?? ''))
        .filter((node) => !/ = .* AND .* = /.test(node['Index Cond'] ?? '') && name !== 'flip-postbacks')
        .map((node) => `${name}: ${node['Index Cond']}`),
    );
    expect(partial).toEqual([]);
  });
});
