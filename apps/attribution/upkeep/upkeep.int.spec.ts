import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CatalogEntryV1 } from '#contracts';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';

let ground: AttributionGround;
beforeAll(async () => {
  ground = await openAttributionGround({
    ATTRIBUTION_MAX_ORPHANS_PER_ID: '400',
    ATTRIBUTION_MAX_ORPHANS_PER_ADDRESS: '5',
  });
});
afterAll(() => ground.close());
beforeEach(() => void ground.published.splice(0));

const stateOf = async (id: string) =>
  (
    await ground.rows<{ state: string; refusal: string | null }>('select state, refusal from postbacks where id = $1', [
      id,
    ])
  )[0];
const count = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number((await ground.rows<{ n: bigint }>(`select count(*) as n from ${sql}`, values))[0]?.n ?? 0n);
const newClick = async (given: Parameters<AttributionGround['click']>[0] = {}) => {
  const click = ground.click(given);
  await ground.recordClicks([click]);
  return click;
};
describe('holds', () => {
  it('of which one cannot end do not stop the others', async () => {
    ground.putOffer({ holdDays: 1 });
    const clicks = await Promise.all(Array.from({ length: 5 }, () => newClick()));
    await ground.attributePostbacks(
      clicks.map(({ clickId }, index) =>
        ground.postback(`clickid=${clickId}&transaction_id=H-${index}&amount=2&status=pending`),
      ),
    );
    await ground.rows(
      `alter table conversions add constraint spec_refuses check (transaction_id <> 'H-2' or state = 'pending')`,
    );
    ground.later(2 * 86_400_000);
    const approved = () => count(`conversions where transaction_id like 'H-%' and state = 'approved'`);
    expect(await ground.endHolds()).toBe(4);
    expect(await approved()).toBe(4);
    expect(ground.published.filter(({ state }) => state === 'approved')).toHaveLength(4);
    await ground.rows('alter table conversions drop constraint spec_refuses');
    expect(await ground.endHolds()).toBe(1);
    expect(await approved()).toBe(5);
    ground.putOffer();
  });
});

describe('caps', () => {
  it('of one offer with hundreds of conversions over it do not starve another offer', async () => {
    const cap = (conversions: number) => ({ per: 'total' as const, conversions, timeZone: 'UTC' });
    ground.putOffer({ cap: cap(1) });
    ground.putOffer({ key: 'boots', cap: cap(1) });
    const shoes = Array.from({ length: 450 }, () => ground.click());
    const boots = Array.from({ length: 2 }, () => ground.click({ offerKey: 'boots' }));
    await ground.recordClicks([...shoes, ...boots]);
    for (const [name, clicks] of [
      ['S', shoes],
      ['B', boots],
    ] as const)
      await ground.attributePostbacks(
        clicks.map(({ clickId }, index) =>
          ground.postback(`clickid=${clickId}&transaction_id=${name}-${index}&amount=1`),
        ),
      );
    const over = (name: string) =>
      count(`conversions where transaction_id like '${name}-%' and 'over_cap' = any (marks)`);
    expect([await over('S'), await over('B')]).toEqual([449, 1]);
    expect(await ground.liftCaps()).toBe(0);
    ground.putOffer({ key: 'boots', cap: cap(2) });
    expect(await ground.liftCaps()).toBe(1);
    expect([await over('S'), await over('B')]).toEqual([449, 0]);
    ground.putOffer({ cap: cap(301) });
    expect(await ground.liftCaps()).toBe(300);
    expect(await over('S')).toBe(149);
    ground.putOffer();
    expect(await ground.liftCaps()).toBe(149);
  });
});

describe('orphans', () => {
  it('of one click are released in pieces, every one of them', async () => {
    const click = ground.click();
    const waiting = Array.from({ length: 250 }, (_, index) =>
      ground.postback(`clickid=${click.clickId}&transaction_id=many-${index}&amount=1`),
    );
    await ground.attributePostbacks(waiting);
    await ground.recordClicks([click]);
    expect(await count(`postbacks where transaction_id like 'many-%' and state = 'applied'`)).toBe(250);
    expect(await count('orphans where click_id = $1', [click.clickId])).toBe(0);
    const [largest] = await ground.rows<{ n: bigint }>(
      `select count(*) as n from postbacks where transaction_id like 'many-%' group by xmin::text order by 1 desc limit 1`,
    );
    expect(Number(largest?.n)).toBe(100);
  });

  it('that wait for one id, or come from one address without proof, are refused beyond their limit', async () => {
    const bare = Array.from({ length: 403 }, () => ground.postback('transaction_id=BOMB&amount=1'));
    await ground.attributePostbacks(bare);
    expect(await count(`postbacks where transaction_id = 'BOMB' and state = 'orphan'`)).toBe(400);
    expect(await count(`postbacks where transaction_id = 'BOMB' and refusal = 'too_many_waiting'`)).toBe(3);
    const stranger = (id: string, remoteAddress: string) => {
      const call = ground.postback(`clickid=nobody-${id}&transaction_id=${id}&amount=1`, { networkKey: null });
      return { ...call, raw: { ...call.raw, remoteAddress } };
    };
    for (let index = 0; index < 7; index += 1)
      await ground.attributePostbacks([stranger(`N-${index}`, '203.0.113.77')]);
    expect(await count(`orphans where address = '203.0.113.77'`)).toBe(5);
    expect(await count(`postbacks where transaction_id like 'N-%' and refusal = 'too_many_waiting'`)).toBe(2);
    // One customer has a whole /64 of IPv6 addresses.
    for (let index = 0; index < 7; index += 1)
      await ground.attributePostbacks([stranger(`V6-${index}`, `2001:db8:0:7::${index + 1}`)]);
    await ground.attributePostbacks([stranger('V6-next-door', '2001:db8:0:8::1')]);
    expect(await count(`postbacks where transaction_id like 'V6-%' and state = 'orphan'`)).toBe(6);
    expect(await count(`postbacks where transaction_id like 'V6-%' and refusal = 'too_many_waiting'`)).toBe(2);
  });

  it('of strangers who guess an id leave half of its places to the network', async () => {
    const guesses = Array.from({ length: 203 }, (_, index) => {
      const call = ground.postback(`clickid=GUESSED&transaction_id=G-${index}&amount=1`, { networkKey: null });
      return { ...call, raw: { ...call.raw, remoteAddress: `198.51.100.${index}` } };
    });
    await ground.attributePostbacks(guesses);
    expect(await count(`postbacks where transaction_id like 'G-%' and refusal = 'too_many_waiting'`)).toBe(3);
    const own = ground.postback('clickid=GUESSED&transaction_id=OWN&amount=1');
    await ground.attributePostbacks([own]);
    expect(await stateOf(own.id)).toMatchObject({ state: 'orphan' });
  });

  it('are looked at in time although the clock was an hour ahead when they came', async () => {
    await ground.rows('delete from orphans');
    const checks = async () =>
      (await ground.rows<{ checks: number }>('select checks from orphans order by since')).map(({ checks }) => checks);
    await ground.sweepOrphans();
    ground.later(3_600_000);
    await ground.attributePostbacks([ground.postback('clickid=nobody-yet&transaction_id=C-1&amount=1')]);
    await ground.sweepOrphans();
    ground.later(-3_600_000);
    await ground.attributePostbacks([ground.postback('clickid=nobody-here&transaction_id=C-2&amount=1')]);
    await ground.sweepOrphans();
    expect((await checks()).toSorted()).toEqual([0, 1]);
  });

  it('are looked at less and less often, and a look that finds nothing writes nothing into the log', async () => {
    await ground.rows('delete from orphans');
    const postback = ground.postback('clickid=nobody-at-all&transaction_id=L-1&amount=1');
    await ground.attributePostbacks([postback]);
    const version = async () =>
      (
        await ground.rows<{ xmin: string; xmax: string }>('select xmin, xmax from postbacks where id = $1', [
          postback.id,
        ])
      )[0];
    const before = await version();
    const checks = async () => (await ground.rows<{ checks: number }>('select checks from orphans'))[0]?.checks;
    for (let day = 0; day < 20; day += 1) {
      ground.later(86_400_000);
      await ground.sweepOrphans();
    }
    expect(await version()).toEqual(before);
    expect(await checks()).toBe(20);
    ground.later(3_600_000);
    await ground.sweepOrphans();
    expect(await checks()).toBe(20);
  });
});

describe('figures of reports', () => {
  it('take a token of any length, and pass by a row that cannot be merged', async () => {
    ground.catalog.apply({
      kind: 'campaign',
      key: 'spring',
      version: 1_000,
      changedAt: new Date().toISOString(),
      value: {
        key: 'spring',
        sourceKey: 'adnet',
        offers: [{ offerKey: 'shoes', weight: 1 }],
        destination: null,
        reportTokens: ['zone'],
        number: 3,
      },
    } as CatalogEntryV1);
    const random = () => String.fromCodePoint(0x4e00 + Math.floor(Math.random() * 20_000));
    const zone = Array.from({ length: 1_200 }, random).join('');
    await ground.mergeRollups();
    await newClick({ tokens: { zone } });
    expect(await ground.mergeRollups()).toBe(1);
    expect(await count('rollup_token_days where value = $1', [zone])).toBe(1);
    await ground.rows(`alter table rollup_token_days add constraint spec_refuses check (value <> 'bad')`);
    for (const each of ['good-1', 'bad', 'good-2', 'good-3']) await newClick({ tokens: { zone: each } });
    expect(await ground.mergeRollups()).toBe(3);
    expect(await ground.mergeRollups()).toBe(0);
    expect(await count(`rollup_deltas where skipped_at is not null`)).toBe(1);
    // Reports read the rows that are not merged as well, so the figure is not lost.
    expect(await count(`rollup_deltas where tokens ->> 'zone' = 'bad'`)).toBe(1);
  });
});

describe('the days of the tables', () => {
  const dayMs = 86_400_000;
  const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
  const daysOfClicks = async () =>
    (
      await ground.rows<{ day: string }>(
        `select right(relname, 8) as day from pg_inherits join pg_class c on c.oid = inhrelid
         where inhparent = 'clicks'::regclass and relname ~ '_\\d{8}$' order by 1`,
      )
    ).map(({ day }) => day);

  it('are there before midnight, and a long report in the way of a new one holds up no click', async () => {
    const midnight = (Math.floor(ground.now() / dayMs) + 1) * dayMs;
    const toMidnightMs = midnight - ground.now();
    ground.later(toMidnightMs - 1_000);
    await ground.keepPartitions();
    expect(await daysOfClicks()).toContain(dayOf(midnight));
    ground.later(2_000);
    const first = await newClick({ clickedAtMs: midnight + 500 });
    const [place] = await ground.rows<{ place: string }>(
      'select tableoid::regclass::text as place from clicks where click_id = $1',
      [first.clickId],
    );
    expect(place?.place).toBe(`clicks_${dayOf(midnight)}`);

    const report = await ground.ownerPool.connect();
    await report.query('begin');
    await report.query('select count(*) from clicks');
    const making = ground.keepPartitions();
    const begin = performance.now();
    await newClick({ clickedAtMs: midnight + 600 });
    expect(performance.now() - begin).toBeLessThan(3_000);
    await making;
    expect(await daysOfClicks()).not.toContain(dayOf(midnight + 3 * dayMs));
    await report.query('commit');
    report.release();
    await ground.keepPartitions();
    expect(await daysOfClicks()).toContain(dayOf(midnight + 3 * dayMs));
    ground.later(-toMidnightMs - 1_000);
  });
});
