import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dayMs, addUpFigures, proveConversionSet } from '#domain';
import {
  balanceEntries,
  findLooseEnds,
  foldLedger,
  ledgerHorizon,
  listReport,
  readConversionSets,
  type Books,
} from '#postgres';
import { openAttributionGround, type AttributionGround } from '../../../test/support/attribution-ground.js';

let ground: AttributionGround;
beforeAll(async () => {
  ground = await openAttributionGround();
});
afterAll(() => ground.close());

const dayAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);

const proof = async () => {
  const sets = [...(await readConversionSets(ground.pool, '00000000-0000-0000-0000-000000000000', 10_000)).values()];
  const ids = sets.flatMap((set) => [...set.snapshots.values()].map(({ conversionId }) => conversionId));
  const entries = await balanceEntries(ground.pool, ids);
  return [...sets.flatMap((set) => proveConversionSet(set, entries)), ...(await findLooseEnds(ground.pool))];
};
const books = async (asOf: Date | null) => {
  const range = { from: new Date(0), to: new Date(Date.now() + 365 * dayMs) };
  const given: Books = { asOf, by: 'recorded' };
  const request = { groups: ['campaign', 'network', 'event'] as const, timeZone: 'UTC', books: given };
  return addUpFigures(await listReport(ground.pool, request, range, 1_000), null);
};
const command = (...given: string[]) =>
  spawnSync(process.execPath, ['dist/ops/ledger-retain.js', ...given], {
    env: { ...process.env, DATABASE_OWNER_URL: ground.ground.databaseUrl },
    encoding: 'utf8',
  });

/** What happens on one day, so many days ago: sales, refunds, mistakes, and words on what came days
 * before. */
const live = async (days: number, queries: readonly string[]) => {
  const offset = Date.now() - days * dayMs - ground.now();
  ground.later(offset);
  const click = ground.click();
  await ground.recordClicks([click]);
  for (const query of queries)
    await ground.attributePostbacks([ground.postback(query.replace('CLICK', `clickid=${click.clickId}`))]);
  ground.later(Date.now() - ground.now());
};

describe('the role of the services', () => {
  it('can append to the ledger and read it, and nothing else, whatever it sets in its session', async () => {
    await live(1, ['CLICK&transaction_id=GUARD&amount=1']);
    const client = await ground.pool.connect();
    try {
      const [day] = await ground.rows<{ name: string }>('select tableoid::regclass::text as name from ledger_entries');
      for (const sql of [
        "set carom.ledger_maintenance = 'on'; delete from ledger_entries",
        'delete from ledger_entries_default',
        'update ledger_entries set amount_nanos = 1',
        'truncate ledger_entries',
        `truncate ${day?.name}`,
        `delete from ${day?.name}`,
        `drop table ${day?.name}`,
        `alter table ledger_entries detach partition ${day?.name}`,
        'alter table ledger_entries disable trigger all',
        'set session_replication_role = replica',
        'drop trigger ledger_refuses_delete on ledger_entries',
        "select drop_day('ledger_entries', current_date)",
        "select fold_ledger_before('2020-01-01')",
        'insert into ledger_horizons (horizon, entries_before, entries_after) values (now(), 0, 0)',
        'delete from cost_entries',
        'delete from audit',
        'set role carom',
        'create table ledger_entries_mine ()',
      ])
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' });
      expect((await client.query('select from ledger_entries')).rowCount).toBe(1);
    } finally {
      client.release();
    }
  });

  it('cannot have the owner run anything else for it', async () => {
    await expect(
      ground.pool.query("select ensure_partitions('conversions', current_date, current_date)"),
    ).rejects.toThrow('conversions is not kept by days');
    await expect(ground.pool.query("select drop_day('conversions', current_date)")).rejects.toThrow('are not dropped');
  });
});

describe('a ledger whose old entries are folded', () => {
  it('keeps its sums, states, reports and the books of every moment that is left', async () => {
    await live(100, [
      'CLICK&transaction_id=A&amount=10&status=pending',
      'transaction_id=A&status=approved',
      'transaction_id=A&amount=-3&status=reversed&reversal_of=A',
      'CLICK&transaction_id=B&amount=7&status=pending',
      'CLICK&transaction_id=C&status=approved',
      'CLICK&transaction_id=D&amount=4&currency=EUR',
      'transaction_id=D&status=rejected',
      'CLICK&transaction_id=D&amount=5&currency=USD&status=approved',
      'CLICK&transaction_id=E&amount=6&status=approved',
      'transaction_id=E&status=reversed',
    ]);
    await live(90, ['transaction_id=B&status=approved', 'CLICK&transaction_id=F&amount=2']);
    await live(50, ['transaction_id=B&status=reversed', 'transaction_id=C&amount=9']);
    await live(40, ['CLICK&transaction_id=G&amount=1', 'transaction_id=G&status=rejected']);
    expect(await proof()).toEqual([]);
    const moments = [null, new Date(Date.now() - 60 * dayMs), new Date(Date.now() - 45 * dayMs)];
    const printed = await Promise.all(moments.map(books));
    const entries = (await ground.rows('select from ledger_entries')).length;

    const dry = command('--keep-days', '60');
    expect([dry.status, dry.stdout]).toEqual([
      0,
      expect.stringMatching(/^2 days before .* hold 13 entries of 6 conversions; --commit/),
    ]);
    expect(await ground.rows('select from ledger_entries')).toHaveLength(entries);
    const done = command('--keep-days', '60', '--commit');
    expect([done.status, done.stdout]).toEqual([
      0,
      expect.stringMatching(/^folded 2 days before .*: 13 entries became 7\n/),
    ]);
    expect((await ledgerHorizon(ground.pool))?.toISOString()).toBe(`${dayAgo(60)}T00:00:00.000Z`);

    expect(await proof()).toEqual([]);
    expect(await Promise.all(moments.map(books))).toEqual(printed);
    expect(
      await ground.rows(
        `select rule, from_bucket, to_bucket, (amount_nanos / 1000000000)::int as amount, e.state, postback_id from ledger_entries e
         join conversions c on c.id = e.conversion_id where transaction_id = 'A' order by to_bucket`,
      ),
    ).toEqual([
      {
        rule: 'carried_over',
        from_bucket: 'outside',
        to_bucket: 'approved',
        amount: 7,
        state: 'approved',
        postback_id: null,
      },
      {
        rule: 'carried_over',
        from_bucket: 'outside',
        to_bucket: 'reversed',
        amount: 3,
        state: 'approved',
        postback_id: null,
      },
    ]);
  });

  it('continues: later entries are booked on the carried sums, and can be folded later', async () => {
    await live(0, ['transaction_id=A&status=reversed', 'CLICK&transaction_id=H&amount=1']);
    expect(await proof()).toEqual([]);
    const [before, earlier] = [await books(null), new Date(Date.now() - 34 * dayMs)];
    const thatTime = await books(earlier);
    // Both at once, while attribution writes: one of the two finds nothing left to do.
    const both = await Promise.all([
      foldLedger(ground.ownerPool, dayAgo(35)),
      foldLedger(ground.ownerPool, dayAgo(35)),
      live(0, ['CLICK&transaction_id=I&amount=0']),
    ]);
    expect(
      both
        .slice(0, 2)
        .map((each) => (each as { days: number }).days)
        .sort(),
    ).toEqual([0, 2]);
    expect(await proof()).toEqual([]);
    expect(await books(earlier)).toEqual(thatTime);
    expect((await books(null))[0]?.money).toEqual(before[0]?.money);
    await ground.pool.query("select ensure_partitions('ledger_entries', $1::date, $1::date)", [dayAgo(80)]);
    expect(
      await ground.rows(
        "select to_regclass('ledger_entries_before_' || to_char($1::date, 'YYYYMMDD')) is not null as kept",
        [dayAgo(60)],
      ),
    ).toEqual([{ kept: true }]);
  });

  it('keeps the last month whole, and reports what is missing when a carried entry is removed over', async () => {
    await expect(foldLedger(ground.ownerPool, dayAgo(20))).rejects.toThrow('keeps at least 31 days whole');
    expect(command('--keep-days', '20').status).toBe(2);
    await ground.rows(`alter table ledger_entries disable trigger ledger_refuses_delete`);
    await ground.rows(
      "delete from ledger_entries where rule = 'carried_over' and to_bucket = 'outside' and from_bucket = 'outside'",
    );
    await ground.rows('alter table ledger_entries enable trigger ledger_refuses_delete');
    expect(await proof()).toContainEqual(
      expect.objectContaining({ what: 'what was carried over is not what was written when the ledger was folded' }),
    );
  });
});
