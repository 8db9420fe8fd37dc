import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dayMs, proveConversionSet } from '#domain';
import { balanceEntries, dropPartitionsBefore, findLooseEnds, readConversionSets } from '#postgres';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';

let ground: AttributionGround;
beforeAll(async () => {
  ground = await openAttributionGround();
});
afterAll(() => ground.close());
beforeEach(() => void ground.published.splice(0));

const proof = async () => {
  const sets = [...(await readConversionSets(ground.pool, '00000000-0000-0000-0000-000000000000', 10_000)).values()];
  const ids = sets.flatMap((set) => [...set.snapshots.values()].map(({ conversionId }) => conversionId));
  const entries = await balanceEntries(ground.pool, ids);
  return [...sets.flatMap((set) => proveConversionSet(set, entries)), ...(await findLooseEnds(ground.pool))];
};
const stateOf = async (id: string) =>
  (
    await ground.rows<{ state: string; refusal: string | null }>('select state, refusal from postbacks where id = $1', [
      id,
    ])
  )[0];
const conversionOf = async (transactionId: string) =>
  (
    await ground.rows<{ state: string; approved: number; marks: string[]; revision: number; event: string | null }>(
      `select state, (approved_nanos / 1000000000)::float as approved, marks, revision, event from conversions
       where transaction_id = $1`,
      [transactionId],
    )
  )[0];
const newClick = async () => {
  const click = ground.click();
  await ground.recordClicks([click]);
  return click;
};

describe('the ledger', () => {
  it('refuses that an entry is changed, deleted or truncated', async () => {
    const click = await newClick();
    await ground.attributePostbacks([ground.postback(`clickid=${click.clickId}&transaction_id=L1&amount=1`)]);
    const refused = expect.objectContaining({ message: expect.stringContaining('append-only') });
    await expect(ground.rows('update ledger_entries set amount_nanos = 1')).rejects.toEqual(refused);
    await expect(ground.rows('delete from ledger_entries')).rejects.toEqual(refused);
    await expect(ground.rows('truncate ledger_entries')).rejects.toEqual(refused);
    const [today] = await ground.rows<{ name: string }>(
      'select tableoid::regclass::text as name from ledger_entries limit 1',
    );
    await expect(ground.rows(`truncate ${today?.name}`)).rejects.toEqual(refused);
    await expect(ground.rows('truncate ledger_entries_default')).rejects.toEqual(refused);
  });

  it('can be read as of a moment', async () => {
    const click = await newClick();
    await ground.attributePostbacks([
      ground.postback(`clickid=${click.clickId}&transaction_id=L2&amount=9&status=pending`),
    ]);
    const between = new Date(ground.now());
    ground.later(1_000);
    await ground.attributePostbacks([ground.postback('transaction_id=L2&status=approved')]);
    const [{ id } = { id: '' }] = await ground.rows<{ id: string }>(
      "select id from conversions where transaction_id = 'L2'",
    );
    const then = (await balanceEntries(ground.pool, [id], between)).get(id);
    const now = (await balanceEntries(ground.pool, [id])).get(id);
    expect([then?.state, then?.sums.get('USD')?.pending]).toEqual(['pending', 9_000_000_000n]);
    expect([now?.state, now?.sums.get('USD')?.approved]).toEqual(['approved', 9_000_000_000n]);
  });

  it('approves a pending conversion when its hold is over, and not before', async () => {
    ground.putOffer({ holdDays: 14 });
    const click = await newClick();
    await ground.attributePostbacks([
      ground.postback(`clickid=${click.clickId}&transaction_id=L3&amount=9&status=pending`),
    ]);
    ground.putOffer();
    ground.later(13 * dayMs);
    expect(await ground.endHolds()).toBe(0);
    ground.later(dayMs + 1_000);
    expect(await ground.endHolds()).toBe(1);
    expect(await conversionOf('L3')).toMatchObject({ state: 'approved', approved: 9, marks: [] });
    expect(ground.published.at(-1)).toMatchObject({ state: 'approved', previousState: 'pending', postbackId: null });
    expect(await ground.endHolds()).toBe(0);
  });

  it('ends the hold of each sale of a click by itself, also of those that are kept apart by their amount', async () => {
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', duplicates: 'add' });
    ground.putOffer({ holdDays: 14 });
    const click = await newClick();
    const call = (amount: number) =>
      ground.attributePostbacks([
        ground.postback(`clickid=${click.clickId}&transaction_id=L7&amount=${amount}&status=pending`),
      ]);
    const states = async () =>
      (
        await ground.rows<{ state: string }>(
          "select state from conversions where transaction_id = 'L7' order by approved_nanos + pending_nanos",
        )
      ).map(({ state }) => state);
    await call(9);
    ground.later(5 * dayMs);
    await call(4);
    await call(6);
    ground.putOffer();
    ground.later(9 * dayMs + 1_000);
    expect(await ground.endHolds()).toBe(1);
    expect(await states()).toEqual(['pending', 'pending', 'approved']);
    ground.later(5 * dayMs);
    expect(await ground.endHolds()).toBe(2);
    expect(await states()).toEqual(['approved', 'approved', 'approved']);
    expect(await ground.endHolds()).toBe(0);
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  });

  it('moves a postback to the conversion it belongs to when it is read again', async () => {
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
    const click = await newClick();
    const query = `clickid=${click.clickId}&transaction_id=L4&amount=9&ev=gold`;
    const first = ground.postback(query);
    await ground.attributePostbacks([first]);
    expect(await conversionOf('L4')).toMatchObject({ event: null, approved: 9 });
    ground.putNetwork({
      key: 'acme',
      defaultCurrency: 'USD',
      identity: 'transaction+event',
      params: { event: ['ev'] },
    });
    const again = ground.postback(query, { id: first.id, receivedAtMs: first.receivedAtMs, channel: 'replay' });
    await ground.attributePostbacks([again]);
    await ground.attributePostbacks([again]);
    expect(await stateOf(first.id)).toEqual({ state: 'applied', refusal: null });
    const rows = await ground.rows(
      "select event, state, approved_nanos from conversions where transaction_id = 'L4' order by event nulls first",
    );
    expect(rows).toEqual([
      { event: null, state: null, approved_nanos: '0' },
      { event: 'gold', state: 'approved', approved_nanos: '9000000000' },
    ]);
    const [kept] = await ground.rows<{ replays: object[] }>('select replays from postbacks where id = $1', [first.id]);
    expect(kept?.replays[0]).toMatchObject({ state: 'applied' });
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  });

  it('publishes a change again each time its call is replayed, for a reader that has missed it', async () => {
    const click = await newClick();
    const query = `clickid=${click.clickId}&transaction_id=L4-again&amount=9`;
    const first = ground.postback(query);
    await ground.attributePostbacks([first]);
    const published = () => ground.published.filter(({ transactionId }) => transactionId === 'L4-again');
    for (const times of [2, 3]) {
      const again = ground.postback(query, { id: first.id, receivedAtMs: first.receivedAtMs, channel: 'replay' });
      await ground.attributePostbacks([again]);
      expect(published().map(({ revision, state }) => [revision, state])).toEqual(
        Array.from({ length: times }, () => [1, 'approved']),
      );
    }
  });

  it('goes from one mode to another and back by replays, and no further conversion is in the way', async () => {
    const click = await newClick();
    const queries = [10, 4].map((amount) => `clickid=${click.clickId}&transaction_id=L6&amount=${amount}`);
    const first = queries.map((query, at) => ground.postback(query, { receivedAtMs: ground.now() + at }));
    const replay = async (duplicates: 'update' | 'add') => {
      ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', duplicates });
      await ground.attributePostbacks(
        first.map((each) => ({ ...each, channel: 'replay' as const, authenticatedBy: 'operator' as const })),
      );
      return ground.rows(
        `select (approved_nanos / 1000000000)::int as approved from conversions
         where transaction_id = 'L6' and state is not null order by 1`,
      );
    };
    await ground.attributePostbacks(first);
    expect(await replay('add')).toEqual([{ approved: 4 }, { approved: 10 }]);
    expect(await replay('update')).toEqual([{ approved: 4 }]);
    expect(await replay('add')).toEqual([{ approved: 4 }, { approved: 10 }]);
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  });

  it('applies a refused call when its word has been mapped and it is replayed', async () => {
    const click = await newClick();
    const query = `clickid=${click.clickId}&transaction_id=L5&amount=9&status=quux`;
    const first = ground.postback(query);
    await ground.attributePostbacks([first]);
    expect(await stateOf(first.id)).toEqual({ state: 'refused', refusal: 'status_unmapped' });
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', statusMap: { quux: 'approved' } });
    await ground.attributePostbacks([
      ground.postback(query, { id: first.id, receivedAtMs: first.receivedAtMs, channel: 'replay' }),
    ]);
    expect(await stateOf(first.id)).toEqual({ state: 'applied', refusal: null });
    expect(await conversionOf('L5')).toMatchObject({ state: 'approved', approved: 9 });
  });

  it('parks the one record that cannot be written and applies the others', async () => {
    const clicks = await Promise.all(Array.from({ length: 9 }, newClick));
    const postbacks = clicks.map((click, index) =>
      ground.postback(`clickid=${click.clickId}&transaction_id=P${index}&amount=1`),
    );
    const poison = { ...postbacks[4], id: 'not-a-uuid' } as (typeof postbacks)[number];
    const verdicts = await ground.attributePostbacks(postbacks.with(4, poison));
    expect(verdicts.map(({ kind }) => kind)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'park',
      'done',
      'done',
      'done',
      'done',
    ]);
    expect(verdicts[4]).toMatchObject({ reason: 'cannot_be_written', cause: expect.stringContaining('uuid') });
    expect(await ground.rows("select 1 from conversions where transaction_id like 'P_'")).toHaveLength(8);
  });

  it('logs a record as parked where the call itself can be stored', async () => {
    const click = await newClick();
    const huge = ground.postback(`clickid=${click.clickId}&transaction_id=P-huge&amount=1`);
    // The conversion cannot be written, the call can.
    await ground.rows("alter table conversions add constraint spec check (transaction_id <> 'P-huge')");
    expect(await ground.attributePostbacks([huge])).toMatchObject([{ kind: 'park', reason: 'cannot_be_written' }]);
    await ground.rows('alter table conversions drop constraint spec');
    expect(await stateOf(huge.id)).toEqual({ state: 'parked', refusal: null });
  });

  it('gives one result for batches that three nodes decide at once, twice, and in different orders', async () => {
    const clicks = await Promise.all(Array.from({ length: 20 }, newClick));
    const postbacks = clicks.flatMap((click, index) => [
      ground.postback(`clickid=${click.clickId}&transaction_id=C${index}&amount=3&status=pending`),
      ground.postback(`clickid=${click.clickId}&transaction_id=C${index}&amount=4&status=approved`),
      ground.postback(`clickid=${click.clickId}&transaction_id=C${index}&amount=-1&status=reversed`),
    ]);
    // So that each of the three has a time of its own, whichever millisecond it was made in.
    const timed = postbacks.map((each, index) => ({ ...each, receivedAtMs: each.receivedAtMs + index }));
    const nodes = [ground, await ground.addNode(), await ground.addNode()];
    await Promise.all([
      nodes[0]?.attributePostbacks(timed),
      nodes[1]?.attributePostbacks(timed.toReversed()),
      nodes[2]?.attributePostbacks([...timed.slice(30), ...timed.slice(0, 30)]),
    ]);
    const rows = await ground.rows(
      "select state, approved_nanos / 1000000000 as approved, reversed_nanos / 1000000000 as reversed, count(*)::int as n from conversions where transaction_id like 'C%' group by 1, 2, 3",
    );
    expect(rows).toEqual([
      { state: 'approved', approved: '3.0000000000000000', reversed: '1.00000000000000000000', n: 20 },
    ]);
  });

  it('accepts no more than the cap of the offer, and marks conversions over it', async () => {
    ground.putOffer({ cap: { per: 'day', conversions: 3, timeZone: 'UTC' } });
    const clicks = await Promise.all(Array.from({ length: 8 }, newClick));
    const postbacks = clicks.map((click, index) =>
      ground.postback(`clickid=${click.clickId}&transaction_id=Q${index}&amount=1`),
    );
    const other = await ground.addNode();
    await Promise.all([ground.attributePostbacks(postbacks.slice(0, 4)), other.attributePostbacks(postbacks.slice(4))]);
    await ground.attributePostbacks(postbacks);
    const rows = await ground.rows(
      "select marks, count(*)::int as n from conversions where transaction_id like 'Q_' group by 1 order by 1",
    );
    expect(rows).toEqual([
      { marks: [], n: 3 },
      { marks: ['over_cap'], n: 5 },
    ]);
    expect(ground.published.filter(({ marks }) => marks.includes('over_cap')).length).toBeGreaterThanOrEqual(5);
    expect(await ground.liftCaps()).toBe(0);
    ground.putOffer({ cap: { per: 'day', conversions: 5, timeZone: 'UTC' } });
    expect(await ground.liftCaps()).toBe(2);
    expect(ground.published.at(-1)).toMatchObject({ marks: [], state: 'approved', previousState: 'approved' });
    ground.putOffer();
    expect(await ground.liftCaps()).toBe(3);
  });

  it('counts foreign payout against a cap at the rate of the day, and holds what no rate is known of until there is one', async () => {
    const day = new Date(ground.now()).toISOString().slice(0, 10);
    const rate = (currency: string, perEuroNanos: bigint) => ground.putRate({ day, currency, perEuroNanos });
    await rate('USD', 2_000_000_000n);
    ground.putOffer({ cap: { per: 'total', payout: '20', currency: 'USD', timeZone: 'UTC' } });
    const marks = async () =>
      (
        await ground.rows<{ name: string; marks: string[] }>(
          "select transaction_id as name, marks from conversions where transaction_id like 'V-%' order by 1",
        )
      ).map(({ name, marks: held }) => [name, ...held].join(' '));
    const call = async (name: string, amount: string) =>
      ground.attributePostbacks([
        ground.postback(`clickid=${(await newClick()).clickId}&transaction_id=V-${name}&${amount}`),
      ]);
    await call('1-euros', 'amount=7&currency=EUR');
    await call('2-too-much', 'amount=4&currency=EUR');
    await call('3-yen', 'amount=300&currency=JPY');
    await call('4-dollars', 'amount=3&currency=USD');
    expect(await marks()).toEqual([
      'V-1-euros',
      'V-2-too-much over_cap',
      'V-3-yen over_cap rate_unknown',
      'V-4-dollars',
    ]);
    expect(await ground.liftCaps()).toBe(0);
    await rate('JPY', 200_000_000_000n);
    expect(await ground.liftCaps()).toBe(1);
    expect(await marks()).toEqual(['V-1-euros', 'V-2-too-much over_cap', 'V-3-yen', 'V-4-dollars']);
    expect(await ground.rows("select * from cap_use where period = 'total'")).toMatchObject([
      { conversions: 3n, payout_nanos: '20000000000', currency: 'USD' },
    ]);
    await rate('JPY', 100_000_000_000n);
    await call('5-pounds', 'amount=1&currency=GBP');
    await rate('GBP', 1_000_000_000n);
    expect(await ground.liftCaps()).toBe(0);
    expect((await marks()).at(-1)).toBe('V-5-pounds over_cap');
    ground.putOffer();
    expect(await ground.liftCaps()).toBe(2);
  });

  it('counts a trial against the cap only when it becomes a real sale, and holds it when there is no room by then', async () => {
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', statusMap: { probe: 'test' } });
    ground.putOffer({ cap: { per: 'month', conversions: 1, timeZone: 'UTC' } });
    const [tried, other] = [await newClick(), await newClick()];
    const call = (click: { clickId: string }, name: string, more: string) =>
      ground.attributePostbacks([ground.postback(`clickid=${click.clickId}&transaction_id=${name}&amount=3&${more}`)]);
    const used = () => ground.rows("select conversions::int from cap_use where period ~ '^[0-9]{4}-[0-9]{2}$'");
    await call(tried, 'W-1', 'status=probe');
    expect(await conversionOf('W-1')).toMatchObject({ marks: ['test'] });
    expect(await used()).toEqual([{ conversions: 0 }]);
    await call(other, 'W-2', 'status=approved');
    await call(tried, 'W-1', 'status=approved');
    expect(await conversionOf('W-2')).toMatchObject({ marks: [] });
    expect(await conversionOf('W-1')).toMatchObject({ marks: ['over_cap'], approved: 3 });
    // What is over the cap and what became a trial later are counted once, whatever is repeated.
    await call(tried, 'W-1', 'status=probe');
    await call(tried, 'W-1', 'status=approved');
    expect(await used()).toEqual([{ conversions: 1 }]);
    ground.putOffer();
    expect(await ground.liftCaps()).toBe(1);
    expect(await conversionOf('W-1')).toMatchObject({ marks: [], state: 'approved' });
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  });

  it('has hourly figures whose sum is the sum of its entries, before and after they are merged', async () => {
    const figures = () =>
      ground.rows(`select currency, sum(pending_nanos)::text as pending, sum(approved_nanos)::text as approved,
        sum(rejected_nanos)::text as rejected, sum(reversed_nanos)::text as reversed from rollups where currency <> '' group by 1`);
    const entries = await ground.rows(`select currency,
        ${['pending', 'approved', 'rejected', 'reversed']
          .map(
            (name) => `(coalesce(sum(amount_nanos) filter (where to_bucket = '${name}'), 0)
              - coalesce(sum(amount_nanos) filter (where from_bucket = '${name}'), 0))::text as ${name}`,
          )
          .join(', ')} from ledger_entries where currency is not null group by 1`);
    expect(await figures()).toEqual(entries);
    expect(await ground.mergeRollups()).toBeGreaterThan(0);
    expect(await ground.mergeRollups()).toBe(0);
    expect(await figures()).toEqual(entries);
    const [counted] = await ground.rows(
      'select sum(clicks)::int as clicks, sum(approved_count)::int as approved from rollups',
    );
    const [stored] = await ground.rows(
      `select (select count(*)::int from clicks) as clicks, (select count(*)::int from conversions where state = 'approved') as approved`,
    );
    expect(counted).toEqual(stored);
  });

  it('is proved by its reports and its entries after all of this', async () => {
    expect(await proof()).toEqual([]);
  });
});

describe('clicks that are kept for thirty days', () => {
  it('credit their campaign at once when a call comes after their day was dropped, marked late', async () => {
    const short = await openAttributionGround({ ATTRIBUTION_CLICK_DAYS: '30' }, { cache: false });
    try {
      const old = short.click({ clickedAtMs: short.now() - 40 * dayMs });
      const day = new Date(old.clickedAtMs).toISOString().slice(0, 10);
      await short.rows("select ensure_partitions('clicks', $1::date, $1::date)", [day]);
      await short.recordClicks([old]);
      const dropped = await dropPartitionsBefore(short.pool, 'clicks', short.now(), 30);
      expect(dropped).toEqual([`clicks_${day.replaceAll('-', '')}`]);
      await short.attributePostbacks([short.postback(`clickid=${old.clickId}&transaction_id=G1&amount=2`)]);
      expect(
        await short.rows(
          "select state, marks, campaign_key, offer_key, attributed_by from conversions where transaction_id = 'G1'",
        ),
      ).toEqual([
        { state: 'approved', marks: ['late'], campaign_key: 'spring', offer_key: 'shoes', attributed_by: 'click_id' },
      ]);
    } finally {
      await short.close();
    }
  });
});
