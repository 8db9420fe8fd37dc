import { expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { maxReportRows, openReportFile, type ReportRow } from './report-file.js';

const network = { params: {}, amountFormat: 'auto', timeZone: 'UTC' } as const;
const open = (body: Readable, contentType?: string) =>
  openReportFile(body, { contentType, mapping: {}, network, nowMs: Date.UTC(2026, 11, 1) });

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

it('refuses a charset that nothing here can read', async () => {
  await expect(open(Readable.from(lines(1)), 'text/csv; charset=ebcdic-37')).rejects.toMatchObject({
    code: 'charset_unknown',
  });
});
