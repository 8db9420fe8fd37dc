import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayMs, addUpFigures, type FigureLine } from '#domain';
import { findRates, listReport, only, type Books } from '#postgres';
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
