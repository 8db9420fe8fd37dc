import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { RealInputs } from './ground.js';

/** Report files as networks and spreadsheets write them, each with the right value. */

const dayMs = 86_400_000;
const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;
const mapping = (value: object): string => `&mapping=${encodeURIComponent(JSON.stringify(value))}`;

export const fileCases = (given: () => RealInputs): void => {
  describe('amounts and times of a file', () => {
    it('one amount that can be read in one way only decides for the others of the column', async () => {
      const { network, upload, approvedAfter } = given();
      const ids = await network('three-decimals', { defaultCurrency: 'GBP' }, 4);
      const amounts = ['0.477', '1.071', '11.662', '9'];
      const rows = amounts.map((amount, at) => `${ids[at]},T-${at},${amount}`);
      await upload('three-decimals', lines('click_id,transaction_id,total_commission', ...rows));
      expect(await approvedAfter('three-decimals', 4)).toEqual({
        'T-0': '0.477',
        'T-1': '1.071',
        'T-2': '11.662',
        'T-3': '9',
      });
    });

    it('semicolons and decimal commas are read as such, and a thousands point as none', async () => {
      const { network, upload, approvedAfter } = given();
      const ids = await network('semicolons', { defaultCurrency: 'EUR' }, 4);
      const amounts = ['173,900', '20,00', '1.250,50', '-0,01'];
      const rows = amounts.map((amount, at) => `${ids[at]};T-${at};${amount}`);
      const { body } = await upload('semicolons', lines('click_id;transaction_id;amount', ...rows));
      expect(body.counts).toMatchObject({ rows: 4, accepted: 4 });
      // The last takes back more than there is: a report of its own that is refused.
      expect(await approvedAfter('semicolons', 4)).toMatchObject({ 'T-0': '173.9', 'T-1': '20', 'T-2': '1250.5' });
    });

    it.each([
      [
        'US dates with the time in a column of its own',
        'mdy',
        'date,time',
        '1/5/18,16:54:28',
        '2018-01-05T16:54:28.000Z',
      ],
      ['US dates with dashes', 'mdy', 'date', '03-11-2026 14:08:20', '2026-03-11T14:08:20.000Z'],
      ['days first, with points', 'dmy', 'date', '15.03.2026 14:05', '2026-03-15T14:05:00.000Z'],
      ['a month by its name', 'dmy', 'date', '15 Mar 2026', '2026-03-15T00:00:00.000Z'],
      ['words, half a day and a zone', 'mdy', 'date', '"March 15, 2026 2:05 PM PDT"', '2026-03-15T21:05:00.000Z'],
    ])('%s are read as the mapping says', async (_what, dateOrder, columns, cells, expected) => {
      const { upload } = given();
      const file = lines(`click_id,transaction_id,amount,${columns}`, `c,T-1,1.50,${cells}`);
      const names = { clickId: ['click_id'], transactionId: ['transaction_id'], amount: ['amount'] };
      const map = mapping({ dateOrder, columns: { ...names, occurredAt: columns.split(',') } });
      const { body } = await upload('semicolons', file, `&dryRun=true${map}`);
      expect(body.rows.map(({ outcome, read }) => [outcome, read?.['occurredAt']])).toEqual([['accepted', expected]]);
    });

    it('a sale inside the window is judged by its own date, and a row whose date cannot be read is not booked', async () => {
      const { network, upload, approvedAfter, importClicks, conversions } = given();
      await network('short-date', { defaultCurrency: 'USD', reportFile: { dateOrder: 'mdy' } }, 0);
      const at = (days: number): Date => new Date(Date.now() - days * dayMs);
      await importClicks(
        ['SD-1', 'SD-2'].map((id) => ({ click_id: id, clicked_at: at(40).toISOString(), campaign: 'short-date-ads' })),
      );
      const sale = at(35);
      const us = `${sale.getUTCMonth() + 1}/${sale.getUTCDate()}/${sale.getUTCFullYear() % 100}`;
      const rows = [`SD-1,T-1,5.00,${us}`, 'SD-2,T-2,7.00,the ides of March'];
      const { body } = await upload(
        'short-date',
        lines('click_id,transaction_id,commission,transaction_date', ...rows),
      );
      expect(body.rows.map(({ outcome, code }) => code ?? outcome)).toEqual(['accepted', 'time_unreadable']);
      expect(await approvedAfter('short-date', 1)).toEqual({ 'T-1': '5' });
      expect((await conversions('short-date')).map(({ marks }) => marks)).toEqual([[]]);
    });
  });

  describe('the form of a file', () => {
    it.each([
      ['a byte order mark', '\ufeff'],
      ['none', ''],
    ])('a first line "sep=;" sets the delimiter, with %s', async (_what, mark) => {
      const { network, upload, approvedAfter } = given();
      const key = mark === '' ? 'sep' : 'sep-bom';
      const [click] = await network(key, { defaultCurrency: 'EUR' }, 1);
      await upload(key, `${mark}sep=;\r\nclick_id;transaction_id;amount\r\n${click};T-1;12,50\r\n`);
      expect(await approvedAfter(key, 1)).toEqual({ 'T-1': '12.5' });
    });

    it('a file in UTF-16, the large byte first, is read by its mark', async () => {
      const { network, upload, approvedAfter } = given();
      const [click] = await network('utf-16', { defaultCurrency: 'EUR', params: { amount: ['Сумма'] } }, 1);
      const text = Buffer.from(`\ufeffclick_id\ttransaction_id\tСумма\n${click}\tT-1\t350,00\n`, 'utf16le');
      await upload('utf-16', text.swap16());
      expect(await approvedAfter('utf-16', 1)).toEqual({ 'T-1': '350' });
    });

    it('a comma at the end of rows or of the header, and cells left off at the end, are put up with', async () => {
      const { network, upload, approvedAfter } = given();
      const ids = await network('commas', { defaultCurrency: 'EUR' }, 4);
      const header = 'click_id,transaction_id,amount,note';
      await upload('commas', lines(`${header},`, `${ids[0]},T-0,1.50,x`));
      await upload('commas', lines(header, `${ids[1]},T-1,2.50,x,`));
      await upload('commas', lines(header, `${ids[2]},T-2,3.50`, `${ids[3]},T-3,4.50,x`));
      expect(await approvedAfter('commas', 4)).toEqual({ 'T-0': '1.5', 'T-1': '2.5', 'T-2': '3.5', 'T-3': '4.5' });
    });

    it.each([
      ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\n'), 'PDF'],
      ['a compressed file', gzipSync('click_id,amount\n1,2\n'), 'compressed'],
      ['a byte order mark and nothing else', Buffer.from('\ufeff'), 'no rows'],
    ])('%s is refused before anything is written', async (_what, file, words) => {
      const { upload } = given();
      const { status, body } = await upload('commas', file);
      expect([status, body.code, body.detail]).toEqual([422, 'report_file_unreadable', expect.stringContaining(words)]);
    });

    it('a file without a column for the amount names the columns that it does not use', async () => {
      const { upload } = given();
      const file = lines('click_id,order_id,My Cut,Ccy', 'c,T-1,12.50,EUR');
      const { body } = await upload('commas', file, '&dryRun=true');
      expect(body.fileProblems?.map(({ code }) => code)).toEqual(['amount_column_missing']);
      expect(body.unusedColumns).toEqual(['my_cut']);
    });
  });

  describe('reports by their presets', () => {
    it('Amazon: equal rows are two sales, a return takes its part back, title and total are none', async () => {
      const { network, upload, approvedAfter, importClicks, system } = given();
      await network('amazon', { preset: 'amazon-associates', defaultCurrency: 'USD' }, 0);
      await importClicks([{ click_id: 'shop-cap-20', clicked_at: '2026-09-01T00:00:00Z', campaign: 'amazon-ads' }]);
      const { body } = await system.api<{ reports: { file: string }[] }>('GET', '/presets/networks/amazon-associates');
      const file = body.reports[0]?.file ?? '';
      expect((await upload('amazon', file)).body.counts).toMatchObject({ rows: 5, accepted: 4, skipped: 1 });
      expect(await approvedAfter('amazon', 4)).toEqual({ '': '85.9' });
      await upload('amazon', file);
      expect(await approvedAfter('amazon', 8)).toEqual({ '': '85.9' });
    });

    it('Everflow: the export repeats what the postback said, and a row it did not count takes nothing away', async () => {
      const { network, upload, approvedAfter, call, conversions } = given();
      const [click] = await network('ef', { preset: 'everflow' }, 1);
      const transaction = '3f1c9a7be2d84c60a5d7e0b19c4f8a26';
      await call('ef', `click_id=${click}&transaction_id=${transaction}&amount=42.50&currency=USD&event=Base`);
      await approvedAfter('ef', 1);
      const header =
        'conversion_id,conversion_unix_timestamp,sub1,status,payout,revenue,event,is_event,transaction_id,error_code,sale_amount,currency_id';
      const now = Math.floor(Date.now() / 1000);
      const row = (id: string, status: string, payout: string, error: string): string =>
        `${id},${now},${click},${status},${payout},60,,false,${transaction},${error},120,USD`;
      const { body } = await upload(
        'ef',
        lines(header, row('c-1', 'approved', '42.5', '0'), row('c-2', 'rejected', '0', '8')),
      );
      expect(body.rows.map(({ outcome, code }) => code ?? outcome)).toEqual(['accepted', 'status_ignored']);
      expect(await approvedAfter('ef', 3)).toEqual({ [transaction]: '42.5' });
      expect((await conversions('ef')).map(({ currency, state }) => [currency, state])).toEqual([['USD', 'approved']]);
    });

    it('CJ: corrections are lines of their own, and two equal ones are two', async () => {
      const { network, upload, approvedAfter } = given();
      const [click] = await network('cj-net', { preset: 'cj', defaultCurrency: 'USD' }, 1);
      const header =
        'commission_id,original_action_id,original,action_status,event_date,posting_date,sid,sale_amount_pub_currency,pub_commission_amount_pub_currency,pub_commission_amount_usd,correction_reason';
      const sale = `9001,5001,true,locked,2026-03-01T10:00:00Z,2026-03-01T11:00:00Z,${click},100.00,8.00,8.70,`;
      const correction = (id: string, day: string): string =>
        `${id},5001,false,corrected,2026-03-01T10:00:00Z,2026-03-${day}T08:00:00Z,${click},-25.00,-2.00,-2.17,RETURNED_MERCHANDISE`;
      const file = lines(header, sale, correction('9002', '20'), correction('9003', '22'));
      await upload('cj-net', file);
      expect(await approvedAfter('cj-net', 3)).toEqual({ '5001': '4' });
      await upload('cj-net', file);
      expect(await approvedAfter('cj-net', 6)).toEqual({ '5001': '4' });
    });

    it('the same transactions come in the file of each week, and the newest word counts', async () => {
      const { network, upload, approvedAfter, conversions } = given();
      const [click] = await network('weekly', { defaultCurrency: 'USD' }, 1);
      const week = async (nth: number, amount: string, status: string): Promise<unknown> => {
        const file = lines(
          'click_id,transaction_id,commission,status,occurred_at',
          `${click},T-1,${amount},${status},2026-03-01 10:00`,
        );
        await upload('weekly', file);
        await approvedAfter('weekly', nth);
        return (await conversions('weekly')).map(({ state, money }) => [state, money?.[state]])[0];
      };
      expect(await week(1, '10.00', 'pending')).toEqual(['pending', '10']);
      expect(await week(2, '8.00', 'approved')).toEqual(['approved', '8']);
      expect(await week(3, '8.00', 'pending')).toEqual(['approved', '8']);
      expect(await week(4, '9.00', 'approved')).toEqual(['approved', '9']);
      expect(await week(5, '7.00', 'approved')).toEqual(['approved', '7']);
    });

    it('a file that pays in USDC keeps its currency', async () => {
      const { network, upload, approvedAfter, conversions } = given();
      const [click] = await network('coins', { defaultCurrency: 'USDT' }, 1);
      await upload('coins', lines('click_id,transaction_id,commission,currency', `${click},T-1,12.5,USDC`));
      expect(await approvedAfter('coins', 1)).toEqual({ 'T-1': '12.5' });
      expect((await conversions('coins'))[0]?.currency).toBe('USDC');
    });
  });
};
