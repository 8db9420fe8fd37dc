import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  delivery,
  nowMs,
  openDeliveryGround,
  outcome,
  type DeliveryGround,
} from '../../../test/support/delivery-ground.js';
import { endLease, returnToQueue, leasedDeliveries, renewLease, takeOverLeases } from './delivery-queue.js';
import { insertDeliveries, recordOutcomes } from './delivery-store.js';

let ground: DeliveryGround;
let { pool, me, other, insert, claimAll, states } = {} as DeliveryGround;
beforeAll(async () => {
  ground = await openDeliveryGround();
  ({ pool, me, other, insert, claimAll, states } = ground);
});
afterEach(() => ground.clear());
afterAll(() => ground.close());

describe('leases', () => {
  it('of a dead process are taken over, of one that is alive are not', async () => {
    expect(await renewLease(pool, me, 60_000, { first: true, settled: true })).toMatchObject({
      held: true,
      processes: 1,
      rank: 0,
      admitted: true,
    });
    await insert(delivery('mine', { state: 'sending' }));
    expect(await takeOverLeases(pool)).toBe(0);
    await pool.query(`update dispatch_processes set alive_until = now() - interval '1 second'`);
    expect(await takeOverLeases(pool)).toBe(1);
    expect(await states()).toEqual({ [delivery('mine').id]: 'waiting' });
    expect((await renewLease(pool, me, 60_000, { first: false, settled: true })).held).toBe(false);
    expect((await renewLease(pool, me, 60_000, { first: false, settled: true })).held).toBe(true);
  });

  it('hold what was made, what was claimed and what came to life again, each until it has ended; no more is kept of them', async () => {
    const [made, beside, claimed, revived] = [
      delivery('made', { state: 'sending' }),
      delivery('other', { state: 'sending' }),
      delivery('claimed'),
      delivery('revived', { state: 'parked', reason: 'money_unknown' }),
    ];
    await renewLease(pool, me, 60_000, { first: true, settled: true });
    const held = async () => new Set(await leasedDeliveries(pool, me));
    const batches = async () => (await pool.query('select 1 from dispatch_batches')).rowCount;
    await insertDeliveries(pool, me, [revived], nowMs - 4_000);
    expect(await batches()).toBe(0);
    await insertDeliveries(pool, me, [made, beside], nowMs - 3_000);
    await insertDeliveries(pool, me, [claimed], nowMs - 2_000);
    await claimAll(me);
    await insertDeliveries(pool, me, [{ ...revived, state: 'sending', reason: null, revision: 2 }], nowMs - 1_000);
    expect(await held()).toEqual(new Set([made.id, beside.id, claimed.id, revived.id]));
    expect(await batches()).toBe(1);
    await recordOutcomes(pool, me, [outcome(made), outcome(claimed)]);
    expect(await held()).toEqual(new Set([beside.id, revived.id]));
    expect(await batches()).toBe(1);
    await pool.query(`update dispatch_processes set alive_until = now() - interval '1 second'`);
    expect(await takeOverLeases(pool)).toBe(2);
    expect(await states()).toEqual({
      [made.id]: 'delivered',
      [claimed.id]: 'delivered',
      [beside.id]: 'waiting',
      [revived.id]: 'waiting',
    });
    expect(await held()).toEqual(new Set());
    expect(await batches()).toBe(0);
  });

  it('that a process has made since it was thought dead are not forgotten with its others, and are free too when it dies', async () => {
    await renewLease(pool, me, 60_000, { first: true, settled: true });
    await insertDeliveries(pool, me, [delivery('before', { state: 'sending' })], nowMs - 2_000);
    await pool.query(`update dispatch_processes set alive_until = now() - interval '1 second'`);
    const since = delivery('since', { state: 'sending' });
    let thawed = false;
    // It wakes up in the middle of the take-over, when what it held is free already.
    const between = Object.assign(Object.create(pool) as typeof pool, {
      query: async (text: string, values?: unknown[]) => {
        if (!thawed && text.startsWith('delete from dispatch_processes')) {
          thawed = true;
          await insertDeliveries(pool, me, [since], nowMs - 1_000);
        }
        return pool.query(text, values);
      },
    });
    expect(await takeOverLeases(between)).toBe(1);
    expect(thawed).toBe(true);
    expect(await leasedDeliveries(pool, me)).toEqual([since.id]);
    // It never came back.
    expect(await takeOverLeases(pool)).toBe(1);
    expect(await takeOverLeases(pool)).toBe(0);
    expect(await states()).toEqual({ [delivery('before').id]: 'waiting', [since.id]: 'waiting' });
    await pool.query(`update dispatch_processes set alive_until = now() - interval '2 hours'`);
    await takeOverLeases(pool);
    expect((await pool.query('select from dispatch_processes')).rowCount).toBe(0);
  });

  it('of a process that knew no batches, before an update, are taken over too', async () => {
    await insert(delivery('made', { state: 'sending' }), delivery('delivered', { state: 'sending' }));
    await recordOutcomes(pool, me, [outcome(delivery('delivered'))]);
    await pool.query('truncate dispatch_batches');
    await pool.query(`insert into dispatch_processes (owner, alive_until) values ($1, now() - interval '1 second')`, [
      me,
    ]);
    expect(await takeOverLeases(pool)).toBe(1);
    expect(await states()).toMatchObject({ [delivery('made').id]: 'waiting' });
  });

  it('of what goes straight through end without a touch of any index', async () => {
    const many = Array.from({ length: 200 }, (_, index) => delivery(`straight-${index}`, { state: 'sending' }));
    await insert(...many);
    const client = await pool.connect();
    try {
      // Counted until the transaction ends, with what this connection has not reported to the
      // statistics yet.
      const updated = async () => {
        const { rows } = await client.query<{ all: bigint; hot: bigint }>(
          `select pg_stat_get_xact_tuples_updated('deliveries'::regclass) as all,
             pg_stat_get_xact_tuples_hot_updated('deliveries'::regclass) as hot`,
        );
        return { all: Number(rows[0]?.all), hot: Number(rows[0]?.hot) };
      };
      await client.query('begin');
      const before = await updated();
      const outcomes = many.map((row) => outcome(row));
      await recordOutcomes(client, me, outcomes);
      const after = await updated();
      expect(after.all - before.all).toBe(many.length);
      expect(after.hot - before.hot).toBe(many.length);
      await client.query('commit');
    } finally {
      client.release();
    }
  });

  it('lost to another process change nothing any more, but the call that was made is recorded', async () => {
    const mine = delivery('mine', { state: 'sending' });
    await insert(mine);
    await returnToQueue(pool, me, [mine.id]);
    await claimAll(other);
    expect(await recordOutcomes(pool, me, [outcome(mine, { state: 'parked', reason: 'status_404' })])).toBe(0);
    expect(await states()).toEqual({ [mine.id]: 'sending' });
    expect((await pool.query('select 1 from delivery_attempts')).rowCount).toBe(1);
  });

  it('are all released at a clean stop', async () => {
    await renewLease(pool, me, 60_000, { first: true, settled: true });
    await insert(delivery('one', { state: 'sending' }), delivery('two', { state: 'sending' }));
    await endLease(pool, me);
    expect(new Set(Object.values(await states()))).toEqual(new Set(['waiting']));
    expect((await pool.query('select 1 from dispatch_processes')).rowCount).toBe(0);
  });
});
