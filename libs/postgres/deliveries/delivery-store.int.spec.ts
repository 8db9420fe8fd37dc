import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { deliveryHistoryKey, type NewDelivery } from '#domain';
import {
  delivery,
  nowMs,
  openDeliveryGround,
  outcome,
  type DeliveryGround,
} from '../../../test/support/delivery-ground.js';
import { conversionChange } from '../../../test/support/dispatch-ground.js';
import { bringForward, endLease, returnToQueue, renewLease, takeOverLeases } from './delivery-queue.js';
import { deliveriesToReplay, replayDeliveries } from './delivery-replay.js';
import {
  dropAttemptDays,
  ensureAttemptDays,
  insertDeliveries,
  lastReceivedStates,
  lockOpenEarlier,
  recordOutcomes,
  supersedeDeliveries,
  type Outcome,
} from './delivery-store.js';
import { deliveryBacklog } from './destination-store.js';
import { only } from '../lists/list-filter.js';

let ground: DeliveryGround;
let { pool, me, other, insert, claimAll, states } = {} as DeliveryGround;
beforeAll(async () => {
  ground = await openDeliveryGround();
  ({ pool, me, other, insert, claimAll, states } = ground);
});
afterEach(() => ground.clear());
afterAll(() => ground.close());

describe('making deliveries', () => {
  it('makes each once, however often it is said, and says which were new', async () => {
    const [one, two] = [delivery('one'), delivery('two', { state: 'sending' })];
    expect(await insert(one, two)).toEqual(new Set([one.id, two.id]));
    expect(await insert(one, delivery('three'))).toEqual(new Set([delivery('three').id]));
  });

  it('keeps the values of macros as they came', async () => {
    const tokens = { zone: 'a"b\\c\u2028', ключ: '💶' };
    await insert(delivery('one', { facts: conversionChange('one', { tokens, externalId: "o'clock" }) }));
    const [claimed] = await claimAll(me);
    expect(claimed?.facts).toMatchObject({ tokens, externalId: "o'clock" });
  });

  it('a state that was superseded before it was ever sent comes to life again when it comes back', async () => {
    const first = delivery('one', { cause: 'approved', revision: 1 });
    await insert(first);
    const reversed = delivery('one', { cause: 'reversed', revision: 2 });
    await supersedeDeliveries(pool, await lockOpenEarlier(pool, [reversed]));
    await insert(reversed);
    expect(await insert({ ...first, revision: 1 })).toEqual(new Set());
    expect(await states()).toEqual({ [first.id]: 'superseded', [reversed.id]: 'waiting' });
    expect(await insert({ ...first, revision: 3 })).toEqual(new Set([first.id]));
    expect(await states()).toMatchObject({ [first.id]: 'waiting' });
  });

  it('one that was parked before any call was made comes to life again by a later report, with what that one says', async () => {
    const unknown = delivery('one', { state: 'parked', reason: 'value_unknown', revision: 1 });
    const known = delivery('one', { revision: 2, facts: conversionChange('one', { value: '7' }) });
    await insert(unknown);
    expect(await insert(unknown)).toEqual(new Set());
    expect(await insert(known)).toEqual(new Set([known.id]));
    expect(await claimAll(me)).toMatchObject([{ id: known.id, revision: 2, facts: { value: '7' } }]);
    // What a call was made for and refused is for a replay to send again.
    await recordOutcomes(pool, me, [outcome(known, { state: 'parked', reason: 'status_404' })]);
    expect(await insert({ ...known, revision: 3 })).toEqual(new Set());
  });

  it('never supersedes what may have reached the destination', async () => {
    const first = delivery('one', { cause: 'pending', state: 'sending' });
    await insert(first);
    await recordOutcomes(pool, me, [outcome(first, { state: 'waiting', reason: 'status_503', dueInMs: 60_000 })]);
    const open = await lockOpenEarlier(pool, [delivery('one', { revision: 2 })]);
    expect(open).toMatchObject([{ once: 'pending', attempts: 1, state: 'waiting' }]);
    await supersedeDeliveries(pool, open);
    expect(await states()).toEqual({ [first.id]: 'waiting' });
  });
});

describe('claiming', () => {
  it('gives each destination its own share, and each delivery to one process only', async () => {
    const busy = Array.from({ length: 50 }, (_, index) => delivery(`busy-${index}`, { destinationKey: 'source:busy' }));
    const quiet = [delivery('quiet', { destinationKey: 'source:quiet' })];
    await insert(...busy, ...quiet);
    const both = await Promise.all([claimAll(me, 20), claimAll(other, 20)]);
    const ids = both.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(both.flat().filter(({ destinationKey }) => destinationKey === 'source:quiet')).toHaveLength(1);
  });

  it('leaves a later state where it is until the earlier one is settled', async () => {
    const [first, second] = [delivery('one', { cause: 'pending' }), delivery('one', { revision: 2 })];
    await insert(first, second);
    expect((await claimAll(me)).map(({ id }) => id)).toEqual([first.id]);
    expect(await claimAll(other)).toEqual([]);
    await recordOutcomes(pool, me, [outcome(first)]);
    expect((await claimAll(other)).map(({ id }) => id)).toEqual([second.id]);
  });

  it('never sends an earlier state after a later one, unless an operator forces it', async () => {
    const sold = delivery('one', { cause: 'pending', state: 'sending' });
    const approved = delivery('one', { revision: 2, state: 'sending' });
    await insert(sold, approved);
    // As after a crash of Postgres that took the outcome of the first and not that of the second.
    await returnToQueue(pool, me, [sold.id]);
    expect(await claimAll(other)).toEqual([]);
    await recordOutcomes(pool, me, [outcome(approved)]);
    expect(await claimAll(other)).toEqual([]);
    expect(await states()).toEqual({ [sold.id]: 'superseded', [approved.id]: 'delivered' });
    await replayDeliveries(pool, { ids: [sold.id] }, { force: true, dryRun: false });
    expect((await claimAll(other)).map(({ id }) => id)).toEqual([sold.id]);
  });

  it('takes the oldest due first and nothing before its time', async () => {
    await insert(delivery('later'), delivery('sooner'), delivery('not yet'));
    const at = (word: string, seconds: number) =>
      pool.query(`update deliveries set due_at = now() + $2 * interval '1 second' where id = $1`, [
        delivery(word).id,
        seconds,
      ]);
    await Promise.all([at('later', -5), at('sooner', -10), at('not yet', 60)]);
    expect((await claimAll(me)).map(({ id }) => id)).toEqual([delivery('sooner').id, delivery('later').id]);
  });

  it('after an outage takes at once what failed in it, which costs that nothing of its schedule; what failed before waits on', async () => {
    const fail = async (word: string, number: number, atMs: number) => {
      const attempt = { ...outcome(delivery(word)).attempt, atMs, number, outcome: 'retry' } as Outcome['attempt'];
      const failed = outcome(delivery(word), { state: 'waiting', dueInMs: 3_600_000, attempt });
      await recordOutcomes(pool, me, [failed]);
    };
    await insert(...['in it', 'before'].map((word) => delivery(word, { state: 'sending' })), delivery('not called'));
    await pool.query(`update deliveries set due_at = now() + interval '1 hour' where state = 'waiting'`);
    await Promise.all([fail('in it', 1, nowMs - 60_000), fail('before', 1, nowMs - 7_200_000)]);
    for (let outages = 0; outages < 10; outages += 1) {
      expect(await bringForward(pool, 'source:ads', 3_600_000)).toBe(1);
      expect(await claimAll(me)).toMatchObject([{ id: delivery('in it').id, attempts: 1 }]);
      await fail('in it', 2, nowMs);
    }
  });
});

describe('sending again', () => {
  const settled = async (row: NewDelivery, fields: Partial<Outcome> = {}): Promise<NewDelivery> => {
    const sending = { ...row, state: 'sending' as const };
    await insert(sending);
    await recordOutcomes(pool, me, [outcome(sending, fields)]);
    return row;
  };
  const counts = { matched: 0, replayed: 0, delivered: 0, overtaken: 0, open: 0, sample: [] as string[] };

  it('is for what was parked; what the destination accepted is left alone unless it is forced', async () => {
    const parked = await settled(delivery('parked'), { state: 'parked', reason: 'status_404' });
    const accepted = await settled(delivery('accepted'));
    await insert(delivery('open'));
    const expected = { ...counts, matched: 3, replayed: 1, delivered: 1, open: 1, sample: [parked.id] };
    expect(await replayDeliveries(pool, {}, { force: false, dryRun: true })).toEqual(expected);
    expect(await states()).toMatchObject({ [parked.id]: 'parked' });
    expect(await replayDeliveries(pool, {}, { force: false, dryRun: false })).toEqual(expected);
    expect(await states()).toMatchObject({ [parked.id]: 'waiting', [accepted.id]: 'delivered' });
    expect(await replayDeliveries(pool, { ids: [accepted.id] }, { force: true, dryRun: false })).toMatchObject({
      replayed: 1,
    });
    expect(await states()).toMatchObject({ [accepted.id]: 'waiting' });
  });

  it('is now for what waits for its next try, which keeps its place in the schedule', async () => {
    const dueInMs = 12 * 3_600_000;
    const failed = await settled(delivery('failed'), { state: 'waiting', reason: 'status_500', dueInMs });
    expect(await claimAll(me)).toEqual([]);
    expect(await replayDeliveries(pool, {}, { force: false, dryRun: false })).toMatchObject({
      matched: 1,
      replayed: 1,
    });
    expect(await replayDeliveries(pool, {}, { force: true, dryRun: false })).toMatchObject({ matched: 1, open: 1 });
    expect(await claimAll(me)).toMatchObject([{ id: failed.id, attempts: 1, forced: false }]);
  });

  it('finds parked deliveries among more rows than one query reads', async () => {
    for (const word of ['a', 'b', 'c', 'd']) await settled(delivery(word));
    const parked = await settled(delivery('parked'), { state: 'parked', reason: 'status_404' });
    const some = { force: false, dryRun: true, most: 3 };
    expect(await replayDeliveries(pool, {}, some)).toMatchObject({ matched: 3, replayed: 1, sample: [parked.id] });
  });

  it('does not undo a later state that was delivered meanwhile', async () => {
    const approved = await settled(delivery('one', { cause: 'approved', revision: 1 }), {
      state: 'parked',
      reason: 'status_404',
    });
    await settled(delivery('one', { cause: 'reversed', revision: 2 }));
    expect(
      await replayDeliveries(
        pool,
        { conversionIds: [approved.conversionId], reason: only('status_404') },
        { force: false, dryRun: false },
      ),
    ).toMatchObject({
      replayed: 0,
      overtaken: 1,
    });
  });

  it('does not send again by one destination what another has sent since', async () => {
    const sale = await settled(delivery('one', { revision: 1 }), { state: 'parked', reason: 'status_404' });
    await settled(delivery('one', { revision: 2, destinationKey: 'campaign:own' }));
    expect(await replayDeliveries(pool, { ids: [sale.id] }, { force: false, dryRun: false })).toMatchObject({
      replayed: 0,
      overtaken: 1,
    });
  });

  it('does not send an earlier state behind a later one that is on its way', async () => {
    const pending = await settled(delivery('one', { cause: 'pending', once: 'pending', revision: 1 }), {
      state: 'parked',
      reason: 'status_404',
    });
    await insert(delivery('one', { cause: 'approved', revision: 2, state: 'sending' }));
    expect(await replayDeliveries(pool, { ids: [pending.id] }, { force: false, dryRun: false })).toMatchObject({
      replayed: 0,
      overtaken: 1,
    });
  });

  it('goes by destination, reason, state and time', async () => {
    await settled(delivery('a', { destinationKey: 'source:a' }), { state: 'parked', reason: 'status_404' });
    await settled(delivery('b', { destinationKey: 'source:b' }), { state: 'parked', reason: 'status_410' });
    const dry = { force: false, dryRun: true };
    expect(await replayDeliveries(pool, { destinationKey: only('source:a') }, dry)).toMatchObject({ matched: 1 });
    expect(await replayDeliveries(pool, { reason: only('status_410') }, dry)).toMatchObject({ matched: 1 });
    expect(await replayDeliveries(pool, { states: ['delivered'] }, dry)).toMatchObject({ matched: 0 });
    const both = { state: only('parked'), states: ['delivered'] as const };
    expect(await replayDeliveries(pool, both, dry)).toMatchObject({ matched: 0 });
    const page = { before: null, limit: 10 };
    const [first, ...others] = (await deliveriesToReplay(pool, { cause: only('approved') }, page)).rows;
    expect(others).toHaveLength(1);
    const after = { before: first ?? null, limit: 10 };
    expect((await deliveriesToReplay(pool, { cause: only('approved') }, after)).rows).toEqual(others);
    expect(await replayDeliveries(pool, { to: new Date(nowMs - 5_000) }, dry)).toMatchObject({ matched: 0 });
    expect(await deliveryBacklog(pool)).toMatchObject([
      { parked: 1, waiting: 0 },
      { parked: 1, waiting: 0 },
    ]);
  });
});

describe('attempts', () => {
  it('are kept to the byte and the millisecond, whatever the ad network was sent and answered', async () => {
    const row = delivery('one', { state: 'sending' });
    await insert(row);
    const text = 'a"b\\c,{d}\nNULL 💶';
    const { attempt } = outcome(row);
    const call = { ...attempt!, atMs: nowMs + 1, url: text, answer: text, requestBody: text, answerHeaders: null };
    const requestHeaders = { 'x-zone': 'q"\\é' };
    await recordOutcomes(pool, me, [{ ...outcome(row), attempt: { ...call, requestHeaders } }]);
    const { rows } = await pool.query<object>(
      `select (extract(epoch from at) * 1000)::float8 as "atMs", url, answer, request_body as "requestBody",
         request_headers as "requestHeaders", answer_headers as "answerHeaders" from delivery_attempts`,
    );
    const kept = { atMs: nowMs + 1, url: text, answer: text, requestBody: text, requestHeaders, answerHeaders: null };
    expect(rows).toEqual([kept]);
  });

  it('lie in the partition of their day, which is dropped when its time is over', async () => {
    await ensureAttemptDays(pool, nowMs);
    await ensureAttemptDays(pool, nowMs);
    const row = delivery('one', { state: 'sending' });
    await insert(row);
    await recordOutcomes(pool, me, [outcome(row)]);
    const { rows } = await pool.query<{ name: string }>(
      'select tableoid::regclass::text as name from delivery_attempts',
    );
    expect(rows[0]?.name).toBe(`delivery_attempts_${new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '')}`);
    expect(await dropAttemptDays(pool, nowMs)).toEqual([]);
    expect(await dropAttemptDays(pool, nowMs + 86_400_000)).toEqual([rows[0]?.name]);
  });
});

describe('what an ad network has received of a conversion', () => {
  const reversal = delivery('one', { cause: 'reversed', once: 'reversed', revision: 2 });
  const receivedBefore = async () =>
    (await lastReceivedStates(pool, [reversal])).get(deliveryHistoryKey(reversal)) ?? null;
  const lease = (owner: string) => renewLease(pool, owner, 60_000, { first: true, settled: true });

  it('is nothing while nothing was sent, and the state of a call however it ended', async () => {
    const sale = delivery('one', { state: 'sending' });
    await insert(sale);
    expect(await receivedBefore()).toBeNull();
    await recordOutcomes(pool, me, [outcome(sale, { state: 'waiting', reason: 'timeout_headers', dueInMs: 0 })]);
    expect(await receivedBefore()).toBe('approved');
  });

  it('is not what it rejected in the only call, and neither is the replay of that call', async () => {
    const sale = delivery('one', { state: 'sending' });
    await insert(sale);
    const parked = (reason: string) => recordOutcomes(pool, me, [outcome(sale, { state: 'parked', reason })]);
    await parked('status_404');
    expect(await receivedBefore()).toBeNull();
    await replayDeliveries(pool, { ids: [sale.id] }, { force: false, dryRun: false });
    expect(await claimAll(me)).toMatchObject([{ id: sale.id, maybeSent: false }]);
    expect(await receivedBefore()).toBeNull();
    // A conflict mostly says that it is known; an answer below 400 was judged by a rule of ours.
    for (const reason of ['status_409', 'status_302', 'body_not_accepted', 'retries_exhausted']) {
      await pool.query(`update deliveries set state = 'sending', attempts = 0, lease_owner = $1`, [me]);
      await parked(reason);
      expect(await receivedBefore()).toBe('approved');
    }
  });

  it.each([
    [
      'was killed',
      (owner: string) =>
        pool
          .query(`update dispatch_processes set alive_until = now() - interval '1 s' where owner = $1`, [owner])
          .then(() => takeOverLeases(pool)),
    ],
    ['was stopped before its call had ended', (owner: string) => endLease(pool, owner)],
  ])('may be what a process had in its hands that %s; nothing takes its place', async (_how, end) => {
    await lease(me);
    await insert(delivery('one', { state: 'sending' }));
    await end(me);
    expect(await receivedBefore()).toBe('approved');
    const [open] = await lockOpenEarlier(pool, [reversal]);
    expect(open).toMatchObject({ state: 'waiting', attempts: 0, maybeSent: true });
    await supersedeDeliveries(pool, [delivery('one')]);
    expect(Object.values(await states())).toEqual(['waiting']);
  });

  it('is still what was sent before it was replayed', async () => {
    const sale = delivery('one', { state: 'sending' });
    await insert(sale);
    await recordOutcomes(pool, me, [outcome(sale)]);
    await replayDeliveries(pool, { ids: [sale.id] }, { force: true, dryRun: false });
    expect(await receivedBefore()).toBe('approved');
    expect(await claimAll(me)).toMatchObject([{ id: sale.id, attempts: 0, maybeSent: true, forced: true }]);
  });

  it('is given to the process that claims the next state', async () => {
    const sale = delivery('one', { state: 'sending' });
    await insert(sale, reversal);
    await recordOutcomes(pool, me, [outcome(sale)]);
    expect(await claimAll(me)).toMatchObject([{ id: reversal.id, lastReceived: 'approved', forced: false }]);
  });

  it('leaves alone what says nothing new when it is replayed, and what it made needless', async () => {
    const sale = delivery('one');
    await insert({ ...sale, state: 'superseded', reason: 'newer_state' });
    await insert({ ...reversal, state: 'superseded', reason: 'nothing_to_reverse' });
    const all = { states: ['superseded'] as const };
    expect(await replayDeliveries(pool, all, { force: false, dryRun: true })).toMatchObject({
      replayed: 0,
      overtaken: 2,
    });
    expect(await replayDeliveries(pool, all, { force: true, dryRun: true })).toMatchObject({ replayed: 2 });
  });

  it('is not put in doubt by a change that comes late', async () => {
    await insert({ ...reversal, state: 'superseded', reason: 'nothing_to_reverse' });
    const sale = delivery('one', { state: 'sending' });
    expect(await insertDeliveries(pool, me, [sale], nowMs)).toEqual(new Map([[sale.id, 'superseded']]));
  });
});
