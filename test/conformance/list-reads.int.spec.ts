import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import fc from 'fast-check';
import { z } from 'zod';
import type { Actor } from '../../apps/console/http/operation.js';
import { operationKey } from '../../apps/console/http/operation.js';
import { encodeCursor } from '../../apps/console/http/page.js';
import { routesOf, type Route } from '../../apps/console/http/document/routes.js';
import { consoleEntities, lookRows, openDatabase, type Database } from '#postgres';
import { askController } from '../support/ask-controller.js';
import { everyConsoleController } from '../support/console-routes.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { fillLists, rowsOfLists, uploadId, users } from '../support/list-rows.js';

/** Asks every list for every filter it has where nothing matches: with an index it reads a page,
 *  without one it looks at a bounded number of rows. A filter that the table below does not name
 *  fails the test, and so does an index that is missing. */

type Filter = {
  /** Values that no row has. */
  nothing: string | readonly [string, string];
  /** What is read then. */
  reads: 'page' | 'look' | 'blocks';
  /** The values of all rows: every second row has the second. */
  all?: readonly string[];
  /** Whether the list looks first whether few conversions have the value. */
  isFound?: boolean;
};
type List = {
  filters: Record<string, Filter>;
  /** The place after so many of the rows. */
  cursor: ((rows: number) => readonly string[]) | null;
  always?: 'look' | 'shared';
};

const halves = ['even', 'odd'];
const never = ['never', 'neither'] as const;
const noIds = ['019f0000-0000-7000-8000-000000000000', '019f0000-0000-7000-8000-000000000001'] as const;
const page = (all: readonly string[] = halves): Filter => ({ nothing: never, reads: 'page', all });
const look = (all: readonly string[] = halves): Filter => ({ nothing: never, reads: 'look', all });
const text: Filter = { nothing: never, reads: 'page' };
const ids: Filter = { nothing: noIds, reads: 'page' };
const range = {
  from: { nothing: '2099-01-01', reads: 'page' },
  to: { nothing: '2001-01-01', reads: 'page' },
} satisfies Record<string, Filter>;
/** Few conversions are found by their own index. */
const place: Filter = { ...page(), isFound: true };
const placesOf = { campaignKey: place, sourceKey: place, offerKey: place };

const startMs = Date.now();
const after = (rows: number): string => new Date(startMs - rows * 1_000).toISOString();
const timeAndId = (rows: number) => [after(rows), users.even];

const lists: Record<string, List> = {
  listPostbacks: {
    cursor: timeAndId,
    filters: {
      ...{
        ...range,
        ...placesOf,
        networkKey: page(),
        clickId: text,
        transactionId: text,
        externalId: text,
        id: ids,
        conversionId: ids,
      },
      uploadId: { ...ids, all: [uploadId] },
      state: { nothing: ['parked', 'orphan'], reads: 'page', all: ['refused', 'applied'] },
      refusal: { nothing: 'token_wrong', reads: 'look', all: ['status_unmapped', ''] },
      channel: { nothing: 'replay', reads: 'look', all: ['postback', 'upload'] },
      ...{ authenticatedBy: look(), statusWord: look(), problem: look(), remoteAddress: look() },
      test: { nothing: 'true', reads: 'look' },
      text: { nothing: 'never', reads: 'look' },
    },
  },
  listConversions: {
    cursor: timeAndId,
    filters: {
      ...{
        ...range,
        campaignKey: page(),
        sourceKey: page(),
        offerKey: page(),
        networkKey: page(),
        event: page(),
        id: ids,
        clickId: text,
        transactionId: text,
        externalId: text,
      },
      state: { nothing: ['reversed', 'rejected'], reads: 'look', all: ['approved', 'pending'] },
      mark: { nothing: 'late', reads: 'look' },
      counted: { nothing: 'false', reads: 'look' },
      token: { nothing: 'zone:never', reads: 'look', all: ['zone:even', 'zone:odd'] },
      timeBy: { nothing: 'occurred&from=2099-01-01', reads: 'look' },
      asOf: { nothing: '2001-01-01', reads: 'page' },
    },
  },
  listDeliveries: {
    cursor: timeAndId,
    filters: {
      ...{ ...range, ...placesOf, networkKey: place, destinationKey: page(), id: ids, conversionId: ids },
      ...{ clickId: text, transactionId: text, externalId: text, reason: look() },
      state: { nothing: ['parked', 'waiting'], reads: 'page', all: ['delivered', 'superseded'] },
      cause: { nothing: ['reversed', 'rejected'], reads: 'look', all: ['approved', 'pending'] },
      status: { nothing: ['404', '503'], reads: 'look' },
      minAttempts: { nothing: '5', reads: 'look' },
    },
  },
  listClicks: {
    cursor: (rows) => [after(rows), 'k'],
    filters: {
      ...{
        ...range,
        clickId: text,
        externalId: { nothing: never, reads: 'blocks' },
        networkKey: look(),
        campaignKey: look(),
        sourceKey: look(),
        offerKey: look(),
      },
      channel: { nothing: 'import', reads: 'look', all: ['redirect', 'direct'] },
      flag: look(),
      unique: { nothing: 'false', reads: 'look' },
      token: { nothing: 'zone:never', reads: 'look', all: ['zone:even', 'zone:odd'] },
    },
  },
  listAudit: {
    cursor: timeAndId,
    filters: { ...range, kind: page(), key: page(), action: page(), actor: page() },
  },
  listParked: {
    cursor: (rows) => [after(rows), 'even/0/1/even'],
    filters: {
      ...range,
      topic: page(),
      reason: page(),
      consumer: page(),
      resolved: { nothing: 'false', reads: 'page' },
    },
  },
  listJobs: {
    cursor: timeAndId,
    filters: { kind: page(), state: { nothing: ['cancelled', 'queued'], reads: 'page', all: ['done', 'failed'] } },
  },
  listRates: {
    cursor: (rows) => [new Date(startMs - (rows / 2) * 86_400_000).toISOString().slice(0, 10), 'EVN'],
    filters: {
      from: range.from,
      to: { nothing: '1900-01-01', reads: 'page' },
      currency: { nothing: ['AAA', 'ZZZ'], reads: 'page', all: ['EVN', 'ODD'] },
      origin: page(),
    },
  },
  // All of these sessions have ended.
  listSessions: { cursor: timeAndId, always: 'look', filters: { of: { nothing: 'all', reads: 'look' } } },
  listUsers: { cursor: () => [users.odd], filters: {} },
  listTokens: { cursor: () => [users.odd], filters: {} },
  listNetworks: { cursor: () => ['k'], filters: {} },
  listSources: { cursor: () => ['k'], filters: {} },
  listOffers: { cursor: () => ['k'], filters: {} },
  listCampaigns: { cursor: () => ['k'], filters: {} },
  listViews: { cursor: null, always: 'shared', filters: {} },
};

/** Answers with items that are no list of stored rows, or are sums over them. */
const others: Record<string, string> = {
  listNetworkPresets: 'files of the release',
  listSourcePresets: 'files of the release',
  listRefusals: 'codes of the release',
  listProblems: 'codes of the release',
  listDestinations: 'sums over what waits and is parked',
  summarisePostbacks: 'sums over a time',
  searchIds: 'a few rows of each index',
  readReport: 'sums over a time',
};

/** With a page of 50: its rows, and of each those that are joined. `blocks`: the index is one of
 * blocks of pages, and Postgres may join it with that of the time. */
const maxRows = { page: 800, look: 10_000, blocks: 15_000, shared: 1_200 };

type Ask = { query: string; reads: keyof typeof maxRows };

const asksOf = (name: string, { nothing, reads, all, isFound = false }: Filter): Ask[] => {
  const none = [nothing].flat();
  const ask = (value: string, as: Ask['reads'] = reads): Ask => ({ query: `${name}=${value}`, reads: as });
  return [
    ...none.map((value) => ask(value)),
    ...(none.length > 1 ? [ask(none.join(','))] : []),
    ...(all
      ? [ask(all.map((value) => `!${value}`).join(','), 'look'), ask(all.join(','), isFound ? 'look' : reads)]
      : []),
  ];
};

/** Both match every second row, and never the same. */
const pairsOf = (filters: Record<string, Filter>): Ask[] => {
  const named = Object.entries(filters).flatMap(([name, { all }]) => (all && all.length > 1 ? [{ name, all }] : []));
  return named.flatMap(({ name, all }, at) =>
    named.slice(at + 1).map((other) => ({
      query: `${name}=${all[0]}&${other.name}=${other.all[1]}`,
      reads: 'look' as const,
    })),
  );
};

/** One matches nothing and has an index, the other matches every second row: the list goes by the
 *  index that has fewer rows, whichever filter is named first. */
const rareAndCommon = (filters: Record<string, Filter>): Ask[] => {
  // A state is found as it is now, and is refused beside a time before.
  const named = Object.entries(filters).filter(([name]) => name !== 'asOf');
  return named.flatMap(([name, { nothing, reads }]) =>
    named
      .filter(([other, { all }]) => reads === 'page' && other !== name && all && all.length > 1)
      .map(([other, { all, isFound }]): Ask => ({
        query: `${name}=${[nothing].flat()[0]}&${other}=${all?.[0]}`,
        reads: isFound ? 'look' : 'page',
      })),
  );
};

const questionsOf = ({ filters, cursor, always }: List): Ask[] => {
  const asks: Ask[] = [
    { query: '', reads: 'page' },
    ...Object.entries(filters).flatMap(([name, filter]) => asksOf(name, filter)),
    ...pairsOf(filters),
    ...rareAndCommon(filters),
  ];
  const plain = asks.map((ask): Ask => ({ ...ask, reads: always ?? ask.reads }));
  const middle = cursor && encodeCursor(cursor(rowsOfLists / 2));
  const later = middle === null ? [] : plain.map((ask) => ({ ...ask, query: `${ask.query}&cursor=${middle}` }));
  return [...plain, ...later];
};

const actor: Actor = {
  tokenId: null,
  sessionId: null,
  userId: users.even,
  name: 'even',
  role: 'admin',
  seesVisitors: true,
};

const hasItems = ({ answer }: Route['settings']): boolean => answer instanceof z.ZodObject && 'items' in answer.shape;
/** Lists without a parameter in their path. */
const listRoutes = everyConsoleController().flatMap((controller) =>
  routesOf([controller])
    .filter(({ method, path, settings }) => method === 'get' && !path.includes(':') && hasItems(settings))
    .map((route) => ({ ...route, controller })),
);

const handlerOf = (controller: Type, { settings }: Route): string => {
  const prototype = controller.prototype as Record<string, object>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return names.find((name) => Reflect.getMetadata(operationKey, prototype[name] as object) === settings) ?? '';
};

let ground: TestGround;
let database: Database;
const usual = { ...lookRows };
beforeAll(async () => {
  ground = await openTestGround();
  // One connection, whose own account says what was read.
  const options = { databaseUrl: ground.databaseUrl, poolSize: 1, applicationName: 'list-reads' };
  database = await openDatabase({ ...options, entities: consoleEntities });
  await fillLists(database.pool);
});
afterAll(async () => {
  Object.assign(lookRows, usual);
  await database?.close();
  await ground?.close();
});

type Page = { items: Record<string, unknown>[]; next: string | null };
const askList = (operationId: string): ((query: string) => Promise<Page>) => {
  const route = listRoutes.find((each) => each.operationId === operationId);
  if (!route) throw new Error(`there is no list ${operationId}`);
  const { pool, dataSource } = database;
  const ports = { pool, dataSource, now: () => new Date(), secrets: ['no click id here has a MAC'] };
  const controller = new (route.controller as new (ports: unknown) => object)(ports);
  return askController<Page>(controller, handlerOf(route.controller, route), actor);
};

/** The items of all pages after a place. */
const itemsOf = async (
  ask: (query: string) => Promise<Page>,
  query: string,
  cursor: string,
): Promise<Page['items']> => {
  const items: Page['items'] = [];
  for (let next: string | null = cursor; next !== null;) {
    const found: Page = await ask(`limit=25&${query}&cursor=${next}`);
    items.push(...found.items);
    next = found.next;
  }
  return items;
};

type Chosen = { name: string; not: boolean; values: readonly string[] };
const isLet = (item: Record<string, unknown>, { name, not, values }: Chosen): boolean =>
  values.includes((item[name] ?? '') as string) !== not;

/** Rows that were read so far: of whole tables, and by indexes. */
const rowsRead = async (): Promise<number> => {
  await database.pool.query('select pg_stat_force_next_flush()');
  const { rows } = await database.pool.query<{ read: number }>(
    `select ((select sum(seq_tup_read) from pg_stat_user_tables)
       + (select sum(idx_tup_read) from pg_stat_user_indexes))::float8 as read`,
  );
  return rows[0]?.read ?? 0;
};

describe('a list of the console', () => {
  it('has each of its filters in the table of this test', () => {
    const known = { ...lists, ...others };
    expect(listRoutes.map(({ operationId }) => operationId).filter((id) => !(id in known))).toEqual([]);
    for (const { operationId, settings } of listRoutes) {
      const list = lists[operationId];
      if (!list) continue;
      const {
        limit: _limit,
        cursor: _cursor,
        estimate: _estimate,
        ...filters
      } = settings.query instanceof z.ZodObject ? settings.query.shape : {};
      expect([operationId, ...Object.keys(filters).sort()]).toEqual([operationId, ...Object.keys(list.filters).sort()]);
    }
  });

  it.each(Object.keys(lists))('reads no more than its page, or a bounded number of rows: %s', async (operationId) => {
    const ask = askList(operationId);
    Object.assign(lookRows, { first: 200, last: 1_000 });
    const faults: string[] = [];
    for (const { query, reads } of questionsOf(lists[operationId] as List)) {
      const before = await rowsRead();
      await ask(operationId === 'listViews' ? '' : `limit=50&${query}`);
      const read = (await rowsRead()) - before;
      if (read > maxRows[reads]) faults.push(`${operationId}?${query} reads ${read} rows, ${maxRows[reads]} allowed`);
    }
    expect(faults).toEqual([]);
  });

  /** Filters that have the name of a field. */
  const named = (list: List) =>
    Object.entries(list.filters).filter(
      ([name, { all }]) => (all?.length ?? 0) > 1 && name !== 'token' && name !== 'flag',
    );
  const withFields = Object.keys(lists).filter((id) => named(lists[id] as List).length > 0);

  it.each(withFields)('answers on its pages what its filters let through: %s', async (operationId) => {
    const list = lists[operationId] as List;
    const ask = askList(operationId);
    // Pages end with a look, too.
    Object.assign(lookRows, { first: 20, last: 90 });
    const cursor = encodeCursor(list.cursor?.(rowsOfLists - 300) ?? []);
    const whole = await itemsOf(ask, '', cursor);
    expect(whole.length).toBeGreaterThan(200);
    const fields = named(list).filter(([name]) => name in (whole[0] as object));
    const some = fields.map(([name, { all = [] }]) =>
      fc.record({ name: fc.constant(name), not: fc.boolean(), values: fc.subarray([...all], { minLength: 1 }) }),
    );
    const cases = fc.subarray(some, { maxLength: Math.min(3, some.length) }).chain((chosen) => fc.tuple(...chosen));
    await fc.assert(
      fc.asyncProperty(cases, async (chosen) => {
        const query = chosen.map(({ name, not, values }) => `${name}=${not ? '!' : ''}${values.join(',')}`).join('&');
        const expected = whole.filter((item) => chosen.every((each) => isLet(item, each)));
        expect({ query, items: await itemsOf(ask, query, cursor) }).toEqual({ query, items: expected });
      }),
      { numRuns: 8 },
    );
  });
});
