import { describe, expect, it } from '@jest/globals';
import { waitFor } from '../../support/wait-for.js';
import type { RealInputs } from './ground.js';

/** What ad networks are sent of clicks and times that they would refuse, and reports over days
 * that begin at half hours or have 25 hours. */

const dayMs = 86_400_000;
const at = (ms: number): string => new Date(ms).toISOString();

type Event = { event_time: number; user_data: { fbc?: string }; custom_data: { order_id: string } };
type Destination = Record<string, unknown> & { onReversal: Record<string, unknown> | null };

/** A source made of its preset whose calls come to the test's receiver. */
const sourceFromPreset = async (
  { system: { api }, receiver }: RealInputs,
  preset: string,
  destination: Record<string, unknown> = {},
): Promise<void> => {
  type Field = { name: string; example: string };
  const { body } = await api<{ fields: Field[] }>('GET', `/presets/sources/${preset}`);
  const presetFields = Object.fromEntries(body.fields.map(({ name, example }) => [name, example]));
  const made = await api<{ destination: Destination }>('POST', '/sources', { key: preset, preset, presetFields });
  expect([made.status, made.status === 201 ? null : made.body]).toEqual([201, null]);
  const url = `${receiver.url}/${preset}`;
  const { onReversal, ...main } = made.body.destination;
  const headers = { 'content-type': 'application/json' };
  const changed = await api('PUT', `/sources/${preset}`, {
    ...made.body,
    destination: {
      ...main,
      url,
      headers,
      onRestatement: null,
      onReversal: onReversal && { ...onReversal, url: `${url}/reversal`, headers },
      ...destination,
    },
  });
  expect([changed.status, changed.status === 200 ? null : changed.body]).toEqual([200, null]);
};

export const outboundCases = (given: () => RealInputs): void => {
  describe('what Meta is sent', () => {
    const eventsOf = (orders: readonly string[]): Promise<Map<string, Event>> =>
      waitFor(() => {
        const events = given()
          .receiver.requests.filter(({ path }) => path === '/meta-capi')
          .map(({ body }) => (JSON.parse(body.toString()) as { data: Event[] }).data[0] as Event);
        const named = new Map(events.map((event) => [event.custom_data.order_id, event]));
        return orders.every((order) => named.has(order)) ? named : null;
      }, 30_000);

    it('names no click that is too old or later, wraps none twice, and states no time before its click', async () => {
      const inputs = given();
      inputs.receiver.answer({ body: '{"events_received":1}' });
      await sourceFromPreset(inputs, 'meta-capi');
      await inputs.network('fbc', { defaultCurrency: 'USD' }, 0, {
        offer: { windowDays: 120 },
        sourceKey: 'meta-capi',
      });
      const now = Date.now();
      const hour = now - 3_600_000;
      const made = `fb.1.${hour}.IwARabc`;
      const click = (id: string, ms: number, externalId: string) => ({
        click_id: id,
        clicked_at: at(ms),
        campaign: 'fbc-ads',
        external_id: externalId,
        'token.email': 'jane@example.com',
      });
      await inputs.importClicks([
        click('FBC-OLD', now - 95 * dayMs, 'IwARold'),
        click('FBC-MADE', hour, made),
        click('FBC-NEW', hour, 'IwARnew'),
      ]);
      await inputs.call('fbc', 'click_id=FBC-OLD&transaction_id=old&amount=5');
      await inputs.call('fbc', 'click_id=FBC-MADE&transaction_id=made&amount=5');
      await inputs.call('fbc', `click_id=FBC-NEW&transaction_id=new&amount=5&occurred_at=${at(hour - 7_200_000)}`);
      const events = await eventsOf(['old', 'made', 'new']);
      expect(events.get('old')?.user_data.fbc).toBeUndefined();
      expect(events.get('made')?.user_data.fbc).toBe(made);
      expect(events.get('new')).toMatchObject({
        event_time: Math.floor(hour / 1000),
        user_data: { fbc: `fb.1.${hour}.IwARnew` },
      });
    });

    it('is sent nothing of a row whose time cannot be read, and the right time of one that can', async () => {
      const inputs = given();
      const sale = Math.floor((Date.now() - 1_800_000) / 1000);
      await inputs.importClicks(
        ['ET-1', 'ET-2'].map((id) => ({
          click_id: id,
          clicked_at: at(Date.now() - 2 * dayMs),
          campaign: 'fbc-ads',
          external_id: `IwAR${id}`,
        })),
      );
      const file = `click_id,order_id,commission,event_date\nET-1,unreadable,5.00,last tuesday\nET-2,readable,6.00,${at(sale * 1000)}\n`;
      const { body } = await inputs.upload(
        'fbc',
        file,
        `&dispatch=true&mapping=${encodeURIComponent('{"dateOrder":"ymd"}')}`,
      );
      expect(body.rows.map(({ outcome, code }) => code ?? outcome)).toEqual(['time_unreadable', 'accepted']);
      const events = await eventsOf(['readable']);
      expect(events.get('readable')?.event_time).toBe(sale);
      expect(events.has('unreadable')).toBe(false);
    });
  });

  it('Google is sent the hour that a change of clocks repeats as the one after the click, and an hour that it skips counted on', async () => {
    const inputs = given();
    inputs.receiver.answer({ body: '{}' });
    await sourceFromPreset(inputs, 'google-ads', { maxAgeDays: 365 });
    const zone = { defaultCurrency: 'USD', timeZone: 'America/New_York' };
    await inputs.network('zoned', zone, 0, { offer: { windowDays: 400 }, sourceKey: 'google-ads' });
    const clicks = { 'TZ-1': '2026-11-01T05:20:00Z', 'TZ-2': '2026-11-01T05:40:00Z', 'TZ-3': '2026-03-08T05:00:00Z' };
    await inputs.importClicks(
      Object.entries(clicks).map(([id, when]) => ({
        click_id: id,
        clicked_at: when,
        campaign: 'zoned-ads',
        external_id: `gclid-${id}`,
      })),
    );
    const times = { 'TZ-1': '2026-11-01 01:25:00', 'TZ-2': '2026-11-01 01:25:00', 'TZ-3': '2026-03-08 02:30:00' };
    for (const [id, time] of Object.entries(times))
      await inputs.call(
        'zoned',
        `click_id=${id}&transaction_id=${id}&amount=5&conversion_time=${encodeURIComponent(time)}`,
      );
    type Upload = { conversions: { gclid: string; conversionDateTime: string }[] };
    const sent = await inputs.receiver.awaitRequests(({ path }) => path === '/google-ads', 30_000, 3);
    const uploaded = sent.map(({ body }) => (JSON.parse(body.toString()) as Upload).conversions[0]);
    expect(Object.fromEntries(uploaded.map((each) => [each?.gclid, each?.conversionDateTime]))).toEqual({
      'gclid-TZ-1': '2026-11-01 05:25:00+00:00',
      'gclid-TZ-2': '2026-11-01 06:25:00+00:00',
      'gclid-TZ-3': '2026-03-08 07:30:00+00:00',
    });
  });

  it('Microsoft is asked to retract the time that it was sent, whatever a file said in between', async () => {
    const inputs = given();
    inputs.receiver.answer({ body: '{"PartialErrors":[]}' });
    await sourceFromPreset(inputs, 'microsoft-ads');
    await inputs.network('bing', { defaultCurrency: 'USD' }, 0, { sourceKey: 'microsoft-ads' });
    await inputs.importClicks([
      { click_id: 'MS-1', clicked_at: at(Date.now() - dayMs), campaign: 'bing-ads', external_id: 'msclkid-1' },
    ]);
    await inputs.call('bing', 'click_id=MS-1&transaction_id=ms&amount=5');
    type Sent = Record<string, { ConversionTime: string }[]>;
    const timeIn = async (path: string, list: string): Promise<string | undefined> => {
      const [request] = await inputs.receiver.awaitRequests((each) => each.path === path, 30_000);
      return (JSON.parse(request?.body.toString() ?? '{}') as Sent)[list]?.[0]?.ConversionTime;
    };
    const first = await timeIn('/microsoft-ads', 'OfflineConversions');
    const file = `click_id,transaction_id,commission,occurred_at\nMS-1,ms,5.00,${at(Date.now() - 1_200_000)}\n`;
    await inputs.upload('bing', file);
    await inputs.decided('bing', 2);
    await inputs.call('bing', 'transaction_id=ms&status=reversed');
    expect(await timeIn('/microsoft-ads/reversal', 'OfflineConversionAdjustments')).toBe(first);
  });
};

export const dayCases = (given: () => RealInputs): void => {
  describe('days of a report', () => {
    type Line = { key: string[]; conversions: Record<string, number>; conversionsAt: Record<string, string> };
    const report = async (query: string): Promise<Line[]> =>
      (await given().system.api<{ items: Line[] }>('GET', `/reports?timeBy=occurred&currency=USD&${query}`)).body.items;
    const counted = (found: Line[]): [string, number][] =>
      found
        .map(({ key, conversions }): [string, number] => [key.join(' '), conversions['approved'] ?? 0])
        .filter(([, count]) => count > 0);
    const sales = async (key: string, times: readonly string[]): Promise<void> => {
      const { network, importClicks, upload, decided } = given();
      await network(key, { defaultCurrency: 'USD' }, 0, { offer: { windowDays: 400 } });
      const rows = times.map((time, nth) => ({ id: `${key.toUpperCase()}-${nth}`, time }));
      await importClicks(
        rows.map(({ id, time }) => ({
          click_id: id,
          clicked_at: at(Date.parse(time) - 60_000),
          campaign: `${key}-ads`,
        })),
      );
      const file = rows.map(({ id, time }) => `${id},${id},1.00,${time}`);
      await upload(key, `click_id,transaction_id,commission,occurred_at\n${file.join('\n')}\n`, '&dispatch=false');
      await decided(key, times.length);
    };

    it('begin at the half hour where the zone does, and lead to exactly their conversions', async () => {
      await sales('half', ['2026-03-10T18:15:00Z', '2026-03-10T18:45:00Z']);
      const days = 'groupBy=day&campaignKey=half-ads';
      const two: [string, number][] = [
        ['2026-03-10', 1],
        ['2026-03-11', 1],
      ];
      const found = await report(`${days}&timeZone=Asia/Kolkata&from=2026-03-10&to=2026-03-12`);
      expect(counted(found)).toEqual(two);
      for (const { conversionsAt } of found) {
        const query = new URLSearchParams(conversionsAt).toString();
        const behind = await given().system.api<{ items: unknown[] }>('GET', `/conversions?${query}`);
        expect(behind.body.items).toHaveLength(1);
      }
      expect(counted(await report(`${days}&timeZone=Asia/Kolkata&from=2026-03-11&to=2026-03-12`))).toEqual([two[1]]);
      expect(counted(await report(`${days}&timeZone=Asia/Kathmandu&from=2026-03-10&to=2026-03-12`))).toEqual([
        ['2026-03-11', 2],
      ]);
      expect(counted(await report(`${days}&timeZone=America/St_Johns&from=2026-03-10&to=2026-03-12`))).toEqual([
        ['2026-03-10', 2],
      ]);
    });

    it('have 25 hours where the clocks are put back and 23 where they are put forward', async () => {
      const hours = (from: string, count: number): string[] =>
        Array.from({ length: count }, (_, nth) => at(Date.parse(from) + nth * 3_600_000));
      await sales('long-day', hours('2026-10-23T22:00:00Z', 73));
      await sales('short-day', hours('2026-03-27T23:00:00Z', 71));
      const zone = 'timeZone=Europe/Berlin&limit=500';
      const autumn = `campaignKey=long-day-ads&${zone}&from=2026-10-24&to=2026-10-27`;
      expect(counted(await report(`groupBy=day&${autumn}`))).toEqual([
        ['2026-10-24', 24],
        ['2026-10-25', 25],
        ['2026-10-26', 24],
      ]);
      const byHour = (await report(`groupBy=day,hour&${autumn}`)).filter(({ key }) => key[0] === '2026-10-25');
      expect(byHour).toHaveLength(25);
      expect(new Set(byHour.map(({ key }) => key[1])).size).toBe(25);
      expect(
        counted(await report(`groupBy=day&campaignKey=short-day-ads&${zone}&from=2026-03-28&to=2026-03-31`)),
      ).toEqual([
        ['2026-03-28', 24],
        ['2026-03-29', 23],
        ['2026-03-30', 24],
      ]);
    });
  });
};
