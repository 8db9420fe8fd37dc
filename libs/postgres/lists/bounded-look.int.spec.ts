import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  listClicks,
  listConversions,
  listDeliveries,
  listPostbacks,
  only,
  type ClickFilter,
  type DeliveryFilter,
  type PostbackFilter,
} from '#postgres';
import { clickList } from './click-list.js';
import type { ConversionFilter } from './conversion-filter.js';
import { runList, type Page } from './run-list.js';
import { openTestGround, type TestGround } from '../../../test/support/ground.js';

let ground: TestGround;
let pool: pg.Pool;
beforeAll(async () => {
  ground = await openTestGround();
  pool = new pg.Pool({ connectionString: ground.databaseUrl, max: 2 });
  await pool.query(`insert into clicks (clicked_at, click_id, campaign_key, source_key, offer_key, network_key, channel)
    select now() - n * interval '1 second', 'k' || n, case when n % 55000 = 0 then 'rare' else 'usual' end, 'ads', 'shoes', 'acme', 'redirect'
    from generate_series(1, 60000) n`);
});
afterAll(async () => {
  await pool?.end();
  await ground?.close();
});

const id = '019f0000-0000-7000-8000-000000000000';
const text = { not: false, values: ['x', ''] };
const range = { from: new Date(0), to: new Date() };
const page = { before: null, limit: 5 };

describe('a list with a filter that no index serves', () => {
  it('looks at 50,000 rows, says where it stopped, and goes on there', async () => {
    const filter: ClickFilter = { campaignKey: only('rare') };
    const first = await listClicks(pool, filter, page);
    expect([first.rows.length, first.stoppedAt?.id]).toEqual([0, 'k50001']);
    const second = await listClicks(pool, filter, { ...page, before: first.stoppedAt });
    expect([second.rows.map(({ clickId }) => clickId), second.stoppedAt]).toEqual([['k55000'], null]);
  });

  it('does the same where the oldest come first', async () => {
    const oldest = (before: Page['before']) => {
      const list = { ...clickList({ campaignKey: only('rare') }), order: 'oldest' as const };
      return runList<{ clickId: string }>(pool, list, { before, limit: 5 });
    };
    const first = await oldest(null);
    expect([first.rows.map(({ clickId }) => clickId), first.stoppedAt?.id]).toEqual([['k55000'], 'k10000']);
    expect(await oldest(first.stoppedAt)).toEqual({ rows: [], stoppedAt: null });
  });

  it('says nothing of it when its page is full, or when there is nothing more to look at', async () => {
    expect((await listClicks(pool, { campaignKey: only('usual') }, page)).stoppedAt).toBeNull();
    expect((await listClicks(pool, { campaignKey: only('none'), from: new Date() }, page)).stoppedAt).toBeNull();
  });

  it('finds calls and deliveries of a campaign with few conversions, however old they are', async () => {
    await pool.query(
      `insert into conversions (id, base_id, identity, network_key, campaign_key, state, money_known, occurred_at, recorded_at, changed_at, revision, rules)
       select $1, $1, 'transaction acme T1', 'acme', 'few', 'approved', true, now(), now(), now(), 1, '{}'`,
      [id],
    );
    await pool.query(`insert into postbacks (received_at, id, network_key, state, channel, authenticated_by, conversion_id, read, raw)
      select now() - n * interval '1 ms', gen_random_uuid(), 'acme', 'applied', 'postback', 'token',
        case when n = 60000 then '${id}'::uuid end, '{}', '{}' from generate_series(1, 60000) n`);
    await pool.query(`insert into deliveries (conversion_id, destination_key, once, id, cause, revision, state, due_at, facts, created_at)
      select case when n = 60000 then '${id}'::uuid else gen_random_uuid() end, 'source:ads', 'approved', gen_random_uuid(), 'approved',
        1, 'delivered', now(), '{}', now() - n * interval '1 ms' from generate_series(1, 60000) n`);
    for (const filter of [{ campaignKey: only('few') }, { campaignKey: only('few'), networkKey: only('acme') }]) {
      expect(await listPostbacks(pool, filter, page)).toMatchObject({ rows: [{ conversionId: id }], stoppedAt: null });
      expect(await listDeliveries(pool, filter, page)).toMatchObject({ rows: [{ conversionId: id }], stoppedAt: null });
    }
    expect((await listDeliveries(pool, { campaignKey: only('none') }, page)).rows).toEqual([]);
  });

  it('takes all of its filters together', async () => {
    const keys = {
      networkKey: text,
      campaignKey: text,
      sourceKey: text,
      offerKey: text,
      externalId: text,
      clickId: text,
    };
    const postbacks: PostbackFilter = {
      ...{
        ...keys,
        ...range,
        id: only(id),
        transactionId: text,
        conversionId: only(id),
        uploadId: only(id),
        state: only('refused'),
      },
      ...{ refusal: text, channel: text, authenticatedBy: text, statusWord: text, remoteAddress: text, problem: text },
      ...{ test: true, text: 'x' },
    };
    const conversions: ConversionFilter = {
      ...{
        ...keys,
        ...range,
        id: only(id),
        transactionId: text,
        event: text,
        state: only('approved'),
        mark: only('late'),
      },
      ...{ counted: true, tokens: [{ name: 'zone', ...text }], timeBy: 'clicked', asOf: new Date() },
    };
    const deliveries: DeliveryFilter = {
      ...{ ...keys, ...range, id: only(id), conversionId: only(id), destinationKey: text, transactionId: text },
      ...{ state: only('delivered'), cause: text, reason: text, status: text, minAttempts: 1 },
    };
    const clicks: ClickFilter = {
      ...{ ...keys, ...range, channel: text, flag: text, unique: true, tokens: [{ name: 'zone', ...text }] },
    };
    expect((await listPostbacks(pool, postbacks, page)).rows).toHaveLength(0);
    expect((await listPostbacks(pool, { refusal: only('x') }, page)).rows).toHaveLength(0);
    expect((await listConversions(pool, conversions, page)).rows).toHaveLength(0);
    expect((await listDeliveries(pool, deliveries, page)).rows).toHaveLength(0);
    expect((await listDeliveries(pool, { state: only('waiting') }, page)).rows).toHaveLength(0);
    expect((await listClicks(pool, clicks, page)).rows).toHaveLength(0);
  });
});
