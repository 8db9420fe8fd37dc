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
import { runList, type Page } from './list-filter.js';
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
