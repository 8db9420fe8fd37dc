import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { dayMs, formatNanos, type FigureLine } from '#domain';
import { inTransaction, restateCosts, type Choice, type ReportGroup, type TokenChoice } from '#postgres';
import { createLog } from '#runtime';
import type { z } from 'zod';
import { askController } from '../../../test/support/ask-controller.js';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';
import { plainFigures, plainReport, type PlainLine, type PlainQuestion } from '../../../test/support/report-oracle.js';
import { testSeed } from '../../../test/support/test-seed.js';
import { writeChoice, writeTokens } from '../http/choice.js';
import { columnsOf, itemSchemaOf } from '../http/csv.js';
import { operationKey, type OperationSettings } from '../http/operation.js';
import { showFigures, sortLines, sortNames, totalOf } from './report-line.js';
import { readAllLines, readLinePage, type AskedReport } from './report-lines.js';
import { ReportsController } from './reports.controller.js';

/** Random traffic around the days on which clocks were changed in three zones; one of them changes
 * by half an hour. */
const changes = {
  'Europe/Berlin': Date.parse('2026-10-25T01:00:00Z'),
  'America/New_York': Date.parse('2026-11-01T06:00:00Z'),
  'Australia/Lord_Howe': Date.parse('2026-10-03T15:30:00Z'),
} as const;
const zones = Object.keys(changes) as (keyof typeof changes)[];
const firstMs = Date.parse('2026-10-01T00:00:00Z');

/** Numbers that follow from a seed, so that a failure can be made again. */
const randomOf = (start: number) => {
  let state = start;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};
const random = randomOf(testSeed);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const chance = (share: number): boolean => random() < share;

/** Mostly within hours of a change. */
const someTime = (): number => {
  const around = changes[pick(zones)];
  return Math.floor(around + (chance(0.6) ? (random() - 0.5) * 8 * 3_600_000 : (random() - 0.5) * 4 * dayMs));
};

let ground: AttributionGround;
const campaigns = { spring: ['zone'], autumn: ['zone', 'creative'], plain: [] } as const;
const offers = { shoes: 'acme', boots: 'globex' } as const;

const fillCatalog = (): void => {
  ground.putNetwork({ key: 'globex', defaultCurrency: 'EUR' });
  ground.putOffer({ key: 'boots', networkKey: 'globex', windowDays: 3650 });
  ground.putOffer({ key: 'shoes', windowDays: 3650 });
  for (const [key, reportTokens] of Object.entries(campaigns))
    ground.catalog.apply({
      kind: 'campaign',
      key,
      version: 1_000,
      changedAt: new Date().toISOString(),
      value: {
        key,
        sourceKey: 'adnet',
        offers: [{ offerKey: 'shoes', weight: 1 }],
        destination: null,
        reportTokens: [...reportTokens],
        number: 3,
      },
    } as never);
};

const costs = [
  null,
  { model: 'cpc', amountNanos: '20000000', currency: 'USD', raw: null },
  { model: 'cpm', amountNanos: '2500000001', currency: 'EUR', raw: null },
  { model: 'cpa', amountNanos: '3000000000', currency: 'USD', raw: null },
  { model: 'revshare', amountNanos: '12500000001', currency: 'USD', raw: null },
] as const;

/** A token that reports do not keep apart for its campaign is on no click: the ledger could group
 * by it and the roll-ups could not. */
const someClick = () => {
  const campaignKey = pick(Object.keys(campaigns) as (keyof typeof campaigns)[]);
  const offerKey = pick(Object.keys(offers) as (keyof typeof offers)[]);
  const tokens = Object.fromEntries(
    campaigns[campaignKey].flatMap((name) => (chance(0.8) ? [[name, `${name[0]}${Math.floor(random() * 4)}`]] : [])),
  );
  return ground.click({
    campaignKey,
    sourceKey: pick(['adnet', 'other']),
    offerKey,
    networkKey: offers[offerKey],
    clickedAtMs: someTime(),
    tokens,
    cost: pick(costs),
    visitor: { ip: `203.0.113.${Math.floor(random() * 5)}`, userAgent: 'browser', referer: null, language: null },
    flags: chance(0.05) ? ['prefetch'] : [],
  });
};

type Click = ReturnType<typeof someClick>;
const someCall = (clicks: readonly Click[], index: number) => {
  const click = pick(clicks);
  const query = new URLSearchParams({
    clickid: click.clickId,
    transaction_id: `T-${chance(0.4) ? Math.floor(index / 2) : index}`,
    status: pick(['pending', 'approved', 'approved', 'rejected', 'reversed', 'unmapped-word']),
  });
  if (chance(0.8)) query.set('amount', (Math.floor(random() * 5_000) / 100).toFixed(2));
  if (chance(0.3)) query.set('event', pick(['signup', 'deposit']));
  if (chance(0.05)) query.set('test', '1');
  if (chance(0.05)) query.set('clickid', 'wNOTCLICKED1');
  return ground.postback(query.toString(), { networkKey: click.networkKey });
};

/** Clicks first, then calls at moments in order, as a month would bring them. */
const fillBooks = async (): Promise<void> => {
  const clicks = Array.from({ length: 120 }, someClick);
  await ground.recordClicks(clicks);
  // The database notes the present; here a click was recorded when it happened.
  await ground.rows(`update clicks set recorded_at = clicked_at`);
  const moments = Array.from({ length: 30 }, someTime).sort((a, b) => a - b);
  let index = 0;
  for (const moment of moments) {
    ground.later(moment - ground.now());
    const calls = Array.from({ length: 6 }, () => someCall(clicks, (index += 1)));
    await ground.attributePostbacks(calls);
    if (chance(0.3)) await ground.mergeRollups();
  }
  // Calls that a person has to settle; no postback of this traffic becomes one.
  await ground.rows(
    `update postbacks set state = 'parked', refusal = null where state = 'refused' and hashtext(id::text) % 3 = 0`,
  );
  await ground.rows(
    `insert into deliveries (conversion_id, destination_key, once, id, cause, revision, state, due_at, facts, created_at, finished_at)
     select id, 'source:adnet', 'approved', gen_random_uuid(), 'approved', 1,
       case when hashtext(id::text) % 2 = 0 then 'delivered' else 'waiting' end, changed_at, '{}', changed_at,
       case when hashtext(id::text) % 2 = 0 then changed_at + interval '1 second' end
     from conversions where state = 'approved' and hashtext(id::text) % 3 <> 0`,
  );
  const stated = (day: string, tokens: Record<string, string>) => ({
    ...{ day, campaignKey: 'spring', sourceKey: 'adnet', tokens, currency: 'USD' },
    amountNanos: BigInt(Math.floor(random() * 1e11)),
  });
  await inTransaction(ground.pool, (db) =>
    restateCosts(db, [stated('2026-10-25', {}), stated('2026-11-01', { zone: 'z1' })], {
      uploadId: randomUUID(),
      nowMs: ground.now(),
      dryRun: false,
    }),
  );
};

beforeAll(async () => {
  ground = await openAttributionGround();
  fillCatalog();
  await fillBooks();
});
afterAll(() => ground?.close());

const groups: ReportGroup[] = [
  ...(['day', 'hour', 'campaign', 'source', 'offer', 'network', 'event'] as const),
  'token.zone',
  'token.creative',
];
const keyValues = {
  campaign: Object.keys(campaigns),
  source: ['adnet', 'other'],
  offer: Object.keys(offers),
  network: ['acme', 'globex'],
  event: ['', 'signup', 'deposit'],
};
const someChoice = (values: readonly string[]): Choice => ({
  not: chance(0.3),
  values: chance(0.6) ? [pick(values)] : [...new Set([pick(values), pick(values)])],
});

const quarterMs = 900_000;
const someQuestion = (): PlainQuestion => {
  const chosen = [...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(groups)))];
  const [one, other] = [someTime(), someTime()].map((ms) => Math.floor(ms / quarterMs) * quarterMs) as [number, number];
  const isWhole = chance(0.4);
  const keys = Object.fromEntries(
    Object.entries(keyValues).flatMap(([name, values]) => (chance(0.15) ? [[name, someChoice(values)]] : [])),
  );
  const tokens: TokenChoice[] = chance(0.2) ? [{ name: 'zone', ...someChoice(['z0', 'z1', 'z2', '']) }] : [];
  return {
    groups: chance(0.2) ? [pick(['network', 'day', 'hour'] as const)] : chosen,
    timeZone: pick(zones),
    from: new Date(isWhole ? firstMs : Math.min(one, other)),
    to: new Date(isWhole ? firstMs + 45 * dayMs : Math.max(one, other) + quarterMs),
    asOf: chance(0.3) ? new Date(someTime()) : null,
    by: pick(['recorded', 'recorded', 'clicked', 'occurred']),
    keys,
    tokens,
  };
};

const textOf = ({ groups: by, timeZone, from, to, asOf, by: timeBy, keys, tokens }: PlainQuestion): string =>
  new URLSearchParams({
    groupBy: by.join(','),
    timeZone,
    from: from.toISOString(),
    to: to.toISOString(),
    ...(asOf && { asOf: asOf.toISOString() }),
    ...(timeBy !== 'recorded' && { timeBy }),
    ...Object.fromEntries(
      Object.entries(keys).map(([name, choice]) => [name === 'event' ? 'event' : `${name}Key`, writeChoice(choice)]),
    ),
    ...(tokens.length > 0 && { token: writeTokens(tokens) }),
    details: 'true',
    limit: '5000',
  }).toString();

type Line = { key: (string | null)[]; currency: string } & Record<string, unknown>;
type Report = { items: Line[]; totals: Line[] };

const controller = () =>
  new ReportsController({
    pool: ground.pool,
    now: () => new Date(ground.now()),
    kafka: {
      brokers: ground.config.KAFKA_BROKERS,
      clientId: 'spec',
      topicPrefix: ground.ground.topicPrefix,
      log: createLog('spec', 'silent'),
    },
    log: createLog('spec', 'silent'),
  });

const at = (line: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value === null ? null : (value as Record<string, unknown>)[name]), line);

const compare = (line: Line, plain: PlainLine): string[] =>
  Object.entries(plainFigures).flatMap(([path, figure]) => {
    const [answered, expected] = [at(line, path), figure(plain)];
    const isEqual =
      typeof expected === 'bigint'
        ? answered === formatNanos(expected)
        : expected === null
          ? answered === null
          : Math.abs(Number(answered) - expected) <= 1e-6 * Math.max(1, Math.abs(expected));
    return isEqual ? [] : [`${path}: ${String(answered)}, by SQL ${String(expected)}`];
  });

describe(`a report over random traffic around changes of clocks (seed ${testSeed})`, () => {
  it('has no figure that the comparison with plain SQL leaves out', () => {
    const { answer } = Reflect.getMetadata(operationKey, ReportsController.prototype.readReport) as OperationSettings;
    const names = columnsOf(itemSchemaOf(answer) as z.core.$ZodType).map(({ name }) => name);
    const notFigures = /^(key|currency|conversionsAt|unconverted|previous\..*)$/;
    expect(names.filter((name) => !notFigures.test(name)).sort()).toEqual(Object.keys(plainFigures).sort());
  });

  it('equals plain SQL over the ledger in each figure, whatever it is grouped and filtered by', async () => {
    const ask = askController<Report>(controller(), 'readReport');
    let lines = 0;
    for (let round = 0; round < 60; round += 1) {
      const question = someQuestion();
      const query = textOf(question);
      const { items } = await ask(query);
      const plain = await plainReport(ground.ownerPool, question);
      const nameOf = ({ key, currency }: { key: (string | null)[]; currency: string }) =>
        JSON.stringify([JSON.stringify(key), currency]);
      expect([query, items.map(nameOf).sort()]).toEqual([query, [...plain.keys()].sort()]);
      for (const line of items) {
        const faults = compare(line, plain.get(nameOf(line)) as PlainLine);
        expect({ query, key: line.key, faults }).toEqual({ query, key: line.key, faults: [] });
      }
      lines += items.length;
      if (round === 30) await ground.mergeRollups();
    }
    expect(lines).toBeGreaterThan(300);
  });

  it('has the same lines on its pages as all lines sorted and cut, with their totals and their rest', async () => {
    for (let round = 0; round < 60; round += 1) {
      const { groups: by, timeZone, from, to, asOf, by: timeBy, keys, tokens } = someQuestion();
      const books = asOf === null && timeBy === 'recorded' ? null : { asOf, by: timeBy };
      const filter = {
        ...{ from, to, tokens, event: keys.event, campaignKey: keys.campaign, sourceKey: keys.source },
        ...{ offerKey: keys.offer, networkKey: keys.network },
      };
      const asked: AskedReport = { request: { groups: by, timeZone, books }, filter, currency: undefined };
      const sort = { by: pick(sortNames), descending: chance(0.5) };
      const lines = sortLines(await readAllLines(ground.pool, asked), sort);
      const [skip, limit] = [Math.floor(random() * lines.length), 1 + Math.floor(random() * lines.length)];
      const others = [...lines.slice(0, skip), ...lines.slice(skip + limit)];
      const byCurrency = (some: FigureLine[] | undefined) =>
        some?.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)).map(showFigures);
      const { page, totals, rest, hasMore } = await readLinePage(ground.pool, asked, { sort, skip, limit });
      const expected = {
        page: lines.slice(skip, skip + limit),
        totals: byCurrency(totalOf(lines, undefined)),
        rest: others.length === 0 ? null : { lines: others.length, figures: byCurrency(totalOf(others, undefined)) },
        hasMore: skip + limit < lines.length,
      };
      const answered = {
        page,
        totals: byCurrency(totals),
        rest: rest && { ...rest, figures: byCurrency(rest.figures) },
        hasMore,
      };
      expect({ by, sort, ...answered }).toEqual({ by, sort, ...expected });
    }
  });
});
