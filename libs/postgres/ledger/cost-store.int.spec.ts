import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { convertNanos, RollupSum } from '#domain';
import {
  appendRollups,
  findRates,
  inTransaction,
  consoleEntities,
  openDatabase,
  putRates,
  restateCosts,
  type Database,
} from '#postgres';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';

let ground: TestGround;
let database: Database;
beforeAll(async () => {
  ground = await openTestGround();
  database = await openDatabase({
    databaseUrl: ground.databaseUrl,
    poolSize: 4,
    applicationName: 'spec',
    entities: consoleEntities,
  });
  const sum = new RollupSum();
  for (const [zone, amountNanos] of [
    ['1', '10'],
    ['1', '20'],
    ['2', '30'],
  ] as const)
    sum.addClick({
      clickedAtMs: Date.parse('2026-03-05T10:00:00Z'),
      campaignKey: 'spring',
      sourceKey: 'adnet',
      offerKey: 'shoes',
      networkKey: 'acme',
      reportTokens: { zone },
      unique: true,
      cost: { model: 'cpc', amountNanos, currency: 'USD' },
    });
  await appendRollups(database.pool, sum.list(), Date.now());
});
afterAll(async () => {
  await database?.close();
  await ground?.close();
});

const stated = (amountNanos: bigint, more: object = {}) => ({
  day: '2026-03-05',
  campaignKey: 'spring',
  sourceKey: 'adnet',
  tokens: {},
  amountNanos,
  currency: 'USD',
  ...more,
});
const restate = (row: ReturnType<typeof stated>, dryRun = false) =>
  inTransaction(database.pool, (db) => restateCosts(db, [row], { uploadId: randomUUID(), nowMs: Date.now(), dryRun }));
const total = async (where = 'true') =>
  (
    await database.pool.query(
      `select currency, sum(cost_nanos)::int as cost from rollups where ${where} group by 1 having sum(cost_nanos) <> 0 order by 1`,
    )
  ).rows;

describe('costs that are restated later', () => {
  it('show what would change without changing it', async () => {
    expect(await restate(stated(75n), true)).toMatchObject([{ stoodNanos: 60n, changeNanos: 15n }]);
    expect(await total()).toEqual([{ currency: 'USD', cost: 60 }]);
  });

  it('are written once, as the difference to the amount before', async () => {
    expect(await restate(stated(75n))).toHaveLength(1);
    expect(await restate(stated(75n))).toEqual([]);
    expect(await total()).toEqual([{ currency: 'USD', cost: 75 }]);
  });

  it('can be stated for one value of a token', async () => {
    await restate(stated(5n, { tokens: { zone: '2' } }));
    expect(await total(`tokens @> '{"zone": "2"}'`)).toEqual([{ currency: 'USD', cost: 5 }]);
    expect(await total()).toEqual([{ currency: 'USD', cost: 50 }]);
  });

  it('reverse an amount that was in another currency', async () => {
    await restate(stated(40n, { currency: 'EUR' }));
    expect(await total()).toEqual([{ currency: 'EUR', cost: 40 }]);
  });

  it('of two files at once for one day and token end as one of the two states it, and never as their sum', async () => {
    const zone = { tokens: { zone: '2' }, currency: 'EUR' };
    await Promise.all([30n, 70n].map((amountNanos) => restate(stated(amountNanos, zone))));
    const [{ cost } = { cost: 0 }] = await total(`tokens @> '{"zone": "2"}'`);
    expect([30, 70]).toContain(cost);
    const { rows } = await database.pool.query(
      `select stated_nanos::int as stated, sum(amount_nanos)::int as change from cost_entries
       where tokens @> '{"zone": "2"}' and currency = 'EUR' group by upload_id, stated_nanos, recorded_at order by max(recorded_at)`,
    );
    expect(rows.reduce((sum, { change }) => sum + change, 0)).toBe(cost);
    expect(rows.map(({ stated: each }) => each).sort()).toEqual([30, 70]);
  });

  it('hold for a token and for the whole day, in whichever order a file has them', async () => {
    const rows = [stated(100n, { currency: 'EUR' }), stated(20n, { currency: 'EUR', tokens: { zone: '2' } })];
    for (const file of [rows, rows.toReversed()]) {
      await inTransaction(database.pool, (db) =>
        restateCosts(db, file, { uploadId: randomUUID(), nowMs: Date.now(), dryRun: false }),
      );
      expect(await total()).toEqual([{ currency: 'EUR', cost: 100 }]);
      expect(await total(`tokens @> '{"zone": "2"}'`)).toEqual([{ currency: 'EUR', cost: 20 }]);
    }
  });

  it('are entries that cannot be changed', async () => {
    await expect(database.pool.query('update cost_entries set amount_nanos = 0')).rejects.toThrow('append-only');
    await expect(database.pool.query('delete from cost_entries')).rejects.toThrow('append-only');
  });
});

describe('rates in the table', () => {
  it('count on the days after them until the next, but not for ever', async () => {
    await putRates(
      database.dataSource.manager,
      [
        { day: '2026-01-02', currency: 'USD', perEuroNanos: 1_100_000_000n },
        { day: '2026-01-05', currency: 'USD', perEuroNanos: 1_200_000_000n },
        { day: '2026-01-05', currency: 'USD', perEuroNanos: 1_250_000_000n },
      ],
      'ecb',
    );
    const days = ['2026-01-01', '2026-01-04', '2026-01-05', '2026-03-01'].map((day) => ({ day, currency: 'USD' }));
    const rates = await findRates(database.pool, days);
    expect(days.map(({ day }) => rates.get(`${day} USD`))).toEqual([
      undefined,
      1_100_000_000n,
      1_250_000_000n,
      undefined,
    ]);
    const rateOf = (currency: string) => rates.get(`2026-01-05 ${currency}`) ?? null;
    expect(convertNanos(2_500_000_000n, 'USD', 'EUR', rateOf)).toBe(2_000_000_000n);
  });
});
