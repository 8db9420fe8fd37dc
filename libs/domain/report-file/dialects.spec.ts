import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyseReportFile } from './analyse.js';
import { createDecoder } from './charset.js';
import { delimiters, rowsOfHead } from './delimiter.js';
import { readReportRow } from './row.js';

/** Any table written in any dialect of CSV is read as the same rows, however the bytes are cut into
 * chunks. */

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.,;|'é-]{0,12}[A-Za-z0-9]$/);
const row = fc.record({
  clickId: fc.stringMatching(/^c[a-z0-9]{8,20}$/),
  transactionId: fc.stringMatching(/^T-[0-9]{1,8}$/),
  cents: fc.integer({ min: -99_999, max: 9_999_999 }),
  comment: word,
  atMs: fc
    .integer({ min: Date.UTC(2020, 0, 1) / 1000, max: Date.UTC(2026, 10, 1) / 1000 })
    .map((seconds) => seconds * 1000),
});
const dialect = fc.record({
  delimiter: fc.constantFrom(...delimiters),
  comma: fc.boolean(),
  title: fc.boolean(),
  totals: fc.boolean(),
  sepLine: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  encoding: fc.constantFrom('utf8' as const, 'utf16le' as const, 'latin1' as const),
  mark: fc.boolean(),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;
type Dialect = typeof dialect extends fc.Arbitrary<infer D> ? D : never;

const amountText = (cents: number, comma: boolean): string => (cents / 100).toFixed(2).replace('.', comma ? ',' : '.');

const write = (rows: readonly Row[], how: Dialect): Buffer => {
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const line = (cells: string[]): string => cells.map(quote).join(how.delimiter);
  const total = amountText(
    rows.reduce((sum, { cents }) => sum + cents, 0),
    how.comma,
  );
  const lines = [
    ...(how.sepLine ? [`sep=${how.delimiter}`] : how.title ? ['Conversions of the month'] : []),
    line(['Click ID', 'Transaction ID', 'Commission', 'Comment', 'Transaction Date']),
    ...rows.map(({ clickId, transactionId, cents, comment, atMs }) =>
      line([clickId, transactionId, amountText(cents, how.comma), comment, new Date(atMs).toISOString()]),
    ),
    ...(how.totals ? [line(['', '', total, '', ''])] : []),
  ];
  const text = lines.join(how.lineEnd) + how.lineEnd;
  const mark = how.encoding === 'latin1' || !how.mark ? '' : '\ufeff';
  return Buffer.from(mark + text, how.encoding);
};

it('a file in any dialect is read as the rows that were written, cut anywhere', () => {
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 2, maxLength: 20 }),
      dialect,
      fc.integer({ min: 1, max: 97 }),
      (rows, how, chunk) => {
        const file = write(rows, how);
        const { plan, problems } = analyseReportFile(file, {
          isWhole: true,
          declaredCharset: null,
          mapping: {},
          network: { params: {}, amountFormat: 'auto', timeZone: 'UTC' },
          nowMs: Date.UTC(2026, 11, 1),
        });
        expect(problems).toEqual([]);
        if (!plan) return;
        const decoder = createDecoder(plan.charset);
        let text = '';
        for (let at = 0; at < file.length; at += chunk) text += decoder.decode(file.subarray(at, at + chunk));
        text += decoder.end();
        const read = rowsOfHead(text, plan.delimiter, true)
          .slice(plan.headerRow)
          .map((cells) => readReportRow(cells, plan))
          .filter(({ kind }) => kind !== 'skipped');
        expect(read).toEqual(
          rows.map(({ clickId, transactionId, cents, atMs }) => ({
            kind: 'report',
            status: null,
            fields: {
              clickId,
              transactionId,
              amount: String(cents / 100),
              occurredAt: new Date(atMs).toISOString(),
            },
          })),
        );
      },
    ),
    { numRuns: 500 },
  );
});
