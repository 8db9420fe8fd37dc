import { describe, expect, it } from '@jest/globals';
import { analyseReportFile, type Analysis, type AnalyseOptions } from './analyse.js';
import { createDecoder } from './charset.js';
import { rowsOfHead } from './delimiter.js';
import type { ReportMapping } from './mapping.js';
import { readReportRow, type ReadReportRow } from './row.js';

const nowMs = Date.UTC(2026, 11, 1);
const analyse = (
  text: string | Uint8Array,
  mapping: ReportMapping = {},
  rest: Partial<AnalyseOptions> = {},
): Analysis =>
  analyseReportFile(typeof text === 'string' ? Buffer.from(text) : text, {
    isWhole: true,
    declaredCharset: null,
    mapping,
    network: { params: {}, amountFormat: 'auto', timeZone: 'UTC' },
    nowMs,
    ...rest,
  });

const read = (text: string | Uint8Array, mapping: ReportMapping = {}, rest: Partial<AnalyseOptions> = {}) => {
  const { plan, problems } = analyse(text, mapping, rest);
  if (!plan) throw new Error(JSON.stringify(problems));
  const decoder = createDecoder(plan.charset);
  const whole = decoder.decode(typeof text === 'string' ? Buffer.from(text) : text) + decoder.end();
  return rowsOfHead(whole, plan.delimiter, true)
    .slice(plan.headerRow)
    .map((row) => readReportRow(row, plan));
};
const fieldsOf = (rows: ReadReportRow[]) => rows.map((row) => (row.kind === 'report' ? row.fields : row));

const rakuten = `Member ID (U1),MID,Advertiser Name,Order ID,Transaction Date,Transaction Time,SKU,Sales,# of Items,Total Commission,Process Date,Process Time,Transaction ID,Referrer URL
"CID1",40001,"Shop One","WEB0000170001",3/11/26,"14:08:20","DISCOUNT",-3.74,0,-0.187,3/11/26,"14:08:23","3C95BFA1000000000000000000000001","null"
"CID1",40001,"Shop One","WEB0000170001",3/11/26,"14:08:20","421486107",24.96,1,11.248,3/11/26,"14:08:23","ACDF68C2000000000000000000000002","null"
"CID3",40002,"Shop Two","350721178",3/27/26,"21:10:00","2490594",-75,1,-6.75,3/27/26,"17:40:17","2661A878000000000000000000000006","null"
`;
const rakutenMapping: ReportMapping = {
  columns: {
    clickId: ['Member ID (U1)'],
    transactionId: ['Order ID'],
    lineId: ['Transaction ID'],
    amount: ['Total Commission'],
    saleAmount: ['Sales'],
    occurredAt: ['Transaction Date', 'Transaction Time'],
  },
};

describe('a report file of a network is read as the network wrote it', () => {
  it('Rakuten: date and time in two columns, three decimals decided by the column, each line with its id', () => {
    expect(analyse(rakuten, rakutenMapping).formats).toEqual({ amount: 'dot', date: 'mdy' });
    expect(fieldsOf(read(rakuten, rakutenMapping))).toEqual([
      expect.objectContaining({
        clickId: 'CID1',
        transactionId: 'WEB0000170001',
        lineId: '3C95BFA1000000000000000000000001',
        amount: '-0.187',
        occurredAt: '2026-03-11T14:08:20.000Z',
      }),
      expect.objectContaining({ amount: '11.248', saleAmount: '24.96' }),
      expect.objectContaining({ amount: '-6.75', occurredAt: '2026-03-27T21:10:00.000Z' }),
    ]);
  });

  it('Tradedoubler: title lines, a period that states the order of dates, a totals line', () => {
    const file = `Event breakdown report
"Period: 01/03/26 - 31/03/26 (dd/MM/yy)"
Program ID,Time of visit,Time of event,EPI,Event,Status,Lead number,Order number,Order value,Commission
"12,345",01/03/26 09:10,01/03/26 09:41,CID1,Sale,A,,T-1001,"1,250.50",50.02
"12,345",02/03/26 08:00,02/03/26 08:30,CID2,Lead,P,L-77,,,3.00
,,,,,,,,"1,250.50",53.02
`;
    const found = analyse(file);
    expect(found.headerRow).toBe(3);
    expect(found.formats).toEqual({ amount: 'dot', date: 'dmy' });
    expect(read(file)).toEqual([
      {
        kind: 'report',
        status: null,
        fields: {
          clickId: 'CID1',
          transactionId: 'T-1001',
          amount: '50.02',
          saleAmount: '1250.5',
          status: 'A',
          event: 'Sale',
          occurredAt: '2026-03-01T09:41:00.000Z',
        },
      },
      expect.objectContaining({ fields: expect.objectContaining({ clickId: 'CID2', amount: '3' }) }),
      { kind: 'skipped', reason: 'totals_row' },
    ]);
  });

  it('Amazon: a title, two ways of writing dates in one column, currency signs in the header, a total', () => {
    const file = `Fee-Earnings reports from 09-01-2026 to 09-30-2026
Category,Name,ASIN,Seller,Tracking ID,Date Shipped,Price($),Items Shipped,Returns,Revenue($),Ad Fees($),Device Type Group,Direct/Indirect
Electronics,"Headphones, wireless",B0TEST0001,Amazon,shop-cap-20,September 15 2026,1299.00,1,0,1299.00,51.96,Desktop,Direct
Toys,Returned,B0TEST0003,Amazon,shop-cap-20,09/17/2026,500.00,0,1,-500.00,-20.00,Mobile,Direct
,,,,,,,,,Total,85.90,,
`;
    const mapping: ReportMapping = {
      columns: {
        clickId: ['Tracking ID'],
        amount: ['Ad Fees($)'],
        saleAmount: ['Revenue($)'],
        occurredAt: ['Date Shipped'],
      },
    };
    expect(fieldsOf(read(file, mapping))).toEqual([
      expect.objectContaining({ amount: '51.96', occurredAt: '2026-09-15T00:00:00.000Z' }),
      expect.objectContaining({ amount: '-20', occurredAt: '2026-09-17T00:00:00.000Z' }),
      { kind: 'skipped', reason: 'totals_row' },
    ]);
  });

  it('ShareASale: pipes, commas inside the comment, a status by which column is filled', () => {
    const file = `transID|affcomment|merchantID|transdate|transamount|commission|comment|voided|pendingdate|lockdate
91000001|CID1|5501|03-11-2026 14:08:20|120.00|9.60|Sale - 7781, retail||03/25/2026|
91000002|CID2|5501|03-11-2026 15:00:00|80.00|6.40|Sale - 7782|1||
91000003|CID3|5501|03-21-2026 10:00:00|50.00|4.00|Sale - 7700|||03/20/2026
`;
    const rows = read(file, {
      statusRules: [
        { column: 'voided', meaning: 'rejected' },
        { column: 'lockdate', meaning: 'approved' },
        { column: 'pendingdate', meaning: 'pending' },
      ],
    });
    expect(rows.map((row) => row.kind === 'report' && row.status)).toEqual(['pending', 'rejected', 'approved']);
    expect(fieldsOf(rows)[0]).toMatchObject({ transactionId: '91000001', clickId: 'CID1', amount: '9.6' });
  });

  it('eBay: tabs, days without a time', () => {
    const file = [
      'Event Date\tPosting Date\tEvent Type\tAmount\tItem Site ID\tCustom ID\tClick Timestamp\tEPN Transaction ID\tEarnings',
      '2026-03-10\t2026-03-11\tWinning Bid (Revenue)\t40.00\t3\tCID1\t2026-03-10 09:15:02\t770001\t1.20',
      '2026-03-10\t2026-03-20\tWinning Bid (Revenue)\t-40.00\t3\tCID1\t2026-03-10 09:15:02\t770001\t-1.20',
    ].join('\n');
    const rows = fieldsOf(read(file));
    expect(rows).toEqual([
      expect.objectContaining({ clickId: 'CID1', transactionId: '770001', amount: '1.2' }),
      expect.objectContaining({ amount: '-1.2', occurredAt: '2026-03-10T00:00:00.000Z' }),
    ]);
  });

  it('a first line sep=; sets the delimiter and is no row', () => {
    const rows = read('sep=;\r\nclick_id;transaction_id;amount\r\nCID1;T-1;12,50\r\n');
    expect(fieldsOf(rows)).toEqual([{ clickId: 'CID1', transactionId: 'T-1', amount: '12.5' }]);
  });

  it('surplus empty cells and missing cells at the end are accepted', () => {
    for (const file of [
      'click_id,transaction_id,amount,currency,\nCID1,T-1,1.50,EUR\n',
      'click_id,transaction_id,amount,currency\nCID1,T-1,1.50,EUR,\n',
      'click_id,transaction_id,amount,currency,event,comment\nCID1,T-1,1.50,EUR\n',
    ])
      expect(fieldsOf(read(file))).toEqual([{ clickId: 'CID1', transactionId: 'T-1', amount: '1.5', currency: 'EUR' }]);
  });
});

describe('what cannot be read is said before anything is booked', () => {
  it.each([
    ['a login page', '<html>\n<head><title>Network</title></head>\n<body>Session timed out</body></html>', /web page/],
    ['an error of an API', '{"error":"unauthorized"}', /JSON/],
    ['a PDF', '%PDF-1.7 something', /PDF/],
    ['an archive', Buffer.from([0x1f, 0x8b, 8, 0]), /compressed/],
    ['a workbook', Buffer.from('PK\x03\x04....', 'latin1'), /workbook/],
    ['only a byte order mark', Buffer.from([0xef, 0xbb, 0xbf]), /no rows/],
  ])('%s is refused as no table', (_name, file, sentence) => {
    const { plan, problems } = analyse(file);
    expect(plan).toBeNull();
    expect(problems).toEqual([
      expect.objectContaining({ code: 'not_a_table', message: expect.stringMatching(sentence) }),
    ]);
  });

  it('an orders report has no payout: its price is not taken for one', () => {
    const { problems, columns } = analyse(
      'Order ID,SubID,Date,Qty,Price,Link Type\nA-1,CID1,2026-09-18,3,150.00,Text\n',
    );
    expect(problems.map(({ code }) => code)).toEqual(['amount_column_missing']);
    expect(columns.map(({ field }) => field)).toEqual(['transactionId', 'clickId', 'occurredAt', null, null, null]);
  });

  it('amounts that can be read in two ways need amountFormat, once for the file', () => {
    const file = 'click_id;transaction_id;amount\nC1;T1;173,900\nC2;T2;1,234\n';
    expect(analyse(file).problems).toEqual([
      expect.objectContaining({ code: 'amount_format_needed', message: expect.stringContaining('173,900') }),
    ]);
    const decided = 'click_id;transaction_id;amount\nC1;T1;173,900\nC2;T2;20,00\nC3;T3;1.250,50\nC4;T4;-0,01\n';
    expect(fieldsOf(read(decided))).toEqual([
      expect.objectContaining({ amount: '173.9' }),
      expect.objectContaining({ amount: '20' }),
      expect.objectContaining({ amount: '1250.5' }),
      expect.objectContaining({ amount: '-0.01' }),
    ]);
  });

  it('day or month first is decided by the file or asked for', () => {
    const file = (day: string) => `click_id,transaction_id,amount,date\nC1,T1,1.5,03/04/2026\nC2,T2,1.5,${day}\n`;
    expect(analyse(file('05/06/2026')).problems.map(({ code }) => code)).toEqual(['date_order_needed']);
    expect(analyse(file('25/06/2026')).formats.date).toBe('dmy');
    expect(analyse(file('06/25/2026')).formats.date).toBe('mdy');
  });

  it('a time that is there and cannot be read holds the row; it is never dated now', () => {
    const file = 'click_id,transaction_id,amount,date\nC1,T1,1.5,2026-03-04\nC2,T2,1.5,soon\n';
    expect(read(file, { dateOrder: 'ymd' })[1]).toEqual({
      kind: 'held',
      faults: [{ code: 'time_unreadable', column: 'date', text: 'soon' }],
    });
  });

  it('ids that a spreadsheet has rounded are refused, protected ones are given back', () => {
    const file = `click_id,transaction_id,amount,currency
CID1,1.23457E+14,10.00,USD
CID3,'0000451,12.00,USD
CID4,"=""0000452""",13.00,USD
CID5,123456789012000000,14.00,USD
`;
    const rows = read(file);
    expect(rows[0]).toMatchObject({ kind: 'held', faults: [{ code: 'id_damaged', text: '1.23457E+14' }] });
    expect(fieldsOf(rows).slice(1, 3)).toEqual([
      expect.objectContaining({ transactionId: '0000451' }),
      expect.objectContaining({ transactionId: '0000452' }),
    ]);
    expect(rows[3]).toMatchObject({ kind: 'held', faults: [{ code: 'id_damaged' }] });
  });

  it('a mapping that names a column which is not there is refused with its name', () => {
    expect(analyse(rakuten, { columns: { clickId: ['U9'], transactionId: ['Order ID'] } }).problems).toContainEqual(
      expect.objectContaining({ code: 'column_missing', column: 'u9' }),
    );
  });
});

describe('charsets', () => {
  const cp1251 = Buffer.from(
    [...'Клик;Заказ;Сумма;Статус\nCID1;Z-1;350,00;Подтверждён\nCID2;Z-2;120,00;Отклонён\n'].map((letter) => {
      const code = letter.codePointAt(0) as number;
      if (letter === 'ё') return 0xb8;
      return code >= 0x410 ? code - 0x410 + 0xc0 : code;
    }),
  );
  const mapping: ReportMapping = {
    columns: { clickId: ['Клик'], transactionId: ['Заказ'], amount: ['Сумма'], status: ['Статус'] },
  };
  it('windows-1251 is found, and a declared charset is obeyed', () => {
    for (const declaredCharset of [null, 'windows-1251'] as const)
      expect(fieldsOf(read(cp1251, mapping, { declaredCharset }))[1]).toEqual({
        clickId: 'CID2',
        transactionId: 'Z-2',
        amount: '120',
        status: 'Отклонён',
      });
  });

  it('UTF-16 with and without its mark is read', () => {
    const text = 'click_id\ttransaction_id\tamount\nC1\tT-1\t5.5\n';
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const file of [
      little,
      big,
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
    ])
      expect(fieldsOf(read(file))).toEqual([{ clickId: 'C1', transactionId: 'T-1', amount: '5.5' }]);
  });

  it('a line that is not UTF-8 in a UTF-8 file keeps its accents apart', () => {
    const file = Buffer.concat([
      Buffer.from('click_id,transaction_id,amount\nC1,é,1\nC2,'),
      Buffer.from([0xe8]),
      Buffer.from(',2\n'),
    ]);
    const rows = fieldsOf(read(file, { charset: 'utf-8' }));
    expect(rows).toEqual([
      expect.objectContaining({ transactionId: 'é' }),
      expect.objectContaining({ transactionId: 'è' }),
    ]);
  });

  it('a file without line feeds is decoded while it comes, and never between the bytes of a character', () => {
    const decoder = createDecoder('utf-8');
    const text = 'é,1\r'.repeat(200_000) + 'é'.repeat(200_000);
    const bytes = Buffer.from(text);
    let decoded = '';
    let behind = 0;
    for (let at = 0; at < bytes.length; at += 65_521) {
      const piece = bytes.subarray(at, at + 65_521);
      decoded += decoder.decode(piece);
      behind = Math.max(behind, at + piece.length - Buffer.byteLength(decoded));
    }
    // Not `toBe(text)`, which would print it.
    expect(decoded + decoder.end() === text).toBe(true);
    expect(behind).toBeLessThan(400_000);
  });
});
