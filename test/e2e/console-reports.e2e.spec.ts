import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startSystem, type System } from '../support/system.js';
import { waitFor } from '../support/wait-for.js';

type Money = { pending: string; approved: string; rejected: string; reversed: string };
type Figures = {
  currency: string;
  clicks: number;
  uniqueClicks: number;
  conversions: Record<string, number>;
  money: Money;
  revenue: string;
  epc: string | null;
  unconverted: { currency: string; money: Money }[];
};
type Details = {
  convertedClicks: number;
  medianSecondsToConvert: number | null;
  owed: number;
  delivered: number;
  calls: { received: number; refused: number; waiting: number } | null;
};
type Line = Figures & {
  key: (string | null)[];
  conversionsAt: Record<string, string>;
  previous: Figures | null;
  details: Details | null;
};
type Report = {
  from: string;
  groupBy: string[];
  items: Line[];
  totals: Figures[];
  rest: { lines: number; figures: Figures[] } | null;
  next: string | null;
  behindSeconds: number | null;
};
type Conversion = { id: string; state: string; money: Money | null; recordedAt: string };

let ground: TestGround;
let system: System;
let receiver: Receiver;

const report = async (query: string): Promise<Report> => (await system.api<Report>('GET', `/reports?${query}`)).body;
const lines = async (query: string): Promise<Line[]> => (await report(query)).items;
const list = async <Item>(path: string): Promise<Item[]> =>
  (await system.api<{ items: Item[] }>('GET', path)).body.items;
const behind = (line: Line): Promise<Conversion[]> =>
  list<Conversion>(`/conversions?limit=500&${new URLSearchParams(line.conversionsAt).toString()}`);
const count = ({ conversions }: Figures): number => Object.values(conversions).reduce((sum, each) => sum + each, 0);
const micros = (text: string) => Math.round(Number(text) * 1e6);

const click = async (campaign: string, zone: string, creative = ''): Promise<string> => {
  const query = new URLSearchParams({ click_id: `x-${zone}`, zone, ...(creative !== '' && { creative }) });
  const answer = await fetch(`${system.ingest.url}/c/${campaign}?${query.toString()}`, {
    redirect: 'manual',
    headers: { 'user-agent': `browser ${zone}` },
  });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('sub') ?? '';
};

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  system = await startSystem(ground);
  const { token } = (
    await system.api<{ token: string }>('POST', '/networks', { key: 'acme', name: 'Acme', defaultCurrency: 'USD' })
  ).body;
  await system.api('POST', '/sources', {
    key: 'ads',
    name: 'Ads',
    tokens: { zone: 'zone', creative: 'creative' },
    destination: { url: `${receiver.url}/conversion?click_id={click_id}&v={value}` },
  });
  await system.api('POST', '/offers', {
    key: 'shoes',
    networkKey: 'acme',
    url: 'https://shop.example.com/?sub={click_id}',
  });
  const offers = [{ offerKey: 'shoes' }];
  for (const key of ['spring', 'autumn'])
    await system.api('POST', '/campaigns', { key, sourceKey: 'ads', offers, reportTokens: ['zone', 'creative'] });
  await waitFor(async () => (await fetch(`${system.ingest.url}/c/autumn`, { redirect: 'manual' })).status === 302);
  const sale = (clickId: string, id: string, more: string) =>
    fetch(`${system.ingest.url}/postback/${token}?clickid=${clickId}&transaction_id=${id}&${more}`);
  const first = await click('spring', '771', 'a');
  await sale(first, 'S-1', 'amount=12.5&status=approved');
  await sale(first, 'S-2', 'amount=1&status=approved&event=upsell');
  await sale(await click('spring', '772', 'a'), 'S-3', 'amount=3&status=pending&event=signup');
  await sale(await click('spring', '772', 'b'), 'S-4', 'amount=4&status=rejected');
  await sale(await click('autumn', '771'), 'S-5', 'amount=50&status=approved');
  await sale(await click('autumn', '773'), 'S-6', 'amount=5&status=unheard-of');
  for (let zone = 0; zone < 5; zone += 1) await click('autumn', `other-${zone}`);
  await waitFor(async () => (await list('/postbacks?state=applied,refused')).length === 6, 30_000, 'six calls');
  await waitFor(async () => (await list('/clicks?limit=500')).length === 11, 30_000, 'eleven clicks');
  await waitFor(async () => (await list('/deliveries?state=delivered')).length === 3, 30_000, 'three deliveries');
});

afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

describe('a report', () => {
  it('adds up to the conversions that its filters find, and to its totals', async () => {
    const conversions = await list<Conversion>('/conversions?campaignKey=spring&limit=500');
    const approved = conversions.reduce((sum, { money }) => sum + micros(money?.approved ?? '0'), 0);
    const [line, ...others] = await lines('groupBy=campaign&campaignKey=spring&currency=USD');
    expect(others).toEqual([]);
    expect(line).toMatchObject({ key: ['spring'], clicks: 3, conversions: { approved: 2, pending: 1, rejected: 1 } });
    expect(micros(line?.money.approved ?? '')).toBe(approved);
    const byMore = await report('groupBy=day,hour,offer,event,token.zone&campaignKey=spring&currency=USD');
    expect(byMore.items.reduce((sum, { money }) => sum + micros(money.approved), 0)).toBe(approved);
    expect(byMore.totals).toMatchObject([{ clicks: 3, money: line?.money }]);
  });

  it.each([
    'groupBy=day,campaign&timeZone=UTC',
    'groupBy=day,campaign&timeZone=America/Los_Angeles',
    'groupBy=day,hour&timeZone=Asia/Kolkata',
    'groupBy=day,hour,event&timeZone=%2B09:00',
    'groupBy=event,token.zone',
    'groupBy=token.zone,token.creative',
    'groupBy=campaign,token.creative&token=!zone:772',
    'groupBy=network,source&token=zone:771,zone:772&event=',
  ])('leads from each line of %s to exactly the conversions behind it', async (query) => {
    const items = await lines(`${query}&currency=USD`);
    expect(items.length).toBeGreaterThan(0);
    for (const line of items) expect(await behind(line)).toHaveLength(count(line));
    const all = await lines(`groupBy=network&currency=USD&${query.replace(/groupBy=[^&]+&?/, '')}`);
    expect(items.reduce((sum, line) => sum + count(line), 0)).toBe(all.reduce((sum, line) => sum + count(line), 0));
  });

  it('has a token of many values, sorted by any figure, in pages, with the rest in one line', async () => {
    const query = 'groupBy=token.zone&currency=USD&sort=-revenue';
    const all = await report(query);
    expect(all.items.map(({ key }) => key[0]).slice(0, 2)).toEqual(['771', '772']);
    expect(all.items).toHaveLength(9);
    expect(all.rest).toBeNull();
    const page = await report(`${query}&limit=2`);
    expect(page.items).toEqual(all.items.slice(0, 2));
    expect(page.rest).toMatchObject({ lines: 7, figures: [{ clicks: 11 - 4 }] });
    const second = await report(`${query}&limit=2&cursor=${page.next}`);
    expect(second.items).toEqual(all.items.slice(2, 4));
    expect(second.totals).toEqual(all.totals);
    expect((await lines('groupBy=token.zone&sort=clicks&limit=1'))[0]?.clicks).toBe(1);
  });

  it('converts at the rate of the day, says what a click earns, and takes the same figures from the books', async () => {
    const day = new Date().toISOString().slice(0, 10);
    await system.api('POST', '/rates', { rates: [{ day, currency: 'USD', perEuro: '2' }] });
    const query = 'groupBy=campaign&campaignKey=spring';
    const [[dollars], [euros]] = await Promise.all([lines(query), lines(`${query}&currency=EUR`)]);
    expect(dollars?.currency).toBe('USD');
    expect(Number(euros?.money.approved)).toBeCloseTo(Number(dollars?.money.approved) / 2, 8);
    expect(Number(dollars?.epc)).toBeCloseTo(Number(dollars?.revenue) / (dollars?.clicks ?? 0), 5);
    const asOf = (text: string) => lines(`${query}&asOf=${text}`);
    expect(await asOf('2100-01-01T00:00:00Z')).toMatchObject([{ money: dollars?.money, clicks: dollars?.clicks }]);
    expect(await asOf('2020-01-01T00:00:00Z')).toEqual([]);
    const [yen] = await lines(`${query}&currency=JPY`);
    expect(yen).toMatchObject({ money: { approved: '0' }, unconverted: [{ currency: 'USD', money: dollars?.money }] });
    for (const by of ['campaign,token.zone', 'token.zone,token.creative', 'event'])
      expect((await lines(`groupBy=${by}&currency=USD&timeBy=clicked`)).map(({ key, money }) => [key, money])).toEqual(
        (await lines(`groupBy=${by}&currency=USD`)).map(({ key, money }) => [key, money]),
      );
  });

  it('compares each line with the same time before', async () => {
    const now = Date.now();
    const at = (ms: number) => new Date(ms).toISOString();
    const hour = 3_600_000;
    const [line] = await lines(
      `groupBy=campaign&campaignKey=spring&compare=previous&from=${at(now + hour)}&to=${at(now + 3 * hour)}`,
    );
    expect(line).toBeUndefined();
    const [today] = await lines(`groupBy=campaign&campaignKey=spring&compare=previous`);
    expect([today?.clicks, today?.previous]).toEqual([3, null]);
    const answer = await system.api('GET', '/reports?groupBy=day&compare=previous');
    expect([answer.status, answer.body['code']]).toEqual([422, 'compare_by_time']);
  });

  it('counts converted clicks apart from events, and refused deliveries apart from delivered ones', async () => {
    const [spring] = await lines('groupBy=campaign&campaignKey=spring&currency=USD&details=true');
    expect(spring?.details).toMatchObject({ convertedClicks: 2, owed: 2, delivered: 2, calls: null });
    expect(spring?.details?.medianSecondsToConvert).toBeGreaterThanOrEqual(0);
    const [acme] = await lines('groupBy=network&currency=USD&details=true');
    expect(acme?.details?.calls).toEqual({ received: 6, refused: 1, waiting: 0 });
    expect((await lines('groupBy=network'))[0]?.details).toBeNull();
    expect((await report('groupBy=network')).behindSeconds).toBe(0);
  });

  it('shows a conversion as of a moment when it was different or did not exist', async () => {
    const [one] = await list<Conversion>('/conversions?campaignKey=spring&state=approved&limit=1');
    const before = new Date(Date.parse(one?.recordedAt ?? '') - 1).toISOString();
    const now = (await system.api('GET', `/conversions/${one?.id}`)).body;
    const then = await system.api('GET', `/conversions/${one?.id}?asOf=2100-01-01T00:00:00Z`);
    expect(then.body).toMatchObject({ state: now['state'], money: now['money'], entries: now['entries'] });
    const none = await system.api('GET', `/conversions/${one?.id}?asOf=${before}`);
    expect(none.body).toMatchObject({ state: null, money: null, entries: [] });
    expect(await list('/conversions?asOf=2020-01-01T00:00:00Z')).toEqual([]);
  });

  it.each([
    'groupBy=drop',
    'groupBy=day,day',
    'groupBy=day,hour,event,offer,source,network',
    'from=x',
    'groupBy=',
    'timeZone=Mars',
    'token=zone',
    'groupBy=token.',
    'sort=weather',
    'cursor=x',
  ])('refuses the query %s', async (query) => {
    expect((await system.api('GET', `/reports?${query}`)).status).toBe(422);
  });
});
