import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callCases, signatureCases } from './real-inputs/calls.js';
import { fileCases } from './real-inputs/files.js';
import { realInputs, type RealInputs } from './real-inputs/ground.js';
import { dayCases, outboundCases } from './real-inputs/outbound.js';
import { splittingCases } from './real-inputs/splitting.js';
import { openTestGround, type TestGround } from '../support/ground.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startSystem, type System } from '../support/system.js';

/** The real inputs of the field, over HTTP: report files, signed calls, times and days. */

let ground: TestGround;
let system: System;

let receiver: Receiver;
let inputs: RealInputs;
const post: RealInputs['post'] = (...given) => inputs.post(...given);
const upload: RealInputs['upload'] = (...given) => inputs.upload(...given);
const network: RealInputs['network'] = (...given) => inputs.network(...given);
const conversions: RealInputs['conversions'] = (...given) => inputs.conversions(...given);
const approvedAfter: RealInputs['approvedAfter'] = (...given) => inputs.approvedAfter(...given);

beforeAll(async () => {
  ground = await openTestGround();
  receiver = await startReceiver();
  // A click id that a prefetch was given is credited after so long.
  system = await startSystem(ground, { ATTRIBUTION_CREDIT_AFTER_SECONDS: '3', ATTRIBUTION_SWEEP_MS: '500' });
  inputs = realInputs(system, receiver);
  await system.api('POST', '/sources', { key: 'ads', name: 'Ads' });
});
afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await ground?.close();
});

fileCases(() => inputs);
signatureCases(() => inputs);
callCases(() => inputs);
outboundCases(() => inputs);
dayCases(() => inputs);
splittingCases(() => inputs);

describe('a report file of a network', () => {
  it('Rakuten: an order is the sum of its lines, and the same file again changes nothing', async () => {
    const [first, second, third] = await network(
      'rakuten',
      {
        defaultCurrency: 'GBP',
        reportFile: {
          columns: {
            clickId: ['Member ID (U1)'],
            transactionId: ['Order ID'],
            lineId: ['Transaction ID'],
            amount: ['Total Commission'],
            saleAmount: ['Sales'],
          },
        },
      },
      3,
    );
    const file = `Member ID (U1),MID,Advertiser Name,Order ID,Transaction Date,Transaction Time,SKU,Sales,# of Items,Total Commission,Process Date,Process Time,Transaction ID,Referrer URL
"${first}",40001,"Shop One","WEB0000170001",3/11/26,"14:08:20","DISCOUNT",-3.74,0,-0.187,3/11/26,"14:08:23","3C95BFA1000000000000000000000001","null"
"${first}",40001,"Shop One","WEB0000170001",3/11/26,"14:08:20","421486107",24.96,1,1.248,3/11/26,"14:08:23","ACDF68C2000000000000000000000002","null"
"${second}",40002,"Shop Two","350721177",3/12/26,"21:03:13","2366321",85,1,5.1,3/12/26,"21:03:14","FEA3CCB0000000000000000000000003","null"
"${second}",40002,"Shop Two","350721177",3/12/26,"21:03:13","2366322",85,1,5.1,3/12/26,"21:03:14","29D89DB8000000000000000000000004","null"
"${third}",40002,"Shop Two","350721178",3/12/26,"21:10:00","2490594",75,1,6.75,3/12/26,"21:10:01","3CDAFAE5000000000000000000000005","null"
"${third}",40002,"Shop Two","350721178",3/12/26,"21:10:00","2490594",-75,1,-6.75,3/27/26,"17:40:17","2661A878000000000000000000000006","null"
`;
    const right = { WEB0000170001: '1.061', '350721177': '10.2', '350721178': '0' };
    expect((await upload('rakuten', file)).body.counts).toMatchObject({ rows: 6, accepted: 6 });
    expect(await approvedAfter('rakuten', 6)).toEqual(right);
    await upload('rakuten', file);
    expect(await approvedAfter('rakuten', 12)).toEqual(right);
  });

  it('Tradedoubler: title lines and the totals line are no postbacks', async () => {
    const [first, second] = await network(
      'td',
      { defaultCurrency: 'EUR', statusMap: { A: 'approved', P: 'pending', D: 'rejected' } },
      2,
    );
    const file = `Event breakdown report
"Period: 01/03/26 - 31/03/26 (dd/MM/yy)"
Program ID,Time of visit,Time of event,EPI,Event,Status,Lead number,Order number,Order value,Commission
"12,345",01/03/26 09:10,01/03/26 09:41,${first},Sale,A,,T-1001,"1,250.50",50.02
"12,345",02/03/26 08:00,02/03/26 08:30,${second},Lead,P,L-77,,,3.00
,,,,,,,,"1,250.50",53.02
`;
    const { body } = await upload('td', file);
    expect(body.counts).toMatchObject({ rows: 3, accepted: 2, skipped: 1 });
    await approvedAfter('td', 2);
    expect(
      (await conversions('td')).map(({ state, money }) => [state, money?.['approved'], money?.['pending']]).sort(),
    ).toEqual([
      ['approved', '50.02', '0'],
      ['pending', '0', '3'],
    ]);
  });

  it('ShareASale: a filled column rejects, the comment may hold commas', async () => {
    const ids = await network(
      'shareasale',
      {
        defaultCurrency: 'USD',
        reportFile: {
          statusRules: [
            { column: 'voided', meaning: 'rejected' },
            { column: 'lockdate', meaning: 'approved' },
            { column: 'pendingdate', meaning: 'pending' },
          ],
        },
      },
      3,
    );
    const file = `transID|affcomment|merchantID|transdate|transamount|commission|comment|voided|pendingdate|lockdate
91000001|${ids[0]}|5501|03-11-2026 14:08:20|120.00|9.60|Sale - 7781, retail||03/25/2026|
91000002|${ids[1]}|5501|03-11-2026 15:00:00|80.00|6.40|Sale - 7782|1||
91000003|${ids[2]}|5501|03-21-2026 10:00:00|50.00|4.00|Sale - 7700|||03/20/2026
`;
    expect((await upload('shareasale', file)).body.counts).toMatchObject({ accepted: 3 });
    await approvedAfter('shareasale', 3);
    const states = Object.fromEntries(
      (await conversions('shareasale')).map((each) => [each.transactionId, each.state]),
    );
    expect(states).toEqual({ '91000001': 'pending', '91000002': 'rejected', '91000003': 'approved' });
  });

  it('eBay: equal rows of one transaction are lines, a negative one takes its part back', async () => {
    const [click] = await network(
      'ebay',
      {
        defaultCurrency: 'USD',
        reportFile: {
          columns: {
            clickId: ['Custom ID'],
            transactionId: ['EPN Transaction ID'],
            amount: ['Earnings'],
            occurredAt: ['Event Date'],
          },
          equalRows: 'separate',
        },
      },
      1,
    );
    const row = (posted: string, amount: string, earnings: string): string =>
      [
        '2026-03-10',
        posted,
        'Winning Bid (Revenue)',
        amount,
        '3',
        click,
        '2026-03-10 09:15:02',
        '770001',
        earnings,
      ].join('\t');
    const file = [
      'Event Date\tPosting Date\tEvent Type\tAmount\tItem Site ID\tCustom ID\tClick Timestamp\tEPN Transaction ID\tEarnings',
      row('2026-03-11', '40.00', '1.20'),
      row('2026-03-11', '40.00', '1.20'),
      row('2026-03-20', '-40.00', '-1.20'),
    ].join('\n');
    await upload('ebay', file);
    expect(await approvedAfter('ebay', 3)).toEqual({ '770001': '1.2' });
  });

  it('Awin: the preset reads the network’s own report, beside the notification that came first', async () => {
    const [first, second] = await network('awin-net', { preset: 'awin' }, 2);
    const { body: made } = await system.api<{ postbackUrl: string }>('GET', '/networks/awin-net');
    const call = new URL(made.postbackUrl);
    call.search = `click_id=${first}&transaction_id=105956531&amount=1.64&currency=GBP`;
    expect((await fetch(call)).status).toBe(200);
    await approvedAfter('awin-net', 1);
    const file = `id,publisher_id,sale_amount,commission,date,commission_status,validation_date,extra,type,site_name,clickref,currency,decline_reason
105956531,45628,26.09,1.64,2026-06-13 12:05:00,1,2026-07-01 09:00:00,OR-1,Sale,Example,${first},GBP,
105956532,45628,40.00,2.50,2026-06-13 13:00:00,2,2026-07-01 09:00:00,OR-2,Sale,Example,${second},GBP,returned
`;
    expect((await upload('awin-net', file)).body.counts).toMatchObject({ accepted: 2 });
    expect(await approvedAfter('awin-net', 3)).toEqual({ '105956531': '1.64', '105956532': '0' });
  });

  it('ids that a spreadsheet changed are restored or refused, never merged', async () => {
    const ids = await network('excel', { defaultCurrency: 'USD' }, 5);
    const file = `click_id,transaction_id,amount,currency
${ids[0]},1.23457E+14,10.00,USD
${ids[1]},1.23457E+14,11.00,USD
${ids[2]},'0000451,12.00,USD
${ids[3]},"=""0000452""",13.00,USD
${ids[4]},123456789012000000,14.00,USD
`;
    // The network has called about two of them already, by the ids as they are.
    for (const [click, id, amount] of [
      [ids[2], '0000451', '12'],
      [ids[3], '0000452', '13'],
    ])
      await inputs.call('excel', `click_id=${click}&transaction_id=${id}&amount=${amount}&currency=USD`);
    const { body } = await upload('excel', file);
    expect(body.rows.map(({ outcome, code }) => code ?? outcome)).toEqual([
      'id_damaged',
      'id_damaged',
      'accepted',
      'accepted',
      'id_damaged',
    ]);
    expect(await approvedAfter('excel', 4)).toEqual({ '0000451': '12', '0000452': '13' });
  });

  it('a Cyrillic file in windows-1251 is read by the network’s own words', async () => {
    const ids = await network(
      'cyrillic',
      {
        defaultCurrency: 'USD',
        params: { clickId: ['Клик'], transactionId: ['Заказ'], amount: ['Сумма'], status: ['Статус'] },
        statusMap: { Подтверждён: 'approved', Отклонён: 'rejected' },
      },
      2,
    );
    const text = `Клик;Заказ;Сумма;Статус\n${ids[0]};Z-1;350,00;Подтверждён\n${ids[1]};Z-2;120,00;Отклонён\n`;
    const bytes = Buffer.from(
      [...text].map((letter) => {
        const code = letter.codePointAt(0) as number;
        return letter === 'ё' ? 0xb8 : code >= 0x410 ? code - 0x350 : code;
      }),
    );
    const { status, body } = await post(
      '/conversions/upload?networkKey=cyrillic',
      bytes,
      'text/csv; charset=windows-1251',
    );
    expect([status, body.counts]).toMatchObject([200, { accepted: 2 }]);
    expect(await approvedAfter('cyrillic', 2)).toEqual({ 'Z-1': '350', 'Z-2': '0' });
  });
});

describe('a file that is no report', () => {
  it.each([
    [
      'a login page',
      '<html><head><title>Network</title></head><body>Session timed out, log in</body></html>',
      'web page',
    ],
    ['a JSON error', '{"error":"unauthorized"}', 'JSON'],
    ['amounts that can be read in two ways', 'click_id,transaction_id,amount\na,b,1.234\n', 'two ways'],
  ])('%s is refused before anything is written', async (_what, file, words) => {
    const count = async (path: string) =>
      (await system.api<{ items: unknown[] }>('GET', `${path}&limit=500`)).body.items.length;
    const written = () => Promise.all([count('/postbacks?channel=upload'), count('/audit?kind=conversions')]);
    const before = await written();
    const { status, body } = await upload('excel', file);
    expect([status, body.code]).toEqual([422, 'report_file_unreadable']);
    expect(body.detail).toContain(words);
    expect(await written()).toEqual(before);
    expect(before[1]).toBeGreaterThan(0);
  });

  it('an orders report books no price as payout, and the dry run says which columns it does not use', async () => {
    const file = 'Order ID,SubID,Date,Qty,Price,Link Type\nA-1,x,2026-09-18,3,150.00,Text\n';
    const { body } = await upload('excel', file, '&dryRun=true');
    expect(body.fileProblems?.map(({ code }) => code)).toEqual(['amount_column_missing']);
    expect(body.unusedColumns).toEqual(['qty', 'price', 'link_type']);
  });

  it('the analysis names what it found', async () => {
    const { status, body } = await post(
      '/report-files/analyse?networkKey=excel',
      'sep=;\nclick_id;order id;commission;currency\nc;T-1;12,50;EUR\n',
    );
    expect([status, body]).toMatchObject([
      200,
      {
        charset: 'utf-8',
        delimiter: ';',
        headerRow: 2,
        formats: { amount: 'comma', date: null },
        readable: true,
        columns: [{ field: 'clickId' }, { field: 'transactionId' }, { field: 'amount' }, { field: 'currency' }],
      },
    ]);
  });
});
