import { expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { maxReportRows, openReportFile, type ReportRow } from './report-file.js';

const network = { params: {}, amountFormat: 'auto', timeZone: 'UTC' } as const;
const open = (body: Readable, contentType?: string, maxBytes?: number) =>
  openReportFile(body, {
    ...{ contentType, mapping: {}, network, nowMs: Date.UTC(2026, 11, 1) },
    ...(maxBytes !== undefined && { maxBytes }),
  });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A file of that many rows, made while it is read. */
function* lines(rows: number): Generator<Buffer> {
  yield Buffer.from('Monthly report\nclick_id,transaction_id,amount\n');
  for (let at = 0; at < rows; at += 1_000)
    yield Buffer.from(
      Array.from({ length: Math.min(1_000, rows - at) }, (_, index) => `c,T-${at + index},1.25\n`).join(''),
    );
}

function* piecesOf(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += 100_000) yield file.subarray(at, at + 100_000);
}

it('reads a million rows with one batch in memory, and stops at one row more', async () => {
  const { analysis, batches } = await open(Readable.from(lines(maxReportRows + 1)));
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let rows = 0;
  let peak = 0;
  let last: ReportRow | undefined;
  const readAll = async (): Promise<void> => {
    for await (const batch of batches(analysis.plan!, 500)) {
      rows += batch.length;
      last = batch.at(-1);
      if (rows % 100_000 !== 0) continue;
      collectGarbage();
      peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
  };
  await expect(readAll()).rejects.toMatchObject({ code: 'too_many_rows' });
  expect(rows).toBe(maxReportRows);
  expect(last).toEqual({ row: maxReportRows + 2, cells: ['c', `T-${maxReportRows - 1}`, '1.25'] });
  expect(peak).toBeLessThan(50_000_000);
}, 180_000);

it('refuses a file of one byte more than it may have', async () => {
  const row = (at: number): string => `c,T-${at},1.25,${'n'.repeat(2_000)}\n`;
  const file = Buffer.from(
    `click_id,transaction_id,amount,note\n${Array.from({ length: 400 }, (_, at) => row(at)).join('')}`,
  );
  const rowsUpTo = async (maxBytes: number): Promise<number> => {
    const { analysis, batches } = await open(Readable.from(piecesOf(file)), undefined, maxBytes);
    let rows = 0;
    for await (const batch of batches(analysis.plan!, 500)) rows += batch.length;
    return rows;
  };
  expect(await rowsUpTo(file.length)).toBe(400);
  await expect(rowsUpTo(file.length - 1)).rejects.toMatchObject({ code: 'too_large' });
});

it('refuses a charset that nothing here can read', async () => {
  await expect(open(Readable.from(lines(1)), 'text/csv; charset=ebcdic-37')).rejects.toMatchObject({
    code: 'charset_unknown',
  });
});
