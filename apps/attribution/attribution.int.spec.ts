import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openAttributionGround, type AttributionGround } from '../../test/support/attribution-ground.js';

let ground: AttributionGround;
beforeAll(async () => {
  ground = await openAttributionGround();
});
afterAll(() => ground.close());
beforeEach(() => void ground.published.splice(0));

const money = async (transactionId: string) => {
  const [row] = await ground.rows<Record<string, string>>(
    `select state, pending_nanos::bigint / 1000000 as pending, approved_nanos::bigint / 1000000 as approved,
      reversed_nanos::bigint / 1000000 as reversed, currency, marks, revision from conversions where transaction_id = $1`,
    [transactionId],
  );
  return (
    row && {
      ...row,
      pending: Number(row.pending) / 1000,
      approved: Number(row.approved) / 1000,
      reversed: Number(row.reversed) / 1000,
    }
  );
};
const stateOf = async (id: string) =>
  (
    await ground.rows<{ state: string; refusal: string | null }>('select state, refusal from postbacks where id = $1', [
      id,
    ])
  )[0];

describe('attribution on real Postgres', () => {
  it('credits a postback to its click and books its money', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const postback = ground.postback(`clickid=${click.clickId}&transaction_id=T1&amount=12.50&status=approved`);
    expect(await ground.attributePostbacks([postback])).toEqual([{ kind: 'done' }]);
    expect(await money('T1')).toMatchObject({ state: 'approved', approved: 12.5, currency: 'USD' });
    expect(
      await ground.rows('select from_bucket, to_bucket, rule, postback_id from ledger_entries where postback_id = $1', [
        postback.id,
      ]),
    ).toEqual([{ from_bucket: 'outside', to_bucket: 'approved', rule: 'first_report', postback_id: postback.id }]);
    expect(ground.published).toMatchObject([
      {
        revision: 1,
        externalId: click.externalId,
        state: 'approved',
        value: '12.5',
        campaignKey: 'spring',
        tokens: { zone: '7' },
      },
    ]);
  });

  it('writes nothing for a redelivery and publishes the same once more', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const postback = ground.postback(`clickid=${click.clickId}&transaction_id=T2&amount=5`);
    await ground.attributePostbacks([postback]);
    const [first] = ground.published.splice(0);
    expect(await ground.attributePostbacks([postback])).toEqual([{ kind: 'skip', reason: 'known already' }]);
    expect(ground.published).toEqual([first]);
    expect(await money('T2')).toMatchObject({ revision: 1, approved: 5 });
  });

  it('counts fifty equal postbacks once and logs forty-nine duplicates', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const nodes = [ground, await ground.addNode(), await ground.addNode()] as const;
    const postbacks = Array.from({ length: 50 }, () =>
      ground.postback(`clickid=${click.clickId}&transaction_id=T50&amount=3`),
    );
    await Promise.all(postbacks.map((postback, index) => (nodes[index % 3] ?? ground).attributePostbacks([postback])));
    expect(await money('T50')).toMatchObject({ approved: 3, revision: 1 });
    const states = await ground.rows(
      "select state, count(*)::int as n from postbacks where transaction_id = 'T50' group by state order by state",
    );
    expect(states).toEqual([
      { state: 'applied', n: 1 },
      { state: 'duplicate', n: 49 },
    ]);
    expect(
      await ground.rows(
        "select 1 from ledger_entries e join conversions c on c.id = e.conversion_id where c.transaction_id = 'T50'",
      ),
    ).toHaveLength(1);
  });

  it('keeps an approval when its pending arrives after it', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const approved = ground.postback(`clickid=${click.clickId}&transaction_id=T3&amount=8&status=approved`);
    const late = ground.postback(`clickid=${click.clickId}&transaction_id=T3&amount=8&status=pending`);
    await ground.attributePostbacks([approved]);
    await ground.attributePostbacks([late]);
    expect(await money('T3')).toMatchObject({ state: 'approved', approved: 8, pending: 0 });
    expect(await stateOf(late.id)).toEqual({ state: 'duplicate', refusal: null });
  });

  it("finds the conversion of a call that only names its transaction, and reads it in the network's own words", async () => {
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', statusMap: { '2': 'rejected' } });
    const click = ground.click();
    await ground.recordClicks([click]);
    await ground.attributePostbacks([ground.postback(`clickid=${click.clickId}&transaction_id=T4&amount=8`)]);
    const stranger = ground.postback('transaction_id=T4&status=2', { networkKey: null });
    const bare = ground.postback('transaction_id=T4&status=2');
    await ground.attributePostbacks([stranger, bare]);
    expect(await stateOf(stranger.id)).toEqual({ state: 'refused', refusal: 'proof_required' });
    expect(await stateOf(bare.id)).toEqual({ state: 'applied', refusal: null });
    expect(await money('T4')).toMatchObject({ state: 'reversed', approved: 0, reversed: 8 });
  });

  it('resolves a follow-up inside the same batch as the first report', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const first = ground.postback(`clickid=${click.clickId}&transaction_id=T5&amount=4&status=pending`);
    ground.later(1);
    const bare = ground.postback('transaction_id=T5&status=approved');
    await ground.attributePostbacks([first, bare]);
    expect(await money('T5')).toMatchObject({ state: 'approved', approved: 4, revision: 2 });
    expect(ground.published.map(({ state }) => state)).toEqual(['pending', 'approved']);
  });

  it('lets a postback wait for its click and applies it when the click arrives', async () => {
    const click = ground.click();
    const postback = ground.postback(`clickid=${click.clickId}&transaction_id=T6&amount=4`);
    await ground.attributePostbacks([postback]);
    expect(await stateOf(postback.id)).toEqual({ state: 'orphan', refusal: null });
    await ground.recordClicks([click]);
    expect(await stateOf(postback.id)).toEqual({ state: 'applied', refusal: null });
    expect(await ground.rows('select 1 from orphans')).toHaveLength(0);
    expect(ground.published).toMatchObject([{ transactionId: 'T6', externalId: click.externalId }]);
  });

  it('lets a bare follow-up wait for the first report of its transaction', async () => {
    const click = ground.click();
    await ground.recordClicks([click]);
    const bare = ground.postback('transaction_id=T7&status=rejected');
    await ground.attributePostbacks([bare]);
    expect(await stateOf(bare.id)).toMatchObject({ state: 'orphan' });
    await ground.attributePostbacks([
      ground.postback(`clickid=${click.clickId}&transaction_id=T7&amount=4&status=pending`),
    ]);
    expect(await stateOf(bare.id)).toMatchObject({ state: 'applied' });
    // The rejection was received first, so it is the older word; pending does not undo it.
    expect(await money('T7')).toMatchObject({ state: 'rejected' });
  });

  it('refuses a transaction id that belongs to another click', async () => {
    const [one, two] = [ground.click(), ground.click()];
    await ground.recordClicks([one, two]);
    await ground.attributePostbacks([ground.postback(`clickid=${one.clickId}&transaction_id=T8&amount=4`)]);
    const other = ground.postback(`clickid=${two.clickId}&transaction_id=T8&amount=4`);
    await ground.attributePostbacks([other]);
    expect(await stateOf(other.id)).toEqual({ state: 'refused', refusal: 'transaction_on_other_click' });
  });

  it('credits a click that was lost from its id alone, after it has waited', async () => {
    const lost = ground.click();
    const postback = ground.postback(`clickid=${lost.clickId}&transaction_id=T9&amount=4`);
    await ground.attributePostbacks([postback]);
    expect(await stateOf(postback.id)).toMatchObject({ state: 'orphan' });
    ground.later(11 * 60_000);
    await ground.sweepOrphans();
    expect(await stateOf(postback.id)).toMatchObject({ state: 'applied' });
    expect(
      await ground.rows("select campaign_key, offer_key, attributed_by from conversions where transaction_id = 'T9'"),
    ).toEqual([{ campaign_key: 'spring', offer_key: 'shoes', attributed_by: 'click_id' }]);
  });

  it('waits for a click that is behind an old postback in the backlog of an outage', async () => {
    const click = ground.click();
    const receivedAtMs = Date.now() - 11 * 60_000;
    const postback = ground.postback(`clickid=${click.clickId}&transaction_id=T11&amount=4`, { receivedAtMs });
    await ground.attributePostbacks([postback]);
    expect(await stateOf(postback.id)).toMatchObject({ state: 'orphan' });
    await ground.recordClicks([click]);
    expect(
      await ground.rows("select external_id, attributed_by from conversions where transaction_id = 'T11'"),
    ).toEqual([{ external_id: click.externalId, attributed_by: 'click' }]);
  });

  it('finds the click of a call that waited, once the network names its parameter', async () => {
    const click = ground.click({ clickId: 'IMPORTED-1', channel: 'import' });
    await ground.recordClicks([click]);
    const postback = ground.postback('transaction_id=T12&amount=4&aff_ref=IMPORTED-1');
    await ground.attributePostbacks([postback]);
    expect(await stateOf(postback.id)).toMatchObject({ state: 'orphan' });
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD', params: { clickId: ['aff_ref'] } });
    ground.later(3_600_000);
    await ground.sweepOrphans();
    expect(await stateOf(postback.id)).toMatchObject({ state: 'applied' });
    expect(await money('T12')).toMatchObject({ approved: 4 });
    ground.putNetwork({ key: 'acme', defaultCurrency: 'USD' });
  });

  it('refuses a call with an id that belongs to no click, after it has waited', async () => {
    const postback = ground.postback('clickid=nobodys-id&transaction_id=T10&amount=4');
    await ground.attributePostbacks([postback]);
    ground.later(31 * 86_400_000);
    await ground.sweepOrphans();
    expect(await stateOf(postback.id)).toEqual({ state: 'refused', refusal: 'click_unknown' });
  });
});
