import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusals } from '#domain';
import pg from 'pg';
import { startService, type Service } from '../support/service.js';
import { waitFor } from '../support/wait-for.js';
import { openIntakeGround, type IntakeGround } from './intake-ground.js';

/** Refusals of the stage `later`, each provoked over HTTP: the caller gets OK, and the log says
 * what became of the call. Orphans wait for nothing here (`ATTRIBUTION_ORPHAN_DAYS=0`), and a click
 * is credited from its id at once. */

const url = 'https://offer.example.com/?aff_sub={click_id}';
let ground: IntakeGround;
let attribution: Service | undefined;
let pool: pg.Pool | undefined;

beforeAll(async () => {
  ground = await openIntakeGround({
    networks: [
      { key: 'one', statusMap: { nothing: 'ignored' } },
      { key: 'two' },
      { key: 'strict', security: { requireToken: true } },
      { key: 'by-click', identity: 'click+transaction' },
      { key: 'final', locksOnApproval: true },
    ],
    sources: [{ key: 'ads' }],
    offers: ['one', 'two', 'strict', 'by-click', 'final', 'gone'].map((key) => ({ key, networkKey: key, url })),
    campaigns: ['one', 'two', 'strict', 'by-click', 'final', 'gone'].map((key) => ({
      key,
      sourceKey: 'ads',
      offers: [{ offerKey: key }],
    })),
  });
  attribution = await startService('attribution', {
    ...ground.env,
    ATTRIBUTION_ORPHAN_DAYS: '0',
    ATTRIBUTION_CREDIT_AFTER_SECONDS: '0',
    ATTRIBUTION_SWEEP_MS: '200',
  });
  pool = new pg.Pool({ connectionString: ground.env.DATABASE_URL, max: 2 });
});
afterAll(async () => {
  await pool?.end();
  await attribution?.stop();
  await ground?.close();
});

/** What became of a call, once attribution has decided. */
const outcomeOf = async (answer: Response): Promise<{ status: number; state: string; refusal: string | null }> => {
  const id = answer.headers.get('carom-postback-id');
  const row = await waitFor(async () => {
    const found = await pool?.query<{ state: string; refusal: string | null }>(
      "select state, refusal from postbacks where id = $1 and state <> 'orphan'",
      [id],
    );
    return found?.rows[0];
  }, 50_000);
  return { status: answer.status, ...row };
};
const call = async (query: string, network?: string) =>
  outcomeOf(await fetch(`${ground.ingest.url}/postback${network ? `/token-${network}` : ''}?${query}`));
const refusedLater = (refusal: string) => ({ status: 200, state: 'refused', refusal });
const applied = { status: 200, state: 'applied', refusal: null };

/** Each provokes one refusal, after the calls that it needs before it. */
const provocations: Record<string, () => Promise<unknown>> = {
  token_required: async () => call(`click_id=${await ground.click('strict')}&amount=1`),
  network_unknown: async () => call(`click_id=${await ground.click('gone')}&amount=1`),
  network_ambiguous: async () => {
    for (const key of ['one', 'two'])
      expect(await call(`click_id=${await ground.click(key)}&txid=SAME&amount=1`)).toEqual(applied);
    return call('transaction_id=SAME&amount=1');
  },
  transaction_ambiguous: async () => {
    for (const txid of ['TWICE', 'TWICE'])
      expect(await call(`click_id=${await ground.click('by-click')}&txid=${txid}&amount=1`)).toEqual(applied);
    return call('transaction_id=TWICE&amount=1', 'by-click');
  },
  click_unknown: () => call('click_id=never-seen&amount=1', 'one'),
  transaction_unknown: () => call('transaction_id=never-seen&amount=1', 'one'),
  status_ignored: async () => call(`click_id=${await ground.click('one')}&status=nothing`),
  status_unmapped: async () => call(`click_id=${await ground.click('one')}&status=fnord`),
  click_of_other_network: async () => call(`click_id=${await ground.click('two')}&amount=1`, 'one'),
  proof_required: async () => {
    const clickId = await ground.click('one');
    expect(await call(`click_id=${clickId}&txid=P&amount=5`)).toEqual(applied);
    return call(`click_id=${clickId}&txid=P&status=reversed`);
  },
  too_many_reports: async () => {
    const path = `click_id=${await ground.click('one')}&txid=MANY&amount=`;
    const amounts = Array.from({ length: 50 }, (_, index) => index + 1);
    await Promise.all(amounts.map((amount) => call(`${path}${amount}`)));
    return call(`${path}51`);
  },
  transaction_on_other_click: async () => {
    expect(await call(`click_id=${await ground.click('one')}&txid=TAKEN&amount=1`)).toEqual(applied);
    return call(`click_id=${await ground.click('one')}&txid=TAKEN&amount=1`);
  },
  conversion_locked: async () => {
    const clickId = await ground.click('final');
    expect(await call(`click_id=${clickId}&txid=L&amount=1&currency=USD&status=approved`)).toEqual(applied);
    expect(await call(`click_id=${clickId}&txid=L&amount=1&currency=USD`, 'final')).toMatchObject({ refusal: null });
    return call(`click_id=${clickId}&txid=L&status=rejected`, 'final');
  },
  currency_differs: async () => {
    const clickId = await ground.click('one');
    expect(await call(`click_id=${clickId}&txid=C&amount=1&currency=USD`)).toEqual(applied);
    return call(`click_id=${clickId}&txid=C&amount=1&currency=EUR`);
  },
  amount_exceeds_balance: async () => {
    const clickId = await ground.click('one');
    expect(await call(`click_id=${clickId}&txid=B&amount=1&currency=USD`)).toEqual(applied);
    return call(`click_id=${clickId}&txid=B&amount=-2&currency=USD&status=reversed`, 'one');
  },
};

describe('a refusal that is decided after the answer', () => {
  /** Here no call waits; upkeep.int.spec.ts provokes this one. */
  const elsewhere = 'too_many_waiting';
  const later = refusals.filter(({ code, stage }) => stage === 'later' && code !== elsewhere).map(({ code }) => code);

  it.each(later)('%s is provoked by a call that is answered OK', async (code) => {
    expect(await provocations[code]?.()).toEqual(refusedLater(code));
  });
});
