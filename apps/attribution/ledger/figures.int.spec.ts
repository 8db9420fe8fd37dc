import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayMs, dayRange, addUpFigures, type FigureLine } from '#domain';
import { ensurePartitions, findRates, listReport, only, type Books } from '#postgres';
import fc from 'fast-check';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';

let ground: AttributionGround;
beforeAll(async () => {
  ground = await openAttributionGround();
});
afterAll(() => ground.close());

describe('the figures', () => {
  it('counts the cost of clicks when they arrive and of conversions while they are valid', async () => {
    const cost = (model: 'cpc' | 'cpm' | 'cpa', amountNanos: string) => ({
      model,
      amountNanos,
      currency: 'EUR',
      raw: null,
    });
    const clicks = [
      ground.click({ campaignKey: 'costly', cost: cost('cpc', '20000000') }),
      ground.click({ campaignKey: 'costly', cost: cost('cpm', '2000000000') }),
      ground.click({ campaignKey: 'costly', cost: cost('cpa', '3000000000') }),
    ];
    await ground.recordClicks(clicks);
    await ground.recordClicks(clicks);
    const total = async () =>
      (
        await ground.rows(
          "select (sum(cost_nanos) / 1000000)::int as millis from rollups where campaign_key = 'costly'",
        )
      )[0];
    expect(await total()).toEqual({ millis: 22 });
    await ground.attributePostbacks([ground.postback(`clickid=${clicks[2]?.clickId}&transaction_id=K-1&amount=9`)]);
    expect(await total()).toEqual({ millis: 3022 });
    await ground.attributePostbacks([ground.postback('transaction_id=K-1&status=reversed')]);
    expect(await total()).toEqual({ millis: 22 });
  });

  it('counts a visitor once per campaign and day, however often the clicks are repeated', async () => {
    const browser = (userAgent: string) => ({ ip: '198.51.100.7', userAgent, referer: null, language: null });
    const clicks = ['one', 'one', 'two', 'one'].map((name) =>
      ground.click({ campaignKey: 'crowd', visitor: browser(name) }),
    );
    const elsewhere = ground.click({ campaignKey: 'other-crowd', visitor: browser('one') });
    await ground.recordClicks(clicks.slice(0, 2));
    await ground.recordClicks([...clicks, elsewhere]);
    await ground.recordClicks(clicks);
    const figures = await ground.rows(
      `select campaign_key as campaign, sum(clicks)::int as clicks, sum(unique_clicks)::int as visitors from rollups
       where campaign_key like '%crowd' group by 1 order by 1`,
    );
    expect(figures).toEqual([
      { campaign: 'crowd', clicks: 4, visitors: 2 },
      { campaign: 'other-crowd', clicks: 1, visitors: 1 },
    ]);
  });

  it('answers the same figures from its hours and from its books, and other ones as of an earlier moment', async () => {
    const range = { from: new Date(0), to: new Date(ground.now() + 365 * dayMs) };
    const report = async (books: Books | null) => {
      const request = { groups: ['campaign', 'source', 'offer', 'network', 'event'] as const, timeZone: 'UTC', books };
      return addUpFigures(await listReport(ground.pool, request, range, 1_000), null);
    };
    const click = ground.click({
      campaignKey: 'shared',
      cost: { model: 'revshare', amountNanos: '12500000000', currency: 'USD', raw: null },
    });
    await ground.recordClicks([click]);
    await ground.attributePostbacks([
      ground.postback(`clickid=${click.clickId}&transaction_id=B1&amount=8&status=pending`),
    ]);
    const between = new Date(ground.now());
    ground.later(1_000);
    await ground.attributePostbacks([
      ground.postback('transaction_id=B1&status=approved'),
      ground.postback(`clickid=${click.clickId}&transaction_id=B2&status=approved`),
    ]);
    const hours = await report(null);
    expect(await report({ asOf: null, by: 'recorded' })).toEqual(hours);
    const shared = (lines: FigureLine[]) => lines.filter(({ key }) => key[0] === 'shared');
    expect(shared(hours)).toMatchObject([
      {
        counts: { clicks: 1, approved: 2, moneyUnknown: 1 },
        money: { approved: 8_000_000_000n },
        costNanos: 10n ** 9n,
      },
    ]);
    expect(shared(await report({ asOf: between, by: 'recorded' }))).toMatchObject([
      { counts: { clicks: 1, pending: 1, approved: 0 }, money: { pending: 8_000_000_000n }, costNanos: 0n },
    ]);
    expect(shared(await report({ asOf: null, by: 'clicked' }))).toMatchObject([{ counts: { clicks: 1, approved: 2 } }]);
  });

  it('nets a sale that is taken back days later to zero in any currency: both count at the rate of its own day', async () => {
    const click = ground.click({ campaignKey: 'foreign' });
    await ground.recordClicks([click]);
    const rate = (perEuroNanos: bigint) =>
      ground.putRate({ day: new Date(ground.now()).toISOString().slice(0, 10), currency: 'SEK', perEuroNanos });
    const euros = async (asOf: Date | null) => {
      const range = { from: new Date(0), to: new Date(ground.now() + dayMs), campaignKey: only('foreign') };
      const books = { asOf, by: 'recorded' as const };
      const request = { groups: ['campaign'] as const, timeZone: 'UTC', books, currency: 'EUR' };
      const rows = await listReport(ground.pool, request, range, 100);
      const hours = await listReport(ground.pool, { ...request, books: null }, range, 100);
      const foreign = [...rows, ...hours].filter(({ rateDay }) => rateDay !== '');
      const wanted = foreign.map(({ rateDay: day }) => ({ day, currency: 'SEK' }));
      const rates = await findRates(ground.pool, wanted);
      const into = { currency: 'EUR', rateOf: (day: string, each: string) => rates.get(`${day} ${each}`) ?? null };
      if (asOf === null) expect(addUpFigures(hours, into)).toEqual(addUpFigures(rows, into));
      return addUpFigures(rows, into).map(({ money }) => [money.approved, money.reversed])[0];
    };
    await rate(10_000_000_000n);
    await ground.attributePostbacks([
      ground.postback(`clickid=${click.clickId}&transaction_id=X-1&amount=40&currency=SEK`),
    ]);
    const then = new Date(ground.now());
    ground.later(3 * dayMs);
    await rate(20_000_000_000n);
    await ground.attributePostbacks([ground.postback('transaction_id=X-1&amount=-10&status=reversed&currency=SEK')]);
    expect(await euros(null)).toEqual([3_000_000_000n, 1_000_000_000n]);
    await ground.attributePostbacks([ground.postback('transaction_id=X-1&status=reversed')]);
    expect(await euros(null)).toEqual([0n, 4_000_000_000n]);
    expect(await euros(then)).toEqual([4_000_000_000n, 0n]);
  });
});

/** Zones with whole, half and quarter hours, whose clocks change on different days or not at all;
 * Lord Howe's by half an hour. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Pacific/Marquesas',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
];

describe('the days of a report', () => {
  it('add up to the conversions in ten time zones, over every change of clocks in them', async () => {
    const start = Date.UTC(2027, 2, 13);
    const end = Date.UTC(2027, 3, 6);
    const [times = []] = fc.sample(
      fc.array(fc.noBias(fc.integer({ min: start, max: end - 1 })), { minLength: 150, maxLength: 150 }),
      {
        numRuns: 1,
        seed: 47,
      },
    );
    // Beside random ones, the quarters around each midnight and each change.
    const edges = [
      Date.UTC(2027, 2, 14, 6, 45),
      Date.UTC(2027, 2, 14, 7, 15),
      Date.UTC(2027, 2, 28, 0, 45),
      Date.UTC(2027, 2, 28, 1, 15),
      Date.UTC(2027, 3, 3, 14, 45),
      Date.UTC(2027, 3, 3, 15, 15),
      Date.UTC(2027, 2, 20, 18, 29, 59),
      Date.UTC(2027, 2, 20, 18, 30),
      Date.UTC(2027, 2, 20, 18, 14, 59),
      Date.UTC(2027, 2, 20, 18, 15),
    ];
    for (let day = start; day < end; day += 3 * dayMs) await ensurePartitions(ground.pool, day);
    const sorted = [...times, ...edges].sort((a, b) => a - b);
    const sales: { atMs: number; nanos: bigint }[] = [];
    for (const [nth, atMs] of sorted.entries()) {
      ground.later(atMs - ground.now());
      const click = ground.click({ campaignKey: 'zones', clickedAtMs: atMs - 1_000 });
      await ground.recordClicks([click]);
      await ground.attributePostbacks([
        ground.postback(`clickid=${click.clickId}&transaction_id=Z-${nth}&amount=${nth + 1}.25`, {
          receivedAtMs: atMs,
        }),
      ]);
      sales.push({ atMs, nanos: BigInt(nth + 1) * 1_000_000_000n + 250_000_000n });
      if (nth === 80) await ground.mergeRollups();
    }
    const recorded = await ground.rows<{ at: Date }>(
      "select recorded_at as at from conversions where campaign_key = 'zones' order by 1",
    );
    // The clock of the test goes on while it works, by less than the second that separates nothing.
    expect(recorded.map(({ at }, nth) => Math.abs(at.getTime() - (sorted[nth] ?? 0)) < 60_000)).not.toContain(false);
    const exact = recorded.map(({ at }, nth) => ({ atMs: at.getTime(), nanos: sales[nth]?.nanos ?? 0n }));

    const lines = async (timeZone: string, from: number, to: number): Promise<Map<string, [number, bigint]>> => {
      const request = { groups: ['day'] as const, timeZone, books: null };
      const range = { from: new Date(from), to: new Date(to), campaignKey: only('zones') };
      const found = (await listReport(ground.pool, request, range, 1_000)).filter(({ currency }) => currency === 'USD');
      return new Map(found.map(({ key, counts, money }) => [key[0] ?? '', [counts.approved, money.approved]]));
    };
    for (const timeZone of zones) {
      const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
      const right = new Map<string, [number, bigint]>();
      for (const { atMs, nanos } of exact) {
        const day = dayOf.format(atMs);
        const [count, sum] = right.get(day) ?? [0, 0n];
        right.set(day, [count + 1, sum + nanos]);
      }
      const found = await lines(timeZone, start - 2 * dayMs, end + 2 * dayMs);
      expect([timeZone, found]).toEqual([timeZone, new Map([...right].sort())]);
      for (const [day, figures] of right) {
        const { fromMs, toMs } = dayRange(day, timeZone);
        expect([timeZone, day, await lines(timeZone, fromMs, toMs)]).toEqual([
          timeZone,
          day,
          new Map([[day, figures]]),
        ]);
      }
    }
  }, 120_000);
});
